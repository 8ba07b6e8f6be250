"""Standard input, output and error when they are closed, full, broken or of another encoding."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jwtcli.commands._stdio import abandon_stdout, emit, emit_bytes, is_stdin, is_terminal, read_stdin, remark
from jwtcli.core.errors import FileError
from tests.conftest import environment

LOST = "the result could not be written to standard output: "


@contextmanager
def stdout_is(file: str | int) -> Iterator[None]:
    """Put a file or descriptor in the place of stdout; pytest's own capture must not notice."""
    with open(file, "w") as stream, pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "stdout", stream)
        yield
        abandon_stdout()


class Broken:
    """A stream that fails as a device does, in words that are not ours."""

    closed = False

    @property
    def buffer(self) -> "Broken":
        return self

    def read(self, _size: int) -> bytes:
        raise OSError(5, "not our words")

    def write(self, _text: str | bytes) -> int:
        raise ValueError("I/O operation on closed file: not our words")


def test_a_product_that_is_lost_on_a_full_disk_is_a_failure() -> None:
    with stdout_is("/dev/full"), pytest.raises(FileError, match=f"{LOST}no space left on device") as lost:
        emit("x")
    with stdout_is("/dev/full"), pytest.raises(FileError, match=f"{LOST}no space left on device"):
        emit_bytes(b"x")
    assert (lost.value.code, lost.value.status) == ("output_lost", 1)


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", ["keygen -q -a RS256 -f pem -o -", "encode -q --count 30"])
def test_half_a_product_is_none(tmp_path: Path, unbuffered: str, command: str) -> None:
    """A disk may take the beginning; many container images set PYTHONUNBUFFERED."""
    line = f"ulimit -f 1; exec {sys.executable} -B -m jwtcli {command} > {tmp_path}/product"
    env = environment(tmp_path, {"PYTHONUNBUFFERED": unbuffered, "JWTCLI_SECRET": "s" * 32})
    ended = subprocess.run(["bash", "-c", line], env=env, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (1, f"jwtcli: error: {LOST}file too large\n")


@pytest.mark.parametrize("closed", [None, Broken()])
def test_a_product_that_is_lost_on_a_closed_stream_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, closed: Broken | None
) -> None:
    monkeypatch.setattr(sys, "stdout", closed)
    with pytest.raises(FileError, match=f"{LOST}it is closed"):
        emit("x")
    with pytest.raises(FileError, match=f"{LOST}it is closed"):
        emit_bytes(b"x")


@pytest.mark.parametrize("write", [lambda: emit("x"), lambda: emit_bytes(b"x")])
def test_a_reader_that_went_away_is_told_apart(write: Callable[[], None]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with stdout_is(writer), pytest.raises(BrokenPipeError):
        write()


@pytest.mark.parametrize(("encoding", "errors"), [("ascii", "strict"), ("latin-1", "strict"), ("utf-8", "strict")])
def test_products_are_utf_8_in_every_locale(monkeypatch: pytest.MonkeyPatch, encoding: str, errors: str) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding, errors=errors, newline=""))
    emit("ü🙂 \udcff")
    emit("again")
    assert written.getvalue() == "ü🙂 ".encode() + b"\xff\nagain\n"


def test_a_raw_control_of_8_bits_is_printed_as_an_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii", newline=""))
    emit(os.fsdecode(b"x\x9b31m \x80\x9f\xa0 \xc2\xa0"))
    assert written.getvalue() == rb"x\udc9b31m \udc80\udc9f" + b"\xa0 \xc2\xa0\n"


def test_text_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO()))
    with pytest.raises(FileError, match=f"{LOST}it is no text"):
        emit("\ud800")


@pytest.mark.parametrize("closed", [None, Broken()])
def test_a_remark_that_nobody_hears_is_no_failure(monkeypatch: pytest.MonkeyPatch, closed: Broken | None) -> None:
    monkeypatch.setattr(sys, "stderr", closed)
    remark("error", "unheard")


def test_a_remark_that_the_disk_has_no_room_for_leaves_nothing_to_flush() -> None:
    with open("/dev/full", "w") as stream, pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "stderr", stream)
        remark("error", "unheard")
        stream.flush()


def test_a_remark_is_one_printable_line(capsys: pytest.CaptureFixture[str]) -> None:
    remark("note", "a\nb\x1b[31m")
    assert capsys.readouterr().err == "jwtcli: note: a\\u000ab\\u001b[31m\n"


@pytest.mark.parametrize("charset", ["koi8-r", "cp1251", "gbk", "iso2022_jp", "latin-1", "ascii"])
def test_a_remark_has_no_letter_whose_bytes_another_charset_reads_as_a_control(
    monkeypatch: pytest.MonkeyPatch, charset: str
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(written, encoding=charset, newline=""))
    remark("note", "\u0431\u232131m \u8078 🙂")
    assert written.getvalue() == rb"jwtcli: note: \u0431\u232131m \u8078 \ud83d\ude42" + b"\n"


@pytest.mark.parametrize("charset", ["utf-8", "UTF8"])
def test_a_remark_keeps_its_letters_in_utf_8(monkeypatch: pytest.MonkeyPatch, charset: str) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(written, encoding=charset, newline=""))
    remark("note", "müller 🙂")
    assert written.getvalue() == "jwtcli: note: müller 🙂\n".encode()


def test_stdin_is_read_to_the_limit_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(b"\xff" * 10))
    monkeypatch.setattr(sys, "stdin", stream)
    assert read_stdin(4) == b"\xff" * 4


@pytest.mark.parametrize(
    ("stdin", "message"),
    [
        (None, "standard input is closed"),
        (Broken(), "cannot read standard input: input/output error"),
    ],
)
def test_stdin_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch, stdin: Broken | None, message: str) -> None:
    monkeypatch.setattr(sys, "stdin", stdin)
    with pytest.raises(FileError, match=f"^{message}$"):
        read_stdin(1)


def test_a_closed_stream_is_no_terminal() -> None:
    closed = io.StringIO()
    closed.close()
    assert not is_terminal(None)
    assert not is_terminal(closed)
    assert not is_terminal(io.StringIO())


def test_abandoning_a_closed_stdout_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    abandon_stdout()


def test_standard_input_is_known_by_what_it_is_and_not_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "both").touch()
    (tmp_path / "other").touch()
    with (tmp_path / "both").open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        names = ("-", f"/dev/fd/{stream.fileno()}", str(tmp_path / "both"), str(tmp_path / "other"), "missing", "\0")
        assert [is_stdin(name) for name in names] == [True, True, True, False, False, False]
    monkeypatch.setattr(sys, "stdin", None)
    assert [is_stdin(name) for name in ("-", "both")] == [True, False]
