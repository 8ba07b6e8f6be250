"""A key on standard output: what is said of it on a terminal, and what goes there not at all."""

import os
import re
import sys

from jwtcli.commands._options import View
from jwtcli.commands._stdio import emit_bytes, is_terminal
from jwtcli.core.errors import UsageError

_NO_TEXT = rb"[^\n -~]"
_PROMISES = {".pem": "pem", ".der": "der", ".jwk": "jwk"}


def print_key(content: bytes, view: View, *, private: bool) -> None:
    """Print the bytes of a key, with a warning where a private one goes to a terminal.

    Raises UsageError for bytes that are no text on a terminal, or that the runner of a CI job would obey: the
    modulus of a public key is what its author likes. Raises FileError where they could not be delivered.
    """
    if re.search(_NO_TEXT, content):  # DER: all else that holds a key is lines of ASCII
        _refuse_raw(content)
    if private and is_terminal(sys.stdout):
        view.warn("the key goes to the terminal, where it stays in the scroll-back")
    emit_bytes(content)


def tell_encoding(form: str, view: View) -> None:
    """Say how a secret that was written in an encoding is read back: left out, its text would be the secret."""
    if form in ("hex", "base64"):
        view.note(f"read it back with --secret-encoding {form}, or JWTCLI_SECRET_ENCODING={form}")


def note_another_form(path: str, form: str, option: str, view: View) -> None:
    """Say so where a new file's name promises another form than it holds; the name is not obeyed."""
    promised = _PROMISES.get(os.path.splitext(path)[1].lower(), form)
    if promised != form and (promised, form) != ("pem", "openssh"):  # which is armoured as well
        view.note(f"{path} holds {form} whatever its name says ({option} {promised} makes it {promised})")


def _refuse_raw(content: bytes) -> None:
    if is_terminal(sys.stdout):
        raise UsageError("DER is no text that a terminal could show", hint="-o FILE writes it to a file; pem is text")
    from jwtcli.commands._ci import is_obeyed

    if is_obeyed(content.decode("utf-8", "replace")):
        raise UsageError("the key reads like a command to the CI runner, whose log this may be", hint="-o FILE")
