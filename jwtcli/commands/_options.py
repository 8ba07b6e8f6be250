"""Bundles of options: each adds a group of related options to a command and delivers one typed value."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from jwtcli.commands._params import MOMENT, When
from jwtcli.commands._refusals import refuse_empty, refuse_together
from jwtcli.commands._sections import GENERAL, Decorator, section
from jwtcli.commands._stdio import emit, is_terminal, remark
from jwtcli.commands._words import ALG, KID

if TYPE_CHECKING:
    from jwtcli.core.lifetime import Clock, Moment
    from jwtcli.core.sources import KeyRequest

_PASSPHRASE_FILE = click.option(
    "--passphrase-file", metavar="FILE", help="File with the passphrase of an encrypted private key."
)
_AT = click.option(
    "--at",
    "moment",
    type=MOMENT,
    metavar="MOMENT",
    help="Take this moment for now, such as -5m or 2026-01-31T12:00:00Z.",
)
# Without an option for the key exactly one of the first of these gives it.
KEY_ENVIRONMENT = {
    "JWTCLI_KEY": "The key itself, its line breaks as \\n or base64 around it.",
    "JWTCLI_KEY_FILE": "The name of a key file.",
    "JWTCLI_SECRET": "An HMAC secret.",
    "JWTCLI_SECRET_FILE": "The name of a file that holds one.",
}
VERIFYING_ENVIRONMENT = {"JWTCLI_JWKS": "A JWK Set: the name of a file, or a URL."}
SHARED_ENVIRONMENT = {
    "JWTCLI_SECRET_ENCODING": "How a secret is written, as --secret-encoding.",
    "JWTCLI_PASSPHRASE": "Passphrase of an encrypted private key.",
    "JWTCLI_HOME": "Directory of the default key file, looked at last.",
}


class View(NamedTuple):
    """How results are shown: as text or JSON, with remarks or without, in colour or plain."""

    json: bool = False
    quiet: bool = False
    colour: bool = False

    def note(self, message: str) -> None:
        """Say something worth knowing, unless ``-q`` was given."""
        if not self.quiet:
            remark("note", message)

    def warn(self, message: str) -> None:
        """Say something that must be known, ``-q`` or not."""
        remark("warning", message)

    def show(self, as_text: Callable[[], str], as_json: Callable[[], str]) -> None:
        """Print the product in the form that was asked for."""
        emit(as_json() if self.json else as_text())


class KeyOptions(NamedTuple):
    """What the options say about the key, the algorithms and how weak a key may be."""

    request: KeyRequest
    kid: str | None
    algs: tuple[str, ...]
    allow_weak: bool
    use_cache: bool = True
    offline: bool = False


def bundle(
    name: str,
    make: Callable[..., Any],
    *options: Decorator,
    title: str = GENERAL,
    environment: Mapping[str, str] | None = None,
) -> Decorator:
    """Add options to a command as a section of its help, and hand it their values as one, made by ``make``."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        names: list[str] = []

        @wraps(command)
        def with_bundle(**values: Any) -> Any:
            mine = {own: values.pop(own) for own in names}
            return command(**{name: make(**mine)}, **values)

        delivered = section(title, *options, environment=environment)(with_bundle)
        names.extend(vars(delivered)["__sections__"][0].names)
        return delivered

    return decorate


def view_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--json``, ``-q`` and ``--color``; delivers ``view``."""
    return bundle(
        "view",
        _make_view,
        click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
        click.option("-q", "--quiet", is_flag=True, help="No notes and hints on stderr."),
        click.option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            default="auto",
            help="Colour the text (default: on a terminal).",
        ),
    )(command)


def clock_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--at``; delivers ``at``, the moment that this run takes for now."""
    return bundle("at", _make_clock, _AT)(command)


def running_clock_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--at``; delivers ``clock``, which says what this run takes for now whenever it is asked."""
    return bundle("clock", _make_running_clock, _AT)(command)


def token_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the one argument of commands that read a token; delivers ``token``."""
    argument = click.argument(
        "token",
        required=False,
        metavar="[TOKEN|-|@FILE]",
        help="The token; left out, or -, it is read from standard input. A token from elsewhere goes after --.",
    )
    return argument(command)


def passphrase_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--passphrase-file`` to a command that reads key files; delivers ``passphrase_file``."""
    name = "JWTCLI_PASSPHRASE"
    return section("Options", _PASSPHRASE_FILE, environment={name: SHARED_ENVIRONMENT[name]})(command)


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
    environment = {**KEY_ENVIRONMENT, **(VERIFYING_ENVIRONMENT if verifying else {}), **SHARED_ENVIRONMENT}
    return bundle("keys", _make_key_options, *options, title="Key", environment=environment)


def _make_view(as_json: bool, quiet: bool, color: str) -> View:
    return View(as_json, quiet, not as_json and _in_colour(color))


def _in_colour(asked: str) -> bool:
    """Decide on colour: flag, NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, TERM=dumb, terminal, in this order."""
    if asked != "auto":
        return asked == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0") or os.environ.get("CLICOLOR_FORCE", "0") not in ("", "0"):
        return True
    return os.environ.get("TERM") != "dumb" and is_terminal(sys.stdout)


def _make_clock(moment: When | None) -> Moment:
    now = time.time()
    return now if moment is None else moment.seen_at(now)


def _make_running_clock(moment: When | None) -> Clock:
    return partial(_make_clock, moment)


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
    from jwtcli.core.algorithms import known_algorithm, one_family
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
    wanted = one_family(algs) if alg is None else (known_algorithm(alg),)
    return KeyOptions(request, kid, wanted, allow_weak_key, not no_cache, offline)
