"""``jwtcli serve``: a local issuer for tests."""

import os
import time
from collections.abc import Sequence
from typing import Any

import click

from jwtcli.commands._command import Command
from jwtcli.commands._inputs import load_key, outside
from jwtcli.commands._options import View, view_options
from jwtcli.commands._params import DURATION, MEMBER
from jwtcli.commands._streams import emit, remark
from jwtcli.core.as_json import dumps
from jwtcli.core.errors import JwtcliError, UnusableKeyError, UsageError
from jwtcli.core.jwk import with_kid
from jwtcli.core.keys import ALGORITHMS, Key, algorithm_to_sign, generate, known_algorithm
from jwtcli.core.sources import KeyRequest, read_file
from jwtcli.core.users import read_users

USERS_VARIABLE = "JWTCLI_SERVE_USERS"


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  jwtcli serve
  jwtcli serve --port 8080 --issuer http://issuer.test:8080 -c role=admin
  jwtcli serve --json --port 0 > issuer.json
""",
)
@click.option("--host", default="127.0.0.1", metavar="ADDRESS", help="Address to listen on (default: 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="Port (default: a free one).")
@click.option("-k", "--key", "files", multiple=True, metavar="FILE", help="Sign with this key (repeatable: rotation).")
@click.option("--passphrase-file", metavar="FILE", help="Passphrase of an encrypted private key.")
@click.option("-a", "--alg", metavar="ALG", help="Algorithm to sign with (default: ES256, or the key's).")
@click.option("--issuer", metavar="URL", help="Name of the issuer (default: the address).")
@click.option("--ttl", type=DURATION, default=3600, metavar="DURATION", help="Lifetime of tokens (default: 1h).")
@click.option("--users-file", metavar="FILE", help="Users, as name:password lines (default: any name is let in).")
@click.option("-c", "--set", "members", type=MEMBER, multiple=True, metavar="MEMBER", help="A claim for every token.")
@view_options
def serve(
    host: str,
    port: int,
    files: Sequence[str],
    passphrase_file: str | None,
    alg: str | None,
    issuer: str | None,
    ttl: int,
    users_file: str | None,
    members: Sequence[tuple[str, Any]],
    view: View,
) -> None:
    """Run a local issuer for tests, until Ctrl-C.

    It signs with a key made for this run, or with --key; never with the default key or one from
    the environment. Users come from --users-file or JWTCLI_SERVE_USERS.
    """
    server = _server()
    keys = (
        _given_keys(files, passphrase_file, view) if files else [with_kid(generate(_pair_alg(alg or "ES256")), "auto")]
    )
    users = _users(users_file)
    if not server.is_loopback(host):
        view.warn(f"whoever reaches {host} gets tokens from this issuer")
    chosen = algorithm_to_sign(keys[0], alg and known_algorithm(alg))
    settings = server.Settings(host, port, keys, chosen, issuer, ttl, dict(members), users)
    server.serve(settings, time.time, lambda urls: _tell(urls, view))


def _tell(urls: dict[str, str], view: View) -> None:
    remark("note", f"issuer {urls['issuer']} is ready at {urls['address']}; Ctrl-C stops it")
    if view.json:
        emit(dumps(urls))


def _server() -> Any:
    """Import the optional part, or say how to install it."""
    try:
        from jwtcli.web import server
    except ModuleNotFoundError as error:
        raise JwtcliError(
            f"serve needs a part that is not installed ({error.name})",
            hint="pip install 'jwtcli[serve]'",
            code="not_installed",
        ) from None
    return server


def _pair_alg(alg: str) -> str:
    if ALGORITHMS[known_algorithm(alg)].kty == "oct":
        raise UsageError(f"an issuer publishes its keys, and a secret for {alg} must stay one", hint="--alg ES256")
    return alg


def _given_keys(files: Sequence[str], passphrase_file: str | None, view: View) -> list[Key]:
    view.warn("whoever reaches this server gets tokens signed with the given key")
    keys = []
    for file in files:
        request = KeyRequest(key=file, passphrase_file=passphrase_file)
        loaded = load_key(request, view)
        if loaded.symmetric:
            raise UnusableKeyError("an issuer publishes its keys, and a secret must stay one", code="symmetric_key")
        keys.append(loaded if loaded.kid is not None else with_kid(loaded, "auto"))
    kids = [key.kid for key in keys]
    if len(set(kids)) < len(kids):
        raise UnusableKeyError("two of the keys have one kid", code="duplicate_kid")
    return keys


def _users(file: str | None) -> dict[str, str] | None:
    if file is not None:
        return read_users(read_file(file, outside(), "--users-file"), "--users-file")
    value = os.environ.get(USERS_VARIABLE)
    return None if value is None else read_users(os.fsencode(value), USERS_VARIABLE)
