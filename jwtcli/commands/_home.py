"""The user's own directories: where the default key file and the cache are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jwtcli.commands._stdio import is_stdin
from jwtcli.core.errors import UnusableKeyError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def default_key_file(environ: Mapping[str, str]) -> Path:
    """Return where ``keygen`` puts the key and the other commands look last.

    Never a path in the current directory, which may be somebody else's checkout. Raises UsageError
    for a JWTCLI_HOME that is no absolute path, UnusableKeyError where the user has no home.
    """
    from pathlib import Path

    home = environ.get("JWTCLI_HOME")
    if home:
        if not os.path.isabs(home):
            raise UsageError(
                "JWTCLI_HOME is no absolute path: whose keys it means would change with the current directory",
                hint="write it from / on; no shell has filled in a ~ here",
            )
        return Path(home) / "key.jwk"
    from platformdirs import user_config_path

    directory = _at_home(user_config_path)
    if directory is None:
        raise UnusableKeyError(
            "there is no home directory to hold a default key file",
            hint="set JWTCLI_HOME to a directory, or name a key file (--key FILE; keygen -o FILE)",
            code="no_home",
        )
    return directory / "key.jwk"


def own_key_file(environ: Mapping[str, str]) -> Path:
    """Return the default key file to be read; raises UnusableKeyError where it is what carries the token."""
    path = default_key_file(environ)
    if is_stdin(str(path)):
        from jwtcli.core.default_key import untrusted

        raise untrusted(path, "it is standard input")
    return path


def cache_directory(environ: Mapping[str, str]) -> Path | None:
    """Return where fetched key sets are kept, or None where no place is surely this user's."""
    from pathlib import Path

    home = environ.get("JWTCLI_HOME")
    if home:
        return Path(home) / "cache" if os.path.isabs(home) else None
    from platformdirs import user_cache_path

    return _at_home(user_cache_path)


def _at_home(directory: Callable[..., Path]) -> Path | None:
    """Ask for one of the user's own directories; None where there is no home, neither HOME nor an entry of passwd."""
    try:
        path = directory("jwtcli", appauthor=False)
    except RuntimeError:
        return None
    return path if path.is_absolute() else None
