"""What feeds a stream: blocks from a file, standard input or a count; it waits, and hears Ctrl-C and a reader gone."""

import os
import select
import signal
import sys
from types import FrameType, TracebackType
from typing import IO, Self

from jwtcli.commands._refusals import nobody_asked
from jwtcli.commands._stdio import descriptor_of, read_stdin, remark
from jwtcli.commands._terminal import someone_is_here, stdin_is_terminal
from jwtcli.commands._wakeup import Wakeup
from jwtcli.core.errors import UsageError
from jwtcli.core.files import open_file, unreadable
from jwtcli.core.lines import Block, Lines

CHUNK = 256 * 1024
_COUNTED = 1_000
_GONE = select.POLLERR | select.POLLHUP | select.POLLNVAL  # a pipe, a socket, a descriptor that was closed


class Counted:
    """So many empty claims objects: what ``encode --count`` mints from. Ctrl-C ends it where it stands."""

    interrupted = False
    size = consumed = 0  # bytes: there is no file to show the progress of

    def __init__(self, count: int) -> None:
        self._left = count
        self._given = 0

    def lines(self) -> int:
        """Return how many lines were handed out so far."""
        return self._given

    def ended(self) -> bool:
        """Tell whether the count is reached."""
        return not self._left

    def take(self) -> Block | None:
        """Return the next block."""
        some = min(self._left, _COUNTED)
        block = Block(self._given + 1, b"{}\n" * some)
        self._left -= some
        self._given += some
        return block if some else None

    def wait(self, others: tuple[int, ...], *, for_input: bool) -> list[int]:
        """Wait for one of the descriptors."""
        waiting = select.poll()  # select knows no descriptor above 1023
        for other in others:
            waiting.register(other, select.POLLIN)
        return [descriptor for descriptor, _ in waiting.poll()]


class Intake:
    """Blocks of lines from a file or standard input.

    Ctrl-C counts as the end of the input: what was read is still answered, at once. Where nobody
    takes the answers it ends without them, and so does a second Ctrl-C. A reader of stdout who goes away is
    noticed while waiting too.
    """

    def __init__(self, stream: IO[bytes], *, loose: bool) -> None:
        self._stream = stream
        self._descriptor = descriptor_of(stream)
        self._output = descriptor_of(sys.stdout)
        self._lines = Lines(loose=loose)
        self._ended = self._waiting = self.interrupted = False
        self._handler: object = None
        self.size = 0
        self.consumed = 0
        if self._descriptor is not None:
            self.size = os.fstat(self._descriptor).st_size

    def __enter__(self) -> Self:
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            self._handler = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._handler is not None:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def lines(self) -> int:
        """Return how many lines were handed out so far."""
        return self._lines.given

    def ended(self) -> bool:
        """Tell whether no block will come any more."""
        return self._ended

    def take(self) -> Block | None:
        """Return what has come, at most a few hundred kilobytes; None where no line is complete yet."""
        if self.interrupted:
            self._ended = True
        if self._ended:
            return None
        chunk = self._read()
        block = self._lines.feed(chunk) if chunk else None
        if chunk == b"":
            self._ended = True
            block = self._lines.end()
        return block

    def wait(self, others: tuple[int, ...], *, for_input: bool) -> list[int]:
        """Wait for input or one of the other descriptors; return those of the others that are ready.

        Raises BrokenPipeError where the reader of stdout has gone.
        """
        waiting = select.poll()
        for other in others:
            waiting.register(other, select.POLLIN)
        if for_input and not self._ended and self._descriptor is not None:
            waiting.register(self._descriptor, select.POLLIN)
        if self._output is not None:
            waiting.register(self._output, 0)  # asks for nothing: an error is reported all the same
        never = (for_input and self._descriptor is None) or (self.interrupted and not others)
        self._waiting = True
        try:
            with Wakeup() as wakeup:
                waiting.register(wakeup.descriptor, select.POLLIN)
                events = wakeup.heard(waiting.poll(0 if never else None))
        except KeyboardInterrupt:
            events = self._end_early()
        finally:
            self._waiting = False
        if any(descriptor == self._output and event & _GONE for descriptor, event in events):
            raise BrokenPipeError
        return [descriptor for descriptor, _ in events if descriptor in others]

    def _read(self) -> bytes | None:
        """Return what can be read without waiting: empty at the end, None where nothing is there."""
        if self._descriptor is None:
            return self._stream.read(CHUNK)
        pieces: list[bytes] = []
        length = 0
        try:
            while length < CHUNK and _readable(self._descriptor):
                piece = os.read(self._descriptor, CHUNK - length)
                pieces.append(piece)
                length += len(piece)
                if not piece:
                    break
        except OSError as error:
            raise unreadable("the input", error) from None
        self.consumed += length
        if length and not pieces[-1]:
            pieces.pop()  # the end is told by the next read again
        return b"".join(pieces) if pieces else None

    def _end_early(self) -> list[tuple[int, int]]:
        if self.interrupted:
            raise KeyboardInterrupt
        self.interrupted = True
        return []

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._waiting or self.interrupted or self._stalled():
            raise KeyboardInterrupt
        self.interrupted = True

    def _stalled(self) -> bool:
        """Tell whether nobody takes what is written to stdout: finishing the work could take forever."""
        if self._output is None:
            return False
        taking = select.poll()
        taking.register(self._output, select.POLLOUT)
        return not taking.poll(0)


def open_lines(argument: str | None, *, loose: bool) -> Intake:
    """Open ``@FILE`` or standard input as a source of lines; raises FileError where it cannot be read."""
    if argument is not None and argument[:1] == "@":
        return Intake(open_file(argument[1:]), loose=loose)
    if argument not in (None, "-"):
        raise UsageError("--lines reads standard input or @FILE, not an argument")
    if stdin_is_terminal():
        if not someone_is_here(os.environ):
            raise nobody_asked()
        remark("note", "reading from the terminal, one a line (Ctrl-D ends)")
    read_stdin(0)  # says so where there is none
    return Intake(sys.stdin.buffer, loose=loose)


def _readable(descriptor: int) -> bool:
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(0))
