"""``jwtcli key``: look at a key, put it into another form, name it."""

from dataclasses import dataclass
from pathlib import Path

import click

from jwtcli.commands._command import Command, CommandGroup
from jwtcli.commands._inputs import read_key_file
from jwtcli.commands._key_options import passphrase_option
from jwtcli.commands._key_output import note_another_form, print_key, tell_encoding
from jwtcli.commands._options import View, bundle, view_options
from jwtcli.commands._params import OUTPUT
from jwtcli.commands._passphrases import Passphrases
from jwtcli.commands._refusals import refuse_empty
from jwtcli.commands._words import KID
from jwtcli.core import as_json, as_text
from jwtcli.core.choice import the_one
from jwtcli.core.describe import describe, describe_all
from jwtcli.core.errors import UnusableKeyError, UsageError
from jwtcli.core.keyfiles import FORMATS, to_bytes
from jwtcli.core.keys import public_half
from jwtcli.core.storage import PRIVATE, PUBLIC, NewFile, write

_FILE = click.argument(
    "file", metavar="FILE|-", help="The key: PEM, DER, OpenSSH, JWK or JWK Set; - reads standard input."
)
_KID = click.option("--kid", type=KID, metavar="ID", help="Choose this member of a set.")


@dataclass(frozen=True, slots=True)
class Target:
    """What ``convert`` is to make of a key, and where it goes."""

    form: str
    public: bool
    output: str | None
    encrypt: bool
    force: bool


_TARGET = bundle(
    "target",
    Target,
    click.option(
        "--to", "form", type=click.Choice((*FORMATS, "openssh")), default="jwk", help="Form to write (default: jwk)."
    ),
    click.option("--public", is_flag=True, help="Write the public half alone."),
    click.option(
        "-o",
        "--output",
        type=OUTPUT,
        metavar="FILE|-",
        help="Where to write it; a public key goes to stdout by default.",
    ),
    click.option(
        "--encrypt", is_flag=True, help="Encrypt the private key (pem and der); --passphrase-file is for it too."
    ),
    click.option("--force", is_flag=True, help="Replace a file that is already there."),
    title="New form",
)


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
@passphrase_option
@view_options
def show(file: str, passphrase_file: str | None, view: View) -> None:
    """Say what a key is: kind, size, names, what it can do, what is weak about it.

    Of the key itself nothing is shown.
    """
    described, unseen = describe_all(read_key_file(file, Passphrases(passphrase_file), view))
    if unseen:
        view.note(f"RSA moduli that were not tested for being prime: {unseen} (show those keys by themselves)")
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
@_TARGET
@_KID
@passphrase_option
@view_options
def convert(file: str, target: Target, kid: str | None, passphrase_file: str | None, view: View) -> None:
    """Put a key into another form. A private key is never shown unless -o - asks for it."""
    passphrases = Passphrases(passphrase_file)
    held = the_one(read_key_file(file, passphrases, view), kid)
    chosen = public_half(held.key) if target.public else held.key
    _refuse_nonsense(target, private=chosen.private, as_json=view.json)
    lock = passphrases.of_the_new_key() if target.encrypt else None
    content = to_bytes(chosen, target.form, lock)
    if chosen.private and held.encrypted and lock is None:
        view.warn("the key was encrypted and its new form is not (--encrypt)")
    if target.output in (None, "-"):
        print_key(content, view, private=chosen.private)
        tell_encoding(target.form, view)
        return
    path = str(target.output)
    write([NewFile(Path(path), content, PRIVATE if chosen.private else PUBLIC)], force=target.force)
    tell_encoding(target.form, view)
    note_another_form(path, target.form, "--to", view)
    view.show(lambda: path, lambda: as_json.made_key(chosen, path, None))


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
@passphrase_option
@view_options
def thumbprint(file: str, kid: str | None, passphrase_file: str | None, view: View) -> None:
    """Print the RFC 7638 thumbprint of a key, which names it wherever it is."""
    described = describe(the_one(read_key_file(file, Passphrases(passphrase_file), view), kid), modulus=False)
    if described.thumbprint is None:
        raise UnusableKeyError("a secret has no thumbprint: it would publish a hash of it", code="symmetric_key")
    view.show(lambda: as_text.thumbprint(described), lambda: as_json.thumbprint(described))


def _refuse_nonsense(target: Target, *, private: bool, as_json: bool) -> None:
    refuse_empty(("-o", target.output))
    if private and target.output is None:
        raise UsageError(
            "this is a private key or secret, and it is not shown unasked",
            hint="-o FILE, -o - for standard output, or --public for the public half",
            code="private_key",
        )
    if target.encrypt and (not private or target.form not in ("pem", "der")):
        raise UsageError("--encrypt goes with a private key as pem or der")
    if as_json and target.output in (None, "-"):
        raise UsageError("--json tells where a key is, and here it is the product itself", hint="-o FILE")
