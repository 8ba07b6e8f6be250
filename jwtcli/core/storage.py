"""Writing key files: whole or not at all, private from the first instant, never over or through what is there."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jwtcli.core.errors import FileError
from jwtcli.core.sources import why

PRIVATE = 0o600
PUBLIC = 0o644


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be written; ``mode`` is what it has from its first instant (less the umask)."""

    path: Path
    content: bytes = field(repr=False)
    mode: int = PRIVATE


def write(files: Sequence[NewFile], *, force: bool) -> None:
    """Write all of the files, or none.

    Each is written beside its place and synced, then moved there by a rename, which replaces a link
    and never follows it. Without ``force`` a hard link takes the place first: it comes whole, and
    fails where anything stands, a dangling link too. Raises FileError; what was begun is taken away again.
    """
    staged: list[tuple[Path, NewFile]] = []
    placed: list[Path] = []
    try:
        for file in files:
            _refuse_what_is_no_file(file.path)
            staged.append((_stage(file), file))
        for temporary, file in staged:
            _place(temporary, file.path, force=force)
            placed.append(file.path)
    except BaseException:
        if not force:
            for path in placed:
                path.unlink(missing_ok=True)
        raise
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def make_private_directory(path: Path) -> None:
    """Make a directory that only its owner can enter; raises FileError."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"cannot make the directory {path}: {why(error)}", code="unwritable") from None


def _refuse_what_is_no_file(path: Path) -> None:
    """Refuse a directory, and a device or FIFO, which a rename would take away."""
    if os.path.isdir(path):
        raise FileError(f"cannot write {path}: it is a directory", code="unwritable")
    if os.path.exists(path) and not (os.path.isfile(path) or os.path.islink(path)):
        raise FileError(f"cannot write {path}: it is a device or pipe, no regular file", code="unwritable")


def _stage(file: NewFile) -> Path:
    temporary = file.path.with_name(f".{file.path.name[:64]}.{secrets.token_hex(6)}.new")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, file.mode)
    except (OSError, ValueError) as error:
        raise FileError(f"cannot write {file.path}: {why(error)}", code="unwritable") from None
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(file.content)
            out.flush()
            os.fsync(out.fileno())
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise FileError(f"cannot write {file.path}: {why(error)}", code="unwritable") from None
        raise
    return temporary


def _place(temporary: Path, path: Path, *, force: bool) -> None:
    try:
        if not force:
            _reserve(temporary, path)
        os.replace(temporary, path)
    except FileExistsError:
        raise FileError(
            f"{path} is already there and was left as it is",
            hint="--force replaces it, or -o FILE names another",
            code="exists",
        ) from None
    except OSError as error:
        raise FileError(f"cannot write {path}: {why(error)}", code="unwritable") from None


def _reserve(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: an empty file holds the place instead
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
