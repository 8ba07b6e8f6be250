"""Several processes that each do one block at a time; their answers come back in the order of the blocks."""

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, ForkProcess
from typing import Generic, Self, TypeVar

from jwtcli.core.errors import JwtcliError
from jwtcli.core.files import why

Task = TypeVar("Task")
Answer = TypeVar("Answer")
_AHEAD = 4  # blocks for each worker whose answers may wait for a slow one before them
_HELD = 16  # answers to one block that may wait


class Workers(Generic[Task, Answer]):
    """Processes made by ``fork``, so that prepared keys are inherited and never leave the process as bytes.

    A worker is given a block only when it waits for one, and the one whose answers come next is always
    heard, so neither side ever waits for the other in vain; at most one block per worker and a few answers are
    held, however long the stream is and however much there is to answer. A worker whose parent is gone finds
    its pipe closed and ends.
    """

    def __init__(self, work: Callable[[Task], Iterator[Answer]], count: int) -> None:
        context = get_context("fork")
        self._idle: list[Connection[Task, Answer]] = []
        self._busy: dict[int, tuple[Connection[Task, Answer], int]] = {}
        self._held: dict[int, deque[Answer]] = {}
        self._done: set[int] = set()
        self._given = self._told = 0
        self._limit = count * _AHEAD
        self._processes: list[ForkProcess] = []
        try:
            for _ in range(count):
                self._start(context, work)
        except BaseException as error:  # Ctrl-C among it, and descriptors, processes or threads that have run out
            self.__exit__()
            if isinstance(error, OSError | RuntimeError):
                raise _not_started(error) from None
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the workers, whatever they are at."""
        for connection in (*self._idle, *(connection for connection, _ in self._busy.values())):
            connection.close()
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join()

    def _start(self, context: ForkContext, work: Callable[[Task], Iterator[Answer]]) -> None:
        ours, theirs = context.Pipe()
        inherited = [*self._idle, ours]
        # Ctrl-C waits until the worker ignores it: before that its end would be told by a traceback.
        usual = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
        try:
            process = context.Process(target=_serve, args=(work, theirs, inherited, usual), daemon=True)
            process.start()
            self._processes.append(process)
            self._idle.append(ours)
        finally:
            theirs.close()
            signal.pthread_sigmask(signal.SIG_SETMASK, usual)

    @property
    def free(self) -> bool:
        """Tell whether a worker waits for a block and its answers have a place to wait."""
        return bool(self._idle) and self._given - self._told < self._limit

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What becomes readable when a worker answers; none only where none is at work."""
        return tuple(
            descriptor
            for descriptor, (_, number) in self._busy.items()
            if number == self._told or len(self._held[number]) < _HELD  # who is far ahead waits for the others
        )

    def give(self, task: Task) -> None:
        """Hand a block to a worker; only where one is ``free``. Raises JwtcliError where that worker is gone."""
        connection = self._idle.pop()
        try:
            connection.send(task)
        except OSError:  # a broken pipe, but not that of the answers
            raise _ended() from None
        self._busy[connection.fileno()] = (connection, self._given)
        self._held[self._given] = deque()
        self._given += 1

    def take(self, descriptor: int) -> None:
        """Fetch an answer that has come by a descriptor. Raises JwtcliError where the worker broke down."""
        connection, number = self._busy[descriptor]
        try:
            answer = connection.recv()
        except (EOFError, OSError):
            raise _ended() from None
        if isinstance(answer, _Bug):
            raise _broken_down(answer)
        if answer is None:  # that was all
            del self._busy[descriptor]
            self._idle.append(connection)
            self._done.add(number)
        else:
            self._held[number].append(answer)

    def answers(self) -> Iterator[Answer]:
        """Yield the answers whose turn it is."""
        while self._told < self._given:
            held = self._held[self._told]
            while held:
                yield held.popleft()
            if self._told not in self._done:
                return
            del self._held[self._told]
            self._done.remove(self._told)
            self._told += 1


class _Bug(str):
    """The type of an exception that nobody foresaw; its message may hold anything and stays where it is."""

    __slots__ = ()


def _serve(
    work: Callable[[Task], Iterator[Answer]],
    pipe: "Connection[Answer, Task]",
    inherited: "list[Connection[Task, Answer]]",
    blocked: Iterable[int],
) -> None:
    """Be a worker, with these signals ``blocked``: answer block after block until the parent ends, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides what ends
    signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
    for connection in inherited:
        connection.close()  # a copy kept here would hide from the others that the parent is gone
    try:
        while True:
            for answer in _answers(work, pipe.recv()):
                pipe.send(answer)  # type: ignore[arg-type]  # its reader tells a _Bug and the end from an answer
    except (EOFError, OSError):
        return
    except Exception as error:  # no memory for a block or for an answer
        with suppress(Exception):
            pipe.send(_Bug(type(error).__name__))  # type: ignore[arg-type]  # likewise


def _answers(work: Callable[[Task], Iterator[Answer]], task: Task) -> "Iterator[Answer | _Bug | None]":
    try:
        yield from work(task)
        yield None
    except Exception as error:
        yield _Bug(type(error).__name__)


def _broken_down(how: str) -> JwtcliError:
    if how == MemoryError.__name__:
        return JwtcliError("a worker process had too little memory", hint="--jobs 1 needs none", code="no_memory")
    return JwtcliError(f"this is a bug in jwtcli ({how})", hint="--jobs 1 shows more", code="bug")


def _not_started(error: Exception) -> JwtcliError:
    hint = "--jobs N asks for fewer of them, and --jobs 1 for none"
    return JwtcliError(f"too few processes can be started: {why(error)}", hint=hint, code="no_workers")


def _ended() -> JwtcliError:
    return JwtcliError("a worker process ended before its work was done", hint="--jobs 1 needs none")
