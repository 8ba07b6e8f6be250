"""``jwtcli key``: look at a key, put it into another form, name it."""

from pathlib import Path
from typing import Any

import click

from jwtcli.commands._command import Command, CommandGroup
from jwtcli.commands._inputs import new_passphrase, read_key_file
from jwtcli.commands._options import View, view_options
from jwtcli.commands._streams import emit_bytes
from jwtcli.core import as_json, as_text
from jwtcli.core.describe import describe
from jwtcli.core.errors import UnusableKeyError, UsageError
from jwtcli.core.keyfiles import to_bytes
from jwtcli.core.keys import public_half
from jwtcli.core.keysets import the_one
from jwtcli.core.storage import PRIVATE, PUBLIC, NewFile, write

_FILE = click.argument("file", metavar="FILE|-")
_PASSPHRASE = click.option("--passphrase-file", metavar="FILE", help="Passphrase of an encrypted private key.")
_KID = click.option("--kid", metavar="ID", help="Choose this member of a set.")


@click.group(cls=CommandGroup, no_args_is_help=False)
def key() -> None:
    """Look at a key, put it into another form, name it."""


@key.command(
    cls=Command,
    short_help="Say what a key is and what it can do.",
    epilog="""\b
Examples:
  jwtcli key show private.pem
  jwtcli key show --json public.jwk | jq -r .thumbprint
""",
)
@_FILE
@_PASSPHRASE
@view_options
def show(file: str, passphrase_file: str | None, view: View) -> None:
    """Say what a key is: kind, size, names, what it can do, what is weak about it.

    Of the key itself nothing is shown.
    """
    described = [describe(held) for held in read_key_file(file, passphrase_file, view)]
    view.show(lambda: as_text.keys(described, colour=view.colour), lambda: as_json.keys(described))


@key.command(
    cls=Command,
    epilog="""\b
Examples:
  jwtcli key convert private.pem -o private.jwk
  jwtcli key convert private.jwk --public --to pem
  jwtcli key convert id_ed25519 --to pem -o private.pem
""",
)
@_FILE
@click.option("--to", "form", type=click.Choice(("jwk", "pem", "der", "openssh")), default="jwk", help="Form to write.")
@click.option("--public", is_flag=True, help="Write the public half alone.")
@click.option("-o", "--output", metavar="FILE|-", help="Where to write it; a public key goes to stdout by default.")
@click.option("--encrypt", is_flag=True, help="Encrypt the private key (pem and der).")
@click.option("--force", is_flag=True, help="Replace a file that is already there.")
@_KID
@_PASSPHRASE
@view_options
def convert(file: str, kid: str | None, passphrase_file: str | None, view: View, **into: Any) -> None:
    """Put a key into another form. A private key is never shown unless -o - asks for it."""
    held = the_one(read_key_file(file, passphrase_file, view), kid)
    chosen = public_half(held.key) if into["public"] else held.key
    output, form = into["output"], into["form"]
    _refuse_to_show(chosen.private, form, output, encrypt=into["encrypt"], as_json=view.json)
    lock = new_passphrase(passphrase_file) if into["encrypt"] else None
    content = to_bytes(chosen, form, lock)
    if chosen.private and held.encrypted and lock is None:
        view.warn("the key was encrypted and its new form is not (--encrypt)")
    if output in (None, "-"):
        emit_bytes(content)
        return
    write([NewFile(Path(output), content, PRIVATE if chosen.private else PUBLIC)], force=into["force"])
    view.show(lambda: str(output), lambda: as_json.made_key(chosen, output, None))


@key.command(
    cls=Command,
    short_help="Print a key's RFC 7638 thumbprint.",
    epilog="""\b
Examples:
  jwtcli key thumbprint public.pem
  jwtcli key thumbprint --kid 2026-01 jwks.json
""",
)
@_FILE
@_KID
@_PASSPHRASE
@view_options
def thumbprint(file: str, kid: str | None, passphrase_file: str | None, view: View) -> None:
    """Print the RFC 7638 thumbprint of a key, which names it wherever it is."""
    described = describe(the_one(read_key_file(file, passphrase_file, view), kid))
    if described.thumbprint is None:
        raise UnusableKeyError("a secret has no thumbprint: it would publish a hash of it", code="symmetric_key")
    view.show(lambda: as_text.thumbprint(described), lambda: as_json.thumbprint(described))


def _refuse_to_show(private: bool, form: str, output: str | None, *, encrypt: bool, as_json: bool) -> None:
    if output == "":
        raise UsageError("-o is empty (is a variable unset?)", code="empty_option")
    if private and output is None:
        raise UsageError(
            "this is a private key or secret, and it is not shown unasked",
            hint="-o FILE, -o - for standard output, or --public for the public half",
            code="private_key",
        )
    if encrypt and (not private or form not in ("pem", "der")):
        raise UsageError("--encrypt goes with a private key as pem or der")
    if as_json and output in (None, "-"):
        raise UsageError("--json tells where a key is, and here it is the product itself", hint="-o FILE")
