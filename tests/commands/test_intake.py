"""What feeds a stream: pipes as they fill, Ctrl-C, a reader that goes, a terminal."""

import io
import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from jwtcli.commands import _intake, _runs
from jwtcli.commands._intake import CHUNK, Counted, Intake, open_lines
from jwtcli.commands._options import View
from jwtcli.commands._stdio import descriptor_of
from jwtcli.commands._stream_options import StreamOptions
from jwtcli.core.batch import Answer, Tally
from jwtcli.core.errors import FileError, Status, TokenError
from jwtcli.core.lines import Block


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reader, writer = os.pipe()
    yield reader, writer
    for descriptor in (reader, writer):
        try:
            os.close(descriptor)
        except OSError:
            continue


@pytest.fixture
def stdout(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, int]]:
    """Take a pipe for stdout; delivers its reading end and its writing end."""
    reader, writer = os.pipe()
    monkeypatch.setattr(
        _intake, "descriptor_of", lambda stream: writer if stream is sys.stdout else descriptor_of(stream)
    )
    yield reader, writer
    for descriptor in (reader, writer):
        try:
            os.close(descriptor)
        except OSError:
            continue


def test_a_pipe_is_read_as_it_fills(pipe: tuple[int, int], stdout: tuple[int, int]) -> None:
    reader, writer = pipe
    with open(reader, "rb", buffering=0, closefd=False) as stream, Intake(stream, loose=False) as intake:
        assert intake.take() is None
        os.write(writer, b"one\ntw")
        assert intake.wait((), for_input=True) == []
        assert intake.take() == (1, b"one\n")
        assert intake.take() is None
        os.write(writer, b"o\nthree")
        assert intake.take() == (2, b"two\n")
        os.close(writer)
        assert intake.take() == (3, b"three")
        assert (intake.ended(), intake.lines(), intake.take()) == (True, 2, None)


def test_the_end_is_noticed_behind_the_last_bytes(tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_bytes(b"one\n")
    with file.open("rb", buffering=0) as stream, Intake(stream, loose=False) as intake:
        assert (intake.take(), intake.ended()) == ((1, b"one\n"), False)
        assert (intake.take(), intake.ended()) == (None, True)
        assert (intake.size, intake.consumed) == (4, 4)
    file.write_bytes(b"x\n" * CHUNK)
    with file.open("rb", buffering=0) as stream, Intake(stream, loose=False) as intake:
        first = intake.take()
        assert first is not None
        assert len(first.content) == CHUNK


def test_other_descriptors_are_waited_for_too(pipe: tuple[int, int], stdout: tuple[int, int]) -> None:
    reader, writer = pipe
    os.write(writer, b"x")
    memory = Intake(io.BytesIO(b""), loose=False)
    assert memory.wait((reader,), for_input=True) == [reader]
    assert memory.wait((reader,), for_input=False) == [reader]


def test_a_reader_that_went_is_noticed_while_waiting(pipe: tuple[int, int], stdout: tuple[int, int]) -> None:
    reader, _ = pipe
    with open(reader, "rb", buffering=0, closefd=False) as stream, Intake(stream, loose=False) as intake:
        os.close(stdout[0])
        with pytest.raises(BrokenPipeError):
            intake.wait((), for_input=True)


def test_a_socket_whose_reader_went_is_noticed_while_waiting(
    pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = socket.socketpair()
    monkeypatch.setattr(
        _intake, "descriptor_of", lambda stream: theirs.fileno() if stream is sys.stdout else descriptor_of(stream)
    )
    with theirs, open(pipe[0], "rb", buffering=0, closefd=False) as stream, Intake(stream, loose=False) as intake:
        ours.close()
        with pytest.raises(BrokenPipeError):
            intake.wait((), for_input=True)


def test_an_interrupt_while_waiting_is_the_end_of_the_input(
    pipe: tuple[int, int], stdout: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted:
        def register(self, *_: object) -> None: ...
        def poll(self, _timeout: int | None) -> list[tuple[int, int]]:
            signal.raise_signal(signal.SIGINT)
            return []

    reader, _ = pipe
    with open(reader, "rb", buffering=0, closefd=False) as stream, Intake(stream, loose=False) as intake:
        monkeypatch.setattr("select.poll", Interrupted)
        assert intake.wait((), for_input=True) == []
        assert intake.interrupted
        assert intake.take() is None
        assert intake.ended()
        with pytest.raises(KeyboardInterrupt):
            intake.wait((9,), for_input=True)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_at_work_waits_for_the_block_unless_nobody_reads(
    pipe: tuple[int, int], stdout: tuple[int, int]
) -> None:
    reader, _ = pipe
    with open(reader, "rb", buffering=0, closefd=False) as stream:
        with Intake(stream, loose=False) as intake:
            signal.raise_signal(signal.SIGINT)
            assert intake.interrupted
            assert intake.wait((), for_input=True) == []
        with Intake(stream, loose=False) as intake:
            os.write(stdout[1], b"x" * 65536)  # the pipe is full
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)


def test_an_interrupt_waits_for_the_block_where_stdout_is_no_descriptor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_intake, "descriptor_of", lambda _: None)
    with Intake(io.BytesIO(b""), loose=False) as intake:
        signal.raise_signal(signal.SIGINT)
        assert intake.interrupted


def test_where_interrupts_are_ignored_they_stay_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Intake(io.BytesIO(b""), loose=False):
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_input_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path / "written", os.O_WRONLY | os.O_CREAT)
    with open(descriptor, "wb", buffering=0) as stream, pytest.raises(FileError, match="cannot read the input"):
        Intake(stream, loose=False).take()


