"""Judging a token: every check is made and kept, and a refusal is a value with all its reasons."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any, NamedTuple

from jwtcli.core import rules
from jwtcli.core.errors import PRECEDENCE, FetchError, Status, TokenError, UnusableKeyError, UsageError
from jwtcli.core.keys import Key
from jwtcli.core.keysets import KeySet, to_verify
from jwtcli.core.lifetime import Moment
from jwtcli.core.rules import Ruling, failed, passed, quoted, unmade
from jwtcli.core.signatures import Remembered
from jwtcli.core.tokens import Token, parse

MAX_LEEWAY = 86_400
_REMEMBERED_TEXT = 256


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


class Check(NamedTuple):
    """One question and its answer. ``passed`` is None where the question could not be asked.

    ``code`` is a stable slug, ``reason`` prose, and ``status`` what this refusal alone exits with.
    """

    name: str
    passed: bool | None
    code: str
    reason: str | None
    status: Status


class Verdict(NamedTuple):
    """The outcome: accepted only where every check passed, at least one signature check among them."""

    rulings: tuple[Ruling, ...]
    at: Moment
    source: str
    token: Token | None = None
    key: Key | None = None
    alg: str | None = None

    @property
    def accepted(self) -> bool:
        """Tell whether every single check was made and passed."""
        return all(map(_ANSWER, self.rulings))

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every question and its answer, in the order in which they were asked."""
        return tuple(map(self._worded, self.rulings))

    @property
    def refusals(self) -> tuple[Check, ...]:
        """The failed checks, the one that decides the exit status first."""
        return tuple(map(self._worded, self._against()))

    @property
    def failed(self) -> list[str]:
        """The names of the failed checks, the one that decides the exit status first."""
        return [ruling.name for ruling in self._against()]

    @property
    def outcome(self) -> tuple[Status, str]:
        """The exit status and the code that names the verdict: ``ok``, or that of the first refusal."""
        if self.accepted:
            return _ACCEPTED
        first = self._against()[0]
        return first.status, first.code

    @property
    def status(self) -> Status:
        """The exit status: that of the first refusal in the frozen order, 0 where accepted."""
        return self.outcome[0]

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth knowing of the token and is no refusal."""
        return () if self.token is None else tuple(_notes(self.token, self.key))

    def _against(self) -> list[Ruling]:
        against = [ruling for ruling in self.rulings if ruling.passed is False]
        return sorted(against, key=_precedence) if len(against) > 1 else against

    def _worded(self, ruling: Ruling) -> Check:
        words = ruling.words
        if callable(words):
            words = words({} if self.token is None else self.token.claims, self.at)
        return Check(ruling.name, ruling.passed, ruling.code, words, ruling.status)


def _precedence(ruling: Ruling) -> int:
    return PRECEDENCE.index(ruling.status)


class _Chosen(NamedTuple):
    """What a token's ``kid`` and ``alg`` come to: the key and the algorithm, or why there is none."""

    rulings: tuple[Ruling, Ruling]
    key: Key | None
    alg: str | None


