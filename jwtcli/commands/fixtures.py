"""``jwtcli fixtures``: a folder of tokens for other people's tests."""

import math
from pathlib import Path

import click

from jwtcli.commands._command import Command
from jwtcli.commands._inputs import load_key
from jwtcli.commands._key_options import passphrase_option
from jwtcli.commands._options import View, clock_option, view_options
from jwtcli.commands._params import LIFETIME
from jwtcli.commands._passphrases import Passphrases, refuse_idle_passphrase
from jwtcli.commands._refusals import refuse_empty
from jwtcli.commands._words import ALG
from jwtcli.core import views
from jwtcli.core.fixtures import fixtures as make
from jwtcli.core.keys import algorithm_to_sign
from jwtcli.core.keysets import to_issue
from jwtcli.core.lifetime import YEAR, Moment
from jwtcli.core.new_keys import generate
from jwtcli.core.storage import PUBLIC, NewFile, make_directory, write


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  jwtcli fixtures tests/tokens
  jwtcli fixtures --alg RS256 --iss https://id.example --aud api tests/tokens
""",
)
@click.argument("folder", metavar="DIR", help="The folder to write into; it is made where there is none.")
@click.option("-k", "--key", metavar="FILE", help="Sign with this private key (default: one made for this run).")
@passphrase_option
@click.option("-a", "--alg", type=ALG, metavar="ALG", help="Algorithm (default: ES256, or the key's).")
@click.option("--iss", default="https://issuer.example", metavar="S", help="Issuer (default: https://issuer.example).")
@click.option("--aud", default="https://api.example", metavar="S", help="Audience (default: https://api.example).")
@click.option(
    "--ttl", "lifetime", type=LIFETIME, default=10 * YEAR, metavar="DURATION", help="Lifetime (default: ten years)."
)
@click.option("--force", is_flag=True, help="Replace files that are already there.")
@clock_option
@view_options
def fixtures(
    folder: str,
    key: str | None,
    passphrase_file: str | None,
    alg: str | None,
    iss: str,
    aud: str,
    lifetime: int,
    force: bool,
    at: Moment,
    view: View,
) -> None:
    """Write one good token and every bad one into a folder, with the JWK Set to verify them by.

    manifest.json tells the verdict and the exit status that each must get. The private key is
    not written.
    """
    refuse_empty(("DIR", folder), ("--iss", iss), ("--aud", aud))
    refuse_idle_passphrase(passphrase_file, opens=key is not None)
    given = generate(alg or "ES256") if key is None else load_key(key, Passphrases(passphrase_file), view)
    (signing,) = to_issue([given])
    chosen = algorithm_to_sign(signing, alg)
    files = make(signing, chosen, issuer=iss, audience=aud, lifetime=lifetime, at=math.floor(at))
    place = Path(folder)
    make_directory(place)
    write([NewFile(place / name, text.encode("ascii"), PUBLIC) for name, text in files.items()], force=force)
    view.note(f"wrote {len(files)} files into {folder}; manifest.json tells what each token must get")
    paths = [str(place / name) for name in files]
    view.show(lambda: views.as_text.fixtures(paths), lambda: views.as_json.fixtures(paths, signing.kid, chosen))
