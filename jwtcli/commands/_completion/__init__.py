"""Completion in four shells: scripts that know the commands by heart and ask jwtcli only for what is in files."""

from collections.abc import Mapping

import click
from click.shell_completion import ShellComplete, add_completion_class, shell_complete

from jwtcli.commands._completion.bash import Bash
from jwtcli.commands._completion.fish import Fish
from jwtcli.commands._completion.powershell import PowerShell
from jwtcli.commands._completion.zsh import Zsh

_CLASSES: tuple[type[ShellComplete], ...] = (Bash, Zsh, Fish, PowerShell)
SHELLS = tuple(made.name for made in _CLASSES)
_VARIABLE = "_JWTCLI_COMPLETE"

for _made in _CLASSES:
    add_completion_class(_made)


def script(group: click.Command, shell: str) -> str:
    """Return the script that teaches ``shell`` to complete the commands of ``group``."""
    made = next(made for made in _CLASSES if made.name == shell)
    return made(group, {}, "jwtcli", _VARIABLE).source()


def understood(environ: Mapping[str, str]) -> bool:
    """Tell whether the environment holds a question as our scripts ask it; no other may change what a run does."""
    shell, _, asked = environ[_VARIABLE].partition("_")
    word = environ["COMP_CWORD"]  # its number, and for fish the word itself
    sound = bool(word.strip()) or not word if shell == "fish" else word.isdecimal() and len(word) < 10
    return shell in SHELLS and asked == "complete" and sound


def answer(group: click.Command, environ: Mapping[str, str]) -> int:
    """Answer a script that asked through the environment, on stdout, and return the exit status."""
    return shell_complete(group, {}, "jwtcli", _VARIABLE, environ[_VARIABLE])
