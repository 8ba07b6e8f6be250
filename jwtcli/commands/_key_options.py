"""The options that give a key, its passphrase and its algorithms, and the variables that stand in for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from jwtcli.commands._options import bundle
from jwtcli.commands._refusals import refuse_empty, refuse_together
from jwtcli.commands._sections import Decorator, section
from jwtcli.commands._words import ALG, KID

if TYPE_CHECKING:
    from jwtcli.core.sources import KeyRequest

_PASSPHRASE_FILE = click.option(
    "--passphrase-file", metavar="FILE", help="File with the passphrase of an encrypted private key."
)
# Without an option for the key exactly one of the first of these gives it.
_KEY_ENVIRONMENT = {
    "JWTCLI_KEY": "The key itself, its line breaks as \\n or base64 around it.",
    "JWTCLI_KEY_FILE": "The name of a key file.",
    "JWTCLI_SECRET": "An HMAC secret.",
    "JWTCLI_SECRET_FILE": "The name of a file that holds one.",
}
_VERIFYING_ENVIRONMENT = {"JWTCLI_JWKS": "A JWK Set: the name of a file, or a URL."}
_SHARED_ENVIRONMENT = {
    "JWTCLI_SECRET_ENCODING": "How a secret is written, as --secret-encoding.",
    "JWTCLI_PASSPHRASE": "Passphrase of an encrypted private key.",
    "JWTCLI_HOME": "Directory of the default key file, looked at last.",
}


class KeyOptions(NamedTuple):
    """What the options say about the key, the algorithms and how weak a key may be."""

    request: KeyRequest
    kid: str | None
    algs: tuple[str, ...]
    allow_weak: bool
    use_cache: bool = True
    offline: bool = False


def passphrase_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--passphrase-file`` to a command that reads key files; delivers ``passphrase_file``."""
    name = "JWTCLI_PASSPHRASE"
    return section("Options", _PASSPHRASE_FILE, environment={name: _SHARED_ENVIRONMENT[name]})(command)


def key_options(*, verifying: bool) -> Decorator:
    """Add the options that give a key and its algorithms; delivers ``keys``."""
    from jwtcli.core.algorithms import ALGORITHMS  # decode has no key, and pays for none
    from jwtcli.core.encodings import ENCODINGS

    options = [
        click.option("-k", "--key", metavar="FILE", help="Key file: PEM, DER, OpenSSH, JWK or JWK Set, by content."),
        click.option(
            "--secret-file",
            metavar="FILE",
            help="File with an HMAC secret; a line break at its end does not count.",
        ),
        click.option(
            "--secret-encoding", type=click.Choice(ENCODINGS), help="How the secret is written (default: utf8)."
        ),
        click.option("--secret-prompt", is_flag=True, help="Ask for the secret on the terminal."),
        _PASSPHRASE_FILE,
        click.option("--allow-weak-key", is_flag=True, help="Take a key that is too short by RFC 7518."),
    ]
    if verifying:
        options += [
            click.option("--jwks", metavar="FILE|URL", help="JWK Set; the token's kid chooses the key."),
            click.option("--issuer-url", metavar="URL", help="OpenID Connect issuer: its keys, its tokens alone."),
            click.option("--allow-http", is_flag=True, help="Fetch keys over plain http too."),
            click.option("--no-cache", is_flag=True, help="Fetch keys anew and keep none of them."),
            click.option("--offline", is_flag=True, help="Fetch nothing: keys come from the cache, however old."),
        ]
        options.append(
            click.option(
                "-a",
                "--alg",
                "algs",
                type=ALG,
                multiple=True,
                metavar="ALG",
                help="Allow only this algorithm (repeatable).",
            )
        )
    else:
        options.append(click.option("--kid", type=KID, metavar="ID", help="Key ID to write; chooses a key of a set."))
        options.append(
            click.option(
                "-a",
                "--alg",
                type=ALG,
                metavar="ALG",
                help=f"Algorithm (default: by the key): {', '.join(ALGORITHMS)}.",
            )
        )
    environment = {**_KEY_ENVIRONMENT, **(_VERIFYING_ENVIRONMENT if verifying else {}), **_SHARED_ENVIRONMENT}
    return bundle("keys", _make_key_options, *options, title="Key", environment=environment)


def _make_key_options(
    *,
    key: str | None,
    secret_file: str | None,
    secret_encoding: str | None,
    secret_prompt: bool,
    passphrase_file: str | None,
    allow_weak_key: bool,
    kid: str | None = None,
    jwks: str | None = None,
    issuer_url: str | None = None,
    allow_http: bool = False,
    no_cache: bool = False,
    offline: bool = False,
    alg: str | None = None,
    algs: tuple[str, ...] = (),
) -> KeyOptions:
    from jwtcli.core.algorithms import one_family
    from jwtcli.core.sources import KeyRequest

    refuse_empty(("--kid", kid), ("--issuer-url", issuer_url))
    refuse_together(("--no-cache", no_cache), ("--offline", offline), why="nothing would be left to read")
    request = KeyRequest(
        key=key,
        secret_file=secret_file,
        secret_prompt=secret_prompt,
        jwks=jwks,
        secret_encoding=secret_encoding,
        passphrase_file=passphrase_file,
        issuer_url=issuer_url,
        allow_http=allow_http,
    )
    wanted = one_family(algs) if alg is None else (alg,)
    return KeyOptions(request, kid, wanted, allow_weak_key, not no_cache, offline)
