"""Results as text for people: sanitized, aligned, never cut, coloured through Rich where asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from math import floor
from typing import TYPE_CHECKING, Any

from jwtcli.core.describe import Description
from jwtcli.core.errors import ClaimError
from jwtcli.core.jose_json import JsonSigned
from jwtcli.core.jwe import Encrypted
from jwtcli.core.lifetime import Lifetime, Moment, Phase, lifetime, rfc3339
from jwtcli.core.printable import printable
from jwtcli.core.reading import Nested, Reading, Unencoded
from jwtcli.core.rows import row, rows
from jwtcli.core.sd_jwt import SdJwt
from jwtcli.core.tokens import Token

if TYPE_CHECKING:  # decode shows a token without loading what keys and verdicts are made of
    from jwtcli.core.describe import Description
    from jwtcli.core.errors import TokenError
    from jwtcli.core.keys import Key
    from jwtcli.core.verdict import Check, Verdict

if TYPE_CHECKING:  # most runs neither explain nor lint
    from jwtcli.core.findings import Finding
    from jwtcli.core.flaws import Flaw, Report

Span = tuple[str, str]
"""A run of text and its style, an empty style meaning none."""

Line = list[Span]

_GOOD, _BAD, _FAINT, _HEADING, _NAME = "green", "bold red", "dim", "bold", "cyan"
_PHASES = {
    Phase.ACTIVE: _GOOD,
    Phase.EXPIRED: _BAD,
    Phase.NOT_YET_VALID: _BAD,
    Phase.NO_EXPIRY: "yellow",
    Phase.INVALID: _BAD,
}
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_WIDEST_NAME = 24
_SEVERITIES = {"low": _FAINT, "medium": "yellow", "high": "red", "critical": _BAD}
_SUBJECT = 80
_VALUES = {"text": _GOOD, "number": "magenta", "word": "magenta", "structure": ""}
FORMS = {
    "token": "{}",
    "bearer": "Bearer {}",
    "header": "Authorization: Bearer {}",
    "curl": 'header = "Authorization: Bearer {}"',  # a line for curl -K -: on its command line others could read it
    "env": "TOKEN={}",
}
"""The forms in which a token is handed over, each around the token itself."""


def token(token: Token, lifetime: Lifetime, *, colour: bool = False) -> str:
    """Show a decoded token: header, claims in their order, times in words, a plain status."""
    return _render(_token(token, lifetime), colour=colour)


def reading(reading: Reading, at: Moment, *, colour: bool = False) -> str:
    """Show what could be read of a token of any kind, one inside the other where they are nested."""
    return _render(_reading(reading, at), colour=colour)


def header(header: dict[str, Any], *, colour: bool = False) -> str:
    """Show the JOSE header alone."""
    return _render(_members(header), colour=colour)


def claim(value: object) -> str:
    """Show one claim's value and nothing else: text as it is, anything else as JSON.

    Raises ClaimError for text that cannot stand on a line as it is: a script would read another
    value than the token holds, or a terminal show another.
    """
    if not isinstance(value, str):
        return printable(json.dumps(value, ensure_ascii=True))
    if _UNFIT.search(value):
        raise ClaimError(
            "the claim holds control characters, line separators or lone surrogates",
            hint="--json prints it as a JSON string",
            code="unprintable_claim",
        )
    return value


def encoded(compact: str, form: str = "token") -> str:
    """Show a new token in one of FORMS: alone, or as what takes it from here."""
    return FORMS[form].format(compact)


def verdict(verdict: Verdict, findings: Sequence[Finding] | None = None, *, colour: bool = False) -> str:
    """Show a verdict: the outcome, a line for every check, and the claims of an accepted token.

    ``findings`` follow where they were asked for; that none were found is told of a refusal only.
    """
    lines: list[Line] = [_outcome(verdict)]
    width = max(len(printable(check.name)) for check in verdict.checks)
    lines += [_check(check, width) for check in verdict.checks]
    if verdict.accepted and verdict.token is not None:
        lines += [
            [],
            [("Claims", _HEADING)],
            *_members(verdict.token.claims, lifetime(verdict.token.claims, verdict.at)),
        ]
    if findings or (findings is not None and not verdict.accepted):
        lines += [[], [("Findings", _HEADING)], *_findings(findings)]
    return _render(lines, colour=colour)


def refusal(verdict: Verdict) -> str:
    """Say in one line why a token is refused."""
    return "refused: " + "; ".join(f"{check.name}: {check.reason}" for check in verdict.refusals)


def lint(report: Report, *, colour: bool = False) -> str:
    """Show what is unwise about a token: a line for every finding, with the paragraph behind it."""
    count = len(report.flaws)
    outcome = ("failed", _BAD) if report.failed else ("passed", f"bold {_GOOD}")
    lines: list[Line] = [[outcome, (f"  {count or 'no'} finding{'' if count == 1 else 's'}", "")]]
    if report.flaws and report.fail_on is not None:
        lines[0].append((f", {'some' if report.failed else 'none'} of severity {report.fail_on} or worse", _FAINT))
    widths = [max(len(cell) for cell in column) for column in zip(*map(_cells, report.flaws), strict=True)]
    for flaw in report.flaws:
        severity, code, where = (cell.ljust(width) for cell, width in zip(_cells(flaw), widths, strict=True))
        lines.append(
            [
                (f"  {severity}", _SEVERITIES[flaw.rule.severity]),
                (f"  {code}", _NAME),
                (f"  {where}  {printable(flaw.message)}", ""),
                (f" ({flaw.rule.paragraph})", _FAINT),
            ]
        )
    return _render(lines, colour=colour)


def rules(*, colour: bool = False) -> str:
    """Show every rule of lint: code, severity, what it is about and the paragraph behind it."""
    from jwtcli.core.flaws import RULES, Severity

    code_width, severity_width = (max(len(text) for text in texts) for texts in (RULES, Severity))
    lines: list[Line] = [
        [
            (code.ljust(code_width), _NAME),
            (f"  {rule.severity.ljust(severity_width)}", _SEVERITIES[rule.severity]),
            (f"  {rule.sentence}", ""),
            (f" ({rule.paragraph})", _FAINT),
        ]
        for code, rule in RULES.items()
    ]
    return _render(lines, colour=colour)


def slim_line(number: int, verdict: Verdict) -> str:
    """Show in one short line the verdict on one token of a stream."""
    if verdict.accepted:
        return f"{number} accepted{_subject(verdict.token)}"
    return f"{number} refused {printable(_short(verdict.refusals[0]))}{_subject(verdict.token)}"


def token_line(number: int, token: Token, lifetime: Lifetime) -> str:
    """Show in one short line a decoded token of a stream."""
    return f"{number} {lifetime}{_subject(token)}"


def broken_line(number: int, error: TokenError) -> str:
    """Show a line of a stream that holds no token."""
    return f"{number} malformed {printable(error.message)}"


def made_key(key: Key, path: str) -> str:
    """Say what key was made and where it is."""
    kid = "" if key.kid is None else f", kid {key.kid}"
    return f"made {key} for {key.alg}{kid}, in {path}"


def keys(described: Sequence[Description], *, colour: bool = False) -> str:
    """Show what keys are, one block each."""
    lines: list[Line] = []
    for one in described:
        lines += [*([[]] if lines else []), *_key(one)]
    return _render(lines, colour=colour)


def thumbprint(one: Description) -> str:
    """Show a key's thumbprint and nothing else."""
    return one.thumbprint or ""


