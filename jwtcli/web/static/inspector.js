// The page: what a person does, which endpoint answers, where the answer is shown. It knows no rule of tokens.

import { ask } from "./api.js";
import { byId, say } from "./elements.js";
import { hideDecoded, markVerified, showCompact, showDecoded, showPhase } from "./token-view.js";
import { hideVerdict, showFailure, showVerdict } from "./verdict-view.js";

const token = byId("token");
let decoded = null;
let latest = 0;

async function decode() {
  const asked = ++latest;
  hideVerdict();
  markVerified(false);
  if (!token.value.trim()) return forget();
  try {
    const answer = await ask("/api/decode", { token: token.value });
    if (asked !== latest) return;
    decoded = answer;
    showCompact(answer.compact);
    showDecoded(answer);
    say(byId("token-status"), answer.notes.join("; "));
  } catch (refusal) {
    if (asked !== latest) return;
    decoded = null;
    hideDecoded();
    byId("empty").hidden = false;
    showCompact(token.value.trim(), refusal.part);
    say(byId("token-status"), refusal.message, "bad");
  }
}

function forget() {
  decoded = null;
  hideDecoded();
  showCompact("");
  say(byId("token-status"), "");
  byId("empty").hidden = false;
}

// The server tells the times in words; asking it again each second keeps them true, and the phase too.
async function tick() {
  if (decoded === null || document.hidden || token.value.length > 20_000) return;
  const asked = latest;
  try {
    const answer = await ask("/api/decode", { token: token.value });
    if (asked === latest && decoded !== null) updateTimes(answer);
  } catch {
    // The next paste or press says what is wrong; a clock that stands still for a moment is no news.
  }
}

function updateTimes(answer) {
  const told = answer.claims.map((claim) => claim.when).filter(Boolean);
  document.querySelectorAll("#claim-rows .when").forEach((node, index) => {
    if (node.textContent !== told[index]) node.textContent = told[index];
  });
  const phase = byId("phase");
  if (phase.textContent !== answer.status) showPhase(answer);
}

function key() {
  const kind = document.querySelector("input[name=kind]:checked").value;
  if (kind === "server") return { kind };
  return { kind, text: byId("key").value, encoding: byId("encoding").value, allow_weak: byId("allow-weak").checked };
}

function showKeyFields() {
  const { kind } = key();
  byId("key-fields").hidden = kind === "server";
  byId("encoding-field").hidden = kind !== "secret";
}

async function verify(event) {
  event.preventDefault();
  const asked = latest;
  try {
    const verdict = await ask("/api/verify", {
      token: token.value,
      key: key(),
      iss: byId("iss").value,
      aud: byId("aud").value,
      any_aud: byId("any-aud").checked,
      leeway: Number(byId("leeway").value),
    });
    if (asked !== latest) return; // it is about another token than the one that stands there now
    showVerdict(verdict);
    markVerified(verdict.accepted);
  } catch (refusal) {
    if (asked !== latest) return;
    showFailure(refusal.message);
  }
  byId("verdict").focus();
}

async function mint(header, claims) {
  try {
    const made = await ask("/api/mint", { header, claims, key: key() });
    token.value = made.token;
    say(byId("mint-status"), "made: the token is in the field at the top");
    await decode();
  } catch (refusal) {
    say(byId("mint-status"), refusal.message, "bad");
  }
}

function edit() {
  if (decoded === null) return say(byId("mint-status"), "there is no token to edit", "bad");
  byId("mint-header").value = decoded.to_edit.header;
  byId("mint-claims").value = decoded.to_edit.claims;
  byId("mint-claims").focus();
}

async function copy() {
  try {
    await navigator.clipboard.writeText(token.value);
    say(byId("copied"), "copied");
  } catch {
    token.select();
    say(byId("copied"), "selected: press Ctrl-C");
  }
}

token.addEventListener("input", decode);
byId("clear").addEventListener("click", () => { token.value = ""; decode(); token.focus(); });
byId("copy").addEventListener("click", copy);
byId("example").addEventListener("click", () => mint("{}", '{"sub": "alice", "scope": "read"}'));
byId("edit").addEventListener("click", edit);
byId("judge").addEventListener("submit", verify);
byId("judge").addEventListener("change", showKeyFields);
byId("mint").addEventListener("submit", (event) => {
  event.preventDefault();
  mint(byId("mint-header").value, byId("mint-claims").value);
});
showKeyFields();
setInterval(tick, 1000);
