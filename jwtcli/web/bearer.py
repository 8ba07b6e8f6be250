"""Bearer tokens in requests: finding one, and saying by RFC 6750 why it is not good enough."""

from flask import Response, jsonify, request

from jwtcli.core.verdict import Verdict


def bearer_token() -> str | None:
    """Return the token of the Authorization header, or None where there is none."""
    scheme, _, compact = request.headers.get("Authorization", "").partition(" ")
    return compact.strip() or None if scheme.lower() == "bearer" else None


def challenge(verdict: Verdict | None) -> tuple[Response, int]:
    """Answer 401, and tell a missing token from an expired and from an invalid one (RFC 6750 section 3)."""
    if verdict is None:
        body = {"error": "missing_token", "error_description": "send Authorization: Bearer TOKEN"}
        header = 'Bearer realm="jwtcli"'
    else:
        first = verdict.refusals[0]
        expired = first.code == "expired"
        body = {
            "error": "token_expired" if expired else "invalid_token",
            "error_description": "the token has expired" if expired else "the token was refused",
            "code": first.code,
        }
        header = f'Bearer error="invalid_token", error_description="{body["error_description"]}", realm="jwtcli"'
    response = jsonify(body)
    response.headers["WWW-Authenticate"] = header
    return response, 401