def key_set(members: Sequence[Key]) -> str:
    """Show a JWK Set (RFC 7517 section 5), indented as people publish it."""
    from jwtcli.core.jwk import to_jwk

    return json.dumps({"keys": [to_jwk(member) for member in members]}, indent=2)


def _key(one: Description) -> list[Line]:
    kind = "RSA-PSS" if one.pss else one.curve or (one.alg if one.kty == "AKP" else one.kty)
    size = "" if one.bits is None else f" {one.bits} bits"
    half = "" if one.kty == "oct" else f" {'private' if one.private else 'public'}"
    rows = [
        ("kind", f"{kind}{size}{half}", _HEADING),
        ("form", f"{one.form}{', encrypted' if one.encrypted else ''}", ""),
        ("valid until", rfc3339(one.valid_until), ""),
        ("kid", one.kid, _GOOD),
        ("thumbprint", one.thumbprint, ""),
        ("alg", one.alg, ""),
        ("use", one.use, ""),
        ("key_ops", None if one.key_ops is None else ", ".join(one.key_ops), ""),
        ("can do", ", ".join(one.algorithms) or "nothing that is safe", ""),
        *(("weak", weakness, _BAD) for weakness in one.weaknesses),
    ]
    return [[(name.ljust(12), _NAME), (printable(text), style)] for name, text, style in rows if text is not None]


