"""``jwtcli jwks``: the JWK Set of the public halves, ready to publish."""

import click

from jwtcli.commands._command import Command
from jwtcli.commands._inputs import read_key_file
from jwtcli.commands._key_options import passphrase_option
from jwtcli.commands._options import View, view_options
from jwtcli.commands._passphrases import Passphrases
from jwtcli.commands._refusals import refuse_shared_stdin
from jwtcli.core import as_json, as_text
from jwtcli.core.describe import describe
from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.keysets import to_publish
from jwtcli.core.native import Held
from jwtcli.core.printable import cut


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  jwtcli jwks private.jwk next.pem > jwks.json
  jwtcli jwks --json private.jwk | jq '.keys[].kid'
""",
)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    help="Keys, private or public, or JWK Sets; - reads standard input.",
)
@passphrase_option
@view_options
def jwks(files: tuple[str, ...], passphrase_file: str | None, view: View) -> None:
    """Print the JWK Set of the public halves of keys, ready to publish.

    A key without a kid gets its thumbprint for one. Secrets are refused, and so are two keys with one kid; weak
    keys are published with a warning.
    """
    refuse_shared_stdin(*(("FILE", file) for file in files), ("--passphrase-file", passphrase_file))
    passphrases = Passphrases(passphrase_file)
    given = [held for file in files for held in _read(file, passphrases, view, named=len(files) > 1)]
    members = to_publish([held.key for held in given])
    for held, key in zip(given, members, strict=True):
        for weakness in describe(held, modulus=False).weaknesses:
            view.warn(f'the key "{cut(str(key.kid))}" is published all the same: {weakness}')
    view.show(lambda: as_text.key_set(members), lambda: as_json.key_set(members))


def _read(file: str, passphrases: Passphrases, view: View, *, named: bool) -> tuple[Held, ...]:
    """Read the keys of one of several files, whose name an error about its content lacks."""
    try:
        return read_key_file(file, passphrases, view)
    except UnusableKeyError as error:
        if named and file not in error.message:
            error.message = f"{file}: {error.message}"
        raise
