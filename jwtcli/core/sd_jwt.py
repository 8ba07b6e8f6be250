"""SD-JWTs (RFC 9901): a signed JWT, the disclosures behind it, and whether their digests stand in it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from jwtcli.core.errors import TokenError
from jwtcli.core.strict import base64url_encode, json_value
from jwtcli.core.tokens import Token, octets, parse

_HASHES = {
    f"{family}-{bits}": f"{name}{bits}"
    for family, name in (("sha", "sha"), ("sha3", "sha3_"))
    for bits in (256, 384, 512)
}


class Disclosure(NamedTuple):
    """One claim that its holder chose to show. ``name`` is None for an element of an array.

    ``digest`` is None where the token's hash is not known, and ``matched`` tells whether the digest
    stands in the token, or in another disclosure that does.
    """

    name: str | None
    value: Any
    salt: str
    digest: str | None = None
    matched: bool = False


class SdJwt(NamedTuple):
    """An SD-JWT taken apart; nothing in it was verified but the digests.

    ``bound`` tells whether the key binding's ``sd_hash`` is that of this presentation (RFC 9901
    section 4.3), and is None where there is no key binding.
    """

    token: Token
    hash: str
    disclosures: tuple[Disclosure, ...]
    key_binding: Token | None = None
    bound: bool | None = None


def read(data: bytes) -> SdJwt:
    """Read ``JWT~disclosure~...~[key binding JWT]``; raises TokenError for what is damaged."""
    jwt, *encoded, last = data.split(b"~")
    token = parse(jwt)
    name = token.claims.get("_sd_alg", "sha-256")
    if not isinstance(name, str):
        raise TokenError("the token's _sd_alg is not text")
    disclosures = [_disclosure(number, text, _digest(text, name)) for number, text in enumerate(encoded, 1)]
    binding = parse(last) if last else None
    whole = _digest(data.removesuffix(last), name)
    bound = None if binding is None else whole is not None and binding.claims.get("sd_hash") == whole
    return SdJwt(token, name, tuple(_matched(disclosures, token.claims)), binding, bound)


def _disclosure(number: int, text: bytes, digest: str | None) -> Disclosure:
    """Read a disclosure: salt, name and value, or salt and value (RFC 9901 section 4.2)."""
    try:
        array = json_value(octets(f"disclosure {number}", text))
    except TokenError:
        raise
    except ValueError as error:
        raise TokenError(f"the token's disclosure {number} cannot be read: {error}") from None
    match array:
        case [str(salt), str(name), value] if name not in ("_sd", "..."):
            return Disclosure(name, value, salt, digest)
        case [str(salt), value]:
            return Disclosure(None, value, salt, digest)
    raise TokenError(f"the token's disclosure {number} is not an array of salt, name and value, or of salt and value")


def _digest(text: bytes, name: str) -> str | None:
    if name not in _HASHES:
        return None
    import hashlib  # late: it loads all of OpenSSL, which no other token needs

    return base64url_encode(hashlib.new(_HASHES[name], text).digest())


def _matched(disclosures: list[Disclosure], claims: dict[str, Any]) -> Iterator[Disclosure]:
    """Follow the digests from the claims through the disclosures that they lead to."""
    by_place = {(one.name is None, one.digest): one for one in disclosures if one.digest is not None}
    reached: set[tuple[bool, str | None]] = set()
    values: list[Any] = [claims]
    while values:
        for place in _digests(values.pop()):
            if place in by_place and place not in reached:
                reached.add(place)
                values.append(by_place[place].value)
    for one in disclosures:
        yield one._replace(matched=(one.name is None, one.digest) in reached)


def _digests(value: Any) -> Iterator[tuple[bool, str]]:
    """Yield each digest in a value, with whether it stands for an element of an array."""
    pending = [value]
    while pending:
        inner = pending.pop()
        if isinstance(inner, dict):
            hidden = inner.get("_sd")
            yield from (
                (False, digest) for digest in (hidden if isinstance(hidden, list) else ()) if isinstance(digest, str)
            )
            pending.extend(inner.values())
        elif isinstance(inner, list):
            yield from (
                (True, one["..."])
                for one in inner
                if isinstance(one, dict) and len(one) == 1 and isinstance(one.get("..."), str)
            )
            pending.extend(inner)
