"""What a command reads: the token, the key, the claims; each from its argument, a file or stdin."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from jwtcli.commands._options import KeyOptions, View
from jwtcli.commands._terminal import hidden_prompt, pasted_line, read_to_end, someone_is_here, stdin_is_terminal
from jwtcli.core import keysets, sources, text
from jwtcli.core.errors import FileError, TokenError, UsageError
from jwtcli.core.keysets import KeySet
from jwtcli.core.sources import KeyRequest, Outside
from jwtcli.core.strict import json_object
from jwtcli.core.tokens import MAX_BYTES


def outside() -> Outside:
    """Describe the process around this run to the core."""
    return Outside(os.environ, read_to_end, hidden_prompt(os.environ))


def read_token(argument: str | None, view: View, *, mend: bool, as_is: bool = False) -> bytes:
    """Read the one token: the argument, ``@FILE``, or stdin; with ``mend`` its wrapping is repaired.

    ``as_is`` takes quotes and white space along, for whoever can say more of them than a refusal.
    """
    found = text.find(read_limited(argument, MAX_BYTES), mend=mend, as_is=as_is)
    for note in found.notes:
        view.note(note)
    return found.compact


def read_limited(argument: str | None, limit: int) -> bytes:
    """Read an argument, ``@FILE`` or ``-``, and on a terminal one pasted line.

    Raises TokenError where there is nothing or more than ``limit`` bytes, FileError where it
    cannot be read.
    """
    if argument is not None and argument not in ("", "-") and argument[0] != "@":
        content = os.fsencode(argument)
    elif argument == "":
        raise TokenError("the token is empty (is a variable unset?)", code="no_token")
    elif argument is not None and argument[0] == "@":
        content = _file(argument[1:], limit)
    elif stdin_is_terminal():
        if not someone_is_here(os.environ):
            raise TokenError("there is no token: standard input is a terminal and nobody is asked", code="no_token")
        content = pasted_line(limit)
    else:
        content = read_to_end(limit + 1)
    if len(content) > limit:
        raise TokenError(f"the input is larger than {limit // 1024 // 1024} MiB", code="too_large")
    return content


def read_claims(argument: str | None) -> dict[str, Any]:
    """Read the claims of ``encode``: a JSON object from the argument, ``@FILE`` or ``-``, else none."""
    if argument is None:
        return {}
    if argument == "":
        raise UsageError("CLAIMS is empty (is a variable unset?)", code="empty_option")
    try:
        if argument == "-":
            content = read_to_end(MAX_BYTES + 1)
        else:
            content = _file(argument[1:], MAX_BYTES) if argument[0] == "@" else os.fsencode(argument)
        if len(content) > MAX_BYTES:
            raise ValueError("they are larger than 2 MiB")
        return json_object(content.strip())
    except ValueError as error:
        raise UsageError(
            f"CLAIMS cannot be used: {error}", hint="CLAIMS is a JSON object, @FILE or -", code="bad_claims"
        ) from None


def refuse_stdin_twice(argument: str | None, request: KeyRequest) -> None:
    """Refuse a key or passphrase from ``-`` where stdin already carries the token."""
    taken = [
        name
        for name, path in (
            ("the command's input", argument),
            ("--key", request.key),
            ("--secret-file", request.secret_file),
            ("--jwks", request.jwks),
            ("--passphrase-file", request.passphrase_file),
        )
        if path == "-"
    ]
    if len(taken) > 1:
        raise UsageError(f"standard input is asked for {' and '.join(taken)}: it can only be one of them")


def load_keys(options: KeyOptions, view: View, *, verifying: bool) -> KeySet:
    """Find and read the key or key set, saying on the way what the user should know of it."""
    around = outside()
    source = sources.find(options.request, around, lambda: default_key_file(os.environ), verifying=verifying)
    keys = keysets.read(source, lambda: sources.passphrase(options.request, around))
    keys = replace(keys, wanted=options.algs, allow_weak=options.allow_weak)
    if any(key.private for key in keys.keys):  # a public key is for everyone to read
        for warning in source.warnings:
            view.warn(warning)
    for note in (*source.notes, *keys.notes):
        view.note(note)
    return keys


def new_passphrase(file: str | None) -> bytes:
    """Return the passphrase for a new key; asked for twice where a person types it."""
    around = outside()
    passphrase = sources.passphrase(KeyRequest(passphrase_file=file), around, "Passphrase for the new key")
    typed = file is None and sources.PASSPHRASE_VARIABLE not in os.environ
    if typed and around.ask is not None and around.ask("The same once more") != passphrase:
        raise UsageError("the two passphrases differ")
    if not passphrase:
        raise UsageError("an empty passphrase protects nothing", code="empty_option")
    return passphrase


def default_key_file(environ: Mapping[str, str]) -> Path:
    """Return where ``keygen`` puts the key and the other commands look last."""
    home = environ.get("JWTCLI_HOME")
    if home:
        return Path(home) / "key.jwk"
    from platformdirs import user_config_path

    return user_config_path("jwtcli", appauthor=False) / "key.jwk"


def _file(path: str, limit: int) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(limit + 1)
    except (OSError, ValueError) as error:
        raise FileError(f"cannot read {path}: {sources.why(error)}", code="unreadable") from None
