"""Whose a file is: one that nobody named is believed only where none but this user could have put it there."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from jwtcli.core.errors import FileError
from jwtcli.core.files import read

_MOST_LINKS = 40  # after as many the kernel gives up too
_REPLACED = "it was put there, or taken away, while it was read"


def read_own(path: Path, limit: int) -> bytes:
    """Read a regular file that none but this user could have put there, at most ``limit`` bytes.

    It is looked at once more when it is open, itself and its place: where others can rename, it may be another by then.
    Raises FileError with the reason where it is in other hands, OSError and ValueError where it
    cannot be read.
    """
    reason = in_other_hands(path)
    if reason is None:
        with open(path, "rb", buffering=0, opener=_without_waiting) as file:
            reason = _fault_of_opened(path, file.fileno())
            if reason is None:
                return read(file.fileno(), limit)
    raise FileError(reason)


def in_other_hands(path: Path) -> str | None:
    """Say why another user may have put a file there, or None; what cannot be looked at is told by whoever reads it.

    The file and its directory must be this user's or root's, and neither may be open to others for
    writing, both where they are named and where links lead, and so for each link on the way. A
    directory with the sticky bit may: there nobody can take away what is another's. Root's group and
    the user's own count as the user.
    """
    if os.name == "nt":  # there modes say nothing
        return None
    try:
        return _first_fault(path)
    except (OSError, ValueError):
        return None


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # a pipe would keep us until somebody writes


def _fault_of_opened(path: Path, descriptor: int) -> str | None:
    opened = os.fstat(descriptor)
    if not stat.S_ISREG(opened.st_mode):
        return "it is a device or pipe, no regular file"
    if os.name == "nt":
        return None
    # Of itself, under whatever name it was found.
    if opened.st_uid not in (os.geteuid(), 0) or _is_open(opened, descriptor):
        return "what was found there is another user's, or open to others"
    try:
        return _first_fault(path) or (None if os.path.samestat(opened, os.stat(path)) else _REPLACED)
    except OSError:
        return _REPLACED


def _first_fault(path: Path) -> str | None:
    named, real = os.path.abspath(path), os.path.realpath(path)
    return next(filter(None, map(_fault, dict.fromkeys((named, *_links(str(path.absolute())), real)))), None)


def _links(path: str) -> Iterator[str]:
    """Yield each link that a path leads through, with those in the targets of others."""
    done, left, links = os.sep, path.split(os.sep), 0
    while left:
        step = os.path.normpath(os.path.join(done, left.pop(0)))  # nothing before the last name is a link any more
        if not os.path.islink(step):
            done = step
        elif (links := links + 1) <= _MOST_LINKS:
            yield step
            target = os.readlink(step)
            done = os.sep if os.path.isabs(target) else done
            left = [*target.split(os.sep), *left]


def _fault(place: str) -> str | None:
    folder = os.path.dirname(place)
    file, holder = os.lstat(place), os.stat(folder)
    for name, status in ((place, file), (folder, os.lstat(folder)), (folder, holder)):
        if status.st_uid not in (os.geteuid(), 0):
            return f"{name} belongs to another user"
    if not stat.S_ISLNK(file.st_mode) and _is_open(file, place):  # a link is open by its mode, and cannot be written
        return f"others can write {place}"
    if _is_open(holder, folder) and not holder.st_mode & stat.S_ISVTX:
        return f"others can write to {folder}"
    return None


def _is_open(status: os.stat_result, found: str | int) -> bool:
    """Tell whether others can write; in many installations each user has a group of one, and a umask that trusts it.

    With an access list the bits of the group are those of everybody whom it names.
    """
    if status.st_mode & stat.S_IWOTH:
        return True
    others = status.st_gid not in (os.getegid(), 0)
    return bool(status.st_mode & stat.S_IWGRP) and (others or _has_access_list(found))


def _has_access_list(found: str | int) -> bool:
    try:
        return bool(os.getxattr(found, "system.posix_acl_access"))
    except (OSError, AttributeError):  # Linux alone tells of them in this way
        return False
