"""What a command reads: the token, the key, the claims; each from its argument, a file or stdin."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any

from jwtcli.commands._refusals import nobody_asked, refuse_empty, refuse_shared_stdin
from jwtcli.commands._terminal import pasted_line, read_to_end, someone_is_here, stdin_is_terminal
from jwtcli.core import files, text
from jwtcli.core.errors import TokenError, UsageError
from jwtcli.core.tokens import MAX_BYTES

if TYPE_CHECKING:  # what only a key needs is loaded where there is one: decode has none
    from jwtcli.commands._key_options import KeyOptions
    from jwtcli.commands._options import View
    from jwtcli.commands._passphrases import Passphrases
    from jwtcli.core.fetch import Web
    from jwtcli.core.keys import Key
    from jwtcli.core.keysets import KeySet
    from jwtcli.core.native import Held
    from jwtcli.core.sources import KeyRequest, KeySource


_FILE_ENDS = (".jwt", ".txt", ".token", ".json")  # no signature is so short


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
        _refuse_file_name(argument)
        content = _in_utf8(argument)
    elif argument == "":
        raise TokenError("the token is empty (is a variable unset?)", code="no_token")
    elif argument is not None and argument[0] == "@":
        content = files.read_file(argument[1:], limit + 1)
    elif stdin_is_terminal():
        if not someone_is_here(os.environ):
            raise nobody_asked()
        content = pasted_line(limit)
    else:
        content = read_to_end(limit + 1)
    if len(content) > limit:
        raise TokenError(f"the input is larger than {limit // 1024 // 1024} MiB", code="too_large")
    return content


def _in_utf8(argument: str) -> bytes:
    """Return an argument in UTF-8, and what was no text in it as the bytes that it was.

    Not by ``os.fsencode``: in some charsets (GBK, EUC-JP) the C library reads more letters than Python can write.
    """
    return argument.encode("utf-8", sys.getfilesystemencodeerrors())


def read_claims(argument: str | None) -> dict[str, Any]:
    """Read the claims of ``encode``: a JSON object from the argument, ``@FILE`` or ``-``, else none."""
    from jwtcli.core.strict import json_object

    if argument is None:
        return {}
    refuse_empty(("CLAIMS", argument))
    try:
        if argument == "-":
            content = read_to_end(MAX_BYTES + 1)
        else:
            content = files.read_file(argument[1:], MAX_BYTES + 1) if argument[0] == "@" else _in_utf8(argument)
        if len(content) > MAX_BYTES:
            raise ValueError("they are larger than 2 MiB")
        return json_object(content.strip())
    except ValueError as error:
        hint = """CLAIMS is a JSON object such as '{"sub": "alice"}', @FILE or -; one claim alone is -c NAME=TEXT"""
        if os.path.isfile(argument):
            hint = f"this is the name of a file: @{argument} reads it"
        raise UsageError(f"CLAIMS cannot be used: {error}", hint=hint, code="bad_claims") from None


def refuse_stdin_twice(argument: str | None, request: KeyRequest, *, verifying: bool) -> None:
    """Refuse a key or passphrase from standard input where that already carries the token.

    Whoever writes the token would else write the key that it is judged by.
    """
    from jwtcli.core.sources import named_files

    input_file = "" if argument is None or argument[:1] not in ("-", "@") else argument.removeprefix("@")
    refuse_shared_stdin(("the command's input", input_file), *named_files(request, os.environ, verifying=verifying))


def load_keys(options: KeyOptions, view: View, *, verifying: bool) -> KeySet:
    """Find and read the key or key set, saying on the way what the user should know of it."""
    from jwtcli.commands._home import own_key_file
    from jwtcli.commands._outside import outside
    from jwtcli.core import keysets, sources
    from jwtcli.core.lifetime import relative

    around = outside()

    def default() -> KeySource:
        from jwtcli.core import default_key

        return default_key.read(own_key_file(os.environ), verifying=verifying)

    def passphrase() -> bytes:
        from jwtcli.commands._passphrases import Passphrases  # late: few keys are encrypted

        return Passphrases(options.request.passphrase_file).of_a_key()

    source = sources.find(options.request, around, default, verifying=verifying)
    keys = keysets.read(source, passphrase, lambda: _web(options), wanted=options.algs, allow_weak=options.allow_weak)
    for warning in keys.warnings:
        view.warn(warning)
    now = int(time.time())
    if keys.valid_until is not None and keys.valid_until < now:
        view.warn(f"the certificate expired {relative(keys.valid_until, now)}: its key is used all the same")
    for note in (*source.notes, *keys.notes):
        view.note(note)
    return keys


def read_key_file(file: str, passphrases: Passphrases, view: View) -> tuple[Held, ...]:
    """Read every key of a file or ``-``, with a warning where others can read a private one."""
    from jwtcli.commands._outside import outside
    from jwtcli.core import keysets, sources

    refuse_shared_stdin(("FILE", file), ("--passphrase-file", passphrases.file))
    source = sources.key_file("FILE", file, outside())
    held, notes = keysets.members(source.content, passphrases.of_a_key)
    for warning in source.warnings if any(one.key.private and not one.encrypted for one in held) else ():
        view.warn(warning)
    for note in notes:
        view.note(note)
    return held


def load_key(file: str, passphrases: Passphrases, view: View) -> Key:
    """Read the one key of a file; never one from the environment or the default key file."""
    held = read_key_file(file, passphrases, view)
    if len(held) > 1:
        raise UsageError("a key set was given where one key is wanted")
    return held[0].key


def _web(options: KeyOptions) -> Web:
    from jwtcli.commands._home import cache_directory
    from jwtcli.core.fetch import Web

    cache = cache_directory(os.environ) if options.use_cache else None
    return Web(int(time.time()), cache, os.environ, options.request.allow_http, options.offline)


def _refuse_file_name(argument: str) -> None:
    """Tell whoever names a file how a file is read, or that there is none; what begins like a token is no name."""
    if argument.startswith("ey") and argument.count(".") >= 2:
        return
    if os.path.isfile(argument):
        raise TokenError(
            "this is the name of a file, not a token", hint=f"< {argument}, or @{argument}", code="file_name"
        )
    if argument.endswith(_FILE_ENDS) or argument.startswith(("/", "./", "../", "~")):
        raise TokenError(
            "this reads like the name of a file, and there is no such file",
            hint="a token in a file is read with < FILE, or @FILE",
            code="file_name",
        )
