"""The files of this repository that are made from the commands: ``python -m tests.generated`` makes them anew."""

from collections.abc import Callable
from pathlib import Path

from jwtcli.cli import cli
from jwtcli.commands._completion import script

ROOT = Path(__file__).parent.parent
COMPLETIONS = {"bash": "jwtcli.bash", "zsh": "_jwtcli", "fish": "jwtcli.fish", "powershell": "jwtcli.ps1"}


def completions() -> dict[str, str]:
    """The completion scripts by the names of their files."""
    return {f"completions/{name}": f"{script(cli, shell)}\n" for shell, name in COMPLETIONS.items()}


MAKERS: tuple[Callable[[], dict[str, str]], ...] = (completions,)

if __name__ == "__main__":
    for make in MAKERS:
        for name, content in make().items():
            (ROOT / name).parent.mkdir(exist_ok=True)
            (ROOT / name).write_text(content)
