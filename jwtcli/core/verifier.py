"""Judging tokens: every check is made and kept, and what several tokens share is worked out once."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, NamedTuple

from jwtcli.core import rulings
from jwtcli.core.choice import RuledOutError, to_verify
from jwtcli.core.errors import FetchError, JwtcliError, Status, TokenError, UnusableKeyError, UsageError
from jwtcli.core.keys import Key
from jwtcli.core.keysets import KeySet
from jwtcli.core.kinds import bare_sd_jwt, has_digests, says_sd_jwt
from jwtcli.core.lifetime import Moment
from jwtcli.core.memory import Memory
from jwtcli.core.rulings import Reason, Ruling, failed, passed, quoted, unmade
from jwtcli.core.signatures import matches
from jwtcli.core.tokens import Token, parse
from jwtcli.core.verdict import Expectations, Verdict

_TOKENS = 8 * 1024 * 1024
_HEADERS = 256 * 1024
_LONGEST = 256
_SHORT = 256  # few tokens are shorter, and what is found of the shortest takes ten times that


class _Head(NamedTuple):
    """What a token's header comes to by itself: a key and an algorithm, or why there is none, and what else it says."""

    chosen: tuple[Ruling, Ruling]
    crit: Ruling
    typ: tuple[Ruling, ...]
    key: Key | None
    alg: str | None


class _Judged(NamedTuple):
    """All of a verdict that no clock can change, in the pieces between which the clock is asked."""

    head: tuple[Ruling, ...]
    registered: tuple[Ruling, ...]
    asked: tuple[Ruling, ...]
    token: Token
    key: Key | None
    alg: str | None


class Verifier:
    """A key set and demands, made ready once to judge one token or a million.

    Of a token that comes again the signature is remembered, and of one that comes a third time everything
    but the times, which are asked of the clock each time.
    """

    def __init__(self, keys: KeySet, demands: Expectations) -> None:
        self._keys = keys
        self._demands = _of_the_issuer(demands, keys)
        self._iss_again = lru_cache(maxsize=256)(self._iss)
        self._aud_again = lru_cache(maxsize=256)(self._aud)
        self._generation = 0
        self._forget()

    def _forget(self) -> None:
        """Start anew, as once the key set was fetched again: a kid may now mean another key, or none."""
        self._heads: Memory[_Head] = Memory(_HEADERS, _SHORT)
        self._tokens: Memory[Ruling | _Judged] = Memory(_TOKENS, _SHORT)

    def renew(self) -> None:
        """Have a key set from the web anew where its time is over: to be called now and then while a stream lasts."""
        if self._keys.refresh is not None:
            self._keys.refresh.renew()

    def verify(self, compact: str | bytes, at: Moment) -> Verdict:
        """Judge one token at the moment ``at`` (RFC 7519 section 7.2, RFC 8725). Never raises for a token."""
        try:
            judged = self._judge(compact if isinstance(compact, bytes) else compact.encode("utf-8", "surrogatepass"))
        except TokenError as error:
            return self.malformed(error, at)
        head, registered, asked, token, key, alg = judged
        demands, made = self._demands, list(head)
        rulings.times(token.claims, demands.leeway, at, made)
        made += registered
        if demands.max_age is not None:
            made.append(rulings.max_age(token.claims, demands.max_age, demands.leeway, at))
        made += asked
        return _make_verdict((tuple(made), at, self._keys.source, token, key, alg))

    def malformed(self, error: TokenError, at: Moment) -> Verdict:
        """Refuse what is no token, for the reason that the error gives."""
        form = failed("form", error.code, _with_hint(error), error.status)
        return Verdict((form, *map(unmade, ("key", "algorithm", "signature"))), at, self._keys.source)

    def _judge(self, compact: bytes) -> _Judged:
        refresh = self._keys.refresh
        if refresh is not None and refresh.generation != self._generation:
            self._generation = refresh.generation
            self._forget()
        known = self._tokens.get(compact)
        if isinstance(known, _Judged):
            return known
        token = parse(compact)
        if has_digests(token.claims):
            raise bare_sd_jwt()
        chosen, crit, typ, key, alg = self._head(compact, token)
        signature = self._signature(token, key, alg) if known is None else known
        registered = (*self._registered(token.claims), *typ)
        judged = _make_judged(
            ((_FORM, *chosen, signature, crit), registered, self._asked(token.claims), token, key, alg)
        )
        # Most tokens come once: of those no more is kept than costs most to make.
        self._tokens.keep(compact, signature if known is None else judged)
        return judged

    def _head(self, compact: bytes, token: Token) -> _Head:
        protected = compact[: compact.index(b".")]
        head = self._heads.get(protected)
        if head is None:
            _check_header(token)
            crit, typ = rulings.crit(token.header), self._demands.typ
            demanded = () if typ is None else (rulings.typ(token.header, typ),)
            chosen, key, alg = self._choose(token.kid, token.alg)
            head = _Head(chosen, crit, demanded, key, alg)
            self._heads.keep(protected, head)
        return head

    def _choose(self, kid: str | None, named: object) -> tuple[tuple[Ruling, Ruling], Key | None, str | None]:
        try:
            key = to_verify(self._keys, kid, named)
            allowed = self._keys.algorithms(key)
        except RuledOutError:  # as with a lone key, what is wrong is the token
            return (unmade("key"), _not_allowed(named, "no key of the set allows that")), None, None
        except (UnusableKeyError, FetchError) as error:
            return (failed("key", error.code, _with_hint(error), error.status), unmade("algorithm")), None, None
        fit = passed("key", f"{key} from {self._keys.source}")
        if isinstance(named, str) and named in allowed:
            return (fit, passed("algorithm", named)), key, named
        return (fit, _not_allowed(named, f"this key allows {', '.join(allowed)}")), key, None

    def _signature(self, token: Token, key: Key | None, alg: str | None) -> Ruling:
        if key is None or alg is None:
            return _UNMADE_SIGNATURE
        try:
            good = matches(token.signing_input, token.signature, key, alg)
        except UnusableKeyError as error:
            return failed("signature", error.code, error.message, error.status)
        if good:
            return _GOOD_SIGNATURE
        reason = f"it is not this key's {alg} signature over this header and payload"
        return failed("signature", "bad_signature", reason, Status.SIGNATURE)

    def _registered(self, claims: dict[str, Any]) -> list[Ruling]:
        """Check the registered claims that are no times: those that were asked for, and the form of the others."""
        demands, made = self._demands, []
        if demands.aud or "aud" in claims:
            aud = claims.get("aud", rulings.ABSENT)
            made.append(self._aud_again(aud) if _is_short(aud) else self._aud(aud))
        if demands.iss or "iss" in claims:
            iss = claims.get("iss", rulings.ABSENT)
            made.append(self._iss_again(iss) if _is_short(iss) else self._iss(iss))
        if demands.sub is not None or "sub" in claims:
            wanted = () if demands.sub is None else (demands.sub,)
            made.append(rulings.text_claim("sub", claims.get("sub", rulings.ABSENT), wanted))
        if "jti" in claims:
            made.append(rulings.text_claim("jti", claims["jti"], ()))
        return made

    def _iss(self, iss: object) -> Ruling:
        return rulings.text_claim("iss", iss, self._demands.iss)

    def _aud(self, aud: object) -> Ruling:
        return rulings.audience(aud, self._demands.aud, any_aud=self._demands.any_aud)

    def _asked(self, claims: dict[str, Any]) -> tuple[Ruling, ...]:
        expect, require = self._demands.expect, self._demands.require
        if not expect and not require:
            return ()
        expected = (rulings.expected(claims, name, value) for name, value in expect)
        return (*expected, *(rulings.required(claims, name) for name in require))


