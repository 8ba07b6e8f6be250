"""The passphrase of a run: asked for once it is needed, and a file that gives it is read once."""

import os

from jwtcli.commands._outside import outside
from jwtcli.core import passphrases
from jwtcli.core.errors import UsageError


def refuse_idle_passphrase(file: str | None, *, opens: bool) -> None:
    """Refuse a passphrase where no key is opened that it could be for."""
    if file is not None and not opens:
        raise UsageError("--passphrase-file is for --key, without which no key is opened", hint="--key FILE")


class Passphrases:
    """Gives the passphrases of the keys of one run, from ``--passphrase-file``, the environment or a person.

    What a file holds is kept: the second reading of a pipe, or of standard input, would find nothing. A person is
    asked for each key anew.
    """

    def __init__(self, file: str | None) -> None:
        self.file = file
        self._read: bytes | None = None

    def of_a_key(self) -> bytes:
        """Return the passphrase of a key that is encrypted; raises UnusableKeyError where none can be had."""
        return self._take("Passphrase of the key", "the key is encrypted")

    def of_the_new_key(self) -> bytes:
        """Return the passphrase for a new key; asked for twice where a person types it.

        Raises UsageError where it is empty or the two differ, and UnusableKeyError where none can be had.
        """
        passphrase = self._take("Passphrase for the new key", "the new key is to be encrypted")
        typed = self.file is None and passphrases.VARIABLE not in os.environ
        ask = outside().ask
        if typed and ask is not None and ask("The same once more") != passphrase:
            raise UsageError("the two passphrases differ")
        if not passphrase:
            raise UsageError("an empty passphrase protects nothing", code="empty_option")
        return passphrase

    def _take(self, prompt: str, need: str) -> bytes:
        if self.file is None:
            return passphrases.read(None, outside(), prompt=prompt, need=need)
        if self._read is None:
            self._read = passphrases.read(self.file, outside())
        return self._read
