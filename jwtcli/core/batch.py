"""A stream of tokens into a stream of answers: a block at a time, in order, by one process or several."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import wraps
from math import floor
from typing import Any, NamedTuple, ParamSpec, Protocol

from jwtcli.core.claims import ClaimsRequest, build
from jwtcli.core.errors import PRECEDENCE, JwtcliError, Status, TokenError, UsageError
from jwtcli.core.keys import Key
from jwtcli.core.lifetime import Clock, Lifetime, Moment, lifetime
from jwtcli.core.lines import Block, tokens_in
from jwtcli.core.signatures import sign
from jwtcli.core.strict import json_object
from jwtcli.core.tokens import MAX_BYTES, Token, parse
from jwtcli.core.verdict import Verdict
from jwtcli.core.verifier import Verifier

ALONE = 2_000
"""How many lines one process does before others are started."""

Outcome = tuple[Status, str]
"""The status and code that a token came to."""

Tally = Counter[Outcome]
"""How many tokens came to which outcome."""

_Result = tuple[str | None, Outcome]  # the line to print, if any
_Arguments = ParamSpec("_Arguments")
_WELL: Outcome = (Status.DONE, "ok")
_PIECE = 256 * 1024  # characters of answers, about as much as the input is read by


class Answer(NamedTuple):
    """What became of some tokens of a block: the lines to print, how many of which outcome, what ends the stream."""

    shown: str
    tally: Tally
    failure: JwtcliError | None = None


Work = Callable[[Block], Iterator[Answer]]
"""What is done with a block; its answers come one by one, since a short block may have long ones."""


class Source(Protocol):
    """Where the blocks come from; the only one who waits."""

    def lines(self) -> int:
        """Return how many lines were handed out so far."""

    def ended(self) -> bool:
        """Tell whether no block will come any more."""

    def take(self) -> Block | None:
        """Return the next block, or None where nothing is there yet or any more."""

    def wait(self, others: tuple[int, ...], *, for_input: bool) -> list[int]:
        """Wait for input or one of the other descriptors; return those of the others that are ready."""


def answers(source: Source, work: Work, jobs: int) -> Iterator[Answer]:
    """Yield the answers to every block in order; processes are started once it is worth their while.

    Memory does not grow with the stream, and a slow stream is answered as it comes.
    """
    while not source.ended() and (jobs == 1 or source.lines() < ALONE):
        block = source.take()
        if block is not None:
            yield from work(block)
        elif not source.ended():
            source.wait((), for_input=True)
    if not source.ended():
        yield from _by_several(source, work, jobs)


def _by_several(source: Source, work: Work, jobs: int) -> Iterator[Answer]:
    from jwtcli.core.workers import Workers

    with Workers(work, jobs) as workers:
        while not source.ended() or workers.descriptors:
            block = source.take() if workers.free else None
            if block is not None:
                workers.give(block)
                continue
            if source.ended() and not workers.descriptors:
                return  # the end came when every answer had come: nothing is left to wait for
            for descriptor in source.wait(workers.descriptors, for_input=workers.free):
                workers.take(descriptor)
            yield from workers.answers()


def _in_pieces(results: Callable[_Arguments, Iterator[_Result]]) -> Callable[_Arguments, Iterator[Answer]]:
    """Gather the results of single tokens into answers: long enough to be worth a write, and not much longer."""

    @wraps(results)
    def pieces(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> Iterator[Answer]:
        shown: list[str] = []
        tally: Tally = Counter()
        failure = None
        length = well = 0
        try:
            for line, outcome in results(*args, **kwargs):
                if outcome is _WELL:
                    well += 1  # most are: a counter would hash each
                else:
                    tally[outcome] += 1
                if line is not None:
                    shown.append(line)
                    length += len(line)
                    if length >= _PIECE:
                        yield _answer(shown, tally, well)
                        shown, tally, length, well = [], Counter(), 0, 0
        except JwtcliError as error:  # what was made before it is printed first
            failure = error
        yield _answer(shown, tally, well, failure)

    return pieces


def _answer(shown: list[str], tally: Tally, well: int, failure: JwtcliError | None = None) -> Answer:
    tally[_WELL] = well
    return Answer("\n".join(shown), +tally, failure)


@_in_pieces
def judge(
    block: Block,
    *,
    verifier: Verifier,
    clock: Clock,
    show: Callable[[int, Verdict], str],
    only: bool | None,
    anywhere: bool,
) -> Iterator[_Result]:
    """Verify the tokens of a block; ``only`` shows accepted (true) or refused (false) ones alone."""
    for number, found in tokens_in(block, anywhere=anywhere):
        verifier.renew()  # each time: whoever takes the answers may let us wait
        at = clock()
        verdict = verifier.malformed(found, at) if isinstance(found, TokenError) else verifier.verify(found, at)
        good = verdict.accepted
        yield show(number, verdict) if only is None or only is good else None, _WELL if good else verdict.outcome


@_in_pieces
def read(
    block: Block,
    *,
    clock: Clock,
    show: Callable[[int, Token, Lifetime], str],
    show_broken: Callable[[int, TokenError], str],
    anywhere: bool,
) -> Iterator[_Result]:
    """Decode the tokens of a block, verifying nothing."""
    at = clock()
    for number, found in tokens_in(block, mend=True, anywhere=anywhere):
        try:
            if isinstance(found, TokenError):
                raise found
            token = parse(found)
            shown = show(number, token, lifetime(token.claims, at))
        except TokenError as error:
            yield show_broken(number, error), (error.status, error.code)
        else:
            yield shown, _WELL


@_in_pieces
def mint(
    block: Block,
    *,
    request: Callable[[dict[str, Any], Moment], ClaimsRequest],
    header: dict[str, Any],
    key: Key,
    alg: str,
    clock: Clock,
    show: Callable[[str, dict[str, Any], dict[str, Any]], str],
) -> Iterator[_Result]:
    """Sign a token for each claims object of a block; one that cannot be used ends the stream there."""
    at = floor(clock())
    for number, line in enumerate(block.content.split(b"\n"), block.first):
        if not line.strip():
            continue
        try:
            if len(line) > MAX_BYTES:  # its end was not kept
                raise ValueError("the line is longer than 2 MiB")
            claims = build(request(json_object(line.strip()), at), at).claims
            compact = sign(header, claims, key, alg)
        except ValueError as error:
            raise UsageError(f"line {number}: {error}", code="bad_claims") from None
        except UsageError as error:
            raise UsageError(f"line {number}: {error}", hint=error.hint, code=error.code) from None
        yield show(compact, {"alg": alg, **header}, claims), _WELL


def exit_status(tally: Tally) -> Status:
    """Return the status of a whole stream: the first in the frozen order, MALFORMED where no token was judged."""
    if not tally:
        return Status.MALFORMED
    had = {status for status, _ in tally}
    return next((status for status in PRECEDENCE if status in had), Status.DONE)
