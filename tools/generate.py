"""The files of this repository that are made from the commands: ``python -m tools.generate`` makes them anew."""

from collections.abc import Callable
from pathlib import Path

from jwtcli.cli import cli
from jwtcli.commands._completion import script
from tools.manual import manual_pages
from tools.screenshots import screenshots

ROOT = Path(__file__).parent.parent
COMPLETIONS = {"bash": "jwtcli.bash", "zsh": "_jwtcli", "fish": "jwtcli.fish", "powershell": "jwtcli.ps1"}


def completions() -> dict[str, str]:
    """The completion scripts by the names of their files."""
    return {f"completions/{name}": f"{script(cli, shell)}\n" for shell, name in COMPLETIONS.items()}


def manual() -> dict[str, str]:
    """The manual pages by the names of their files."""
    return {f"man/{name}": text for name, text in manual_pages().items()}


# Made from the commands alone, so that each file is the same on every machine; screenshots are drawn by Rich.
MAKERS: tuple[Callable[[], dict[str, str]], ...] = (completions, manual)

if __name__ == "__main__":
    for make in (*MAKERS, screenshots):
        for name, content in make().items():
            (ROOT / name).parent.mkdir(exist_ok=True)
            (ROOT / name).write_text(content)
