"""Reading a token of any kind as far as that goes without a key: what ``decode`` shows."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

from jwtcli.core import jose_json, jwe, sd_jwt
from jwtcli.core.errors import ClaimError, TokenError
from jwtcli.core.jose_json import JsonSigned
from jwtcli.core.jwe import Encrypted
from jwtcli.core.kinds import Kind, kind_of, named
from jwtcli.core.sd_jwt import SdJwt
from jwtcli.core.tokens import Token, object_in, octets, parse


class Nested(NamedTuple):
    """A signed token around another token (RFC 7519 section 2, Nested JWT)."""

    header: dict[str, Any]
    inner: "Reading"
    signature: bytes


class Unencoded(NamedTuple):
    """A JWS whose payload stands in it as it is (RFC 7797), or is detached and so empty."""

    header: dict[str, Any]
    payload: bytes
    signature: bytes


Reading: TypeAlias = Token | Nested | Unencoded | Encrypted | JsonSigned | SdJwt
"""A token of some kind, taken apart. Nothing in it was verified."""


def read(data: bytes) -> Reading:
    """Read a token of whatever kind it is; raises TokenError where it is none or damaged."""
    readers: dict[Kind, Callable[[bytes], Reading]] = {
        Kind.JWS: parse,
        Kind.NESTED: _nested,
        Kind.UNENCODED: _unencoded,
        Kind.SD_JWT: sd_jwt.read,
        Kind.JWS_JSON: jose_json.read_signed,
        Kind.JWE: jwe.read,
        Kind.JWE_JSON: jose_json.read_encrypted,
    }
    kind = kind_of(data)
    try:
        return readers[kind](data)
    except TokenError as error:
        if kind is Kind.JWS:
            raise
        raise TokenError(f"{named(kind).message}; {error.message}", code=kind) from None


def unreadable(reading: Reading) -> TokenError | None:
    """Say why ``decode`` cannot show all of it and exits 3; None where it can."""
    match reading:
        case Nested(inner=inner):
            return unreadable(inner)
        case Unencoded():
            return named(Kind.UNENCODED)
        case JsonSigned():
            return named(Kind.JWS_JSON)
        case Encrypted(kind=kind):
            return named(kind)
        case Token() | SdJwt():
            return None


def caveats(reading: Reading) -> Iterator[str]:
    """Say what whoever reads this token must know besides that nothing of it was verified."""
    match reading:
        case Token(header=header) if "crit" in header:
            yield "the header makes extensions critical (crit): verify refuses such tokens"
        case SdJwt(disclosures=disclosures, bound=bound):
            strays = sum(not disclosure.matched for disclosure in disclosures)
            if strays:
                yield f"{strays} of {len(disclosures)} disclosures are no part of the token: it lacks their digests"
            if bound is False:
                yield "the key binding is not for these disclosures (its sd_hash differs)"
        case Nested(inner=inner):
            yield from caveats(inner)


def header_of(reading: Reading) -> dict[str, Any]:
    """Return the outermost JOSE header; raises TokenError where a token has one for each signature."""
    match reading:
        case SdJwt(token=token):
            return token.header
        case JsonSigned():
            raise named(Kind.JWS_JSON)
        case _:
            return reading.header


def claim_of(reading: Reading, name: str) -> Any:
    """Return one claim of a signed JWT, for an SD-JWT of the one behind it and never of a disclosure.

    Raises TokenError for another kind of token and ClaimError where the claim is not there.
    """
    match reading:
        case Token(claims=claims, header=header) | SdJwt(token=Token(claims=claims, header=header)):
            if name not in claims:
                hint = "it stands in the header: --header shows that" if name in header else _nested_claim(claims, name)
                raise ClaimError(f"the token has no claim '{name}'", hint=hint, code="missing")
            return claims[name]
        case Nested():
            raise named(Kind.NESTED)
        case Unencoded():
            raise named(Kind.UNENCODED)
        case JsonSigned():
            raise named(Kind.JWS_JSON)
        case Encrypted(kind=kind):
            raise named(kind)


def _nested_claim(claims: dict[str, Any], name: str) -> str | None:
    outer = name.partition(".")[0]
    return f"'{outer}' is an object: --json prints it, for jq to choose from" if _is_object_in(claims, outer) else None


def _is_object_in(claims: dict[str, Any], name: str) -> bool:
    return isinstance(claims.get(name), dict)


def _nested(data: bytes) -> Nested:
    header, payload, signature = data.split(b".")
    inner = read(octets("payload", payload).strip())
    return Nested(object_in("header", octets("header", header)), inner, octets("signature", signature))


def _unencoded(data: bytes) -> Unencoded:
    header, _, rest = data.partition(b".")
    payload, _, signature = rest.rpartition(b".")
    return Unencoded(object_in("header", octets("header", header)), payload, octets("signature", signature))
