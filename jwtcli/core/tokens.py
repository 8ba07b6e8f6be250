"""A token taken apart: strict compact serialization, no key, no crypto, no judgement."""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, NamedTuple

from jwtcli.core.errors import TokenError
from jwtcli.core.kinds import ELLIPSES, Kind, kind_of, named, shortened, text_around
from jwtcli.core.strict import base64url_decode, json_object

# What is often handed over where a token was meant, and what to do about it.
_OTHER_THINGS = (
    (rb"null\s*\Z", "the text null", "jq -r prints that where a field is not there"),
    (rb"\s*-----BEGIN ", "a key or certificate (PEM)", "--key FILE takes a key"),
    (rb'\s*\{\s*"(?:kty|keys|crv)"\s*:', "a JWK or JWK Set", "--key FILE takes a key, --jwks FILE a key set"),
)
MAX_BYTES = 2 * 1024 * 1024
_COMMON_HEADER = 1024  # bytes; longer ones are rare, and not worth the memory to remember them


class Parts(NamedTuple):
    """The three parts of a compact JWS, decoded from base64url and nothing more."""

    compact: str
    header: bytes
    payload: bytes
    signature: bytes

    @property
    def signing_input(self) -> bytes:
        """What the signature covers: ASCII of ``header.payload`` (RFC 7515 section 5.1)."""
        return self.compact.rpartition(".")[0].encode("ascii")


class Token(NamedTuple):
    """A signed JWT taken apart. Nothing in it was verified.

    A tuple, because a stream makes one per line, and a frozen dataclass takes three times as long.
    """

    compact: str
    header: dict[str, Any]
    claims: dict[str, Any]
    signature: bytes
    signing_input: bytes

    @property
    def alg(self) -> object:
        """The header's ``alg`` as it stands: whoever made the token wrote it."""
        return self.header.get("alg")

    @property
    def kid(self) -> str | None:
        """The header's ``kid``, or None where there is none or it is not text."""
        kid = self.header.get("kid")
        return kid if isinstance(kid, str) else None


# Past the keyword arguments of a named tuple, which cost more than the tuple.
_make_token: Callable[[tuple[object, ...]], Token] = partial(tuple.__new__, Token)


def split(compact: str | bytes) -> Parts:
    """Split a JWS compact serialization into its three decoded parts (RFC 7515 section 7.1).

    Raises TokenError for anything that is not three non-padded, canonical base64url parts.
    """
    data = _data(compact)
    header, payload, signature = _segments(data)
    return Parts(
        data.decode("ascii", "replace"),
        octets("header", header),
        octets("payload", payload),
        octets("signature", signature),
    )


def parse(compact: str | bytes) -> Token:
    """Read a signed JWT: JOSE header and claims set as JSON objects (RFC 7519 section 7.2).

    Raises TokenError with the part and the reason; duplicate names, NaN and other encodings than
    UTF-8 are refused. Relatives of a signed JWT are refused under their own names.
    """
    data = _data(compact)
    try:
        first, second, third = _segments(data)
        header = _known_header(first).copy() if len(first) <= _COMMON_HEADER else _header(first)
        claims = object_in("payload", octets("payload", second))
        signature = octets("signature", third)
    except TokenError as error:
        kind = kind_of(data)
        if kind is not Kind.JWS:
            raise named(kind) from None
        error.hint = error.hint or text_around(data)
        raise
    if header.get("b64", True) is not True:
        raise named(Kind.UNENCODED)
    return _make_token((data.decode("ascii"), header, claims, signature, data[: -1 - len(third)]))


def _data(compact: str | bytes) -> bytes:
    return compact.encode("utf-8", "surrogatepass") if isinstance(compact, str) else compact


def _segments(data: bytes) -> list[bytes]:
    if len(data) > MAX_BYTES:
        raise TokenError("the token is larger than 2 MiB", code="too_large")
    segments = data.split(b".")
    if len(segments) != 3 or segments[0].lstrip()[:1] == b"{" or data.endswith(ELLIPSES):
        raise _not_three_parts(data, len(segments))
    return segments


def _header(segment: bytes) -> dict[str, Any]:
    return object_in("header", octets("header", segment))


# One issuer's tokens share a header: it is read once, and every token gets a copy.
_known_header = lru_cache(maxsize=128)(_header)


def octets(name: str, segment: bytes) -> bytes:
    """Decode one part of a token from base64url; raises TokenError, naming the part."""
    try:
        return base64url_decode(segment)
    except ValueError as error:
        raise TokenError(f"the token's {name} is not base64url: {error}", part=name) from None


def object_in(name: str, text: bytes) -> dict[str, Any]:
    """Read the JSON object that one part of a token is; raises TokenError, naming the part."""
    try:
        return json_object(text)
    except ValueError as error:
        noun = "claims set" if name == "payload" else "JOSE header"
        raise TokenError(f"the token's {name} is not a {noun}: {error}", part=name) from None


def _not_three_parts(data: bytes, count: int) -> TokenError:
    if not data:
        return TokenError("there is no token", code="no_token")
    for beginning, what, hint in _OTHER_THINGS:
        if re.match(beginning, data):
            return TokenError(f"this is {what}, not a token", hint=hint)
    if data.lstrip()[:1] == b"{":
        return TokenError("this is JSON, not a token in compact serialization")
    if data.endswith(ELLIPSES):
        return shortened()
    parts = "one part" if count == 1 else f"{count} parts"
    return TokenError(f"a signed token has three parts joined by dots, this text has {parts}")
