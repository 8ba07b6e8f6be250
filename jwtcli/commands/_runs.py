"""A command over a stream, from its first to its last line: the work, progress and summary."""

import gc
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from jwtcli.commands._intake import Counted, Intake, open_lines
from jwtcli.commands._options import View
from jwtcli.commands._stdio import emit, is_terminal
from jwtcli.commands._stream_options import StreamOptions
from jwtcli.core import as_json, as_text
from jwtcli.core.batch import Tally, Work, answers, exit_status, judge, mint, read
from jwtcli.core.claims import ClaimsRequest
from jwtcli.core.errors import Status, TokenError, UsageError
from jwtcli.core.keys import Key
from jwtcli.core.keysets import KeySet
from jwtcli.core.lifetime import Clock, Moment
from jwtcli.core.verdict import Expectations
from jwtcli.core.verifier import Verifier


class Words(NamedTuple):
    """What the summary calls the things of a stream, those that went well, and the others."""

    thing: str
    good: str
    bad: str


_PROGRESS = 0.2  # seconds between two looks at the progress bar


def judge_lines(
    argument: str | None, keys: KeySet, demands: Expectations, clock: Clock, stream: StreamOptions, view: View
) -> int:
    """Verify a stream of tokens; return its exit status."""
    if stream.full and not view.json:
        raise UsageError("--full goes with --json")
    in_json = as_json.verdict_line if stream.full else as_json.slim_line
    work = partial(
        judge,
        verifier=Verifier(keys, demands),
        clock=clock,
        show=in_json if view.json else as_text.slim_line,
        only=stream.only,
        anywhere=stream.find,
    )
    with open_lines(argument, loose=stream.find) as source:
        return run(source, work, stream, view, Words("token", "accepted", "refused"))


def read_lines(argument: str | None, clock: Clock, stream: StreamOptions, view: View) -> int:
    """Decode a stream of tokens; return its exit status."""
    shown = as_json if view.json else as_text
    work = partial(read, clock=clock, show=shown.token_line, show_broken=shown.broken_line, anywhere=stream.find)
    with open_lines(argument, loose=stream.find) as source:
        words = Words("token" if stream.find else "line", "decoded, not verified", "not read")
        return run(source, work, stream, view, words)


def mint_lines(
    argument: str | None,
    request: Callable[[dict[str, Any], Moment], ClaimsRequest],
    base: dict[str, Any],
    signer: tuple[dict[str, Any], Key, str],
    clock: Clock,
    stream: StreamOptions,
    view: View,
) -> int:
    """Mint a token for every claims object of a stream, or ``--count`` of them from ``base``."""
    header, key, alg = signer
    work = partial(
        mint,
        request=lambda claims, at: request({**base, **claims}, at),
        header=header,
        key=key,
        alg=alg,
        clock=clock,
        show=as_json.encoded if view.json else lambda compact, *_: compact,
    )
    words = Words("token", "minted", "not minted")
    if stream.copies is not None:
        return run(Counted(stream.copies), work, stream, view, words)
    with open_lines(argument, loose=False) as source:
        return run(source, work, stream, view, words)


def run(source: Intake | Counted, work: Work, stream: StreamOptions, view: View, words: Words) -> int:
    """Print the answer to every line as it comes; return the exit status of the whole stream."""
    started = time.monotonic()
    tally: Tally = Counter()
    progress = _Progress(source, view)
    gc.freeze()
    gc.enable()  # the entry point switched it off, which suits one token and no stream
    for answer in answers(source, work, stream.jobs):
        progress.clear()
        if answer.shown:
            emit(answer.shown)
        if answer.failure is not None:
            raise answer.failure
        tally += answer.tally
        progress.show(tally)
    progress.clear()
    if source.interrupted:
        return Status.INTERRUPTED
    if not tally:
        raise TokenError("there is no token: the input holds none", code="no_token")
    view.note(_summary(tally, words, time.monotonic() - started))
    return exit_status(tally)


def _summary(tally: Tally, words: Words, seconds: float) -> str:
    total, well = tally.total(), tally[Status.DONE, "ok"]
    reasons = ", ".join(f"{count} {code}" for (status, code), count in tally.most_common() if status)
    others = f", {total - well} {words.bad} ({reasons})" if reasons else ""
    things = f"{words.thing}{'s' if total > 1 else ''}"
    return f"{total} {things}: {well} {words.good}{others}; {total / seconds:,.0f} a second"


class _Progress:
    """A line on a terminal's stderr that shows how much of a file is done."""

    def __init__(self, source: Intake | Counted, view: View) -> None:
        self._source = source
        self._wanted = bool(source.size) and not view.quiet and is_terminal(sys.stderr)
        self._next = 0.0
        self._there = False

    def show(self, tally: Tally) -> None:
        now = time.monotonic()
        if not self._wanted or now < self._next:
            return
        self._next, self._there = now + _PROGRESS, True
        done = min(self._source.consumed / self._source.size, 1.0)
        bar = "#" * int(done * 30)
        sys.stderr.write(f"\r[{bar:<30}] {done:4.0%}  {tally.total():,} tokens\x1b[K")
        sys.stderr.flush()

    def clear(self) -> None:
        if self._there:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._there = False
