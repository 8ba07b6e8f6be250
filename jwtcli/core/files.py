"""Reading a file to its end or a limit, and writing to one, in whatever pieces that takes; and why that fails."""

import os
from collections.abc import Callable
from typing import IO

from jwtcli.core.errors import FileError

_PIECE = 64 * 1024
_NO_NAME = "the name is not one that a file can have"


def open_file(path: str, named: str | None = None) -> IO[bytes]:
    """Open a file to be read; raises FileError, for a terminal too.

    ``named`` is what the file is called in the error, where that is not its path.
    """
    try:
        return _no_terminal(open(path, "rb", buffering=0), named or path)
    except (OSError, ValueError) as error:
        raise unreadable(named or path, error) from None


def read_file(path: str, limit: int, named: str | None = None) -> bytes:
    """Read at most ``limit`` bytes of a file; raises FileError as ``open_file`` does."""
    with open_file(path, named) as file:
        try:
            return read(file.fileno(), limit)
        except OSError as error:
            raise unreadable(named or path, error) from None


def read(descriptor: int, limit: int, wait: Callable[[int], object] | None = None) -> bytes:
    """Read a descriptor to its end, at most ``limit`` bytes; raises OSError.

    Where whoever started this process left it non-blocking, nothing there yet is not taken for the end.
    ``wait`` is called before each piece, and returns once there is one.
    """
    pieces = bytearray()
    while len(pieces) < limit:
        if wait is not None:
            wait(descriptor)
        try:
            piece = os.read(descriptor, min(_PIECE, limit - len(pieces)))
        except BlockingIOError:
            _wait(descriptor, for_input=True)
            continue
        if not piece:
            break
        pieces += piece
    return bytes(pieces)


def write(descriptor: int, content: bytes) -> None:
    """Write all of it to a descriptor, which may be one that does not wait; raises OSError."""
    left = memoryview(content)
    while left:
        try:
            left = left[os.write(descriptor, left) :]
        except BlockingIOError:
            _wait(descriptor, for_input=False)


def unreadable(named: str, error: Exception, otherwise: str = _NO_NAME) -> FileError:
    """Return the failure to read something, for the reason that ``why`` gives."""
    return FileError(f"cannot read {named}: {why(error, otherwise)}", code="unreadable")


def unwritable(path: os.PathLike[str], error: Exception) -> FileError:
    """Return the failure to write a file, for the reason that ``why`` gives."""
    return FileError(f"cannot write {path}: {why(error)}", code="unwritable")


def why(error: Exception, otherwise: str = _NO_NAME) -> str:
    """Say in own words why a file operation failed; ``otherwise`` where the system has no word for it."""
    number = getattr(error, "errno", None)
    return os.strerror(number).lower() if number else otherwise


def _no_terminal(file: IO[bytes], named: str) -> IO[bytes]:
    if not os.isatty(file.fileno()):
        return file
    file.close()  # it would be a silent wait
    hint = "- reads standard input, a terminal too; --secret-prompt asks for a secret unseen"
    raise FileError(f"cannot read {named}: it is a terminal", hint=hint, code="unreadable")


def _wait(descriptor: int, *, for_input: bool) -> None:
    from select import POLLIN, POLLOUT, poll

    waiting = poll()
    waiting.register(descriptor, POLLIN if for_input else POLLOUT)
    waiting.poll()
