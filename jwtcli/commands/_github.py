"""What a GitHub Actions run is told by commands in its log: errors to annotate, tokens to mask."""

import os

from jwtcli.core.printable import printable

_ESCAPED = {"%": "%25", "\r": "%0D", "\n": "%0A"}


def in_github_actions() -> bool:
    """Tell whether this is a step of a GitHub Actions run, whose log is read for commands."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def workflow_command(name: str, data: str) -> str:
    """Return the line that is a command; it goes to stderr, which is read too: the product stays alone on stdout."""
    return f"::{name}::" + "".join(_ESCAPED.get(char) or printable(char) for char in data)
