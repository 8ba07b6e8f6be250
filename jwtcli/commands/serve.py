"""``jwtcli serve``: a local issuer for tests."""

import os
import time
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from jwtcli.commands._command import Command
from jwtcli.commands._inputs import load_key
from jwtcli.commands._key_options import passphrase_option
from jwtcli.commands._options import View, view_options
from jwtcli.commands._outside import outside
from jwtcli.commands._params import LIFETIME, MEMBER
from jwtcli.commands._passphrases import Passphrases, refuse_idle_passphrase
from jwtcli.commands._refusals import refuse_empty, refuse_shared_stdin
from jwtcli.commands._sections import section
from jwtcli.commands._stdio import emit
from jwtcli.commands._words import ALG
from jwtcli.core import claims, users, views
from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.errors import JwtcliError, UsageError
from jwtcli.core.keys import Key, algorithm_to_sign
from jwtcli.core.keysets import to_issue
from jwtcli.core.new_keys import generate
from jwtcli.core.sources import read_secret_file
from jwtcli.core.urls import is_loopback

USERS_VARIABLE = "JWTCLI_SERVE_USERS"
# Claims that the issuer itself answers for, and the option that sets them where there is one.
_ITS_OWN = {"iss": "--issuer", "exp": "--ttl", "iat": None, "jti": None, "sub": None}


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  jwtcli serve
  jwtcli serve --open
  jwtcli serve --port 8080 --issuer http://issuer.test:8080 -c role=admin
  jwtcli serve --json > issuer.json &
""",
)
@click.option("--host", default="127.0.0.1", metavar="ADDRESS", help="Address to listen on (default: 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="Port (default: one that is free).")
@click.option(
    "-k", "--key", "files", multiple=True, metavar="FILE", help="Sign with this private key (repeatable: rotation)."
)
@passphrase_option
@click.option("-a", "--alg", type=ALG, metavar="ALG", help="Algorithm to sign with (default: ES256, or the key's).")
@click.option("--issuer", metavar="URL", help="Name of the issuer (default: its address).")
@click.option(
    "--ttl", "lifetime", type=LIFETIME, default=3600, metavar="DURATION", help="Lifetime of tokens (default: 1h)."
)
@section(
    "Options",
    click.option(
        "--users-file",
        metavar="FILE",
        help="Users as name:password lines (default: every name and password is let in).",
    ),
    environment={USERS_VARIABLE: "Users, as name:password lines, where --users-file gives none."},
)
@click.option(
    "-c", "--set", "members", type=MEMBER, multiple=True, metavar="MEMBER", help="A claim in every token (repeatable)."
)
@click.option("--open", "browse", is_flag=True, help="Open the inspector page in a browser.")
@view_options
def serve(
    host: str,
    port: int,
    files: Sequence[str],
    passphrase_file: str | None,
    alg: str | None,
    issuer: str | None,
    lifetime: int,
    users_file: str | None,
    members: Sequence[tuple[str, Any]],
    browse: bool,
    view: View,
) -> None:
    """Run a local issuer for tests, with a page to look into tokens, until Ctrl-C.

    It signs with a key made for this run, or with --key; never with the default key or one from
    the environment. Users come from --users-file or JWTCLI_SERVE_USERS.
    """
    _refuse_without_extra()
    from jwtcli.web import server

    refuse_empty(("--host", host), ("--issuer", issuer))
    files_by_option = *(("--key", file) for file in files), ("--users-file", users_file)
    refuse_shared_stdin(*files_by_option, ("--passphrase-file", passphrase_file))
    refuse_idle_passphrase(passphrase_file, opens=bool(files))
    extra = _extra(members)
    keys = _given_keys(files, passphrase_file, view) if files else _new_key(alg or "ES256")
    let_in = _users(users_file)
    settings = server.Settings(
        host=host,
        port=port,
        keys=keys,
        alg=algorithm_to_sign(keys[0], alg),
        issuer=issuer,
        lifetime=lifetime,
        extra=extra,
        users=let_in,
    )
    server.serve(settings, time.time, lambda urls: _ready(urls, host, view, browse=browse))


def _ready(urls: dict[str, str], host: str, view: View, *, browse: bool) -> None:
    if not is_loopback(host.strip("[]")):
        view.warn(f"whoever reaches {host} gets tokens from this issuer")  # told here, it is no secret but a host
    view.note(f"issuer {urls['issuer']} is ready at {urls['address']}; Ctrl-C stops it")
    if view.json:
        emit(views.as_json.ready(urls))
    if browse:
        import webbrowser
        from threading import Thread

        Thread(target=webbrowser.open, args=(urls["address"],), daemon=True).start()


def _refuse_without_extra() -> None:
    """Say how to install the optional part, where it is not."""
    try:
        import_module("jwtcli.web.server")
    except ModuleNotFoundError as error:
        raise JwtcliError(
            f"serve needs a part that is not installed ({error.name})",
            hint="pip install '.[serve]' in the checkout that jwtcli came from (or pipx install --force '.[serve]')",
            code="not_installed",
        ) from None


def _extra(members: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Return the claims for every token, held to the same rules as those of ``encode``."""
    for name, _ in members:
        if name in _ITS_OWN:
            instead = _ITS_OWN[name]
            hint = f"{instead} sets it" if instead else "it differs from token to token"
            raise UsageError(f"the issuer itself sets the claim '{name}'", hint=hint, code="bad_claims")
    without = ("exp", "iat")
    return claims.build(claims.ClaimsRequest(members=members, without=without), 0).claims


def _new_key(alg: str) -> tuple[Key, ...]:
    if ALGORITHMS[alg].kty == "oct":
        raise UsageError(f"an issuer publishes its keys, and a secret for {alg} must stay one", hint="--alg ES256")
    return to_issue([generate(alg)])


def _given_keys(files: Sequence[str], passphrase_file: str | None, view: View) -> tuple[Key, ...]:
    view.warn("whoever reaches this server gets tokens signed with the given key")
    passphrases = Passphrases(passphrase_file)
    return to_issue([load_key(file, passphrases, view) for file in files])


def _users(file: str | None) -> dict[str, str] | None:
    if file is not None:
        content = read_secret_file(file, users.MAX_BYTES + 1, outside(), "--users-file")
        return users.read_users(content, "--users-file")
    value = os.environ.get(USERS_VARIABLE)
    return None if value is None else users.read_users(os.fsencode(value), USERS_VARIABLE)
