"""Results as text for people: sanitized, aligned, never cut, coloured through Rich where asked."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from math import floor
from typing import TYPE_CHECKING, Any

from jwtcli.core.errors import ClaimError
from jwtcli.core.lifetime import lifetime, rfc3339
from jwtcli.core.printable import STEERING, cut, printable, printable_json
from jwtcli.core.rows import row
from jwtcli.core.styled import BAD, FAINT, GOOD, HEADING, NAME, Line, members, render

if TYPE_CHECKING:  # decode shows a token without loading what keys and verdicts are made of
    from jwtcli.core.describe import Description
    from jwtcli.core.errors import TokenError
    from jwtcli.core.findings import Finding
    from jwtcli.core.flaws import Flaw, Report
    from jwtcli.core.keys import Key
    from jwtcli.core.lifetime import Lifetime, Moment
    from jwtcli.core.reading import Reading
    from jwtcli.core.tokens import Token
    from jwtcli.core.verdict import Check, Verdict

_UNFIT = rf"[{STEERING}\ud800-\udfff]"
_SEVERITIES = {"low": FAINT, "medium": "yellow", "high": "red", "critical": BAD}
FORMS = {
    "token": "{}",
    "bearer": "Bearer {}",
    "header": "Authorization: Bearer {}",
    "curl": 'header = "Authorization: Bearer {}"',  # a line for curl -K -: on its command line others could read it
    "env": "TOKEN={}",
}
"""The forms in which a token is handed over, each around the token itself."""


def reading(reading: Reading, at: Moment, *, colour: bool = False) -> str:
    """Show what could be read of a token of any kind, one inside the other where they are nested."""
    from jwtcli.core.reading_as_lines import reading_lines  # late: a verdict is shown without the readers

    return render(reading_lines(reading, at), colour=colour)


def header(header: dict[str, Any], *, colour: bool = False) -> str:
    """Show the JOSE header alone."""
    return render(members(header), colour=colour)


def claim(value: object) -> str:
    """Show one claim's value and nothing else: text as it is, anything else as JSON.

    Raises ClaimError for text that cannot stand on a line as it is: a script would read another
    value than the token holds, or a terminal show another.
    """
    if not isinstance(value, str):
        return printable(json.dumps(value, ensure_ascii=True))
    if re.search(_UNFIT, value):
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
            [("Claims", HEADING)],
            *members(verdict.token.claims, lifetime(verdict.token.claims, verdict.at)),
        ]
    if findings or (findings is not None and not verdict.accepted):
        lines += [[], [("Findings", HEADING)], *_findings(findings)]
    return render(lines, colour=colour)


def refusal(verdict: Verdict) -> str:
    """Say in one line why a token is refused."""
    return "refused: " + "; ".join(f"{check.name}: {check.reason}" for check in verdict.refusals)


def lint(report: Report, *, colour: bool = False) -> str:
    """Show what is unwise about a token: a line for every finding, with the paragraph behind it."""
    count = len(report.flaws)
    outcome = ("failed", BAD) if report.failed else ("passed", f"bold {GOOD}")
    lines: list[Line] = [[outcome, (f"  {count or 'no'} finding{'' if count == 1 else 's'}", "")]]
    if report.flaws and report.fail_on is not None:
        lines[0].append((f", {'some' if report.failed else 'none'} of severity {report.fail_on} or worse", FAINT))
    widths = [max(len(cell) for cell in column) for column in zip(*map(_cells, report.flaws), strict=True)]
    for flaw in report.flaws:
        severity, code, where = (cell.ljust(width) for cell, width in zip(_cells(flaw), widths, strict=True))
        lines.append(
            [
                (f"  {severity}", _SEVERITIES[flaw.rule.severity]),
                (f"  {code}", NAME),
                (f"  {where}  {printable(flaw.message)}", ""),
                (f" ({flaw.rule.paragraph})", FAINT),
            ]
        )
    return render(lines, colour=colour)


def rules(*, colour: bool = False) -> str:
    """Show every rule of lint: code, severity, what it is about and the paragraph behind it."""
    from jwtcli.core.flaws import RULES, Severity

    code_width, severity_width = (max(len(text) for text in texts) for texts in (RULES, Severity))
    lines: list[Line] = [
        [
            (code.ljust(code_width), NAME),
            (f"  {rule.severity.ljust(severity_width)}", _SEVERITIES[rule.severity]),
            (f"  {rule.sentence}", ""),
            (f" ({rule.paragraph})", FAINT),
        ]
        for code, rule in RULES.items()
    ]
    return render(lines, colour=colour)


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


def key_note(key: Key, path: str) -> str:
    """Say what key was made and where it is."""
    kid = "" if key.kid is None else f", kid {key.kid}"
    return f"made {key} for {key.alg}{kid}, in {path}"


def keys(described: Sequence[Description], *, colour: bool = False) -> str:
    """Show what keys are, one block each."""
    lines: list[Line] = []
    for one in described:
        lines += [*([[]] if lines else []), *_key(one)]
    return render(lines, colour=colour)


def thumbprint(one: Description) -> str:
    """Show a key's thumbprint and nothing else."""
    return one.thumbprint or ""


