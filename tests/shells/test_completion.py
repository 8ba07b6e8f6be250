"""Completion in real shells: a line is typed, TAB is pressed, and what then stands there is read back."""

import json
import os
import subprocess
import sysconfig
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

from tests.conftest import ROOT, environment, need

SHELLS = ("bash", "bash without compopt", "zsh", "fish")
TAB, HOME, END = "\t", "\x01", "\x05"
START = {
    "bash": (["--norc", "--noprofile", "-i"], "source /usr/share/bash-completion/bash_completion"),
    "bash without compopt": (
        ["--norc", "--noprofile", "-i"],
        "source {share}/bash-completion/completions/jwtcli; enable -n compopt",  # as in bash 3.2, which macOS has
    ),
    "zsh": (["-f", "-i"], "fpath=({share}/zsh/site-functions $fpath); autoload -Uz compinit; compinit -D"),
    "fish": ([], "true"),
}
"""How each shell is told where completions are: bash and fish look below XDG_DATA_DIRS by themselves."""


class Shell:
    """An interactive shell in a folder with some files, that finds the completions of an installed wheel."""

    def __init__(self, name: str, home: Path, share: Path) -> None:
        self.home = home
        arguments, setup = START[name]
        path = f"{home / 'bin'}:{os.environ['PATH']}"
        env = environment(home, {"TERM": "xterm", "PATH": path, "XDG_DATA_DIRS": f"{share}:/usr/share"})
        self.process = pexpect.spawn(
            need(name.partition(" ")[0]),
            arguments,
            env=env,
            cwd=str(home),
            encoding="utf-8",
            dimensions=(40, 200),
            timeout=30,
        )
        self.process.sendline(f"{setup.format(share=share)}; true > started")
        self.wait_for("started")

    def complete(self, line: str) -> str:
        """Type a line, press TAB, and return the words that stand there, each in angle brackets."""
        (self.home / "answer").unlink(missing_ok=True)
        self.process.send(f"{line}{TAB}")
        self.process.send(f'{HOME}printf "<%s>" {END} > part; mv part answer\r')
        return self.wait_for("answer").read_text()

    def wait_for(self, name: str) -> Path:
        """Wait until the shell has made a file, reading meanwhile what it writes to its terminal."""
        path = self.home / name
        end = time.monotonic() + 30
        while not path.exists():
            assert time.monotonic() < end, self.process.before
            self.process.expect([pexpect.TIMEOUT, pexpect.EOF], timeout=0.02)
        return path

    def started_jwtcli(self) -> bool:
        """Tell whether jwtcli itself was started since this was asked last."""
        log = self.home / "jwtcli-was-here"
        was_here = log.exists()
        log.unlink(missing_ok=True)
        return was_here


