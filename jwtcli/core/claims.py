"""Building a claims set and a JOSE header from flags, JSON and the clock."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from jwtcli.core.algorithms import PRIVATE_MEMBERS
from jwtcli.core.errors import UsageError
from jwtcli.core.lifetime import Moment, Seconds, duration, in_milliseconds, numeric_date, rfc3339, seconds_between
from jwtcli.core.printable import MAY_BE_SECRET, cut
from jwtcli.core.strict import MAX_DEPTH, is_unicode, json_type, too_deep

DEFAULT_LIFETIME = 3600
_RESERVED_HEADERS = ("alg", "b64", "crit")
_TEXT_CLAIMS = ("iss", "sub", "jti")
_TIME_CLAIMS = ("exp", "nbf", "iat")
Members = Sequence[tuple[str, Any]]


class ClaimsRequest(NamedTuple):
    """What was asked of a claims set. Times are NumericDates, ``lifetime`` counts from ``at``.

    ``named`` are claims by a flag of their own; ``without`` are those that must not be there.
    """

    base: Mapping[str, Any] = MappingProxyType({})
    members: Members = ()
    named: Members = ()
    lifetime: Seconds | None = None
    without: tuple[str, ...] = ()
    new_jti: bool = False


class Built(NamedTuple):
    """A claims set ready to be signed, and what the user should know of it.

    ``expiry_filled_in`` tells that nobody asked for a lifetime, and it got the default one.
    """

    claims: dict[str, Any]
    expiry_filled_in: bool = False
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def build(request: ClaimsRequest, at: Moment) -> Built:
    """Merge claims in the order JSON, members, named flags, and fill in ``iat`` and a lifetime.

    Raises UsageError for a name given twice, a registered claim of the wrong type (RFC 7519
    section 4.1), an ``exp`` that is not after ``at``, and text that is not Unicode.
    """
    _refuse_twice(request.members, "-c")
    claims = {**request.base, **dict(request.members), **dict(request.named)}
    if request.new_jti:
        from uuid import uuid4

        claims["jti"] = str(uuid4())
    if request.lifetime is not None:
        claims["exp"] = at + request.lifetime
    for name in request.without:
        claims.pop(name, None)
    if "iat" not in claims and "iat" not in request.without:
        claims["iat"] = at
    expiry_filled_in = "exp" not in claims and "exp" not in request.without
    if expiry_filled_in:
        claims["exp"] = at + DEFAULT_LIFETIME
    _refuse_unfit(claims, "the claims")
    _check_types(claims)
    _check_expiry(claims, at)
    return Built(claims, expiry_filled_in, tuple(_misspelled(request)), tuple(_oddities(claims, at)))


def _misspelled(request: ClaimsRequest) -> Iterator[str]:
    """Tell of members that are taken as they stand and were hardly meant so."""
    flags = {name: f"--{name}" for name, _ in request.named} | ({} if request.lifetime is None else {"exp": "--ttl"})
    for name, value in request.members:
        if name in flags:
            yield f"{flags[name]} counts, and -c {name} does not"
        # A long one may be a secret, whose padding passed for the =
        told = name if len(name) < MAY_BE_SECRET else cut(name, 15)
        if name != name.strip():
            yield f"white space is a part of the claim name '{told}'"
        if value in ("true", "false", "null"):
            yield f'{told} is the text "{value}" ({told}:={value} makes it JSON)'


def build_header(members: Members, *, typ: str | None, kid: str | None) -> dict[str, Any]:
    """Build the JOSE header besides ``alg``: ``typ`` JWT and the key's ``kid`` unless told otherwise.

    Raises UsageError for names that only jwtcli may set, a name given twice, and wrong types.
    """
    _refuse_twice(members, "-H")
    given = dict(members)
    for name in _RESERVED_HEADERS:
        if name in given:
            hint = "the key and --alg decide it" if name == "alg" else "jwtcli makes no token that needs it"
            raise UsageError(f"the header parameter '{name}' cannot be set with -H", hint=hint, code="reserved_header")
    header: dict[str, Any] = {"typ": "JWT"}
    if kid is not None:
        header["kid"] = kid
    header.update(given)
    if typ is not None:
        header["typ"] = typ
    for name in ("typ", "cty", "kid"):
        if name in header and not isinstance(header[name], str):
            raise UsageError(f"the header parameter '{name}' must be text, not {json_type(header[name])}")
    _refuse_unfit(header, "the header parameters")
    return header


def overruled(members: Members, *, typ: str | None, kid: str | None) -> Iterator[str]:
    """Tell of header parameters that were asked for in two ways, which of them counts; and of a kid hardly meant so."""
    names = {name for name, _ in members}
    if typ is not None and "typ" in names:
        yield "--typ counts, and -H typ does not"
    if kid is not None and "kid" in names:
        yield "-H kid is written, whatever key --kid chose"
    elif kid == "auto":
        yield "the kid is the word auto itself; 'jwtcli key thumbprint FILE' prints the one that keygen writes for it"


def _refuse_twice(members: Members, option: str) -> None:
    seen: set[str] = set()
    for name, _ in members:
        if name in seen:
            raise UsageError(f"{option} names '{name}' twice", code="name_twice")
        seen.add(name)


def _check_types(claims: dict[str, Any]) -> None:
    for name in _TEXT_CLAIMS:
        if name in claims and not isinstance(claims[name], str):
            raise _wrong_type(name, claims[name], "text")
    for name in _TIME_CLAIMS:
        if name in claims and numeric_date(claims[name]) is None:
            raise _wrong_type(name, claims[name], "a number of seconds since 1970 (NumericDate)")
    aud = claims.get("aud", "")
    if isinstance(aud, list) and not all(isinstance(one, str) for one in aud):
        raise UsageError("the claim 'aud' must be text or an array of texts, and it holds more", code="wrong_type")
    if not isinstance(aud, (str, list)):
        raise _wrong_type("aud", aud, "text or an array of texts")


def _wrong_type(name: str, value: object, wanted: str) -> UsageError:
    hint = "--ttl or --exp sets it" if name == "exp" else None
    return UsageError(f"the claim '{name}' must be {wanted}, not {json_type(value)}", hint=hint, code="wrong_type")


def _check_expiry(claims: dict[str, Any], at: Moment) -> None:
    if "exp" in claims and claims["exp"] <= at:
        raise UsageError(
            f"exp ({rfc3339(claims['exp']) or claims['exp']}) is not after the moment of issue ({rfc3339(at) or at})",
            hint="an expired token, for a test, is made with --at -2h --ttl 1h",
            code="already_expired",
        )


def _oddities(claims: dict[str, Any], at: Moment) -> Iterator[str]:
    for name in _TIME_CLAIMS:
        moment = claims.get(name, at)
        if moment > at and rfc3339(moment) is None:  # as it is for milliseconds, and for still smaller units
            asked = " is it in milliseconds?" if in_milliseconds(moment, at) else ""
            yield f"{name} lies {duration(seconds_between(at, moment))} ahead:{asked} RFC 7519 counts seconds"
    if "nbf" in claims and "exp" in claims and claims["nbf"] >= claims["exp"]:
        yield "nbf is not before exp: the token will never be valid"


def _refuse_unfit(members: dict[str, Any], where: str) -> None:
    """Refuse what ``decode`` would not read back, and private keys."""
    if too_deep(members):
        raise UsageError(f"{where} are nested more than {MAX_DEPTH} levels deep", code="too_deep")
    _refuse_unfit_value(members, where)


def _refuse_unfit_value(value: object, where: str) -> None:
    """Refuse lone surrogates, which UTF-8 cannot carry, and private keys (RFC 7515 section 4.1.3, RFC 7800)."""
    if isinstance(value, str):
        if not is_unicode(value):
            raise UsageError(f"{where} hold text that is not Unicode (a lone surrogate)", code="not_unicode")
    elif isinstance(value, dict):
        if "kty" in value and PRIVATE_MEMBERS & value.keys():
            raise UsageError(
                f"{where} hold a private key, and whoever reads the token would have it",
                hint="-k signs with a key; jwks prints its public half",
                code="private_key",
            )
        for name, item in value.items():
            _refuse_unfit_value(name, where)
            _refuse_unfit_value(item, where)
    elif isinstance(value, list):
        for item in value:
            _refuse_unfit_value(item, where)
