"""Values that are names: algorithms, claims and the kids of a key set, which a shell can complete."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from jwtcli.commands._params import Text

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

CLAIM_NAMES = (
    *("iss", "sub", "aud", "exp", "nbf", "iat", "jti"),  # RFC 7519 section 4.1
    *("azp", "nonce", "auth_time", "acr", "amr", "sid"),  # OpenID Connect
    *("name", "email", "email_verified", "preferred_username"),
    *("client_id", "scope", "roles", "groups", "act", "cnf"),  # RFC 9068, 8693, 7800
)


class Word(Text):
    """Text for which some words are known; others may be fine too."""

    def __init__(self, name: str, *known: str) -> None:
        self.name = name
        self._known = known

    def words(self) -> tuple[str, ...]:
        """Return the known words."""
        return self._known


class AlgorithmName(Word):
    """The name of an algorithm; the table of them is read only for one that is given and for a completion script."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name; raises UsageError, in the core's words, where there is no such algorithm."""
        from jwtcli.core.algorithms import known_algorithm

        return known_algorithm(str(value))

    def words(self) -> tuple[str, ...]:
        """Return the names of all algorithms that jwtcli knows."""
        from jwtcli.core.algorithms import ALGORITHMS

        return tuple(ALGORITHMS)


class Kid(Text):
    """The ``kid`` of a key; those of the key set that the line names are known."""

    name = "kid"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        """Offer the kids of the key set that the line or the environment names."""
        from click.shell_completion import CompletionItem

        names = [ctx.params.get("key"), ctx.params.get("jwks"), *map(os.environ.get, _SET_VARIABLES)]
        if any(param.name == "file" for param in ctx.command.params):
            names = [*ctx.args]  # before the value of --kid is there, Click has sorted no arguments
        path = next((name for name in names if name), None)
        kids = () if path is None else _kids_in(os.path.expanduser(path))
        return [CompletionItem(kid) for kid in kids if kid.startswith(incomplete)]


_SET_VARIABLES = ("JWTCLI_KEY_FILE", "JWTCLI_JWKS")
_PLAIN = r"[\w.+/=@-]+"
"""What needs no quotes in any shell: a key set may come from anywhere, and TAB must not put commands on a line."""


def _kids_in(path: str) -> list[str]:
    import json
    import re

    from jwtcli.core.sources import MAX_KEY_BYTES

    if not os.path.isfile(path):  # a FIFO would hang the shell
        return []
    try:
        with open(path, "rb") as file:
            document = json.loads(file.read(MAX_KEY_BYTES))
        members = document.get("keys", [document])
        kids = [member.get("kid") for member in members]
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return []  # TAB is no place for an error
    return [kid for kid in kids if isinstance(kid, str) and re.fullmatch(_PLAIN, kid, re.ASCII)]


ALG = AlgorithmName("alg")
CLAIM = Word("claim", *CLAIM_NAMES)
KID = Kid()
