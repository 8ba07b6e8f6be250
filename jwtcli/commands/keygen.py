"""``jwtcli keygen``: make a key and put it where it is safe and found."""

import os
import sys
from pathlib import Path

import click

from jwtcli.commands._command import Command
from jwtcli.commands._home import default_key_file
from jwtcli.commands._key_output import note_another_form, print_key, tell_encoding
from jwtcli.commands._options import View, view_options
from jwtcli.commands._params import OUTPUT
from jwtcli.commands._passphrases import Passphrases
from jwtcli.commands._refusals import refuse_empty
from jwtcli.commands._sections import section
from jwtcli.commands._stdio import is_terminal
from jwtcli.commands._words import ALG, Word
from jwtcli.core import as_json, as_text
from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.errors import UsageError
from jwtcli.core.jwk import with_kid
from jwtcli.core.keyfiles import FORMATS, to_bytes
from jwtcli.core.keys import public_half
from jwtcli.core.new_keys import generate, is_slow
from jwtcli.core.storage import PUBLIC, NewFile, make_private_directory, refuse_name, refuse_one_place, write
from jwtcli.core.strict import is_unicode


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  jwtcli keygen
  jwtcli keygen --alg ES256 -o private.jwk --public public.jwk
  jwtcli keygen --alg RS256 -f pem -o private.pem --public public.pem
""",
)
@section(
    "Key",
    click.option(
        "-a", "--alg", type=ALG, default="HS256", metavar="ALG", help="Algorithm the key is for (default: HS256)."
    ),
    click.option("--bits", type=int, metavar="N", help="Size of an RSA key (2048 to 8192) or of a secret."),
    click.option(
        "--kid",
        type=Word("kid", "auto", "none"),
        default="auto",
        metavar="ID|auto|none",
        help="Key ID in a JWK (default: auto, the thumbprint; random for a secret).",
    ),
)
@section(
    "File",
    click.option(
        "-o",
        "--output",
        type=OUTPUT,
        metavar="FILE|-",
        help="File to write, - for stdout (default: key.jwk in your configuration directory).",
    ),
    click.option(
        "-f",
        "--format",
        "shape",
        type=click.Choice(FORMATS),
        default="jwk",
        help="Format of the file (default: jwk; hex and base64 are for secrets).",
    ),
    click.option("--public", type=OUTPUT, metavar="FILE", help="Write the public half here (not for secrets)."),
    click.option("--encrypt", is_flag=True, help="Lock a private key (pem or der) with a passphrase."),
    click.option("--passphrase-file", metavar="FILE", help="File with the passphrase for --encrypt."),
    click.option("--force", is_flag=True, help="Replace files that are already there."),
    environment={
        "JWTCLI_PASSPHRASE": "Passphrase for --encrypt.",
        "JWTCLI_HOME": "Directory of the default key file.",
    },
)
@view_options
def keygen(
    alg: str,
    output: str | None,
    shape: str,
    public: str | None,
    kid: str,
    bits: int | None,
    encrypt: bool,
    passphrase_file: str | None,
    force: bool,
    view: View,
) -> None:
    """Make a key, where encode and verify find it, and print the path.

    Only you can read the file. One that is already there stays as it is unless you say --force.
    """
    _refuse_nonsense(output, shape, kid, encrypt, passphrase_file, view)
    path = Path(output) if output is not None else default_key_file(os.environ)
    _refuse_public(public, alg, path)
    passphrase = Passphrases(passphrase_file).of_the_new_key() if encrypt else None
    if is_slow(alg, bits) and is_terminal(sys.stderr):
        view.note(f"looking for the primes of an RSA key of {bits} bits, which takes a while ...")
    key = with_kid(generate(alg, bits), kid if shape == "jwk" else "none")
    content = to_bytes(key, shape, passphrase)
    files = [] if public is None else [NewFile(Path(public), to_bytes(public_half(key), shape), PUBLIC)]
    if output == "-":
        write(files, force=force, then=lambda: print_key(content, view, private=True))
        tell_encoding(shape, view)
        return
    if output is None:
        make_private_directory(path.parent)
    write([NewFile(path, content), *files], force=force)
    view.note(as_text.key_note(key, str(path)))
    tell_encoding(shape, view)
    for made in filter(None, (str(path), public)):
        note_another_form(made, shape, "-f", view)
    view.show(lambda: str(path), lambda: as_json.made_key(key, str(path), public))


def _refuse_nonsense(
    output: str | None, shape: str, kid: str, encrypt: bool, passphrase_file: str | None, view: View
) -> None:
    refuse_empty(("-o", output), ("--kid", kid))
    if not is_unicode(kid):
        raise UsageError("--kid is no text of Unicode: no token could name it", code="not_unicode")
    if passphrase_file is not None and not encrypt:
        raise UsageError("--passphrase-file is for --encrypt, without which the key is not encrypted", hint="--encrypt")
    if output is None and (shape != "jwk" or encrypt):
        asked = "--encrypt" if encrypt else f"-f {shape}"
        raise UsageError(f"{asked} needs a place to write to", hint="-o FILE, or -o - for standard output")
    if encrypt and shape not in ("pem", "der"):
        raise UsageError(f"--encrypt does not go with -f {shape}", hint="-f pem or -f der")
    if shape != "jwk" and kid not in ("auto", "none"):
        raise UsageError(f"--kid does not go with -f {shape}: only a JWK holds one")
    if output == "-" and view.json:
        raise UsageError("--json never shows a key, and -o - is the key", hint="-o FILE")


def _refuse_public(public: str | None, alg: str, path: Path) -> None:
    refuse_empty(("--public", public))
    if public is None:
        return
    if ALGORITHMS[alg].kty == "oct":
        raise UsageError(f"--public does not go with {alg}: a secret has no public half")
    if public == "-":
        raise UsageError("--public takes a file: standard output is for the private key (-o -) or its path")
    halves = (path, Path(public))
    for half in halves:
        refuse_name(half)
    refuse_one_place(halves)  # before a person is asked for a passphrase
