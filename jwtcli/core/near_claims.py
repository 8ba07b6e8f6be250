"""Claims that are nearly what was demanded: another unit, another clock, another spelling, another kind of token."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jwtcli.core.findings import Finding
from jwtcli.core.lifetime import Moment, duration, in_milliseconds, numeric_date, rfc3339, seconds_between
from jwtcli.core.rulings import quoted
from jwtcli.core.strict import json_type, json_value
from jwtcli.core.tokens import Token
from jwtcli.core.verdict import Check, Expectations

Spellings = Mapping[str, Callable[[str], str]]

_TOO_EARLY = {"not_yet_valid", "issued_in_future"}
# What forgives a clock that is off, by seconds; beyond the last it is not the clock.
_LEEWAYS = {60: "1m", 120: "2m", 300: "5m", 600: "10m"}
_SPELLINGS: Spellings = {
    "a trailing slash": lambda text: text.rstrip("/"),
    "upper and lower case": str.lower,
    "http and https": lambda text: re.sub("^http://", "https://", text, flags=re.IGNORECASE),
}
# What OpenID Connect Core (sections 2 and 3.3.2.11) puts into ID tokens and nobody into access tokens.
_ID_TOKEN_CLAIMS = ("nonce", "at_hash", "c_hash", "s_hash")


def find(token: Token, unmet: Mapping[str, Check], demands: Expectations, at: Moment) -> Iterator[Finding]:
    """Yield what explains the checks that a token did not pass, given by their names; and times in milliseconds."""
    claims = token.claims
    codes = {name: check.code for name, check in unmet.items()}
    in_thousandths = [name for name in ("iat", "nbf", "exp") if in_milliseconds(claims.get(name), at)]
    if in_thousandths:
        yield _milliseconds(claims, in_thousandths)
    elif "expired" not in codes.values() and _TOO_EARLY & set(codes.values()):
        yield from _clocks(claims, at)
    if codes.get("iss") == "iss_mismatch":
        yield from _issuer(claims["iss"], demands.iss)
    if codes.get("aud") in ("wrong_type", "aud_mismatch"):
        yield from _audience(claims["aud"], demands.aud)
    if codes.get("typ") == "typ_mismatch" or codes.get("aud") == "aud_mismatch":
        yield from _id_token(token, demands)


def _milliseconds(claims: Mapping[str, Any], names: list[str]) -> Finding:
    meant = ", ".join(f"{name} {rfc3339(claims[name] / 1000)}" for name in names)
    return Finding(
        "milliseconds",
        f"{' and '.join(names)} in milliseconds since 1970, where RFC 7519 counts seconds: {meant} is meant",
        "have the issuer divide by 1000, such as Math.floor(Date.now() / 1000)",
        {name: claims[name] for name in names},
    )


def _clocks(claims: Mapping[str, Any], at: Moment) -> Iterator[Finding]:
    """Find a clock that is a little off: iat or nbf moments ahead.

    An nbf that lies ahead of an iat that has passed was meant so.
    """
    moments = {name: numeric_date(claims.get(name)) for name in ("iat", "nbf")}
    ahead = {
        name: seconds_between(at, moment) for name, moment in moments.items() if moment is not None and moment > at
    }
    issued = moments["iat"]
    most = max(ahead.values(), default=0)
    enough = next((text for seconds, text in _LEEWAYS.items() if most <= seconds), None)
    if not ahead or enough is None or (issued is not None and issued <= at):
        return
    yield Finding(
        "clocks_differ",
        f"{'issued' if 'iat' in ahead else 'valid only from'} {duration(most)} in the future: the clocks differ",
        f"--leeway {enough} would do; setting both clocks (NTP) is better",
        {"ahead_seconds": most, "claims": list(ahead), "leeway": enough},
    )


def _issuer(iss: str, wanted: tuple[str, ...]) -> Iterator[Finding]:
    for one in wanted:
        apart = _apart(iss, one)
        if apart:
            yield Finding(
                "iss_spelling",
                f"iss is {quoted(iss)} and differs from the wanted {quoted(one)} only by {' and '.join(apart)}",
                f"if this is the issuer that you mean, write it as the token does: --iss {quoted(iss)}",
                {"iss": iss, "wanted": one, "differs_by": apart},
            )
            return


def _apart(left: str, right: str) -> list[str]:
    """Name the differences that together tell two texts apart; none where there is another one besides."""
    if _alike(left, _SPELLINGS) != _alike(right, _SPELLINGS):
        return []
    rest = {name: {other: how for other, how in _SPELLINGS.items() if other != name} for name in _SPELLINGS}
    return [name for name in _SPELLINGS if _alike(left, rest[name]) != _alike(right, rest[name])]


def _alike(text: str, spellings: Spellings) -> str:
    for alike in spellings.values():
        text = alike(text)
    return text


def _audience(aud: object, wanted: tuple[str, ...]) -> Iterator[Finding]:
    """Find an audience that is no text or array of texts (RFC 7519 section 4.1.3), or several in one text."""
    named = not set(wanted).isdisjoint(_texts(aud))
    texts_only = isinstance(aud, list) and all(isinstance(one, str) for one in aud)
    if texts_only or (isinstance(aud, str) and (not named or aud.strip() in wanted)):
        return
    what = f"{json_type(aud)}{' that holds more than text' if isinstance(aud, list) else ''}"
    if isinstance(aud, str):
        what = "one text that lists several"
    yield Finding(
        "aud_type",
        f"aud is {what}, where RFC 7519 wants text or an array of texts{': read so, it names you' if named else ''}",
        "have the issuer write the audience as text, or as an array of texts",
        {"type": json_type(aud), "names_a_wanted_one": named},
    )


def _texts(aud: object) -> list[str]:
    """Read an audience as its issuer may have meant it: a number as text, a text as a list."""
    if isinstance(aud, str):
        try:
            read = json_value(aud)
        except ValueError:
            return re.split(r"[\s,;]+", aud.strip())
        return [one for one in read if isinstance(one, str)] if isinstance(read, list) else []
    if isinstance(aud, dict):
        return [*aud, *(value for value in aud.values() if isinstance(value, str))]
    return [one if isinstance(one, str) else json.dumps(one) for one in (aud if isinstance(aud, list) else [aud])]


def _id_token(token: Token, demands: Expectations) -> Iterator[Finding]:
    """Tell an ID token by what only an ID token has, where an access token (RFC 9068) was expected."""
    if demands.typ is not None and not demands.typ.lower().endswith("at+jwt"):
        return
    signs = [name for name in _ID_TOKEN_CLAIMS if name in token.claims]
    signs += [name for name, value in (("token_use", "id"), ("typ", "ID")) if token.claims.get(name) == value]
    typ = token.header.get("typ")
    if not signs or (isinstance(typ, str) and typ.lower().endswith("at+jwt")):
        return
    yield Finding(
        "id_token",
        f"this is an ID token ({', '.join(signs)}), where an access token is expected",
        "send the access token of the same login; the ID token is for the client alone",
        {"typ": typ if isinstance(typ, str) else None, "told_by": signs},
    )
