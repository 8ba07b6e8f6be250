// The verdict as jwtcli verify gives it: the outcome and a row for every check.

import { byId, element, say } from "./elements.js";

const MARKS = new Map([[true, ["ok", "passed"]], [false, ["FAIL", "failed"]], [null, ["–", ""]]]);

export function showVerdict(verdict) {
  const outcome = verdict.accepted ? "accepted" : `refused: ${verdict.refusals.join("; ")}`;
  say(byId("outcome"), outcome, verdict.accepted ? "good" : "bad");
  byId("checks").tBodies[0].replaceChildren(...verdict.checks.map(row));
  reveal();
}

export function showFailure(message) {
  say(byId("outcome"), message, "bad");
  byId("checks").tBodies[0].replaceChildren();
  reveal();
}

export function hideVerdict() {
  byId("verdict").hidden = true;
}

function reveal() {
  byId("empty").hidden = true;
  byId("verdict").hidden = false;
}

function row(check) {
  const [mark, className] = MARKS.get(check.passed);
  const line = element("tr", null, className);
  const name = element("th", check.name);
  name.scope = "row";
  line.append(element("td", mark, "mark"), name, element("td", check.reason ?? ""));
  return line;
}
