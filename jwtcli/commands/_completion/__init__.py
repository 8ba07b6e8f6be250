"""Completion in four shells: scripts that know the commands by heart and ask jwtcli only for what is in files."""

from collections.abc import Mapping

import click
from click.shell_completion import ShellComplete

from jwtcli.commands._completion.bash import Bash
from jwtcli.commands._completion.fish import Fish
from jwtcli.commands._completion.powershell import PowerShell
from jwtcli.commands._completion.zsh import Zsh

_CLASSES: tuple[type[ShellComplete], ...] = (Bash, Zsh, Fish, PowerShell)
SHELLS = tuple(made.name for made in _CLASSES)
_VARIABLE = "_JWTCLI_COMPLETE"


def script(group: click.Command, shell: str) -> str:
    """Return the script that teaches ``shell`` to complete the commands of ``group``."""
    return _made_for(shell, group).source()


def understood(environ: Mapping[str, str]) -> bool:
    """Tell whether the environment holds a question as our scripts ask it; no other may change what a run does."""
    shell, _, asked = environ[_VARIABLE].partition("_")
    word = environ["COMP_CWORD"]  # its number, and for fish the word itself
    sound = bool(word.strip()) or not word if shell == "fish" else word.isdecimal() and len(word) < 10
    return shell in SHELLS and asked == "complete" and sound


def answer(group: click.Command, environ: Mapping[str, str]) -> str:
    """Return the answer to a script that asked through the environment, as its shell reads it."""
    shell = environ[_VARIABLE].partition("_")[0]
    return _made_for(shell, group).complete()


def _made_for(shell: str, group: click.Command) -> ShellComplete:
    made = next(made for made in _CLASSES if made.name == shell)
    return made(group, {}, "jwtcli", _VARIABLE)