def _token(token: Token, lifetime: Lifetime) -> list[Line]:
    lines = [*_headed("Header", token.header), [], [("Claims", _HEADING)], *_members(token.claims, lifetime), []]
    return [
        *lines,
        _signature(token.signature),
        [("Status", _HEADING), ("     ", ""), (str(lifetime), _PHASES[lifetime.phase])],
    ]


def _reading(reading: Reading, at: Moment) -> list[Line]:
    match reading:
        case Token():
            return _token(reading, lifetime(reading.claims, at))
        case SdJwt():
            return _sd_jwt(reading, at)
        case Nested(header, inner, signature):
            inside = _inside("Nested token", _reading(inner, at))
            return [*_headed("Header", header), [], *inside, [], _signature(signature)]
        case Unencoded(header, payload, signature):
            return [*_headed("Header", header), [], *_payload(payload), [], _signature(signature)]
        case Encrypted(_, header, sizes, unprotected):
            lines = _headed("Header", header)
            for one in unprotected:
                lines += [[], *_headed("Unprotected header", one)]
            return [*lines, [], *_headed("Encrypted, in bytes", sizes)]
        case JsonSigned(payload, claims, signatures):
            lines = (
                _payload(payload)
                if claims is None
                else [[("Claims", _HEADING)], *_members(claims, lifetime(claims, at))]
            )
            for signed in signatures:
                lines += [[], *_headed("Header", signed.protected)]
                lines += [[], *_headed("Unprotected header", signed.unprotected)] if signed.unprotected else []
                lines += [[], _signature(signed.signature)]
            return lines


def _sd_jwt(reading: SdJwt, at: Moment) -> list[Line]:
    lines = [
        *_token(reading.token, lifetime(reading.token.claims, at)),
        [],
        [(f"Disclosures, by {printable(reading.hash)}", _HEADING)],
    ]
    shown = [row(one.name or "", one.value) for one in reading.disclosures]
    names = [
        "(element)" if one.name is None else told.name for one, told in zip(reading.disclosures, shown, strict=True)
    ]
    width = min(max(map(len, names), default=0), _WIDEST_NAME)
    for one, name, told in zip(reading.disclosures, names, shown, strict=True):
        found = ("in the token", _FAINT) if one.matched else ("not in the token: it is no part of it", _BAD)
        lines.append(
            [
                ("  ", ""),
                (name.ljust(width), _NAME),
                ("  ", ""),
                (told.value, _VALUES[told.json_type]),
                ("  ", ""),
                found,
            ]
        )
    if not names:
        lines.append([("  (none)", _FAINT)])
    if reading.key_binding is not None:
        binding = _token(reading.key_binding, lifetime(reading.key_binding.claims, at))
        fits = ("for these disclosures", _FAINT) if reading.bound else ("for other disclosures", _BAD)
        lines += [[], *_inside("Key binding", [*binding, [("Binding", _HEADING), ("    ", ""), fits]])]
    return lines


def _headed(heading: str, members: dict[str, Any]) -> list[Line]:
    return [[(heading, _HEADING)], *_members(members)]