class Verifier:
    """A key set and demands, made ready once to judge one token or a million.

    What many tokens share is worked out once: the choice of key and algorithm, the answer about an
    issuer or audience, and the signature of a token that comes again. The clock is asked every time.
    """

    def __init__(self, keys: KeySet, demands: Expectations) -> None:
        self._keys = keys
        self._demands = _of_the_issuer(demands, keys)
        self._choose_again = lru_cache(maxsize=256)(self._choose)
        self._iss_again = lru_cache(maxsize=256)(self._iss)
        self._aud_again = lru_cache(maxsize=256)(self._aud)
        self._signatures = Remembered()
        self._refreshed = False

    def _forget(self) -> None:
        """Start anew once the key set was fetched again: a kid may now mean another key, or none."""
        self._choose_again.cache_clear()
        self._signatures = Remembered()
        self._refreshed = True

    def verify(self, compact: str | bytes, at: Moment) -> Verdict:
        """Judge one token at the moment ``at`` (RFC 7519 section 7.2, RFC 8725). Never raises for a token."""
        try:
            token = parse(compact)
            _check_header(token)
        except TokenError as error:
            return self.malformed(error, at)
        if self._keys.refresh is not None and self._keys.refresh.done and not self._refreshed:
            self._forget()
        named = token.alg
        choose = self._choose_again if _is_short(named) and _is_short(token.kid or "") else self._choose
        chosen, key, alg = choose(token.kid, named)
        signature = _UNMADE_SIGNATURE if key is None or alg is None else self._signature(token, key, alg)
        return self._conclude((_FORM, *chosen, signature, *self._demanded(token, at)), at, token, key, alg)

    def malformed(self, error: TokenError, at: Moment) -> Verdict:
        """Refuse what is no token, for the reason that the error gives."""
        form = failed("form", error.code, error.message, error.status)
        return self._conclude((form, *map(unmade, ("key", "algorithm", "signature"))), at, None, None, None)

    def _conclude(
        self, rulings: tuple[Ruling, ...], at: Moment, token: Token | None, key: Key | None, alg: str | None
    ) -> Verdict:
        return _make_verdict((rulings, at, self._keys.source, token, key, alg))

    def _choose(self, kid: str | None, named: object) -> _Chosen:
        try:
            key = to_verify(self._keys, kid, named)
            allowed = self._keys.algorithms(key)
        except (UnusableKeyError, FetchError) as error:
            reason = error.message if error.hint is None else f"{error.message} ({error.hint})"
            return _Chosen((failed("key", error.code, reason, error.status), unmade("algorithm")), None, None)
        fit = passed("key", f"{key} from {self._keys.source}")
        if isinstance(named, str) and named in allowed:
            return _Chosen((fit, passed("algorithm", named)), key, named)
        said = "the token names no algorithm" if named is None else f"the token says {quoted(named)}"
        reason = f"{said}; this key allows {', '.join(allowed)}"
        return _Chosen((fit, failed("algorithm", "alg_not_allowed", reason, Status.SIGNATURE)), key, None)

    def _signature(self, token: Token, key: Key, alg: str) -> Ruling:
        try:
            good = self._signatures.matches(token.signing_input, token.signature, key, alg)
        except UnusableKeyError as error:
            return failed("signature", error.code, error.message, error.status)
        if good:
            return _GOOD_SIGNATURE
        reason = f"it is not this key's {alg} signature over this header and payload"
        return failed("signature", "bad_signature", reason, Status.SIGNATURE)

    def _demanded(self, token: Token, at: Moment) -> list[Ruling]:
        """Make every check that needs no key: header, times, registered claims, what was asked for."""
        header, claims, demands = token.header, token.claims, self._demands
        rulings = [rules.crit(header)]
        rules.times(claims, demands.leeway, at, rulings)
        if demands.aud or "aud" in claims:
            aud = claims.get("aud", rules.ABSENT)
            rulings.append(self._aud_again(aud) if _is_short(aud) else self._aud(aud))
        if demands.iss or "iss" in claims:
            iss = claims.get("iss", rules.ABSENT)
            rulings.append(self._iss_again(iss) if _is_short(iss) else self._iss(iss))
        if demands.sub is not None or "sub" in claims:
            wanted = () if demands.sub is None else (demands.sub,)
            rulings.append(rules.text_claim("sub", claims.get("sub", rules.ABSENT), wanted))
        if "jti" in claims:
            rulings.append(rules.text_claim("jti", claims["jti"], ()))
        if demands.typ is not None:
            rulings.append(rules.typ(header, demands.typ))
        if demands.max_age is not None:
            rulings.append(rules.max_age(claims, demands.max_age, demands.leeway, at))
        rulings += [rules.expected(claims, name, value) for name, value in demands.expect]
        rulings += [rules.required(claims, name) for name in demands.require]
        return rulings

    def _iss(self, iss: object) -> Ruling:
        return rules.text_claim("iss", iss, self._demands.iss)

    def _aud(self, aud: object) -> Ruling:
        return rules.audience(aud, self._demands.aud, any_aud=self._demands.any_aud)


def verify(compact: str | bytes, keys: KeySet, demands: Expectations, at: Moment) -> Verdict:
    """Judge one token at the moment ``at``, with a verifier of its own. Never raises for a token."""
    return Verifier(keys, demands).verify(compact, at)


def _of_the_issuer(demands: Expectations, keys: KeySet) -> Expectations:
    """Demand the issuer whose keys these are; raises UsageError where ``--iss`` names only others."""
    if keys.issuer is None:
        return demands
    if demands.iss and keys.issuer not in demands.iss:
        raise UsageError(f"{keys.source} is one issuer and --iss another: no token can have both")
    return replace(demands, iss=(keys.issuer,))


def _is_short(value: object) -> bool:
    """Tell text that is worth remembering from what only fills the memory."""
    return isinstance(value, str) and len(value) <= _REMEMBERED_TEXT


def _check_header(token: Token) -> None:
    """Refuse what ``parse`` still shows but no JWT may be; raises TokenError."""
    for name in ("kid", "typ", "cty"):
        if not isinstance(token.header.get(name, ""), str):
            raise TokenError(f"the header's {name} is not text (RFC 7515 section 4.1)")


def _notes(token: Token, key: Key | None) -> Iterator[str]:
    if "exp" not in token.claims:
        yield "the token has no exp and never expires (--require exp refuses such tokens)"
    if key is not None and None not in (key.kid, token.kid) and key.kid != token.kid:
        yield f"the token's kid is '{token.kid}', the key's is '{key.kid}'"


_FORM = passed("form")
_GOOD_SIGNATURE = passed("signature")
_UNMADE_SIGNATURE = unmade("signature")
_ACCEPTED = (Status.DONE, "ok")
_ANSWER = itemgetter(1)  # whether a rule is kept: only True counts, neither False nor None
# Past the keyword arguments of a named tuple, which cost more than the tuple.
_make_verdict: Callable[[tuple[object, ...]], Verdict] = partial(tuple.__new__, Verdict)
