"""What each claim and header parameter must be: one question each, and the ruling that it comes to for a token."""

import json
from collections.abc import Callable
from functools import partial
from math import floor
from typing import Any, NamedTuple

from jwtcli.core.errors import Status
from jwtcli.core.kinds import media_type
from jwtcli.core.lifetime import Moment, Seconds, duration, numeric_date, relative, rfc3339, seconds_between
from jwtcli.core.printable import cut
from jwtcli.core.strict import is_number, json_type, same_json

Reason = str | tuple[str, str]
"""Prose; where it is two, the second is an aside that a short form leaves out."""

Words = Reason | Callable[[dict[str, Any], Moment], Reason] | None
"""A reason, or how to make it of the claims and the clock."""

ABSENT = object()
"""A claim that is not there; None is what a claim of null reads as."""


class Ruling(NamedTuple):
    """A check before it is put into words. ``passed`` is None where the question could not be asked.

    A stream makes a million of them and reads the prose of few, so those that many tokens share are made
    once, and their words when somebody asks.
    """

    name: str
    passed: bool | None
    code: str = "ok"
    words: Words = None
    status: Status = Status.DONE


def crit(header: dict[str, Any]) -> Ruling:
    """Refuse whatever extension the header makes critical (RFC 7515 section 4.1.11): none is known here."""
    if "crit" not in header:
        return _NO_CRIT
    named = quoted(header["crit"])
    reason = f"the header makes extensions critical that jwtcli does not know: {named}"
    return failed("crit", "crit_unsupported", (reason, "RFC 7515 section 4.1.11"))


def times(claims: dict[str, Any], leeway: Seconds, at: Moment, rulings: list[Ruling]) -> None:
    """Check ``exp``, ``nbf`` and ``iat`` (RFC 7519 sections 4.1.4 to 4.1.6), which must be numbers.

    What is found is added to ``rulings``: it is asked anew of every token of a stream, and a generator costs more.
    """
    if "exp" in claims:
        exp = claims["exp"]
        if not is_number(exp):
            rulings.append(_wrong_type("exp", exp, _NUMERIC_DATE))
        else:
            rulings.append(_EXPIRED if exp <= at - leeway else _EXPIRES)
    else:
        rulings.append(_NO_EXPIRY)
    for name, started, ahead in _STARTS:
        if name in claims:
            start = claims[name]
            if not is_number(start):
                rulings.append(_wrong_type(name, start, _NUMERIC_DATE))
            else:
                rulings.append(ahead if start > at + leeway else started)


def _in_time(name: str, verb: str, claims: dict[str, Any], at: Moment) -> str:
    moment = claims[name]
    ahead, ends = moment > at, name == "exp"
    if ahead is ends:
        return f"{verb} {relative(moment, at)}"
    return f"{'expired' if ends else verb} {relative(moment, at)}, let pass by --leeway"


def _out_of_time(name: str, verb: str, claims: dict[str, Any], at: Moment) -> Reason:
    moment = claims[name]
    when = f"{name} {rfc3339(moment) or quoted(moment)}, now {rfc3339(floor(at)) or at}"
    if name == "exp":
        return f"{verb} {relative(moment, at)}", when
    distance = seconds_between(at, moment)
    ahead = duration(distance) if distance >= 1 else "a moment"
    return f"{verb} only in {ahead}" if name == "nbf" else f"{verb} {ahead} in the future", when


def audience(aud: object, wanted: tuple[str, ...], *, any_aud: bool) -> Ruling:
    """Check ``aud`` (RFC 7519 section 4.1.3): one of ours must be named, and none may go unasked."""
    if aud is ABSENT:
        return failed("aud", "missing", f"the token has no aud; wanted {_any(wanted)}")
    named = [aud] if isinstance(aud, str) else aud
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        what = "an array that holds more than text" if isinstance(aud, list) else json_type(aud)
        return failed("aud", "wrong_type", f"aud is {what}, not text or an array of texts")
    if wanted:
        if not set(wanted).isdisjoint(named):
            return passed("aud", quoted(aud))
        reason = f"the token is for {quoted(aud)}, not for {_any(wanted)}"
        return failed("aud", "aud_mismatch", reason)
    if any_aud:
        return passed("aud", f"{quoted(aud)}, let pass by --any-aud")
    reason = f"the token is meant for {quoted(aud)}: name yourself with --aud, or take any with --any-aud"
    return failed("aud", "aud_unexpected", reason)


