"""Standard input, output and error: one product on stdout, remarks on stderr, stdin read once and bounded."""

import codecs
import os
import re
import stat
import sys
from typing import IO, Any

from jwtcli.core.errors import FileError
from jwtcli.core.files import read, unreadable, why, write
from jwtcli.core.printable import in_ascii, printable

_CLOSED = "it is closed"
_RAW_C1 = "[\udc80-\udc9f]"  # C1 controls that are no UTF-8, as Python keeps them
_STDOUT = ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")


def emit(text: str) -> None:
    """Print the product and a newline; raises FileError where it could not be delivered.

    It is UTF-8 whatever the locale: an escape in place of a letter would make another claim of it. What is left of
    bytes that were no text, in a path from the command line, goes out as those bytes, but for those that are
    controls to a terminal of 8 bits.
    """
    text = text if text.isascii() else re.sub(_RAW_C1, lambda found: printable(found[0]), text)
    try:
        emit_bytes(f"{text}\n".encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        raise _lost("it is no text") from None


def emit_bytes(content: bytes) -> None:
    """Print a product that is bytes, as it is; raises FileError where it could not be delivered.

    Not by way of ``sys.stdout``, which leaves out the rest of a short write where PYTHONUNBUFFERED is set.
    """
    descriptor = descriptor_of(sys.stdout)
    try:
        if descriptor is None:
            _write_to_memory(content)
        else:
            write(descriptor, content)
    except BrokenPipeError:
        raise
    except (OSError, ValueError, AttributeError) as error:
        raise _lost(why(error, _CLOSED)) from None


def remark(kind: str, message: str) -> None:
    """Say one line on stderr: an error, hint, warning or note. Nobody listening is no failure.

    In a GitHub Actions run an error is also an annotation of the run.
    """
    say(f"jwtcli: {kind}: {printable(message)}")
    if kind == "error":
        annotate(message)


def annotate(message: str) -> None:
    """Make an error an annotation of the GitHub Actions run; elsewhere do nothing."""
    from jwtcli.commands._ci import in_github_actions, workflow_command  # late: what succeeds has no errors

    if in_github_actions():
        say(workflow_command("error", message))


def say(line: str) -> bool:
    """Write a line to stderr and tell whether it was taken. Nobody listening is no failure.

    In any other charset than UTF-8 letters are escapes: a terminal that reads UTF-8 may take their bytes for controls.
    """
    try:
        charset = sys.stderr.encoding  # None in memory
        kept = charset is None or codecs.lookup(charset).name == "utf-8"
        sys.stderr.write(f"{line if kept else in_ascii(line)}\n")
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        _abandon(sys.stderr)
        return False
    return True


def read_stdin(limit: int) -> bytes:
    """Read at most ``limit`` bytes from stdin; raises FileError where it is closed or broken."""
    if sys.stdin is None:
        raise FileError("standard input is closed", code="unreadable")
    try:
        return _read(sys.stdin.buffer, limit)
    except (OSError, ValueError) as error:
        raise unreadable("standard input", error, _CLOSED) from None


def descriptor_of(stream: Any) -> int | None:
    """Return the descriptor of a stream, None where it has none, as a test's in memory."""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError, AttributeError):
        return None
    return int(descriptor)


def is_stdin(path: str) -> bool:
    """Tell whether a path is standard input: ``-``, or another name of what is open there, such as /dev/stdin."""
    if path == "-":
        return True
    descriptor = descriptor_of(sys.stdin)
    try:
        return descriptor is not None and os.path.samestat(os.stat(path), os.fstat(descriptor))
    except (OSError, ValueError):
        return False


def names_stdout(path: str) -> bool:
    """Tell whether a path means standard output: ``-``, or a name that the system has for it.

    Not whether it names what is open there: a file to which stdout is redirected is still a file of its own.
    """
    return path == "-" or os.path.normpath(path) in _STDOUT


def is_terminal(stream: IO[str] | None) -> bool:
    """Tell whether a standard stream is a terminal; a closed one is none."""
    return stream is not None and not stream.closed and stream.isatty()


def is_file(stream: IO[str] | None) -> bool:
    """Tell whether a standard stream is a file on a disk, which nobody reads while it is written."""
    return stat.S_ISREG(_mode(stream))


def is_pipe(stream: IO[str] | None) -> bool:
    """Tell whether a standard stream is a pipe."""
    return stat.S_ISFIFO(_mode(stream))


def is_device(stream: IO[str] | None) -> bool:
    """Tell whether a standard stream is a device that nobody reads, such as /dev/null, and no terminal."""
    return stat.S_ISCHR(_mode(stream)) and not is_terminal(stream)


def _mode(stream: IO[str] | None) -> int:
    """Return the kind and permissions of what is behind a stream, 0 where nothing is."""
    descriptor = descriptor_of(stream)
    try:
        return 0 if descriptor is None else os.fstat(descriptor).st_mode
    except OSError:  # it was closed behind our back
        return 0


def abandon_stdout() -> None:
    """Give up what could not be written to stdout."""
    _abandon(sys.stdout)


def _abandon(stream: IO[str]) -> None:
    """Point a stream nowhere: the interpreter's last flush would fail again, and set status 120."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
    except (OSError, ValueError, AttributeError):
        return


def _read(stream: IO[bytes], limit: int) -> bytes:
    descriptor = descriptor_of(stream)
    if descriptor is None:
        return stream.read(limit)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):  # a file keeps nobody waiting
        return read(descriptor, limit)
    from jwtcli.commands._wakeup import Wakeup  # late: a token that is an argument waits for nothing

    with Wakeup() as wakeup:
        return read(descriptor, limit, wakeup.wait)


def _write_to_memory(content: bytes) -> None:
    """Write where there is no descriptor: into the stream of a program that runs jwtcli within its own process."""
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _lost(reason: str) -> FileError:
    return FileError(f"the result could not be written to standard output: {reason}", code="output_lost")