def _inside(heading: str, lines: list[Line]) -> list[Line]:
    return [[(heading, _HEADING)], *([("  ", ""), *line] if line else [] for line in lines)]


def _payload(payload: bytes) -> list[Line]:
    text = payload.decode("utf-8", "backslashreplace")
    return [[("Payload", _HEADING)], [("  ", ""), (row("", text).value, _GOOD) if text else ("(detached)", _FAINT)]]


def _signature(signature: bytes) -> Line:
    said = f"{len(signature)} bytes, not verified" if signature else "none: this token is not signed"
    return [("Signature", _HEADING), ("  ", ""), (said, _FAINT if signature else _BAD)]


def _cells(flaw: Flaw) -> tuple[str, str, str]:
    return flaw.rule.severity, flaw.code, printable(flaw.where)


def _subject(token: Token | None) -> str:
    if token is None or "sub" not in token.claims:
        return ""
    sub = token.claims["sub"]
    shown = printable(sub) if isinstance(sub, str) else row("sub", sub).value
    return f" sub={shown if len(shown) <= _SUBJECT else shown[: _SUBJECT - 3] + '...'}"


def _outcome(verdict: Verdict) -> Line:
    when = f"at {rfc3339(floor(verdict.at)) or verdict.at}"
    if verdict.accepted:
        return [("accepted", f"bold {_GOOD}"), (f"  {when}", _FAINT)]
    first = verdict.refusals[0]
    return [("refused", _BAD), (f"  {printable(_short(first))}", ""), (f"  {when}", _FAINT)]


def _short(check: Check) -> str:
    reason = check.reason or check.code
    return reason.partition(" (")[0]


def _check(check: Check, width: int) -> Line:
    mark, style = {True: ("ok  ", _GOOD), False: ("FAIL", _BAD), None: ("-   ", _FAINT)}[check.passed]
    name = printable(check.name)
    if not check.reason:
        return [("  ", ""), (mark, style), (f"  {name}", _NAME)]
    reason = printable(check.reason)
    return [
        ("  ", ""),
        (mark, style),
        (f"  {name.ljust(width)}", _NAME),
        (f"  {reason}", _FAINT if check.passed else ""),
    ]


def _findings(findings: Sequence[Finding]) -> list[Line]:
    if not findings:
        return [[("  (none: nothing that was tried explains it)", _FAINT)]]
    width = max(len(finding.code) for finding in findings)
    lines: list[Line] = []
    for finding in findings:
        lines.append([("  ", ""), (finding.code.ljust(width), _NAME), (f"  {printable(finding.message)}", "")])
        lines.append([(" " * (width + 4), ""), (f"remedy: {printable(finding.remedy)}", _GOOD)])
    return lines


def _members(members: dict[str, Any], lifetime: Lifetime | None = None) -> list[Line]:
    if not members:
        return [[("  (none)", _FAINT)]]
    shown = rows(members, lifetime)
    width = min(max(len(row.name) for row in shown), _WIDEST_NAME)
    lines: list[Line] = []
    for one in shown:
        first, *rest = one.value.split("\n")
        line: Line = [("  ", ""), (one.name.ljust(width), _NAME), ("  ", ""), (first, _VALUES[one.json_type])]
        if one.when is not None:
            line.append((f"  {one.when}", _FAINT))
        lines += [line, *([("    ", ""), (text, "")] for text in rest)]
    return lines


def _render(lines: Iterable[Line], *, colour: bool) -> str:
    if not colour:
        return "\n".join("".join(text for text, _ in line).rstrip() for line in lines)
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    out = StringIO()
    # All is said, or Rich would look into the environment itself: --color goes before NO_COLOR.
    console = Console(
        file=out, force_terminal=True, color_system="standard", no_color=False, width=10**6, highlight=False
    )
    for line in lines:
        console.print(Text.assemble(*line), soft_wrap=True)
    return out.getvalue().rstrip("\n")
