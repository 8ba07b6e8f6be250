"""Writing key files: whole or not at all, private from the first instant, never over or through what is there."""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jwtcli.core.endings import ended_by_exceptions, undisturbed
from jwtcli.core.errors import FileError, UsageError
from jwtcli.core.files import unwritable, why
from jwtcli.core.places import Places, beside, refuse_impossible
from jwtcli.core.printable import STEERING

PRIVATE = 0o600
PUBLIC = 0o644


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be written; ``mode`` is what it has from its first instant (less the umask)."""

    path: Path
    content: bytes = field(repr=False)
    mode: int = PRIVATE


def write(files: Sequence[NewFile], *, force: bool, then: Callable[[], None] | None = None) -> None:
    """Write all of the files and do what comes ``then``, or leave everything as it was.

    Each is written beside its place and synced, then moved there by a rename, which replaces a link
    and never follows it; without ``force`` by a hard link, which fails where anything stands, a dangling
    link too. Raises FileError, and UsageError for two files in one place and for control characters in
    a name; what was begun is taken away again, and what was replaced comes back, unless another program
    has put a file of its own there meanwhile.
    """
    for file in files:
        refuse_name(file.path)
    refuse_one_place([file.path for file in files])
    places = Places()
    with ended_by_exceptions(then is not None):
        try:
            with undisturbed():
                _put(files, places, force=force, kept=then is not None or len(files) > 1)
                if then is None:
                    places.forget()
            if then is not None:
                then()
        except BaseException:
            with undisturbed():
                places.take_back()
            raise
        with undisturbed():
            places.forget()


def refuse_name(path: Path) -> None:
    """Refuse a new file whose name would steer the terminal on which its path is printed, or cannot be one.

    Raises UsageError and FileError.
    """
    try:
        os.fsencode(path)
    except UnicodeEncodeError as error:
        raise unwritable(path, error) from None
    if re.search(f"[{STEERING}]", str(path)):
        raise UsageError("the name of a new file must not hold control characters", code="unprintable_name")


def refuse_one_place(paths: Sequence[Path]) -> None:
    """Refuse two new files that would come to lie in one place, by whatever names: the second would replace the first.

    Raises UsageError.
    """
    places = {(os.path.realpath(path.parent), path.name) for path in paths}
    if len(places) < len(paths):
        raise UsageError(f"one file cannot hold both halves of a key: {paths[0]}", code="same_file")


def make_private_directory(path: Path) -> None:
    """Make a directory that only its owner can enter, and likewise each above it that is missing; raises FileError."""
    make_directory(path, mode=0o700)


def make_directory(path: Path, mode: int = 0o777) -> None:
    """Make a directory, and those above it, unless it is there; raises FileError, and UsageError as ``write`` does."""
    refuse_name(path)
    try:
        for place in (*reversed(path.parents), path):  # parents=True would make those above by the umask alone
            place.mkdir(mode=mode, exist_ok=True)
    except OSError as error:
        raise FileError(f"cannot make the directory {path}: {why(error)}", code="unwritable") from None


def _put(files: Sequence[NewFile], places: Places, *, force: bool, kept: bool) -> None:
    """Write all files and bring them to their places; what they replace waits if it is ``kept``."""
    staged: list[tuple[Path, os.stat_result, Path]] = []
    try:
        for file in files:
            refuse_impossible(file.path, force=force)
            staged.append((*_stage(file), file.path))
        for temporary, ours, path in staged:
            places.take(temporary, ours, path, force=force, kept=kept)
    except BaseException:
        places.take_back()  # before a signal that waits ends the process
        raise
    finally:
        for temporary, *_ in staged:
            temporary.unlink(missing_ok=True)


def _stage(file: NewFile) -> tuple[Path, os.stat_result]:
    """Write a file beside its place, and tell its name there and which one it is."""
    temporary = beside(file.path, "new")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, file.mode)
    except (OSError, ValueError) as error:
        raise unwritable(file.path, error) from None
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(file.content)
            out.flush()
            os.fsync(out.fileno())
            ours = os.fstat(out.fileno())
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise unwritable(file.path, error) from None
        raise
    return temporary, ours
