"""The screenshots show what the commands print today, and fetch nothing from elsewhere."""

import re

from tests.conftest import ROOT
from tools.screenshots import screenshots, words

MADE = screenshots()


def test_the_screenshots_show_what_the_commands_print() -> None:
    """Compared by their words: how Rich draws them may change with its version."""
    present = {f"docs/{path.name}" for path in (ROOT / "docs").iterdir()}
    assert present == set(MADE)
    for name, svg in MADE.items():
        assert words((ROOT / name).read_text()) == words(svg), "make them anew: python -m tools.generate"
        assert any("expired 5m ago" in line for line in words(svg))


def test_a_screenshot_has_the_readers_browser_fetch_nothing() -> None:
    for name in MADE:
        found = re.findall(r"https?://[^\s\"')]+", (ROOT / name).read_text())
        assert [url for url in found if url not in ("http://www.w3.org/2000/svg", "https://www.textualize.io")] == []


def test_the_readme_shows_every_screenshot() -> None:
    page = (ROOT / "README.md").read_text()
    assert [name for name in MADE if name not in page] == []
