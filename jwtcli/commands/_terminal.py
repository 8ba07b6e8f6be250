"""Talking with a person at the terminal: hidden prompts, and a pasted token of any length."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from jwtcli.commands._stdio import is_file, is_pipe, is_terminal, read_stdin, remark
from jwtcli.core.errors import FileError, UnusableKeyError
from jwtcli.core.files import why

_LONGEST = 1024 * 1024  # what a key file may hold
_FOREGROUND = "a process in the background can ask nobody: run it in the foreground, or name a file"


def someone_is_here(environ: Mapping[str, str]) -> bool:
    """Tell whether a person can be asked: stderr is a terminal, and neither CI nor JWTCLI_NO_INPUT is set."""
    return not (environ.get("CI") or environ.get("JWTCLI_NO_INPUT")) and is_terminal(sys.stderr)


def hidden_prompt(environ: Mapping[str, str]) -> Callable[[str], bytes] | None:
    """Return a way to ask for something hidden on the controlling terminal, or None where there is none.

    It reads the terminal itself, so it works while stdin carries the token.
    """
    if not someone_is_here(environ) or os.name == "nt":
        return None
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return None
    return _ask


def stdin_is_terminal() -> bool:
    """Tell whether reading stdin would wait for somebody to type."""
    return is_terminal(sys.stdin)


def stdin_is_attached() -> bool:
    """Tell whether stdin is a file or pipe, by its kind alone: nothing is read, and nothing waited for."""
    return is_pipe(sys.stdin) or is_file(sys.stdin)


def read_to_end(limit: int) -> bytes:
    """Read stdin to its end, at most ``limit`` bytes; on a terminal it is said what is waited for.

    Raises FileError where stdin cannot be read, or is a terminal and nobody may be asked.
    """
    if stdin_is_terminal():
        if not someone_is_here(os.environ):
            raise FileError("standard input is a terminal, and nobody is asked", code="unreadable")
        remark("note", "reading standard input (Ctrl-D on a line of its own ends it)")
    return read_stdin(limit)


def pasted_line(limit: int) -> bytes:
    """Ask on stderr for a token and read one line, longer than a terminal's own 4095 bytes too.

    What is still pending behind the line is read and thrown away, with a warning. Raises FileError
    where the terminal cannot be read.
    """
    from jwtcli.commands._hidden import typed_line

    def ask() -> None:
        remark("note", "paste a token and press Enter (it is not shown; Ctrl-D gives up)")

    try:
        with _alone():
            typed = typed_line(sys.stdin.fileno(), ask, limit, ahead=True)
    except OSError as error:
        raise FileError(f"the terminal cannot be read: {why(error)}", hint=_FOREGROUND, code="unreadable") from None
    _tell_rest(typed.rest, ": a token in several lines comes through a pipe, or from @FILE")
    return typed.line


@contextmanager
def _alone() -> Iterator[None]:
    """Wait for another jwtcli that asks at this terminal: each puts back the mode in which it found it."""
    import fcntl

    try:  # opened anew: what a pipeline inherits is one and the same
        lock = os.open(os.ttyname(sys.stderr.fileno()), os.O_RDWR | os.O_NOCTTY)
    except (OSError, ValueError, AttributeError):
        yield
        return
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            remark("note", "another jwtcli asks at this terminal: its answer comes first")
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:
            pass  # this terminal has no locks
        yield
    finally:
        os.close(lock)


def _ask(prompt: str) -> bytes:
    """Ask on the controlling terminal, and nowhere else: what stdin holds is no answer of a person."""
    from jwtcli.commands._hidden import typed_line

    try:
        with _alone(), open("/dev/tty", "r+b", buffering=0) as terminal:
            typed = typed_line(terminal.fileno(), lambda: terminal.write(f"{prompt}: ".encode()), _LONGEST)
            terminal.write(b"\n")  # that of Enter was not shown
    except OSError as error:
        message = f"the prompt '{prompt}' cannot be answered: {why(error)}"
        raise UnusableKeyError(message, hint=_FOREGROUND, code="no_answer") from None
    _tell_rest(typed.rest)
    if not typed.entered:
        raise UnusableKeyError(f"the prompt '{prompt}' was left without an answer", code="no_answer")
    return typed.line


def _tell_rest(there: bool, instead: str = "") -> None:
    if there:
        remark("warning", f"what was pasted behind the first line was thrown away{instead}")
