"""Talking with a person at the terminal: hidden prompts, and a pasted token of any length."""

import os
import stat
import sys
from collections.abc import Callable, Mapping

from jwtcli.commands._streams import is_terminal, read_stdin, remark
from jwtcli.core.errors import FileError, UnusableKeyError


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
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError, AttributeError):  # it is closed
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode)


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

    What is still pending behind the line is read and thrown away, with a warning. Ctrl-C and
    Ctrl-D work as ever, and the terminal is left as it was.
    """
    import termios

    remark("note", "paste a token and press Enter (it is not shown; Ctrl-D gives up)")
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    raw = termios.tcgetattr(descriptor)
    # The kernel's line editor keeps 4095 bytes and drops the rest; its echo would show a credential.
    raw[3] &= ~(termios.ICANON | termios.ECHO)
    raw[6][termios.VMIN], raw[6][termios.VTIME] = 1, 0
    try:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, raw)
        line, rest = _read_line(descriptor, limit)
        rest |= _drain(descriptor)
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
    if rest:
        remark("warning", "what was pasted behind the first line was thrown away")
    return line


def _read_line(descriptor: int, limit: int) -> tuple[bytes, bool]:
    line = bytearray()
    while len(line) <= limit:
        chunk = os.read(descriptor, 65536)
        for position, byte in enumerate(chunk):
            if byte in b"\r\n":
                return bytes(line), bool(chunk[position + 1 :].strip())
            if byte == 0x04:  # Ctrl-D
                return bytes(line), False
            if byte in (0x08, 0x7F):  # the line editor is off, so erasing is ours
                del line[-1:]
            else:
                line.append(byte)
        if not chunk:
            break
    return bytes(line), False


def _drain(descriptor: int) -> bool:
    from select import select

    drained = False
    while select([descriptor], [], [], 0.05)[0]:
        chunk = os.read(descriptor, 65536)
        if not chunk:
            break
        drained = drained or bool(chunk.strip())
    return drained


def _ask(prompt: str) -> bytes:
    from getpass import getpass

    try:
        return os.fsencode(getpass(f"{prompt}: "))
    except EOFError:
        sys.stderr.write("\n")  # Ctrl-D leaves the cursor behind the prompt
        raise UnusableKeyError(f"the prompt '{prompt}' was left without an answer", code="no_answer") from None
    except UnicodeError:  # its text would quote what was typed
        raise UnusableKeyError("what was typed is no text in this locale's encoding", code="no_answer") from None
