"""The log of a CI job, which its runner reads for commands: errors to annotate, tokens to mask, claims."""

import os
import re
import sys
import time

from jwtcli.commands._stdio import is_device, is_file, say
from jwtcli.core.errors import ClaimError, FileError
from jwtcli.core.printable import printable, unheeded

# A command to GitHub's runner, a line of its own: two colons, its name, two colons. Before and between them may stand
# what .NET trims, and what it passes over because nobody sees it.
_UNSEEN = r"[^A-Za-z0-9\r\n:]*+"
_COMMAND = rf"(?:\A|[\r\n]){_UNSEEN}:{_UNSEEN}:[^\r\n]*?:{_UNSEEN}:"
_WATCHED = ("TF_BUILD", "TEAMCITY_VERSION")  # as is GitHub's variable
_HEARD = 0.2  # seconds in which a runner has read a line of stderr: it reads that and stdout apart from each other
_ESCAPED = {"%": "%25", "\r": "%0D", "\n": "%0A"}


def in_github_actions() -> bool:
    """Tell whether this is a step of a GitHub Actions run, whose log is read for commands."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def workflow_command(name: str, data: str) -> str:
    """Return the line that is a command; it goes to stderr, which is read too: the product stays alone on stdout."""
    return f"::{name}::" + printable("".join(_ESCAPED.get(char, char) for char in data))


def mask(token: str) -> None:
    """Have GitHub's runner keep a token out of its log, before the token can reach that.

    Raises FileError where the runner cannot be told: the token would stand in the log.
    """
    unread = is_file(sys.stderr) or is_device(sys.stderr)
    if unread or not say(workflow_command("add-mask", token)):
        raise FileError(
            "the token cannot be masked: standard error does not reach the runner",
            hint="no token was printed; it takes a standard error that goes to the log of the run",
            code="no_mask",
        )
    if not is_file(sys.stdout):
        time.sleep(_HEARD)


def is_obeyed(text: str) -> bool:
    """Tell whether the runner of this job, GitHub's, Azure's or TeamCity's, would take part of a text for a command."""
    watched = in_github_actions() or any(name in os.environ for name in _WATCHED)
    return watched and (unheeded(text) != text or re.search(_COMMAND, text) is not None)


def not_a_command(text: str) -> str:
    """Return a claim's text that is printed alone; in a CI job only what its runner does not obey.

    Raises ClaimError: a script that catches the output is not told from one that leaves it to the log.
    """
    if is_obeyed(text):
        raise ClaimError(
            "the claim reads like a command to the CI runner, whose log this may be",
            hint="--json prints it as a JSON string",
            code="unprintable_claim",
        )
    return text
