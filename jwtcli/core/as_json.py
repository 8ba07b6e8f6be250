"""Results as the promised JSON: one line, ASCII only, field names and codes that scripts may rely on."""

from __future__ import annotations

from json.encoder import encode_basestring_ascii
from math import floor
from typing import TYPE_CHECKING, Any

from jwtcli.core.lifetime import rfc3339
from jwtcli.core.printable import as_json_text, printable_json
from jwtcli.core.strict import is_number

if TYPE_CHECKING:  # decode shows a token without loading what keys and verdicts are made of
    from collections.abc import Sequence

    from jwtcli.core.describe import Description
    from jwtcli.core.errors import JwtcliError, TokenError
    from jwtcli.core.findings import Finding
    from jwtcli.core.flaws import Report
    from jwtcli.core.keys import Key
    from jwtcli.core.lifetime import Lifetime, Moment
    from jwtcli.core.reading import Reading
    from jwtcli.core.tokens import Token
    from jwtcli.core.verdict import Verdict


def dumps(value: Any) -> str:
    """Write a value as JSON in printable ASCII, on one line."""
    return printable_json(value)


def token(token: Token, lifetime: Lifetime) -> str:
    """Show a decoded token, which is never verified."""
    from jwtcli.core.reading_as_object import token_object  # late: a verdict is shown without the readers

    return dumps(token_object(token, lifetime))


def token_line(number: int, token: Token, lifetime: Lifetime) -> str:
    """Show a decoded token of a stream: its line, then as ``token`` does."""
    from jwtcli.core.reading_as_object import token_object

    return dumps({"line": number, **token_object(token, lifetime)})


def broken_line(number: int, error: TokenError) -> str:
    """Show a line of a stream that holds no token."""
    return dumps({"line": number, **_error(error)})


def reading(reading: Reading, at: Moment) -> str:
    """Show what could be read of a token of any kind; where that is not all, ``error`` says why."""
    from jwtcli.core.reading import unreadable
    from jwtcli.core.reading_as_object import reading_object

    error = unreadable(reading)
    return dumps({**reading_object(reading, at), **({} if error is None else _error(error))})


def header(header: dict[str, Any]) -> str:
    """Show the JOSE header alone."""
    return dumps(header)


def claim(value: object) -> str:
    """Show one claim's value alone."""
    return dumps(value)


def verdict(verdict: Verdict, findings: Sequence[Finding] | None = None) -> str:
    """Show a verdict; ``claims`` only where the token is accepted, else ``unverified_claims``.

    ``findings`` are told where they were asked for, be there any or not.
    """
    if findings is None:
        return dumps(_verdict(verdict))
    from dataclasses import asdict

    return dumps({**_verdict(verdict), "findings": [asdict(finding) for finding in findings]})


def lint(report: Report) -> str:
    """Show what is unwise about a token: no value of a claim stands in it."""
    return dumps(
        {
            "failed": report.failed,
            "fail_on": report.fail_on,
            "findings": [
                {
                    "code": flaw.code,
                    "severity": flaw.rule.severity,
                    "message": flaw.message,
                    "paragraph": flaw.rule.paragraph,
                    "where": flaw.where,
                }
                for flaw in report.flaws
            ],
        }
    )


def verdict_line(number: int, verdict: Verdict) -> str:
    """Show the whole verdict on one token of a stream: its line, then as ``verdict`` does."""
    return dumps({"line": number, **_verdict(verdict)})


def slim_line(number: int, verdict: Verdict) -> str:
    """Show in short the verdict on one token of a stream; ``sub`` and ``exp`` are verified only where accepted.

    The object is spelled out here because a stream spends as long in the encoder as in judging.
    """
    token = verdict.token
    kid = sub = exp = "null"
    if token is not None:
        kid, sub = _text_or_null(token.header.get("kid")), _text_or_null(token.claims.get("sub"))
        moment = token.claims.get("exp")
        exp = repr(moment) if is_number(moment) else "null"
    if verdict.accepted:
        outcome = '"accepted": true, "status": 0, "reason": "ok", "failed": []'
    else:
        status, code = verdict.outcome
        failed = dumps(verdict.failed)
        outcome = f'"accepted": false, "status": {int(status)}, "reason": {dumps(code)}, "failed": {failed}'
    return f'{{"line": {number}, {outcome}, "kid": {kid}, "sub": {sub}, "exp": {exp}}}'


def rules() -> str:
    """Show every rule of lint."""
    from dataclasses import asdict

    from jwtcli.core.flaws import RULES

    return dumps({"rules": [asdict(rule) for rule in RULES.values()]})


def encoded(compact: str, header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Show a new token and what is in it."""
    expires: Moment | None = claims.get("exp")
    return dumps({"token": compact, "header": header, "claims": claims, "expires_at": rfc3339(expires)})


def made_key(key: Key, path: str | None, public_path: str | None) -> str:
    """Tell of a new key: where it is and what it is, never the key itself."""
    from jwtcli.core import jwk

    return dumps(
        {"path": path, "public_path": public_path, "kid": key.kid, "thumbprint": jwk.thumbprint(key), "alg": key.alg}
    )


def keys(described: Sequence[Description]) -> str:
    """Show what keys are: one object for one key, ``{"keys": [...]}`` for a set."""
    shown = [
        {
            "kty": one.kty,
            "private": one.private,
            "bits": one.bits,
            "curve": one.curve,
            "form": one.form,
            "encrypted": one.encrypted,
            "kid": one.kid,
            "thumbprint": one.thumbprint,
            "alg": one.alg,
            "use": one.use,
            "key_ops": one.key_ops,
            "algorithms": one.algorithms,
            "weaknesses": one.weaknesses,
            "valid_until": rfc3339(one.valid_until),
        }
        for one in described
    ]
    return dumps(shown[0] if len(shown) == 1 else {"keys": shown})


def thumbprint(one: Description) -> str:
    """Show a key's thumbprint, and its kid, which may be another."""
    return dumps({"thumbprint": one.thumbprint, "kid": one.kid})


def key_set(members: Sequence[Key]) -> str:
    """Show a JWK Set (RFC 7517 section 5) on one line."""
    from jwtcli.core import jwk

    return dumps({"keys": [jwk.to_jwk(member) for member in members]})


def error(error: JwtcliError) -> str:
    """Show a failure of the command itself."""
    return dumps(_error(error))


def _error(error: JwtcliError) -> dict[str, Any]:
    described = {"code": error.code, "message": error.message, "hint": error.hint}
    return {"error": described, "status": error.status}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    from jwtcli.core import jwk

    token = verdict.token
    claims = None if token is None else token.claims
    return {
        "accepted": verdict.accepted,
        "status": verdict.status,
        "reason": verdict.outcome[1],
        "at": rfc3339(floor(verdict.at)),
        "checks": [
            {"name": check.name, "passed": check.passed, "code": check.code, "reason": check.reason}
            for check in verdict.checks
        ],
        "key": {
            "kid": None if verdict.key is None else verdict.key.kid,
            "thumbprint": None if verdict.key is None else jwk.thumbprint(verdict.key),
            "alg": verdict.alg,
            "source": verdict.source,
        },
        "header": None if token is None else token.header,
        "claims": claims if verdict.accepted else None,
        "unverified_claims": None if verdict.accepted else claims,
    }


def _text_or_null(value: object) -> str:
    return as_json_text(encode_basestring_ascii(value)) if isinstance(value, str) else "null"
