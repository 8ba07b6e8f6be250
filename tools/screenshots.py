"""Screenshots for the README: real output of real commands, as SVG, for light and for dark backgrounds."""

import os
import re
import subprocess
import sys
import tempfile
from io import StringIO
from xml.etree import ElementTree as ET

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, SVG_EXPORT_THEME, TerminalTheme
from rich.text import Text

AT, LATER = "2026-01-31T12:00:00Z", "2026-01-31T12:20:00Z"
MINT = f"jwtcli encode --sub alice --aud api --ttl 15m --at {AT} > token.txt"
SHOTS = {"verify": (MINT, f"jwtcli verify --aud web --require jti --at {LATER} < token.txt")}
THEMES = {"dark": SVG_EXPORT_THEME, "light": DEFAULT_TERMINAL_THEME}

# Without the fonts that Rich would have the reader's browser fetch from elsewhere.
_TEMPLATE = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


def screenshots() -> dict[str, str]:
    """Return each screenshot by the name of its file."""
    return {
        f"docs/{name}-{theme}.svg": _drawn(name, commands, colours)
        for name, commands in SHOTS.items()
        for theme, colours in THEMES.items()
    }


def words(svg: str) -> list[str]:
    """Return the text of a screenshot line by line: what must stay true, however Rich draws it."""
    rows: dict[float, str] = {}
    for element in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        y = float(element.get("y", "0"))
        rows[y] = rows.get(y, "") + (element.text or "").replace("\xa0", " ")
    return [rows[y].rstrip() for y in sorted(rows)]


def _drawn(name: str, commands: tuple[str, ...], colours: TerminalTheme) -> str:
    console = Console(file=StringIO(), record=True, width=100, force_terminal=True, color_system="truecolor")
    with tempfile.TemporaryDirectory() as folder:
        for command in commands:
            console.print(Text(f"$ {command}", style="bold"))
            console.print(Text.from_ansi(_output(command, folder)), end="", soft_wrap=True)
    return console.export_svg(title=f"jwtcli {name}", theme=colours, code_format=_TEMPLATE, unique_id=f"jwtcli-{name}")


def _output(command: str, folder: str) -> str:
    """Run a command in colour as its reader would, with a secret of its own and nothing else around it."""
    env = {
        "PATH": f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}",
        "HOME": folder,
        "FORCE_COLOR": "1",
        "LC_ALL": "C.UTF-8",
        "JWTCLI_SECRET": "a secret for the README, no more",
    }
    done = subprocess.run(
        ["sh", "-c", f"{command} 2>&1"], env=env, cwd=folder, stdout=subprocess.PIPE, text=True, timeout=60, check=False
    )
    return done.stdout
