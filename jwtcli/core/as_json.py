"""Results as the promised JSON: one line, ASCII only, field names and codes that scripts may rely on."""

from __future__ import annotations

from json.encoder import encode_basestring_ascii
from typing import TYPE_CHECKING, Any

from jwtcli.core.lifetime import rfc3339
from jwtcli.core.outcome_as_object import error_object, report_object, verdict_object
from jwtcli.core.printable import as_json_text, printable_json
from jwtcli.core.strict import is_number

if TYPE_CHECKING:  # decode shows a token without loading what keys and verdicts are made of
    from collections.abc import Mapping, Sequence

    from jwtcli.core.describe import Description
    from jwtcli.core.errors import JwtcliError, TokenError
    from jwtcli.core.findings import Finding
    from jwtcli.core.flaws import Report
    from jwtcli.core.keys import Key
    from jwtcli.core.lifetime import Lifetime, Moment
    from jwtcli.core.reading import Reading
    from jwtcli.core.tokens import Token
    from jwtcli.core.verdict import Verdict


def token_line(number: int, token: Token, lifetime: Lifetime) -> str:
    """Show a decoded token of a stream: its line, then as ``reading`` does."""
    from jwtcli.core.reading_as_object import token_object  # late: a verdict is shown without the readers

    return printable_json({"line": number, **token_object(token, lifetime)})


def broken_line(number: int, error: TokenError) -> str:
    """Show a line of a stream that holds no token."""
    return printable_json({"line": number, **error_object(error)})


def reading(reading: Reading, at: Moment) -> str:
    """Show what could be read of a token of any kind; where that is not all, ``error`` says why."""
    from jwtcli.core.reading import unreadable
    from jwtcli.core.reading_as_object import reading_object

    error = unreadable(reading)
    return printable_json({**reading_object(reading, at), **({} if error is None else error_object(error))})


def header(header: dict[str, Any]) -> str:
    """Show the JOSE header alone."""
    return printable_json(header)


def claim(value: object) -> str:
    """Show one claim's value alone."""
    return printable_json(value)


def verdict(verdict: Verdict, findings: Sequence[Finding] | None = None) -> str:
    """Show a verdict; ``claims`` only where the token is accepted, else ``unverified_claims``.

    ``findings`` are told where they were asked for, be there any or not.
    """
    return printable_json(verdict_object(verdict, findings))


def lint(report: Report) -> str:
    """Show what is unwise about a token: no value of a claim stands in it."""
    return printable_json(report_object(report))


def verdict_line(number: int, verdict: Verdict) -> str:
    """Show the whole verdict on one token of a stream: its line, then as ``verdict`` does."""
    return printable_json({"line": number, **verdict_object(verdict)})


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
        failed = printable_json(verdict.failed)
        outcome = f'"accepted": false, "status": {int(status)}, "reason": {printable_json(code)}, "failed": {failed}'
    return f'{{"line": {number}, {outcome}, "kid": {kid}, "sub": {sub}, "exp": {exp}}}'


def rules() -> str:
    """Show every rule of lint."""
    from dataclasses import asdict

    from jwtcli.core.flaws import RULES

    return printable_json({"rules": [asdict(rule) for rule in RULES.values()]})


def encoded(compact: str, header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Show a new token and what is in it."""
    expires: Moment | None = claims.get("exp")
    return printable_json({"token": compact, "header": header, "claims": claims, "expires_at": rfc3339(expires)})


def made_key(key: Key, path: str | None, public_path: str | None) -> str:
    """Tell of a new key: where it is and what it is, never the key itself."""
    from jwtcli.core import jwk

    return printable_json(
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
    return printable_json(shown[0] if len(shown) == 1 else {"keys": shown})


def thumbprint(one: Description) -> str:
    """Show a key's thumbprint, and its kid, which may be another."""
    return printable_json({"thumbprint": one.thumbprint, "kid": one.kid})


def key_set(members: Sequence[Key]) -> str:
    """Show the JWK Set (RFC 7517 section 5) of the public halves on one line; raises UnusableKeyError for a secret."""
    from jwtcli.core import jwk

    return printable_json(jwk.jwk_set(members))


def fixtures(paths: Sequence[str], kid: str | None, alg: str) -> str:
    """Tell which files of tokens were written, and the key that signed the good one."""
    return printable_json({"files": paths, "kid": kid, "alg": alg})


def ready(urls: Mapping[str, str]) -> str:
    """Tell where the local issuer can be reached."""
    return printable_json(urls)


def completion(shell: str, script: str) -> str:
    """Show a completion script and the shell that it is for."""
    return printable_json({"shell": shell, "script": script})


def error(error: JwtcliError) -> str:
    """Show a failure of the command itself."""
    return printable_json(error_object(error))


def _text_or_null(value: object) -> str:
    return as_json_text(encode_basestring_ascii(value)) if isinstance(value, str) else "null"