def text_claim(name: str, value: object, wanted: tuple[str, ...]) -> Ruling:
    """Check a claim that must be text, ``iss``, ``sub`` or ``jti``, and one of those wanted if any are.

    RFC 7519 sections 4.1.1, 4.1.2 and 4.1.7.
    """
    if value is ABSENT:
        return failed(name, "missing", f"the token has no {name}; wanted {_any(wanted)}")
    if not isinstance(value, str):
        return _wrong_type(name, value, "text")
    if wanted and value not in wanted:
        reason = f"{name} is {quoted(value)}, not {_any(wanted)}"
        return failed(name, f"{name}_mismatch", reason)
    return _SHOWN[name]


def typ(header: dict[str, Any], wanted: str) -> Ruling:
    """Compare ``typ`` as a media type (RFC 7515 section 4.1.9): no case, ``application/`` left out."""
    typ = header.get("typ")
    if isinstance(typ, str) and media_type(typ) == media_type(wanted):
        return passed("typ", quoted(typ))
    said = "the header has no typ" if typ is None else f"the header's typ is {quoted(typ)}"
    return failed("typ", "typ_mismatch", f"{said}, not {quoted(wanted)}")


def max_age(claims: dict[str, Any], limit: Seconds, leeway: Seconds, at: Moment) -> Ruling:
    """Check that the token was issued (RFC 7519 section 4.1.6) within ``limit`` seconds, and ``leeway`` more."""
    issued = numeric_date(claims.get("iat"))
    if issued is None:
        return failed("max_age", "missing", "without an iat the token's age is not known")
    age = seconds_between(issued, at)
    if age > limit + leeway:
        reason = f"the token is {duration(age)} old, at most {duration(limit)} is allowed"
        return failed("max_age", "too_old", reason)
    return passed("max_age")


def expected(claims: dict[str, Any], name: str, value: Any) -> Ruling:
    """Check that a claim has this JSON value; null counts as absent."""
    have = claims.get(name)
    if have is not None and same_json(have, value):
        return passed(f"expect:{name}", quoted(have))
    if have is None:
        return failed(f"expect:{name}", "missing", f"{_lacks(claims, name)}; wanted {quoted(value)}")
    reason = f"{quoted(name)} is {quoted(have)}, not {quoted(value)}"
    return failed(f"expect:{name}", "mismatch", reason)


def required(claims: dict[str, Any], name: str) -> Ruling:
    """Check that a claim is there; null counts as absent."""
    check = f"require:{name}"
    if claims.get(name) is None:
        return failed(check, "missing", _lacks(claims, name))
    return passed(check)


def _lacks(claims: dict[str, Any], name: str) -> str:
    return f"{quoted(name)} is null, which counts as absent" if name in claims else f"the token has no {quoted(name)}"


def _wrong_type(name: str, value: object, wanted: str) -> Ruling:
    return failed(name, "wrong_type", f"{name} is {json_type(value)}, not {wanted}")


def passed(name: str, words: Words = None) -> Ruling:
    """Answer yes."""
    return Ruling(name, passed=True, words=words)


def failed(name: str, code: str, words: Words, status: Status = Status.CLAIM) -> Ruling:
    """Answer no, for a reason."""
    return Ruling(name, passed=False, code=code, words=words, status=status)


def unmade(name: str) -> Ruling:
    """Answer that the question could not be asked."""
    return Ruling(name, passed=None, code="not_checked", words="could not be checked")


def _start(name: str, code: str, verb: str) -> tuple[str, Ruling, Ruling]:
    ahead = failed(name, code, partial(_out_of_time, name, verb), Status.NOT_YET_VALID)
    return name, passed(name, partial(_in_time, name, verb)), ahead


def _quoted_claim(name: str, claims: dict[str, Any], _at: Moment) -> str:
    return quoted(claims[name])


def quoted(value: object) -> str:
    """Show a value from a token as JSON, cut short; the edge still makes it printable."""
    return cut(json.dumps(value, ensure_ascii=False))


def _any(wanted: tuple[str, ...]) -> str:
    return " or ".join(quoted(one) for one in wanted)


_NO_CRIT = passed("crit")
_NO_EXPIRY = passed("exp", "the token never expires")
_EXPIRES = passed("exp", partial(_in_time, "exp", "expires"))
_EXPIRED = failed("exp", "expired", partial(_out_of_time, "exp", "expired"), Status.EXPIRED)
_STARTS = (_start("nbf", "not_yet_valid", "valid"), _start("iat", "issued_in_future", "issued"))
_SHOWN = {name: passed(name, partial(_quoted_claim, name)) for name in ("iss", "sub", "jti")}
_NUMERIC_DATE = "a number (NumericDate)"
