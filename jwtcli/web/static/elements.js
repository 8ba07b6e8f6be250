// Making elements out of text: every text is set as text, never as markup.

export const byId = (id) => document.getElementById(id);

export function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined && text !== null) made.textContent = text;
  if (className) made.className = className;
  return made;
}

export function say(node, text, className = "") {
  node.textContent = text;
  node.classList.remove("good", "bad");
  if (className) node.classList.add(className);
}