@pytest.fixture(scope="module", params=SHELLS)
def shell(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, prefix: Path) -> Iterator[Shell]:
    name: str = request.param
    home = tmp_path_factory.mktemp(name.replace(" ", "-"))
    (home / "x5`touch pwned`x\n`touch pwned`y").touch()
    for file in ("private.pem", "my key.pem", "x1`touch pwned`", "x2$(touch pwned)", "x3$HOME", "x4*;'\"&|<>"):
        (home / file).touch()
    kids = ["old-2023", "new-2024", "$(touch pwned)", "`touch pwned`", "with space", "comma,comma"]
    (home / "set.json").write_text(json.dumps({"keys": [{"kty": "oct", "kid": kid} for kid in kids]}))
    (home / "bin").mkdir()
    wrapper = home / "bin" / "jwtcli"
    real = Path(sysconfig.get_path("scripts")) / "jwtcli"
    wrapper.write_text(f'#!/bin/sh\ntouch {home}/jwtcli-was-here\nexec {real} "$@"\n')
    wrapper.chmod(0o755)
    started = Shell(name, home, prefix / "share")
    yield started
    started.process.close(force=True)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("jwtcli enc", "<jwtcli><encode>"),
        ("jwtcli --vers", "<jwtcli><--version>"),
        ("jwtcli keygen --alg=ES3", "<jwtcli><keygen><--alg=ES384>"),
        ("jwtcli keygen --alg ES3", "<jwtcli><keygen><--alg><ES384>"),
        ("jwtcli keygen -a Ed4", "<jwtcli><keygen><-a><Ed448>"),
        ("jwtcli keygen --alg=ES", "<jwtcli><keygen><--alg=ES"),
        ("jwtcli keygen --format=ba", "<jwtcli><keygen><--format=base64>"),
        ("jwtcli verify --k", "<jwtcli><verify><--key>"),
        ("jwtcli verify --key priv", "<jwtcli><verify><--key><private.pem>"),
        ("jwtcli verify --key=priv", "<jwtcli><verify><--key=private.pem>"),
        ("jwtcli verify -k my", "<jwtcli><verify><-k><my key.pem>"),
        ("jwtcli verify @priv", "<jwtcli><verify><@private.pem>"),
        ("jwtcli decode --claim=pref", "<jwtcli><decode><--claim=preferred_username>"),
        ("jwtcli completion pow", "<jwtcli><completion><powershell>"),
        ("jwtcli encode --secret-encoding ra", "<jwtcli><encode><--secret-encoding><raw>"),
        ("jwtcli encode --sub enc", "<jwtcli><encode><--sub><enc>"),
        ("jwtcli encode --sub decode --no-ex", "<jwtcli><encode><--sub><decode><--no-exp>"),
        ("jwtcli decode -- --cl", "<jwtcli><decode><--><--cl>"),
        ("jwtcli verify < priv", "<jwtcli><verify>"),
        ("jwtcli verify <priv", "<jwtcli><verify>"),
        ("jwtcli encode --sub a -k private.pem < priv", "<jwtcli><encode><--sub><a><-k><private.pem>"),
    ],
)
def test_tab_completes_without_starting_jwtcli(shell: Shell, typed: str, expected: str) -> None:
    """What a shell cannot know for sure it leaves as it was typed, and never takes a word away."""
    completed = shell.complete(typed)
    assert completed.startswith(expected) if expected[-1] != ">" else completed == expected
    assert not shell.started_jwtcli()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("jwtcli encode --key set.json --kid ne", "<jwtcli><encode><--key><set.json><--kid><new-2024>"),
        ("jwtcli encode --key=set.json --kid=ol", "<jwtcli><encode><--key=set.json><--kid=old-2023>"),
    ],
)
def test_the_kids_of_a_local_key_set_are_completed(shell: Shell, typed: str, expected: str) -> None:
    assert shell.complete(typed) == expected
    assert shell.started_jwtcli()


@pytest.mark.parametrize("begun", ["'$'", "'`'", "with", "comma"])
def test_a_kid_that_could_be_a_command_is_never_put_on_the_line(shell: Shell, begun: str) -> None:
    completed = shell.complete(f"jwtcli encode --key set.json --kid {begun}")
    bare = begun.strip("'")
    assert completed == f"<jwtcli><encode><--key><set.json><--kid><{bare}>"
    assert not (shell.home / "pwned").exists()


@pytest.mark.parametrize("name", ["x1`touch pwned`", "x2$(touch pwned)", "x3$HOME", "x4*;'\"&|<>"])
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("jwtcli decode @", "<jwtcli><decode><@{}>"),
        ("jwtcli verify --key ", "<jwtcli><verify><--key><{}>"),
        ("jwtcli verify --key=", "<jwtcli><verify><--key={}>"),
        ("jwtcli verify < ", "<jwtcli><verify>"),
    ],
)
def test_the_name_of_a_file_stays_a_name_whatever_is_in_it(shell: Shell, typed: str, expected: str, name: str) -> None:
    assert shell.complete(f"{typed}{name[:2]}") == expected.format(name)
    assert not (shell.home / "pwned").exists()


@pytest.mark.parametrize("typed", ["jwtcli verify --key ", "jwtcli verify --key=", "jwtcli decode @"])
def test_a_name_with_a_line_break_in_it_puts_no_command_on_the_line(shell: Shell, typed: str) -> None:
    shell.complete(f"{typed}x5")
    assert not (shell.home / "pwned").exists()


def test_fish_tells_an_option_s_help_beside_the_option_and_not_beside_each_of_its_values() -> None:
    script = f"source {ROOT / 'completions' / 'jwtcli.fish'}; for word in $argv; complete -C $word; end"
    lines = ("jwtcli keygen --alg ML-DSA-4", "jwtcli keygen --bi")
    done = subprocess.run([need("fish"), "-N", "-c", script, *lines], capture_output=True, text=True, check=True)
    value, option = done.stdout.splitlines()
    assert value == "ML-DSA-44"
    assert option.startswith("--bits\tSize of an RSA key")


def test_the_powershell_script_holds_every_command_and_option(jwtcli: Callable[..., object]) -> None:
    text = (ROOT / "completions" / "jwtcli.ps1").read_text()
    assert "Register-ArgumentCompleter -Native -CommandName jwtcli -ScriptBlock {" in text
    assert "        'keygen --alg' = @('HS256', 'HS384', 'HS512', " in text
    assert "        'encode --kid' = 'kid'" in text
    assert text.count("{") == text.count("}")
    assert text.count("(") == text.count(")")
