"""Several processes that each do one block at a time; their answers come back in the order of the blocks."""

import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, ForkProcess
from typing import Generic, Self, TypeVar

from jwtcli.core.errors import JwtcliError
from jwtcli.core.files import why

Task = TypeVar("Task")
Answer = TypeVar("Answer")
_AHEAD = 4  # answers for each worker that may wait for a slow one before them


class Workers(Generic[Task, Answer]):
    """Processes made by ``fork``, so that prepared keys are inherited and never leave the process as bytes.

    A worker is given a block only when it waits for one, so neither side ever blocks on the other,
    and at most one block per worker and a few answers are held, however long the stream is. A
    worker whose parent is gone reads the end of its pipe and ends.
    """

    def __init__(self, work: Callable[[Task], Answer], count: int) -> None:
        context = get_context("fork")
        self._idle: list[Connection[Task, Answer]] = []
        self._busy: dict[int, tuple[Connection[Task, Answer], int]] = {}
        self._done: dict[int, Answer] = {}
        self._given = self._told = 0
        self._limit = count * _AHEAD
        self._processes: list[ForkProcess] = []
        try:
            for _ in range(count):
                self._start(context, work)
        except (OSError, RuntimeError) as error:  # descriptors, processes or threads have run out
            self.__exit__()
            raise _not_started(error) from None

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

    def _start(self, context: ForkContext, work: Callable[[Task], Answer]) -> None:
        ours, theirs = context.Pipe()
        inherited = [*self._idle, ours]
        process = context.Process(target=_serve, args=(work, theirs, inherited), daemon=True)
        process.start()
        theirs.close()
        self._processes.append(process)
        self._idle.append(ours)

    @property
    def free(self) -> bool:
        """Tell whether a worker waits for a block and its answer has a place to wait."""
        return bool(self._idle) and self._given - self._told < self._limit

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What becomes readable when a worker answers."""
        return tuple(self._busy)

    def give(self, task: Task) -> None:
        """Hand a block to a worker; only where one is ``free``. Raises JwtcliError where that worker is gone."""
        connection = self._idle.pop()
        try:
            connection.send(task)
        except OSError:  # a broken pipe, but not that of the answers
            raise _ended() from None
        self._busy[connection.fileno()] = (connection, self._given)
        self._given += 1

    def take(self, descriptor: int) -> None:
        """Fetch the answer that has come by a descriptor. Raises JwtcliError where the worker broke down."""
        connection, number = self._busy.pop(descriptor)
        self._idle.append(connection)
        try:
            answer = connection.recv()
        except (EOFError, OSError):
            raise _ended() from None
        if isinstance(answer, _Bug):
            raise _broken_down(answer)
        self._done[number] = answer

    def answers(self) -> Iterator[Answer]:
        """Yield the answers whose turn it is."""
        while self._told in self._done:
            answer = self._done.pop(self._told)
            self._told += 1
            yield answer


class _Bug(str):
    """The type of an exception that nobody foresaw; its message may hold anything and stays where it is."""

    __slots__ = ()


def _serve(
    work: Callable[[Task], Answer], pipe: "Connection[Answer, Task]", inherited: "list[Connection[Task, Answer]]"
) -> None:
    """Be a worker: answer block after block until the parent ends, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides what ends
    for connection in inherited:
        connection.close()  # a copy kept here would hide from the others that the parent is gone
    try:
        while True:
            pipe.send(_answer(work, pipe.recv()))  # type: ignore[arg-type]  # its reader tells a _Bug from an answer
    except (EOFError, OSError):
        return
    except Exception as error:  # no memory for a block or for an answer
        with suppress(Exception):
            pipe.send(_Bug(type(error).__name__))  # type: ignore[arg-type]  # likewise


def _answer(work: Callable[[Task], Answer], task: Task) -> "Answer | _Bug":
    try:
        return work(task)
    except Exception as error:
        return _Bug(type(error).__name__)


def _broken_down(how: str) -> JwtcliError:
    if how == MemoryError.__name__:
        return JwtcliError("a worker process had too little memory", hint="--jobs 1 needs none", code="no_memory")
    return JwtcliError(f"this is a bug in jwtcli ({how})", hint="--jobs 1 shows more", code="bug")


def _not_started(error: Exception) -> JwtcliError:
    hint = "--jobs N asks for fewer of them, and --jobs 1 for none"
    return JwtcliError(f"too few processes can be started: {why(error)}", hint=hint, code="no_workers")


def _ended() -> JwtcliError:
    return JwtcliError("a worker process ended before its work was done", hint="--jobs 1 needs none")
