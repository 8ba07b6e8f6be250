"""The JSON serializations of JWS and JWE (RFC 7515 and 7516, section 7.2), read as far as that goes without a key."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from jwtcli.core.errors import TokenError
from jwtcli.core.jwe import PARTS, Encrypted
from jwtcli.core.kinds import Kind
from jwtcli.core.strict import json_object
from jwtcli.core.tokens import object_in, octets

Members = Mapping[str, Any]


class Signature(NamedTuple):
    """One of a JWS's signatures, with its protected header and its unprotected one."""

    protected: dict[str, Any]
    unprotected: dict[str, Any]
    signature: bytes


class JsonSigned(NamedTuple):
    """A JWS in JSON serialization. ``claims`` is None where the payload is no claims set."""

    payload: bytes
    claims: dict[str, Any] | None
    signatures: tuple[Signature, ...]


def read_signed(data: bytes) -> JsonSigned:
    """Read a JWS, flattened or general; raises TokenError for what is damaged."""
    members = json_object(data)
    signatures = tuple(_signature(one) for one in _listed(members, "signatures") or [members])
    text = _text(members, "payload")
    if any(signature.protected.get("b64") is False for signature in signatures):
        payload = text  # RFC 7797: the payload stands there as it is
    else:
        payload = octets("payload", text)
    return JsonSigned(payload, _claims(payload), signatures)


def read_encrypted(data: bytes) -> Encrypted:
    """Read a JWE, flattened or general; raises TokenError for what is damaged."""
    members = json_object(data)
    sizes = {name: len(octets(name, _text(members, name))) for name in PARTS if name in members}
    return Encrypted(Kind.JWE_JSON, _protected(members), sizes, tuple(_unprotected(members)))


def _signature(members: Members) -> Signature:
    signature = octets("signature", _text(members, "signature"))
    return Signature(_protected(members), _object(members, "header"), signature)


def _protected(members: Members) -> dict[str, Any]:
    if "protected" not in members:
        return {}
    return object_in("header", octets("header", _text(members, "protected")))


def _unprotected(members: Members) -> Iterator[dict[str, Any]]:
    if "unprotected" in members:
        yield _object(members, "unprotected")
    for recipient in (members, *_listed(members, "recipients")):
        if "header" in recipient:
            yield _object(recipient, "header")


def _claims(payload: bytes) -> dict[str, Any] | None:
    try:
        return json_object(payload)
    except ValueError:
        return None


def _listed(members: Members, name: str) -> list[Members]:
    listed = members.get(name, [])
    if isinstance(listed, list) and all(isinstance(one, dict) for one in listed):
        return listed
    raise TokenError(f"the token's '{name}' is not an array of objects")


def _object(members: Members, name: str) -> dict[str, Any]:
    value = members.get(name, {})
    if isinstance(value, dict):
        return value
    raise TokenError(f"the token's '{name}' is not an object")


def _text(members: Members, name: str) -> bytes:
    value = members.get(name)
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    raise TokenError(f"the token's '{name}' is missing or not text")
