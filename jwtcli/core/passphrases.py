"""Where a passphrase comes from: option, environment or a hidden prompt."""

import os

from jwtcli.core.encodings import without_line_break
from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.sources import Outside, empty_variable, read_file

VARIABLE = "JWTCLI_PASSPHRASE"  # the name of a variable, no passphrase


def read(
    file: str | None, outside: Outside, *, prompt: str = "Passphrase of the key", need: str = "the key is encrypted"
) -> bytes:
    """Return the passphrase: from ``--passphrase-file``, ``JWTCLI_PASSPHRASE`` or a hidden prompt.

    Raises UnusableKeyError, naming the ``need``, the file option and the variable, where none can be had.
    """
    if file is not None:
        return without_line_break(read_file(file, outside, "--passphrase-file"))
    value = outside.environ.get(VARIABLE)
    if value is not None:
        if not value:
            raise empty_variable(VARIABLE)
        return os.fsencode(value)
    if outside.ask is None:
        raise UnusableKeyError(
            f"{need} and nobody is here to be asked for its passphrase",
            hint=f"use --passphrase-file FILE or {VARIABLE}",
            code="no_passphrase",
        )
    return outside.ask(prompt)
