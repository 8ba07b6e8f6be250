"""The cache of fetched documents: one private file for each URL, replaced whole, forgotten where it is damaged."""

import json
import os
import re
from contextlib import suppress
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from jwtcli.core.errors import FileError, JwtcliError
from jwtcli.core.ownership import read_own
from jwtcli.core.storage import NewFile, make_private_directory, write
from jwtcli.core.strict import json_object

MAX_ENTRIES = 64
_MAX_BYTES = 8 * 1024 * 1024  # 1 MiB of a server's JSON, every character of it as an escape


@dataclass(frozen=True, slots=True)
class Cached:
    """A document, where it came from, when (Unix time), for how many seconds it stays young, and from how near."""

    url: str
    fetched_at: int
    max_age: int
    document: dict[str, Any]
    near: int = 0

    def is_young(self, now: int) -> bool:
        """Tell whether it may be used without asking again; one from the future may not."""
        return 0 <= now - self.fetched_at < self.max_age


def recall(directory: Path, url: str) -> Cached | None:
    """Return what is kept for a URL, however old; None where nothing can be read, or another user may have put it."""
    try:
        entry = json_object(read_own(_place(directory, url), _MAX_BYTES))
    except (FileError, OSError, ValueError):
        return None
    document, near = entry.get("document"), entry.get("near")
    moment, age = entry.get("fetched_at"), entry.get("max_age")
    if entry.get("url") != url or not isinstance(document, dict):
        return None
    if not isinstance(moment, int) or not isinstance(age, int) or not isinstance(near, int):
        return None
    return Cached(url, moment, age, document, near)


def remember(directory: Path, entry: Cached) -> None:
    """Keep a document; a cache that cannot be written is no failure."""
    # Not asdict, which goes through the document as well, and in Python 3.11 no deeper than 330 levels.
    content = json.dumps({each.name: getattr(entry, each.name) for each in fields(entry)})
    try:
        make_private_directory(directory)
        write([NewFile(_place(directory, entry.url), content.encode("ascii"))], force=True)
        _forget_the_oldest(directory)
    except (JwtcliError, OSError):  # a name that no file of ours may have among them
        return


def forget(directory: Path, url: str) -> None:
    """Keep nothing for a URL any more, whose newer document may not be kept."""
    with suppress(OSError):
        os.unlink(_place(directory, url))


def _forget_the_oldest(directory: Path) -> None:
    """Keep the directory small: an issuer can name another place for its keys each time.

    Others may do the same at this moment, and what is gone already is no obstacle.
    """
    ages: list[tuple[int, str]] = []
    for entry in os.scandir(directory):
        if re.fullmatch(r"[0-9a-f]{64}\.json", entry.name):
            with suppress(FileNotFoundError):
                ages.append((entry.stat(follow_symlinks=False).st_mtime_ns, entry.path))
    for _, path in sorted(ages)[:-MAX_ENTRIES]:
        with suppress(FileNotFoundError):
            os.unlink(path)


def _place(directory: Path, url: str) -> Path:
    return directory / f"{sha256(url.encode('utf-8', 'surrogatepass')).hexdigest()}.json"
