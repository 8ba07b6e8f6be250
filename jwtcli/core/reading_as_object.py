"""A token of any kind as an object: what ``as_json`` shows of it."""

from math import floor
from typing import Any

from jwtcli.core.jose_json import JsonSigned
from jwtcli.core.jwe import Encrypted
from jwtcli.core.kinds import Kind
from jwtcli.core.lifetime import Lifetime, Moment, lifetime, rfc3339
from jwtcli.core.reading import Nested, Reading, Unencoded
from jwtcli.core.sd_jwt import SdJwt
from jwtcli.core.strict import base64url_encode
from jwtcli.core.tokens import Token


def token_object(token: Token, lifetime: Lifetime) -> dict[str, Any]:
    """Return what the contract promises of a signed JWT."""
    return {
        **_taken_apart(Kind.JWS, lifetime.at, token.header, token.claims, token.signature),
        "lifetime": {
            "status": lifetime.phase,
            "issued_at": rfc3339(lifetime.issued_at),
            "not_before": rfc3339(lifetime.not_before),
            "expires_at": rfc3339(lifetime.expires_at),
            "expires_in": lifetime.expires_in,
        },
    }


def reading_object(reading: Reading, at: Moment) -> dict[str, Any]:
    """Return what could be read of a token of any kind; ``kind`` says of which."""
    match reading:
        case Token():
            return token_object(reading, lifetime(reading.claims, at))
        case SdJwt():
            return _sd_jwt(reading, at)
        case Nested(header, inner, signature):
            return {**_taken_apart(Kind.NESTED, at, header, None, signature), "nested": reading_object(inner, at)}
        case Unencoded(header, payload, signature):
            return {**_taken_apart(Kind.UNENCODED, at, header, None, signature), "payload": _payload(payload)}
        case Encrypted(kind, header, sizes, unprotected):
            return {**_taken_apart(kind, at, header, None, None), "unprotected": unprotected, "sizes": sizes}
        case JsonSigned(payload, claims, signatures):
            signed = [
                {
                    "protected": one.protected,
                    "unprotected": one.unprotected,
                    "signature": base64url_encode(one.signature),
                }
                for one in signatures
            ]
            taken_apart = _taken_apart(Kind.JWS_JSON, at, None, claims, None)
            return {**taken_apart, "payload": _payload(payload), "signatures": signed}


def _sd_jwt(reading: SdJwt, at: Moment) -> dict[str, Any]:
    binding = reading.key_binding
    return {
        **token_object(reading.token, lifetime(reading.token.claims, at)),
        "kind": Kind.SD_JWT,
        "hash": reading.hash,
        "disclosures": [
            {"name": one.name, "value": one.value, "salt": one.salt, "digest": one.digest, "matched": one.matched}
            for one in reading.disclosures
        ],
        "key_binding": None
        if binding is None
        else {**token_object(binding, lifetime(binding.claims, at)), "bound": reading.bound},
    }


def _taken_apart(
    kind: Kind, at: Moment, header: dict[str, Any] | None, claims: dict[str, Any] | None, signature: bytes | None
) -> dict[str, Any]:
    """Return what every kind of token is shown with, null where a kind has no such thing."""
    return {
        "verified": False,
        "kind": kind,
        "at": rfc3339(floor(at)),
        "header": header,
        "claims": claims,
        "signature": None if signature is None else base64url_encode(signature),
        "lifetime": None,
    }


def _payload(payload: bytes) -> str:
    return payload.decode("utf-8", "backslashreplace")
