// The token as it reads: three parts in colour, rows for header and claims, a status that ticks.

import { byId, element, say } from "./elements.js";

const PARTS = ["header", "payload", "signature"];
const LONGEST_SHOWN = 20_000;
const SCROLLS_FROM = 1_000;

export function showCompact(text, wrongPart = null) {
  const node = byId("compact");
  node.replaceChildren();
  node.hidden = text === "" || text.length > LONGEST_SHOWN;
  if (node.hidden) return;
  text.split(".").forEach((part, index) => {
    if (index) node.append(".");
    const name = PARTS[index] ?? "";
    node.append(element("span", part, name === wrongPart ? `${name} wrong` : name));
  });
}

export function showDecoded(answer) {
  byId("empty").hidden = true;
  byId("decoded").hidden = false;
  fill(byId("header-rows"), answer.header);
  fill(byId("claim-rows"), answer.claims);
  showPhase(answer);
  byId("findings").hidden = answer.findings.length === 0;
  byId("findings").replaceChildren(...answer.findings.map(finding));
}

// Nothing unverified looks verified: a lifetime that holds is no more than plain text.
export function showPhase(answer) {
  const holds = ["active", "no_expiry"].includes(answer.decoded.lifetime.status);
  say(byId("phase"), answer.status, holds ? "" : "bad");
}

export function markVerified(accepted) {
  say(byId("decoded-heading"), accepted ? "Decoded" : "Decoded, not verified");
}

export function hideDecoded() {
  byId("decoded").hidden = true;
}

function finding({ severity, message, paragraph }) {
  const item = element("li");
  item.append(element("strong", severity, severity), ` ${message} (${paragraph})`);
  return item;
}

function fill(table, rows) {
  table.tBodies[0].replaceChildren(...rows.map(row));
  table.hidden = rows.length === 0;
}

function row(member) {
  const line = element("tr");
  const name = element("th", member.name);
  name.scope = "row";
  const cell = element("td");
  cell.append(value(member));
  if (member.when) cell.append(element("p", member.when, "when"));
  if (member.meaning) cell.append(element("p", member.meaning));
  line.append(name, cell);
  return line;
}

function value(member) {
  const shown = element("pre", member.value);
  if (member.value.length > SCROLLS_FROM) { // what may scroll must be reachable without a mouse
    shown.tabIndex = 0;
    shown.setAttribute("role", "region");
    shown.setAttribute("aria-label", "long value");
  }
  return shown;
}
