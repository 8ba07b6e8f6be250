"""Why a refused token was refused: its neighbours are tried, and what would make one pass is told as findings."""

from jwtcli.core import near_claims, near_signatures
from jwtcli.core.choice import newest
from jwtcli.core.findings import Finding, in_order
from jwtcli.core.keysets import KeySet
from jwtcli.core.kinds import ELLIPSES, GETTING_IT_OUT, shortened, text_around
from jwtcli.core.lenient import Mended, Slip, mend, unquoted
from jwtcli.core.text import JOINING, UNQUOTING
from jwtcli.core.verdict import Expectations, Verdict
from jwtcli.core.verifier import verify

_REMEDIES = {
    Slip.QUOTES: f"take the quotes off: {UNQUOTING}",
    Slip.WHITE_SPACE: f"join it: {JOINING}",
    Slip.STANDARD_BASE64: "have the sender encode with base64url; what came through can be mended with tr '+/' '-_'",
    Slip.PADDING: "have the sender encode without padding; what came through can be mended with tr -d =",
}
_MESSAGES = {
    Slip.QUOTES: "quotes stand around the {where}",
    Slip.WHITE_SPACE: "white space stands inside the {where}: it was wrapped, or something was added",
    Slip.STANDARD_BASE64: "'+' or '/' stand in the {where}: standard base64 where base64url ('-' and '_') is required",
    Slip.PADDING: "'=' padding stands behind the {where}: a token never has it",
}
# Told alone: the blanks and signs of that text are no slips of the token.
_IN_OTHER_TEXT = (Finding("text_around", "a token stands in other text", GETTING_IT_OUT),)


def explain(compact: bytes, keys: KeySet, demands: Expectations, verdict: Verdict) -> tuple[Finding, ...]:
    """Return the causes that keep a token from being accepted, in the order in which to mend them.

    Everything is tried, nothing guessed: a text that fails the form check is mended and judged
    anew, for the findings alone. The verdict stays what it was. Empty where no neighbour explains it.
    """
    keys = newest(keys)
    if unquoted(compact).endswith(ELLIPSES):
        return (_shortened(),)
    mended = mend(compact)
    if mended is None:
        return _IN_OTHER_TEXT if text_around(compact) else ()
    again = verdict
    if verdict.token is None:
        again = verify(mended.compact, keys, demands, verdict.at)
        if again.token is None and text_around(mended.compact):
            return _IN_OTHER_TEXT
    if again.token is None:
        again = _without_signature(mended, keys, demands, verdict)
    findings: list[Finding] = []
    unmet = {check.name: check for check in again.checks if check.passed is not True}
    if again.token is not None:
        if "signature" in unmet:
            findings += near_signatures.find(again.token, mended.segments[2].decode("ascii", "replace"), keys)
        findings += near_claims.find(again.token, unmet, demands, verdict.at)
    findings += _slips(mended, verifies=again.token is not None and "signature" not in unmet)
    return in_order(findings)


def _shortened() -> Finding:
    error = shortened()
    return Finding("shortened", error.message, str(error.hint))


def _without_signature(mended: Mended, keys: KeySet, demands: Expectations, verdict: Verdict) -> Verdict:
    """Judge a text whose signature cannot be read by the rest of it."""
    header, payload, _ = mended.segments
    return verify(b".".join((header, payload, b"")), keys, demands, verdict.at)


def _slips(mended: Mended, *, verifies: bool) -> list[Finding]:
    return [
        Finding(
            str(slip),
            _MESSAGES[slip].format(where=" and ".join(where)),
            _REMEDIES[slip],
            {"parts": list(where), "signature_verifies_once_mended": verifies},
        )
        for slip, where in mended.slips.items()
    ]