def verify(compact: str | bytes, keys: KeySet, demands: Expectations, at: Moment) -> Verdict:
    """Judge one token at the moment ``at``, with a verifier of its own. Never raises for a token.

    A key set from the web is had anew where its time ended meanwhile, as while a person was asked for the token.
    """
    verifier = Verifier(keys, demands)
    verifier.renew()
    return verifier.verify(compact, at)


def _of_the_issuer(demands: Expectations, keys: KeySet) -> Expectations:
    """Demand the issuer whose keys these are; raises UsageError where ``--iss`` names only others."""
    if keys.issuer is None:
        return demands
    if demands.iss and keys.issuer not in demands.iss:
        raise UsageError(f"{keys.source} is one issuer and --iss another: no token can have both")
    return demands._replace(iss=(keys.issuer,))


def _with_hint(error: JwtcliError) -> Reason:
    return error.message if error.hint is None else (error.message, error.hint)


def _not_allowed(named: object, instead: str) -> Ruling:
    said = "the token names no algorithm" if named is None else f"the token says {quoted(named)}"
    return failed("algorithm", "alg_not_allowed", f"{said}; {instead}", Status.SIGNATURE)


def _is_short(value: object) -> bool:
    """Tell text that is worth remembering from what only fills the memory."""
    return isinstance(value, str) and len(value) <= _LONGEST


def _check_header(token: Token) -> None:
    """Refuse what ``parse`` still shows but no JWT may be; raises TokenError."""
    for name in ("kid", "typ", "cty"):
        if not isinstance(token.header.get(name, ""), str):
            raise TokenError(f"the header's {name} is not text (RFC 7515 section 4.1)")
    if says_sd_jwt(token.header.get("typ", "")):
        raise bare_sd_jwt()


_FORM = passed("form")
_GOOD_SIGNATURE = passed("signature")
_UNMADE_SIGNATURE = unmade("signature")
# Past the keyword arguments of a named tuple, which cost more than the tuple.
_make_verdict: Callable[[tuple[object, ...]], Verdict] = partial(tuple.__new__, Verdict)
_make_judged: Callable[[tuple[object, ...]], _Judged] = partial(tuple.__new__, _Judged)