def test_a_count_is_handed_out_in_blocks(pipe: tuple[int, int]) -> None:
    counted = Counted(1500)
    sizes = []
    while not counted.ended():
        block = counted.take()
        assert block is not None
        sizes.append((block.first, block.content.count(b"\n")))
    assert (sizes, counted.lines(), counted.take()) == ([(1, 1000), (1001, 500)], 1500, None)
    os.write(pipe[1], b"x")
    assert counted.wait((pipe[0],), for_input=False) == [pipe[0]]


def test_a_terminal_is_told_of_and_asked_only_where_somebody_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(_intake, "stdin_is_terminal", lambda: True)
    monkeypatch.setattr(_intake, "someone_is_here", lambda _: False)
    with pytest.raises(TokenError, match="nobody is asked"):
        open_lines(None, loose=False)
    monkeypatch.setattr(_intake, "someone_is_here", lambda _: True)
    file = tmp_path / "empty"
    file.touch()
    with file.open(encoding="ascii") as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert open_lines("-", loose=False).size == 0
    assert "reading from the terminal, one a line" in capsys.readouterr().err


def test_progress_is_drawn_on_a_terminal_and_wiped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_bytes(b"one\n" * 10)
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setattr(_runs, "is_terminal", lambda _: True)
    with file.open("rb", buffering=0) as stream, Intake(stream, loose=False) as intake:
        progress = _runs._Progress(intake, View())
        intake.take()
        progress.show(Tally({(Status.DONE, "ok"): 10}))
        progress.show(Tally({(Status.DONE, "ok"): 10}))
        progress.clear()
        progress.clear()
    assert shown.getvalue() == f"\r[{'#' * 30}] 100%  10 tokens\x1b[K\r\x1b[K"


def test_a_run_that_was_interrupted_exits_130_without_a_summary(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "lines.txt"
    file.write_bytes(b"one\ntwo\n")

    def interrupt_then_answer(block: Block) -> Iterator[Answer]:
        intake.interrupted = True
        yield Answer(block.content.decode().strip(), Counter({(Status.DONE, "ok"): 2}))

    with file.open("rb", buffering=0) as stream, Intake(stream, loose=False) as intake:
        words = _runs.Words("token", "minted", "not minted")
        status = _runs.run(intake, interrupt_then_answer, StreamOptions(1), View(), words)
    assert status == Status.INTERRUPTED
    assert capsysbinary.readouterr() == (b"one\ntwo\n", b"")
