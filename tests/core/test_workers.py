"""Several processes: order, bounds, and an end with everything that was started."""

import errno
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import NoReturn

import pytest

from jwtcli.core.errors import JwtcliError
from jwtcli.core.workers import Workers


def test_answers_come_in_the_order_of_the_tasks_whichever_worker_is_slow() -> None:
    def late(number: int) -> Iterator[int]:
        for power in range(number % 5):  # a task may have any number of answers, and none
            time.sleep(0.02 if number % 3 == 0 else 0)
            yield number**power

    told: list[int] = []
    with Workers(late, 3) as workers:
        todo = list(range(20))
        while todo or workers.descriptors:
            while todo and workers.free:
                workers.give(todo.pop(0))
            for descriptor in select.select(workers.descriptors, (), ())[0]:
                workers.take(descriptor)
            told += workers.answers()
    assert told == [number**power for number in range(20) for power in range(number % 5)]


def test_ctrl_c_while_a_worker_starts_ends_no_worker_and_is_heard_by_us(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It reaches the whole group; one that does not ignore it yet would tell its end by a traceback."""
    really = ForkProcess.start
    started: list[ForkProcess] = []

    def start(process: ForkProcess) -> None:
        signal.raise_signal(signal.SIGINT)  # while it is blocked
        really(process)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGINT)
        started.append(process)

    monkeypatch.setattr(ForkProcess, "start", start)
    with pytest.raises(KeyboardInterrupt):
        Workers(iter, 1)
    assert [process.is_alive() for process in started] == [False]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert capfd.readouterr().err == ""


def test_a_worker_goes_on_after_a_ctrl_c_that_came_before_it_ignored_it() -> None:
    def at_once(number: int) -> Iterator[int]:
        yield number

    with Workers(at_once, 1) as workers:
        pid = workers._processes[0].pid
        assert pid is not None
        os.kill(pid, signal.SIGINT)
        workers.give(7)
        told: list[int] = []
        while workers.descriptors:
            for descriptor in select.select(workers.descriptors, (), ())[0]:
                workers.take(descriptor)
            told += workers.answers()
    assert told == [7]


def test_what_is_held_for_a_slow_worker_is_bounded_however_much_the_others_answer(tmp_path: Path) -> None:
    go_on = tmp_path / "go on"

    def endless(number: int) -> Iterator[bytes]:
        while number == 0 and not go_on.exists():
            time.sleep(0.01)
        for _ in range(1000):
            yield bytes([number]) * 1000

    with Workers(endless, 2) as workers:
        workers.give(0)
        workers.give(1)
        while len(workers.descriptors) > 1:  # the slow one is always heard
            for descriptor in select.select(workers.descriptors, (), ())[0]:
                workers.take(descriptor)
        waiting = sum(map(len, workers._held.values()))
        assert (waiting, list(workers.answers())) == (16, [])
        go_on.touch()
        told: list[int] = []
        while workers.descriptors:
            for descriptor in select.select(workers.descriptors, (), ())[0]:
                workers.take(descriptor)
            told += [answer[0] for answer in workers.answers()]
        assert told == [0] * 1000 + [1] * 1000


def test_a_bug_in_a_worker_is_told_by_its_type_and_nothing_else() -> None:
    def broken(number: int) -> Iterator[int]:
        yield number
        raise ValueError(f"secret {number}")

    with Workers(broken, 1) as workers:
        workers.give(7)
        select.select(workers.descriptors, (), ())
        workers.take(*workers.descriptors)
        assert list(workers.answers()) == [7]
        select.select(workers.descriptors, (), ())
        with pytest.raises(JwtcliError) as raised:
            workers.take(*workers.descriptors)
    assert (raised.value.message, raised.value.code) == ("this is a bug in jwtcli (ValueError)", "bug")


def test_a_worker_that_is_killed_is_told() -> None:
    def suicide(number: int) -> Iterator[int]:
        os.kill(os.getpid(), signal.SIGKILL)
        yield number

    with Workers(suicide, 1) as workers:
        workers.give(7)
        select.select(workers.descriptors, (), ())
        with pytest.raises(JwtcliError, match="ended before its work was done"):
            workers.take(workers.descriptors[0])


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (OSError(errno.EMFILE, "not our words"), "too many open files"),
        (BlockingIOError(errno.EAGAIN, "not our words"), "resource temporarily unavailable"),
    ],
)
def test_too_few_processes_are_told_and_those_there_are_ended(
    monkeypatch: pytest.MonkeyPatch, failure: OSError, reason: str
) -> None:
    started: list[ForkProcess] = []
    start = ForkProcess.start

    def some(process: ForkProcess) -> None:
        if len(started) == 2:
            raise failure
        start(process)
        started.append(process)

    monkeypatch.setattr(ForkProcess, "start", some)
    with pytest.raises(JwtcliError, match=f"too few processes can be started: {reason}") as told:
        Workers[str, str](iter, 3)
    assert told.value.code == "no_workers"
    assert [process.is_alive() for process in started] == [False, False]


def burst() -> NoReturn:
    raise MemoryError("quotes a block")


class Large:
    """What there is no memory for, neither to hand over nor to take."""

    def __init__(self, when: str) -> None:
        self.when = when

    def __reduce__(self) -> tuple[object, ...]:
        return (burst, ()) if self.when == "taken" else burst()


@pytest.mark.parametrize(("task", "answer"), [(Large("taken"), None), (None, Large("handed over"))])
def test_too_little_memory_for_a_block_or_an_answer_is_told_and_prints_nothing(
    capfd: pytest.CaptureFixture[str], task: object, answer: object
) -> None:
    with Workers[object, object](lambda _: iter([answer]), 1) as workers:
        workers.give(task)
        select.select(workers.descriptors, (), ())
        with pytest.raises(JwtcliError, match="a worker process had too little memory"):
            workers.take(workers.descriptors[0])
    assert capfd.readouterr() == ("", "")


def test_no_worker_outlives_a_parent_that_was_killed(tmp_path: Path) -> None:
    program = (
        "import os, sys, time\n"
        "from jwtcli.core.workers import Workers\n"
        "with Workers(lambda task: iter([time.sleep(0.2)]), 3) as workers:\n"
        "    for task in range(3): workers.give(task)\n"
        "    print(*(process.pid for process in workers._processes), flush=True)\n"
        "    time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=tmp_path)
    assert parent.stdout is not None
    workers = list(map(int, parent.stdout.readline().split()))
    assert len(workers) == 3
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert ended(workers)


def ended(processes: list[int], within: float = 5) -> bool:
    """Wait until none of the processes is there any more."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        if not any(map(alive, processes)):
            return True
        time.sleep(0.02)
    return False


def alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"  # a process that ended and that nobody has asked about yet
