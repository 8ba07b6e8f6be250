"""The manual pages: complete, and nothing that man, groff or whatis would complain of."""

import re
import subprocess
from pathlib import Path

import pytest

from jwtcli.cli import cli
from jwtcli.commands._completion.grammar import CommandShape, grammar
from tests.conftest import environment, need
from tools.manual import manual_pages

PAGES = manual_pages()


@pytest.mark.parametrize("name", PAGES)
def test_man_reads_a_page_without_a_warning(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(PAGES[name])
    command = [need("man"), "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", str(tmp_path / name)]
    env = {**environment(tmp_path), "MANROFFSEQ": "", "MANWIDTH": "80"}
    shown = subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60, check=False)
    assert (shown.returncode, shown.stderr.decode()) == (0, "")


@pytest.mark.parametrize("name", PAGES)
def test_whatis_finds_the_name_and_what_it_is(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(PAGES[name])
    found = subprocess.run([need("lexgrog"), tmp_path / name], capture_output=True, text=True, timeout=60, check=False)
    assert re.search(rf': "{name.removesuffix(".1")} - [a-z].+"\n$', found.stdout)


@pytest.mark.parametrize("shape", grammar(cli), ids=lambda shape: shape.path or "jwtcli")
def test_every_option_argument_and_status_of_a_command_is_in_its_page(tmp_path: Path, shape: CommandShape) -> None:
    page = "-".join(["jwtcli", *shape.path.split()])
    name = f"{page}.1"
    (tmp_path / name).write_text(PAGES[name])
    command = [need("man"), "-E", "ascii", "-l", str(tmp_path / name)]
    env = {**environment(tmp_path), "MANWIDTH": "80", "MANPAGER": "cat", "MAN_KEEP_FORMATTING": ""}
    text = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=True).stdout
    for option in shape.options:
        assert re.search(rf"^       {re.escape(', '.join(option.names))}\b", text, re.MULTILINE)
    for value in shape.arguments:
        assert f"[{value.metavar}]" in text or value.metavar.upper() in text
    for command_name, _ in shape.commands:
        assert f"{page}-{command_name}(1)" in text
    assert "\nEXIT STATUS\n       0      done; " in text
    assert "\nEXAMPLES\n       " in text or shape.commands
    assert f"\n       jwtcli {shape.path}".rstrip() in text
