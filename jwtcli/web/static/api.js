// Asking the server: JSON out, JSON in, and its error object as an exception.

export class Refusal extends Error {
  constructor(error) {
    super(error.hint ? `${error.message} (${error.hint})` : error.message);
    this.part = error.part ?? null;
  }
}

export async function ask(path, body) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Refusal({ message: "the server does not answer", hint: "is jwtcli serve still running?" });
  }
  const answer = await response.json();
  if (!response.ok) {
    const told = answer.error_description ?? answer.error;
    throw new Refusal(typeof told === "string" ? { message: told } : answer.error);
  }
  return answer;
}
