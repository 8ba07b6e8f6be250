"""Reading a file to its end or a limit, in whatever pieces it comes; a terminal is none: it would be a silent wait."""

import os
from collections.abc import Callable
from typing import IO

from jwtcli.core.errors import FileError

_PIECE = 64 * 1024


def open_file(path: str) -> IO[bytes]:
    """Open a file to be read; raises OSError or ValueError, and FileError for a terminal."""
    return _no_terminal(open(path, "rb", buffering=0), path)


def read_file(path: str, limit: int) -> bytes:
    """Read at most ``limit`` bytes of a file; raises what ``open_file`` does."""
    with open_file(path) as file:
        return read(file.fileno(), limit)


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
            _wait(descriptor)
            continue
        if not piece:
            break
        pieces += piece
    return bytes(pieces)


def _no_terminal(file: IO[bytes], path: str) -> IO[bytes]:
    if not os.isatty(file.fileno()):
        return file
    file.close()
    hint = "- reads standard input, a terminal too; --secret-prompt asks for a secret unseen"
    raise FileError(f"cannot read {path}: it is a terminal", hint=hint, code="unreadable")


def _wait(descriptor: int) -> None:
    from select import POLLIN, poll

    waiting = poll()
    waiting.register(descriptor, POLLIN)
    waiting.poll()
