"""Reading files in whatever pieces they come, and no terminal."""

import os
import threading
from pathlib import Path

import pytest

from jwtcli.core.errors import FileError
from jwtcli.core.files import open_file, read, read_file


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


def test_a_terminal_is_no_file() -> None:
    keyboard, screen = os.openpty()
    name = os.ttyname(screen)
    for reading in (open_file, lambda path: read_file(path, 10)):
        with pytest.raises(FileError, match=f"^cannot read {name}: it is a terminal$") as refused:
            reading(name)
        assert refused.value.code == "unreadable"
    os.close(keyboard)
    os.close(screen)
