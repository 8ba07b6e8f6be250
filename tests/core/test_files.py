"""Reading and writing in whatever pieces that takes, and no terminal."""

import os
import threading
from pathlib import Path

import pytest

from jwtcli.core.errors import FileError
from jwtcli.core.files import open_file, read, read_file, unreadable, why, write


def test_a_file_is_read_to_its_end_or_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x" * 200_000)
    assert read_file(str(file), 300_000) == b"x" * 200_000
    assert read_file(str(file), 150_000) == b"x" * 150_000


def test_nothing_there_yet_is_not_the_end() -> None:
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.write(writer, b"first ")

    def finish() -> None:
        os.write(writer, b"second")
        os.close(writer)

    late = threading.Timer(0.2, finish)
    late.start()
    assert read(reader, 100) == b"first second"
    late.join()
    os.close(reader)


def test_all_is_written_where_the_reader_is_slow_and_nobody_waits() -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    received: list[bytes] = []
    slow = threading.Timer(0.2, lambda: received.append(read(reader, 400_000)))
    slow.start()
    write(writer, b"x" * 300_000)  # more than a pipe holds
    os.close(writer)
    slow.join()
    assert received == [b"x" * 300_000]
    os.close(reader)


def test_a_terminal_is_no_file() -> None:
    keyboard, screen = os.openpty()
    name = os.ttyname(screen)
    for reading in (open_file, lambda path: read_file(path, 10)):
        with pytest.raises(FileError, match=f"^cannot read {name}: it is a terminal$") as refused:
            reading(name)
        assert refused.value.code == "unreadable"
    os.close(keyboard)
    os.close(screen)


def test_what_cannot_be_read_is_told_by_the_name_that_it_is_given(tmp_path: Path) -> None:
    for reading in (open_file, lambda path, named=None: read_file(path, 10, named)):
        with pytest.raises(FileError, match=f"^cannot read {tmp_path}: is a directory$") as refused:
            reading(str(tmp_path))
        assert refused.value.code == "unreadable"
        with pytest.raises(FileError, match=r"^cannot read what was asked for: no such file or directory$"):
            reading(str(tmp_path / "missing"), "what was asked for")


def test_a_file_that_fails_while_it_is_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bytes:
        raise OSError(5, "not our words")

    (tmp_path / "file").write_bytes(b"x")
    monkeypatch.setattr("jwtcli.core.files.os.read", fail)
    with pytest.raises(FileError, match=r"file: input/output error$"):
        read_file(str(tmp_path / "file"), 10)


def test_no_upstream_words_are_told() -> None:
    assert why(ValueError("somebody else's words")) == "the name is not one that a file can have"
    assert why(ValueError("somebody else's words"), "it is closed") == "it is closed"
    assert str(unreadable("x", OSError(2, "words"), "it is closed")) == "cannot read x: no such file or directory"
