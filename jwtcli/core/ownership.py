"""Whose a file is: one that nobody named is believed only where none but this user could have put it there."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

_MOST_LINKS = 40  # after as many the kernel gives up too


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
        named, real = os.path.abspath(path), os.path.realpath(path)
        return next(filter(None, map(_fault, dict.fromkeys((named, *_links(str(path.absolute())), real)))), None)
    except (OSError, ValueError):
        return None


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
    if not stat.S_ISLNK(file.st_mode) and _is_open(file):  # a link is open by its mode, and cannot be written
        return f"others can write {place}"
    if _is_open(holder) and not holder.st_mode & stat.S_ISVTX:
        return f"others can write to {folder}"
    return None


def _is_open(status: os.stat_result) -> bool:
    """Tell whether others can write; in many installations each user has a group of one, and a umask that trusts it."""
    by_group = status.st_mode & stat.S_IWGRP and status.st_gid not in (os.getegid(), 0)
    return bool(status.st_mode & stat.S_IWOTH or by_group)
