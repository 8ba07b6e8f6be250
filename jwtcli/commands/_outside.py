"""The process around a run, as the core is told of it: its environment, its standard input, and who can be asked."""

import os

from jwtcli.commands._terminal import hidden_prompt, read_to_end
from jwtcli.core.sources import Outside


def outside() -> Outside:
    """Describe the process around this run to the core."""
    return Outside(os.environ, read_to_end, hidden_prompt(os.environ))
