"""Values that a shell can complete: algorithms, claim names, files, the kids of a key set."""

from typing import Any

import click

from jwtcli.core.keys import ALGORITHMS

CLAIM_NAMES = (
    *("iss", "sub", "aud", "exp", "nbf", "iat", "jti"),  # RFC 7519 section 4.1
    *("azp", "nonce", "auth_time", "acr", "amr", "sid"),  # OpenID Connect
    *("name", "email", "email_verified", "preferred_username"),
    *("client_id", "scope", "roles", "groups", "act", "cnf"),  # RFC 9068, 8693, 7800
)


class Text(click.ParamType[str]):
    """Text that goes on as it was typed."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text: what it means is judged where it is used."""
        return str(value)


class Word(Text):
    """Text for which some words are known; others may be fine too."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known


class FileName(Text):
    """The name of a file. It is opened once, where its content is needed."""

    name = "file"


class TextOrFile(Text):
    """Text, ``@FILE`` or ``-``."""

    name = "text_or_file"


class Kid(Text):
    """The ``kid`` of a key; those of the key set that the line names are known."""

    name = "kid"


ALG = Word("alg", tuple(ALGORITHMS))
CLAIM = Word("claim", CLAIM_NAMES)
FILE = FileName()
TEXT_OR_FILE = TextOrFile()
KID = Kid()