def key_set(members: Sequence[Key]) -> str:
    """Show the JWK Set (RFC 7517 section 5) of the public halves, indented as people publish it.

    Raises UnusableKeyError for a secret.
    """
    from jwtcli.core.jwk import jwk_set

    return printable_json(jwk_set(members), indent=2)


def fixtures(paths: Sequence[str]) -> str:
    """Show which files were written, one a line."""
    return "\n".join(paths)


def _key(one: Description) -> list[Line]:
    kind = "RSA-PSS" if one.pss else one.curve or (one.alg if one.kty == "AKP" else one.kty)
    size = "" if one.bits is None else f" {one.bits} bits"
    half = "" if one.kty == "oct" else f" {'private' if one.private else 'public'}"
    rows = [
        ("kind", f"{kind}{size}{half}", HEADING),
        ("form", f"{one.form}{', encrypted' if one.encrypted else ''}", ""),
        ("valid until", rfc3339(one.valid_until), ""),
        ("kid", one.kid, GOOD),
        ("thumbprint", one.thumbprint, ""),
        ("alg", one.alg, ""),
        ("use", one.use, ""),
        ("key_ops", None if one.key_ops is None else ", ".join(one.key_ops), ""),
        ("can do", ", ".join(one.algorithms) or "nothing that is safe", ""),
        *(("weak", weakness, BAD) for weakness in one.weaknesses),
    ]
    return [[(name.ljust(12), NAME), (printable(text), style)] for name, text, style in rows if text is not None]


def _cells(flaw: Flaw) -> tuple[str, str, str]:
    return flaw.rule.severity, flaw.code, printable(flaw.where)


def _subject(token: Token | None) -> str:
    if token is None or "sub" not in token.claims:
        return ""
    sub = token.claims["sub"]
    shown = printable(sub) if isinstance(sub, str) else row("sub", sub).value
    return f" sub={cut(shown)}"


def _outcome(verdict: Verdict) -> Line:
    when = f"at {rfc3339(floor(verdict.at)) or verdict.at}"
    if verdict.accepted:
        return [("accepted", f"bold {GOOD}"), (f"  {when}", FAINT)]
    first = verdict.refusals[0]
    return [("refused", BAD), (f"  {printable(_short(first))}", ""), (f"  {when}", FAINT)]


def _short(check: Check) -> str:
    return check.short or check.code


def _check(check: Check, width: int) -> Line:
    mark, style = {True: ("ok  ", GOOD), False: ("FAIL", BAD), None: ("-   ", FAINT)}[check.passed]
    name = printable(check.name)
    if not check.reason:
        return [("  ", ""), (mark, style), (f"  {name}", NAME)]
    reason = printable(check.reason)
    return [
        ("  ", ""),
        (mark, style),
        (f"  {name.ljust(width)}", NAME),
        (f"  {reason}", FAINT if check.passed else ""),
    ]


def _findings(findings: Sequence[Finding]) -> list[Line]:
    if not findings:
        return [[("  (none: nothing that was tried tells more than the checks above)", FAINT)]]
    width = max(len(finding.code) for finding in findings)
    lines: list[Line] = []
    for finding in findings:
        lines.append([("  ", ""), (finding.code.ljust(width), NAME), (f"  {printable(finding.message)}", "")])
        lines.append([(" " * (width + 4), ""), (f"remedy: {printable(finding.remedy)}", GOOD)])
    return lines
