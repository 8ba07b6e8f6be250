"""Writing key files: whole or not at all, private from the first instant, never over or through what is there."""

import os
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jwtcli.core.endings import ended_by_exceptions, undisturbed
from jwtcli.core.errors import FileError, UsageError
from jwtcli.core.files import why
from jwtcli.core.printable import STEERING

PRIVATE = 0o600
PUBLIC = 0o644


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be written; ``mode`` is what it has from its first instant (less the umask)."""

    path: Path
    content: bytes = field(repr=False)
    mode: int = PRIVATE


@dataclass(frozen=True, slots=True)
class _Placed:
    """A file brought to its place: which one it is, and where what it replaced waits, if anything."""

    path: Path
    ours: os.stat_result
    old: Path | None = None


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
    _refuse_one_place(files)
    placed: list[_Placed] = []
    with ended_by_exceptions(then is not None):
        try:
            with undisturbed():
                _put(files, placed, force=force, kept=then is not None or len(files) > 1)
                if then is None:
                    _forget(placed)
            if then is not None:
                then()
        except BaseException:
            with undisturbed():
                _take_back(placed)
            raise
        with undisturbed():
            _forget(placed)


def refuse_name(path: Path) -> None:
    """Refuse a new file whose name would steer the terminal on which its path is printed, or cannot be one.

    Raises UsageError and FileError.
    """
    try:
        os.fsencode(path)
    except UnicodeEncodeError as error:
        raise _unwritable(path, error) from None
    if re.search(f"[{STEERING}]", str(path)):
        raise UsageError("the name of a new file must not hold control characters", code="unprintable_name")


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


def _refuse_one_place(files: Sequence[NewFile]) -> None:
    """Refuse two files that would come to lie in one place, by whatever names: the second would replace the first."""
    places = {(os.path.realpath(file.path.parent), file.path.name) for file in files}
    if len(places) < len(files):
        raise UsageError(f"one file cannot hold both halves of a key: {files[0].path}", code="same_file")


def _forget(placed: list[_Placed]) -> None:
    """Take away what was replaced: from here on nothing comes back."""
    while placed:
        old = placed.pop().old
        if old is not None:
            old.unlink(missing_ok=True)


def _put(files: Sequence[NewFile], placed: list[_Placed], *, force: bool, kept: bool) -> None:
    """Bring all files to their places; ``placed`` learns of each, and where the old one waits if it is ``kept``."""
    staged: list[tuple[Path, os.stat_result, Path]] = []
    try:
        for file in files:
            _refuse_impossible(file.path, force=force)
            staged.append((*_stage(file), file.path))
        for temporary, ours, path in staged:
            placed.append(_Placed(path, ours, _set_aside(path) if force and kept else None))
            if force:
                _move(temporary, path)
            else:
                _take(temporary, path)
    except BaseException:
        _take_back(placed)  # before a signal that waits ends the process
        raise
    finally:
        for temporary, *_ in staged:
            temporary.unlink(missing_ok=True)


def _beside(path: Path, ending: str) -> Path:
    # a name of 255 bytes is legal, and so must be the one that is made of it
    return path.with_name(f".{path.name[:48]}.{secrets.token_hex(6)}.{ending}")


def _stage(file: NewFile) -> tuple[Path, os.stat_result]:
    """Write a file beside its place, and tell its name there and which one it is."""
    temporary = _beside(file.path, "new")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, file.mode)
    except (OSError, ValueError) as error:
        raise _unwritable(file.path, error) from None
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(file.content)
            out.flush()
            os.fsync(out.fileno())
            ours = os.fstat(out.fileno())
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _unwritable(file.path, error) from None
        raise
    return temporary, ours


def _refuse_impossible(path: Path, *, force: bool) -> None:
    """Find out before anything is moved whether the place can be taken: a pair must not come by half."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None
    if os.path.isdir(path):
        raise FileError(f"cannot write {path}: it is a directory", code="unwritable")
    if force and _is_device(path):
        raise FileError(f"cannot write {path}: it is a device or pipe, no regular file", code="unwritable")


def _is_device(path: Path) -> bool:
    """Tell a device or pipe by whatever name: through a link too, as /dev/stdout is one whatever it leads to."""
    return (os.path.exists(path) and not os.path.isfile(path)) or os.path.realpath(path.parent) == "/dev"


def _take(temporary: Path, path: Path) -> None:
    """Bring a file to a place that nothing stands in; raises FileError where something does."""
    try:
        try:
            os.link(temporary, path, follow_symlinks=False)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            _take_by_an_empty_file(temporary, path)
    except FileExistsError:
        raise FileError(
            f"{path} is already there and was left as it is",
            hint="name another place" if _is_device(path) else "--force replaces it, or name another place",
            code="exists",
        ) from None
    except OSError as error:
        raise _unwritable(path, error) from None


def _take_by_an_empty_file(temporary: Path, path: Path) -> None:
    """Have an empty file hold the place until the rename; raises OSError."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
    try:
        os.replace(temporary, path)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _set_aside(path: Path) -> Path | None:
    """Give what stands in a place a second name, by which it can come back; None where nothing stands."""
    old = _beside(path, "old")
    try:
        os.link(path, old, follow_symlinks=False)
    except FileNotFoundError:
        return None
    except OSError:  # a file system without hard links, or the file of another user
        try:
            os.rename(path, old)
        except OSError as error:
            raise _unwritable(path, error) from None
    return old


def _take_back(placed: list[_Placed]) -> None:
    """Have every place as it was, the last one first; raises FileError, which names what waits elsewhere."""
    while placed:
        one = placed.pop()
        try:
            _put_back(one)
        except OSError as error:
            waits = "" if one.old is None else f"; what stood there is now {one.old}"
            raise FileError(f"cannot put {one.path} back: {why(error)}{waits}", code="unwritable") from None


def _put_back(placed: _Placed) -> None:
    """Have a place as it was, unless what stands there now is another program's."""
    free = _take_away(placed)
    if placed.old is None:
        return
    if free:
        _return(placed.old, placed.path)
    placed.old.unlink(missing_ok=True)


def _take_away(placed: _Placed) -> bool:
    """Take our file from its place, and tell whether that is free now.

    Another's may come to the place after any look at it, so ours is removed under a name that nobody else uses.
    """
    try:
        if not os.path.samestat(os.lstat(placed.path), placed.ours):
            return False
        aside = _beside(placed.path, "gone")
        os.rename(placed.path, aside)
    except FileNotFoundError:
        return True
    ours = os.path.samestat(os.lstat(aside), placed.ours)
    if not ours:
        _return(aside, placed.path)
    aside.unlink(missing_ok=True)
    return ours


def _return(waiting: Path, path: Path) -> None:
    """Bring a file back to its place unless another stands there by now."""
    try:
        os.link(waiting, path, follow_symlinks=False)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links, or the file of another user
        os.rename(waiting, path)


def _move(temporary: Path, path: Path) -> None:
    try:
        os.replace(temporary, path)
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: Exception) -> FileError:
    return FileError(f"cannot write {path}: {why(error)}", code="unwritable")
