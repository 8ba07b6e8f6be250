"""The places of new files: taken in one instant, never from another program's file, and given back as they were."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from jwtcli.core.errors import FileError
from jwtcli.core.files import unwritable, why


@dataclass(frozen=True, slots=True)
class _Placed:
    """A file brought to its place: which one it is, and where what it replaced waits, if anything."""

    path: Path
    ours: os.stat_result
    old: Path | None = None


class Places:
    """The places that files were brought to, and what stood there, until that is forgotten or put back."""

    def __init__(self) -> None:
        self._placed: list[_Placed] = []

    def take(self, temporary: Path, ours: os.stat_result, path: Path, *, force: bool, kept: bool) -> None:
        """Bring a file that is ready beside its place there; what it replaces waits if that is ``kept``.

        Raises FileError where it cannot be done, and without ``force`` where anything stands there.
        """
        self._placed.append(_Placed(path, ours, _set_aside(path) if force and kept else None))
        if force:
            _move(temporary, path)
        else:
            _take(temporary, path)

    def forget(self) -> None:
        """Take away what was replaced: from here on nothing comes back."""
        while self._placed:
            old = self._placed.pop().old
            if old is not None:
                old.unlink(missing_ok=True)

    def take_back(self) -> None:
        """Have every place as it was, the last one first; raises FileError, which names what waits elsewhere."""
        while self._placed:
            one = self._placed.pop()
            try:
                _put_back(one)
            except OSError as error:
                waits = "" if one.old is None else f"; what stood there is now {one.old}"
                raise FileError(f"cannot put {one.path} back: {why(error)}{waits}", code="unwritable") from None


def beside(path: Path, ending: str) -> Path:
    """Return a name that nothing has, in the directory of a place."""
    # a name of 255 bytes is legal, and so must be the one that is made of it
    return path.with_name(f".{path.name[:48]}.{secrets.token_hex(6)}.{ending}")


def refuse_impossible(path: Path, *, force: bool) -> None:
    """Find out before anything is moved whether the place can be taken: a pair must not come by half.

    Raises FileError.
    """
    try:
        os.lstat(path)
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise unwritable(path, error) from None
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
        raise unwritable(path, error) from None


def _take_by_an_empty_file(temporary: Path, path: Path) -> None:
    """Have an empty file hold the place until the rename; raises OSError."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        os.replace(temporary, path)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _move(temporary: Path, path: Path) -> None:
    try:
        os.replace(temporary, path)
    except OSError as error:
        raise unwritable(path, error) from None


def _set_aside(path: Path) -> Path | None:
    """Give what stands in a place a second name, by which it can come back; None where nothing stands."""
    old = beside(path, "old")
    try:
        os.link(path, old, follow_symlinks=False)
    except FileNotFoundError:
        return None
    except OSError:  # a file system without hard links, or the file of another user
        try:
            os.rename(path, old)
        except OSError as error:
            raise unwritable(path, error) from None
    return old


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
        aside = beside(placed.path, "gone")
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
