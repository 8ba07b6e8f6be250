"""What the completion scripts know of commands, groups of commands within the group among them."""

import subprocess
from pathlib import Path

import click
import pytest

from jwtcli.commands._completion import script
from jwtcli.commands._completion.grammar import Kind, Value, grammar
from jwtcli.commands._words import ALG, KID
from tests.conftest import need


@click.group(help="The tool.")
def tool() -> None: ...


@tool.group(help="All about a key: what's in it [or not].")
def key() -> None: ...


@key.command(help="Show it.")
@click.argument("files", nargs=-1, metavar="FILE")
@click.option("-a", "--alg", type=ALG, metavar="ALG", help='One of "them".')
@click.option("--kid", type=KID, multiple=True, metavar="ID", help="It's the 50% \\ `key`.")
@click.option("--at", metavar="MOMENT", help="When: now, or then.")
@click.option("-n", "--now", is_flag=True)
@click.option("--secretly", is_flag=True, hidden=True)
def show() -> None: ...


@key.command(help="Name it.")
@click.argument("name")
@click.argument("form", type=click.Choice(["long", "short"]))
def name() -> None: ...


def test_commands_within_commands_are_found() -> None:
    shapes = grammar(tool)
    assert [shape.path for shape in shapes] == ["", "key", "key name", "key show"]
    assert shapes[1].commands == (("name", "Name it"), ("show", "Show it"))
    shown = shapes[3]
    assert (shown.arguments, shown.many) == ((Value(Kind.FILE, "FILE"),), True)
    assert [option.names for option in shown.options] == [
        *(("-a", "--alg"), ("--kid",), ("--at",), ("-n", "--now"), ("--help",))
    ]
    assert [option.value.kind for option in shown.options] == ["word", "kid", "text", "none", "none"]
    assert [value.kind for value in shapes[2].arguments] == ["text", "word"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_reads_the_script_of_any_commands(tmp_path: Path, shell: str) -> None:
    """Quotes, brackets, colons, commas and backslashes of a help text steer no shell."""
    path = tmp_path / "script"
    path.write_text(script(tool, shell))
    checked = subprocess.run([need(shell), "-n", path], capture_output=True, text=True, timeout=30, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_bash_completes_the_command_of_a_command(tmp_path: Path) -> None:
    path = tmp_path / "script"
    path.write_text(script(tool, "bash"))
    for words, answer in (
        ("jwtcli k", "key"),
        ("jwtcli key s", "show"),
        ("jwtcli key show --k", "--kid"),
        ("jwtcli key show -a ES3", "ES384"),
        ("jwtcli key name l", ""),
    ):
        ask = (
            f'source {path}; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _jwtcli; echo "$COMPREPLY"'
        )
        done = subprocess.run([need("bash"), "-c", ask], capture_output=True, text=True, timeout=30, check=False)
        assert (done.stdout, done.stderr) == (f"{answer}\n", "")
