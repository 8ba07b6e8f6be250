"""What the verifier demands of a token, and what it concludes: a refusal is a value with all its reasons."""

from collections.abc import Iterator
from operator import itemgetter
from typing import Any, NamedTuple

from jwtcli.core.errors import PRECEDENCE, Status
from jwtcli.core.keys import Key
from jwtcli.core.lifetime import DAY, Moment, Seconds
from jwtcli.core.rulings import Ruling
from jwtcli.core.tokens import Token

MAX_LEEWAY = DAY


class Expectations(NamedTuple):
    """What the verifier demands; nothing in it comes from the token."""

    iss: tuple[str, ...] = ()
    aud: tuple[str, ...] = ()
    any_aud: bool = False
    sub: str | None = None
    typ: str | None = None
    expect: tuple[tuple[str, Any], ...] = ()
    require: tuple[str, ...] = ()
    leeway: Seconds = 0
    max_age: Seconds | None = None


class Check(NamedTuple):
    """One question and its answer. ``passed`` is None where the question could not be asked.

    ``code`` is a stable slug, ``reason`` prose, ``status`` what this refusal alone exits with, and ``short``
    the reason without the aside in brackets at its end.
    """

    name: str
    passed: bool | None
    code: str
    reason: str | None
    status: Status
    short: str | None


class Verdict(NamedTuple):
    """The outcome: accepted only where every check was made and passed; the Verifier always makes the signature's."""

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
    def explicable(self) -> bool:
        """Tell whether ``explain`` knows causes for one of the refusals, of which the checks do not say enough."""
        return any(ruling.code in _EXPLICABLE for ruling in self._against())

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth knowing of the token and is no refusal."""
        return () if self.token is None else tuple(_notes(self.token, self.key))

    def _against(self) -> list[Ruling]:
        against = [ruling for ruling in self.rulings if ruling.passed is False]
        return sorted(against, key=_precedence)

    def _worded(self, ruling: Ruling) -> Check:
        words = ruling.words
        if callable(words):
            words = words({} if self.token is None else self.token.claims, self.at)
        short, reason = (words[0], f"{words[0]} ({words[1]})") if isinstance(words, tuple) else (words, words)
        return Check(ruling.name, ruling.passed, ruling.code, reason, ruling.status, short)


def _precedence(ruling: Ruling) -> int:
    return PRECEDENCE.index(ruling.status)


def _notes(token: Token, key: Key | None) -> Iterator[str]:
    if "exp" not in token.claims:
        yield "the token has no exp and never expires (--require exp refuses such tokens)"
    if key is not None and None not in (key.kid, token.kid) and key.kid != token.kid:
        yield f"the token's kid is '{token.kid}', the key's is '{key.kid}'"


_EXPLICABLE = frozenset(
    (
        "bad_signature",
        "alg_not_allowed",
        "no_kid",
        "unknown_kid",
        "not_yet_valid",
        "issued_in_future",
        "iss_mismatch",
        "aud_mismatch",
        "typ_mismatch",
        "wrong_type",
        "mismatch",
    )
)
_ACCEPTED = (Status.DONE, "ok")
_ANSWER = itemgetter(1)  # whether a rule is kept: only True counts, neither False nor None
