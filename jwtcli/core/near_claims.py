"""Claims that are nearly what was demanded: another unit, another clock, another spelling, another kind of token."""

import json
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jwtcli.core.findings import Finding
from jwtcli.core.lifetime import (
    Moment,
    duration,
    in_milliseconds,
    moment_in,
    numeric_date,
    rfc3339,
    seconds_between,
)
from jwtcli.core.printable import cut
from jwtcli.core.rulings import quoted
from jwtcli.core.strict import json_type, json_value, same_json
from jwtcli.core.tokens import Token
from jwtcli.core.verdict import Check, Expectations

Spellings = Mapping[str, Callable[[str], str]]

_TOO_EARLY = {"not_yet_valid", "issued_in_future"}
# What forgives a clock that is off, by seconds; beyond the last it is not the clock.
_LEEWAYS = {60: "1m", 120: "2m", 300: "5m", 600: "10m"}
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}  # ASCII alone: the Kelvin sign is no k
_SPELLINGS: Spellings = {
    "a trailing slash": lambda text: text.rstrip("/"),
    "upper and lower case": lambda text: text.translate(_LOWER),
    "http and https": lambda text: re.sub("^(http)(://)", r"\1s\2", text, flags=re.IGNORECASE),
}
# What OpenID Connect Core (sections 2 and 3.3.2.11) puts into ID tokens and nobody into access tokens.
_ID_TOKEN_CLAIMS = ("nonce", "at_hash", "c_hash", "s_hash")


def find(token: Token, unmet: Mapping[str, Check], demands: Expectations, at: Moment) -> Iterator[Finding]:
    """Yield what explains the checks that a token did not pass, given by their names; and times in milliseconds."""
    claims = token.claims
    codes = {name: check.code for name, check in unmet.items()}
    times = {name: _moment(claims.get(name)) for name in ("iat", "nbf", "exp")}
    in_thousandths = {name: moment for name, moment in times.items() if in_milliseconds(moment, at)}
    if in_thousandths:
        yield _milliseconds(in_thousandths)
    elif "expired" not in codes.values() and _TOO_EARLY & set(codes.values()):
        yield from _clocks(claims, at)
    yield from _time_type(claims, {name: moment for name, moment in times.items() if codes.get(name) == "wrong_type"})
    if codes.get("iss") == "iss_mismatch":
        yield from _spelling("iss", "issuer", (claims["iss"],), demands.iss)
    if codes.get("aud") in ("wrong_type", "aud_mismatch"):
        yield from _audience(claims["aud"], demands.aud)
    if codes.get("aud") == "aud_mismatch":
        aud = claims["aud"]
        yield from _spelling("aud", "audience", (aud,) if isinstance(aud, str) else aud, demands.aud)
    yield from _expect_type(claims, [one for one in demands.expect if codes.get(f"expect:{one[0]}") == "mismatch"])
    if codes.get("typ") == "typ_mismatch" or codes.get("aud") == "aud_mismatch":
        yield from _id_token(token, demands)


def _moment(value: object) -> Moment | None:
    """Read a time as its issuer may have meant it, which is as a number even where it is text."""
    return moment_in(value) if isinstance(value, str) else numeric_date(value)


def _milliseconds(times: Mapping[str, Any]) -> Finding:
    meant = ", ".join(f"{name} {rfc3339(moment / 1000)}" for name, moment in times.items())
    return Finding(
        "milliseconds",
        f"{' and '.join(times)} in milliseconds since 1970, where RFC 7519 counts seconds: {meant} is meant",
        "have the issuer divide by 1000, such as Math.floor(Date.now() / 1000)",
        dict(times),
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


def _time_type(claims: Mapping[str, Any], wrong: Mapping[str, Moment | None]) -> Iterator[Finding]:
    """Find times that are text and read as a number or as a moment of RFC 3339."""
    meant = {name: moment for name, moment in wrong.items() if moment is not None}
    if meant:
        yield Finding(
            "time_type",
            f"{' and '.join(meant)} {'are' if len(meant) > 1 else 'is'} text, where RFC 7519 wants a JSON number: "
            f"read so, {' and '.join(f'{name} is {moment}' for name, moment in meant.items())}",
            "have the issuer write seconds since 1970, as a number without quotes",
            {name: claims[name] for name in meant},
        )


def _spelling(claim: str, noun: str, named: Iterable[str], wanted: tuple[str, ...]) -> Iterator[Finding]:
    """Find the first that is named and differs from a wanted one in spelling alone; a token may name a great many."""
    alike = {_alike(one, _SPELLINGS): one for one in reversed(wanted)}
    for text in named:
        one = alike.get(_alike(text, _SPELLINGS))
        apart = [] if one is None else _apart(text, one)
        if apart:
            yield Finding(
                f"{claim}_spelling",
                f"{claim} is {quoted(text)} and differs from the wanted {quoted(one)} only by {' and '.join(apart)}",
                f"if this is the {noun} that you mean, write it as the token does: --{claim} {quoted(text)}",
                {claim: text, "wanted": one, "differs_by": apart},
            )
            return


def _apart(left: str, right: str) -> list[str]:
    """Name the differences that tell two texts apart which are alike without them."""
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


def _expect_type(claims: Mapping[str, Any], unmet: list[tuple[str, Any]]) -> Iterator[Finding]:
    """Find claims that have the demanded value, but one of the two as text and the other not."""
    found = {name: (claims[name], value) for name, value in unmet if _reads_as(claims[name], value)}
    if found:
        told = "; ".join(
            f"{quoted(name)} has the wanted value as {json_type(have)}, not as {json_type(value)}"
            for name, (have, value) in found.items()
        )
        demands = " ".join(f"--expect {_demand(name, have)}" for name, (have, _) in found.items())
        yield Finding(
            "expect_type",
            told,
            f"the issuer's type is what counts: {demands} demands that (NAME=TEXT is text, NAME:=JSON any other type)",
            {name: {"type": json_type(have), "wanted_type": json_type(value)} for name, (have, value) in found.items()},
        )


def _reads_as(have: object, value: object) -> bool:
    """Tell whether one of two is text and the other, no array and no object, is what that text says in JSON."""
    text, other = (have, value) if isinstance(have, str) else (value, have)
    if not isinstance(text, str) or isinstance(other, str | list | dict):
        return False
    try:
        return same_json(json_value(text), other)
    except ValueError:
        return False


def _demand(name: str, value: object) -> str:
    return shlex.quote(cut(f"{name}={value}" if isinstance(value, str) else f"{name}:={json.dumps(value)}"))


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
