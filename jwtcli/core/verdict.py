"""Judging a token: every check is made and kept, and a refusal is a value with all its reasons."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from math import floor
from typing import Any

from jwtcli.core.errors import PRECEDENCE, FetchError, Status, TokenError, UnusableKeyError, UsageError
from jwtcli.core.keys import Key
from jwtcli.core.keysets import KeySet, to_verify
from jwtcli.core.lifetime import Moment, duration, numeric_date, relative, rfc3339, seconds_between
from jwtcli.core.signatures import matches
from jwtcli.core.strict import json_type, same_json
from jwtcli.core.tokens import Token, parse

MAX_LEEWAY = 86_400


@dataclass(frozen=True, slots=True)
class Expectations:
    """What the verifier demands; nothing in it comes from the token. Times are seconds."""

    iss: tuple[str, ...] = ()
    aud: tuple[str, ...] = ()
    any_aud: bool = False
    sub: str | None = None
    typ: str | None = None
    expect: tuple[tuple[str, Any], ...] = ()
    require: tuple[str, ...] = ()
    leeway: Moment = 0
    max_age: Moment | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer. ``passed`` is None where the question could not be asked.

    ``code`` is a stable slug, ``reason`` prose, and ``status`` what this refusal alone exits with.
    """

    name: str
    passed: bool | None
    code: str = "ok"
    reason: str | None = None
    status: Status = Status.DONE


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome: accepted only where every check passed, at least one signature check among them."""

    checks: tuple[Check, ...]
    at: Moment
    source: str
    token: Token | None = None
    key: Key | None = None
    alg: str | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def accepted(self) -> bool:
        """Tell whether every single check was made and passed."""
        return all(check.passed is True for check in self.checks)

    @property
    def refusals(self) -> tuple[Check, ...]:
        """The failed checks, the one that decides the exit status first."""
        failed = [check for check in self.checks if check.passed is False]
        return tuple(sorted(failed, key=lambda check: PRECEDENCE.index(check.status)))

    @property
    def status(self) -> Status:
        """The exit status: that of the first refusal in the frozen order, 0 where accepted."""
        return Status.DONE if self.accepted else self.refusals[0].status


def verify(compact: str | bytes, keys: KeySet, demands: Expectations, at: Moment) -> Verdict:
    """Judge one token at the moment ``at`` (RFC 7519 section 7.2, RFC 8725). Never raises for a token."""
    demands = _of_the_issuer(demands, keys)
    try:
        token = parse(compact)
        _check_header(token)
    except TokenError as error:
        form = _failed("form", error.code, error.message, error.status)
        return Verdict((form, *map(_unmade, ("key", "algorithm", "signature"))), at, keys.source)
    checks = [_passed("form")]
    key, allowed = _choose_key(token, keys, checks)
    alg = _check_algorithm(token, allowed, checks)
    if key is None or alg is None:
        checks.append(_unmade("signature"))
    else:
        checks.append(_signature(token, key, alg))
    checks.extend(_demanded(token, demands, at))
    return Verdict(tuple(checks), at, keys.source, token, key, alg, tuple(_notes(token, key)))


def _of_the_issuer(demands: Expectations, keys: KeySet) -> Expectations:
    """Demand the issuer whose keys these are; raises UsageError where ``--iss`` names only others."""
    if keys.issuer is None:
        return demands
    if demands.iss and keys.issuer not in demands.iss:
        raise UsageError(f"{keys.source} is one issuer and --iss another: no token can have both")
    return replace(demands, iss=(keys.issuer,))


def _check_header(token: Token) -> None:
    """Refuse what ``parse`` still shows but no JWT may be; raises TokenError."""
    for name in ("kid", "typ", "cty"):
        if not isinstance(token.header.get(name, ""), str):
            raise TokenError(f"the header's {name} is not text (RFC 7515 section 4.1)")


def _choose_key(token: Token, keys: KeySet, checks: list[Check]) -> tuple[Key | None, tuple[str, ...]]:
    try:
        key = to_verify(keys, token.kid, token.alg)
        allowed = keys.algorithms(key)
    except (UnusableKeyError, FetchError) as error:
        reason = error.message if error.hint is None else f"{error.message} ({error.hint})"
        checks.append(_failed("key", error.code, reason, error.status))
        return None, ()
    checks.append(_passed("key", f"{key} from {keys.source}"))
    return key, allowed


def _check_algorithm(token: Token, allowed: tuple[str, ...], checks: list[Check]) -> str | None:
    if not allowed:
        checks.append(_unmade("algorithm"))
        return None
    alg = token.alg
    if isinstance(alg, str) and alg in allowed:
        checks.append(_passed("algorithm", alg))
        return alg
    said = "the token names no algorithm" if alg is None else f"the token says {quoted(alg)}"
    reason = f"{said}; this key allows {', '.join(allowed)}"
    checks.append(_failed("algorithm", "alg_not_allowed", reason, Status.SIGNATURE))
    return None


def _signature(token: Token, key: Key, alg: str) -> Check:
    try:
        good = matches(token.signing_input, token.signature, key, alg)
    except UnusableKeyError as error:
        return _failed("signature", error.code, error.message, error.status)
    if good:
        return _passed("signature")
    reason = f"it is not this key's {alg} signature over this header and payload"
    return _failed("signature", "bad_signature", reason, Status.SIGNATURE)


def _demanded(token: Token, demands: Expectations, at: Moment) -> Iterator[Check]:
    """Make every check that needs no key: header, times, registered claims, what was asked for."""
    claims = token.claims
    yield _crit(token)
    yield from _times(claims, demands, at)
    if demands.aud or "aud" in claims:
        yield _aud(claims, demands)
    if demands.iss or "iss" in claims:
        yield _text_claim(claims, "iss", demands.iss)
    if demands.sub is not None or "sub" in claims:
        yield _text_claim(claims, "sub", () if demands.sub is None else (demands.sub,))
    if "jti" in claims:
        yield _text_claim(claims, "jti", ())
    if demands.typ is not None:
        yield _typ(token, demands.typ)
    if demands.max_age is not None:
        yield _max_age(claims, demands, at)
    for name, value in demands.expect:
        yield _expected(claims, name, value)
    for name in demands.require:
        present = claims.get(name) is not None
        check = f"require:{name}"
        yield _passed(check) if present else _failed(check, "missing", f"the token has no {quoted(name)}")


def _crit(token: Token) -> Check:
    if "crit" not in token.header:
        return _passed("crit")
    named = quoted(token.header["crit"])
    reason = f"the header makes extensions critical that jwtcli does not know: {named} (RFC 7515 section 4.1.11)"
    return _failed("crit", "crit_unsupported", reason)


def _times(claims: dict[str, Any], demands: Expectations, at: Moment) -> Iterator[Check]:
    """Check ``exp``, ``nbf`` and ``iat`` (RFC 7519 sections 4.1.4 to 4.1.6), which must be numbers."""
    early, late = at - demands.leeway, at + demands.leeway
    rules: tuple[tuple[str, Callable[[Moment], bool], str, str, Status], ...] = (
        ("exp", lambda exp: exp <= early, "expired", "expired", Status.EXPIRED),
        ("nbf", lambda nbf: nbf > late, "not_yet_valid", "valid", Status.NOT_YET_VALID),
        ("iat", lambda iat: iat > late, "issued_in_future", "issued", Status.NOT_YET_VALID),
    )
    for name, out_of_time, code, verb, status in rules:
        if name not in claims:
            if name == "exp":
                yield _passed("exp", "the token never expires")
            continue
        moment = numeric_date(claims[name])
        if moment is None:
            yield _wrong_type(name, claims[name], "a number (NumericDate)")
            continue
        when = f"{name} {rfc3339(moment) or quoted(moment)}, now {rfc3339(floor(at)) or at}"
        if out_of_time(moment):
            yield _failed(name, code, f"{verb} {relative(moment, at)} ({when})", status)
        else:
            yield _passed(name, f"{'expires' if name == 'exp' else verb} {relative(moment, at)}")


def _aud(claims: dict[str, Any], demands: Expectations) -> Check:
    """Check ``aud`` (RFC 7519 section 4.1.3): one of ours must be named, and none may go unasked."""
    aud = claims.get("aud")
    if aud is None and "aud" not in claims:
        return _failed("aud", "missing", f"the token has no aud; wanted {_any(demands.aud)}")
    named = [aud] if isinstance(aud, str) else aud
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        return _wrong_type("aud", aud, "text or an array of texts")
    if demands.aud:
        if any(one in demands.aud for one in named):
            return _passed("aud", quoted(aud))
        reason = f"the token is for {quoted(aud)}, not for {_any(demands.aud)}"
        return _failed("aud", "aud_mismatch", reason)
    if demands.any_aud:
        return _passed("aud", f"{quoted(aud)}, let pass by --any-aud")
    reason = f"the token is meant for {quoted(aud)}: name yourself with --aud, or take any with --any-aud"
    return _failed("aud", "aud_unexpected", reason)


def _text_claim(claims: dict[str, Any], name: str, wanted: tuple[str, ...]) -> Check:
    value = claims.get(name)
    if name not in claims:
        return _failed(name, "missing", f"the token has no {name}; wanted {_any(wanted)}")
    if not isinstance(value, str):
        return _wrong_type(name, value, "text")
    if wanted and value not in wanted:
        reason = f"{name} is {quoted(value)}, not {_any(wanted)}"
        return _failed(name, f"{name}_mismatch", reason)
    return _passed(name, quoted(value))


def _typ(token: Token, wanted: str) -> Check:
    """Compare ``typ`` as a media type (RFC 7515 section 4.1.9): no case, ``application/`` left out."""
    typ = token.header.get("typ")
    if isinstance(typ, str) and _media_type(typ) == _media_type(wanted):
        return _passed("typ", quoted(typ))
    said = "the header has no typ" if typ is None else f"the header's typ is {quoted(typ)}"
    return _failed("typ", "typ_mismatch", f"{said}, not {quoted(wanted)}")


def _media_type(name: str) -> str:
    return name.lower().removeprefix("application/")


def _max_age(claims: dict[str, Any], demands: Expectations, at: Moment) -> Check:
    assert demands.max_age is not None
    issued = numeric_date(claims.get("iat"))
    if issued is None:
        return _failed("max_age", "missing", "without an iat the token's age is not known")
    age = seconds_between(issued, at)
    if age > demands.max_age + demands.leeway:
        reason = f"the token is {duration(age)} old, at most {duration(demands.max_age)} is allowed"
        return _failed("max_age", "too_old", reason)
    return _passed("max_age")


def _expected(claims: dict[str, Any], name: str, value: Any) -> Check:
    have = claims.get(name)
    if have is not None and same_json(have, value):
        return _passed(f"expect:{name}", quoted(have))
    if have is None:
        reason = f"the token has no {quoted(name)}; wanted {quoted(value)}"
        return _failed(f"expect:{name}", "missing", reason)
    reason = f"{quoted(name)} is {quoted(have)}, not {quoted(value)}"
    return _failed(f"expect:{name}", "mismatch", reason)


def _wrong_type(name: str, value: object, wanted: str) -> Check:
    return _failed(name, "wrong_type", f"{name} is {json_type(value)}, not {wanted}")


def _passed(name: str, reason: str | None = None) -> Check:
    return Check(name, passed=True, reason=reason)


def _failed(name: str, code: str, reason: str, status: Status = Status.CLAIM) -> Check:
    return Check(name, passed=False, code=code, reason=reason, status=status)


def _unmade(name: str) -> Check:
    return Check(name, passed=None, code="not_checked", reason="could not be checked")


def _notes(token: Token, key: Key | None) -> Iterator[str]:
    if "exp" not in token.claims:
        yield "the token has no exp and never expires (--require exp refuses such tokens)"
    if key is not None and None not in (key.kid, token.kid) and key.kid != token.kid:
        yield f"the token's kid is '{token.kid}', the key's is '{key.kid}'"


def quoted(value: object) -> str:
    """Show a value from a token as JSON, cut short; the edge still makes it printable."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _any(wanted: tuple[str, ...]) -> str:
    return " or ".join(quoted(one) for one in wanted)
