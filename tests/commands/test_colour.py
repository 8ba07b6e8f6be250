"""Colour and width: readable on light and dark backgrounds, obedient to the variables, whole in a narrow window."""

import re

import pytest

from tests.conftest import AT, Run

SECRET = {"JWTCLI_SECRET": "a secret of thirty-two bytes ..."}
PLAIN = {"TERM": "xterm-256color"}


@pytest.fixture
def token(jwtcli: Run) -> str:
    return jwtcli("encode", "--sub", "alice", "--ttl", "1h", "--at", str(AT), env=SECRET).stdout


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"CLICOLOR_FORCE": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"NO_COLOR": "", "CLICOLOR_FORCE": "1"}, True),
    ],
)
def test_colour_is_as_the_environment_asks(jwtcli: Run, token: str, variables: dict[str, str], coloured: bool) -> None:
    shown = jwtcli("verify", "--at", str(AT), stdin=token, env={**SECRET, **PLAIN, **variables})
    assert ("\x1b[" in shown.stdout) is coloured
    assert "\x1b" not in shown.stderr


@pytest.mark.parametrize("command", [("decode",), ("verify",), ("verify", "--aud", "other")], ids=" ".join)
def test_colours_are_those_that_a_terminal_sets_for_its_background(
    jwtcli: Run, token: str, command: tuple[str, ...]
) -> None:
    """Neither white nor black, no colour of our own mixing, no background: each theme keeps the rest readable."""
    shown = jwtcli(*command, "--color", "always", "--at", str(AT + 1), stdin=token, env=SECRET)
    codes = {code for codes in re.findall(r"\x1b\[([\d;]*)m", shown.stdout) for code in codes.split(";")}
    assert codes
    assert codes <= {"0", "1", "2", "31", "32", "33", "35", "36"}


@pytest.mark.parametrize("width", ["1", "20", "40"])
def test_a_narrow_window_cuts_nothing_off(jwtcli: Run, token: str, width: str) -> None:
    narrow = {**SECRET, "COLUMNS": width, "FORCE_COLOR": "1"}
    wide = {**SECRET, "COLUMNS": "200", "FORCE_COLOR": "1"}
    for command in (("decode", "--at", str(AT)), ("verify", "--at", str(AT))):
        assert jwtcli(*command, stdin=token, env=narrow).stdout == jwtcli(*command, stdin=token, env=wide).stdout
    options = re.findall(r"--[a-z-]+", jwtcli("verify", "--help", env=narrow).stdout)
    assert {"--secret-encoding", "--passphrase-file", "--help"} <= set(options)


@pytest.mark.parametrize("size", ["\u00b2", "9" * 5000, "-1", "0", "\u0663"])
def test_a_size_that_is_none_changes_nothing(jwtcli: Run, token: str, size: str) -> None:
    """What ``isdigit`` takes for a number is not always one."""
    shown = jwtcli("decode", "--color", "always", "--at", str(AT), stdin=token)
    odd = jwtcli("decode", "--color", "always", "--at", str(AT), stdin=token, env={"COLUMNS": size, "LINES": size})
    assert odd == shown
    assert jwtcli("--help", env={"COLUMNS": size}).status == 0
