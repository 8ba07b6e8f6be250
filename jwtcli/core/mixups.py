"""The key where the name of its file belongs, and the name where the key belongs: refused without telling the key."""

import os
import re
from collections.abc import Iterable, Iterator

from jwtcli.core.errors import UnusableKeyError, UsageError
from jwtcli.core.printable import MAY_BE_SECRET, printable
from jwtcli.core.urls import is_url

_KEY_FILE = r".*\.(b64|cer|crt|der|hex|jwks?|json|key|p8|pem|pub|secret|txt)"
_TELLING = 16  # so much of a secret in a message is too much
_PREFIXES = range(1, 5)  # the @ of @FILE, the -o of -oFILE, a cluster such as -qk before it


def refuse_path_as_content(name: str, value: str) -> None:
    """Refuse the name of a file where its content belongs: as a secret it would be one that anybody can guess."""
    if set(value) & set("./\\") and os.path.exists(value):
        raise UnusableKeyError(
            f"{name} holds the name of a file, where its content belongs",
            hint=f"{name}_FILE takes the name of a file",
            code="file_name",
        )


def refuse_content_as_path(path: str, option: str) -> None:
    """Refuse a key, a secret or a URL where the name of a file belongs; the file need not be there to be one."""
    if is_url(path) and "://" in path:
        raise UsageError(f"{option} takes a file, not a URL", hint="verify --jwks takes a URL of a key set")
    looks_like_content = "\n" in path or "-----BEGIN" in path or path.lstrip().startswith("{")
    reads_like_secret = len(path) >= MAY_BE_SECRET and (path.endswith("=") or not set(path) & set("./\\"))
    if (looks_like_content or reads_like_secret) and not os.path.exists(path):
        in_variable = option.startswith("JWTCLI_")
        raise UsageError(
            f"{option} takes the name of a file, and what was given looks like a key or secret itself",
            hint="JWTCLI_KEY takes a key itself, and JWTCLI_SECRET a secret"
            if in_variable
            else "it now stands in your shell's history: put a new one into a file or a variable",
            code="key_on_command_line",
        )


def untold(message: str, given: Iterable[str]) -> str:
    """Leave out of a message what was given on the command line and may be a token or secret in the wrong place.

    That is each stretch of it, in the spellings that messages have for it: Python's, one that is safe to show, the
    name of a file. A URL of the web stays, for nobody could mend it unseen, but not its query.
    """
    from pathlib import PurePath  # late: most runs end well

    told = set(_stretches(message))
    hidden: dict[str, int] = {}
    for text in filter(None, map(_what_may_be_secret, given)):
        for spelling in (text, repr(text)[1:-1], printable(text), str(PurePath(text))):
            hidden |= {stretch: len(text) for stretch in _stretches(spelling) if stretch in told}
    return _without(message, hidden)


def _what_may_be_secret(arg: str) -> str | None:
    """Return the part of an argument that must not be told, if it has one."""
    text = arg.partition("=")[2] if re.match(r"--[a-z-]+=", arg) else arg
    if re.fullmatch(r"https?://\S+", text):
        return re.split("[?#]", text, maxsplit=1)[-1] if re.search("[?#]", text) else None
    names = (text, *(text[begin:] for begin in _PREFIXES))
    return None if len(text) < MAY_BE_SECRET or any(map(_names_a_file, names)) else text


def _stretches(text: str) -> Iterator[str]:
    return (text[at : at + _TELLING] for at in range(len(text) - _TELLING + 1))


def _without(message: str, hidden: dict[str, int]) -> str:
    """Replace what is made of hidden stretches by how long the text is that they come from."""
    kept, at = [], 0
    while at < len(message):
        end = at
        while message[end : end + _TELLING] in hidden:
            end += 1
        if end == at:
            kept.append(message[at])
            at += 1
        else:
            kept.append(f"(a text of {hidden[message[at : at + _TELLING]]} characters)")
            at = end + _TELLING - 1
    return "".join(kept)


def may_be_a_secret(path: str) -> bool:
    """Tell whether the name of an unreadable file is better not told: long, and with nothing that speaks for a file."""
    return len(path) >= MAY_BE_SECRET and not _names_a_file(path)


def _names_a_file(path: str) -> bool:
    folder = os.path.dirname(path)
    known = os.path.exists(path) or (folder.strip("./\\") != "" and os.path.isdir(folder))
    return known or re.fullmatch(_KEY_FILE, path) is not None
