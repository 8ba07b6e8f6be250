"""Key material in the wrong place of the command line: no message tells it back, in no spelling, not in part."""

import os
import re
from collections.abc import Iterator
from typing import Any

import click
import pytest

from jwtcli.core.keyfiles import to_bytes
from jwtcli.core.mixups import untold
from tests.commands_of import LEAVES, named
from tests.conftest import Run, key_for, within_reason

SECRETS = {
    "a PEM": to_bytes(key_for("ES256"), "pem").decode(),
    "a JWK": to_bytes(key_for("Ed25519"), "jwk").decode(),
    "an OpenSSH key": to_bytes(key_for("Ed25519"), "openssh").decode(),
    "base64 with slashes": "q83vEjRWeJq83vEj//8xIzQ1Njc4OTA//+b29v/vMTIzNDU2Nzg5MA==",
    "a secret with a name": "payments:AbCdEf0123456789AbCdEf0123456789/+XyZ",
    "text that Python quotes": "correct horse\\battery\"staple and it's more\tthan enough\x1b[1m",
}
# What asks for something by its name, so that a verdict or product names it, and where text is what is wanted.
NAMING = {"--aud", "--expect", "--iss", "--kid", "--require", "--set", "--sub", "--typ", "--jti", "--header", "--claim"}


def places() -> Iterator[Any]:
    """Every place of every command in which something can be typed, as arguments with {} for it."""
    for path in LEAVES:
        yield pytest.param((*path, "{}"), id=" ".join((*path, "ARGUMENT")))
        for param in named(path).params:
            if isinstance(param, click.Option) and not param.is_flag and not NAMING & set(param.opts):
                for opt in param.opts:
                    for line in (
                        ((opt, "{}"), (f"{opt}={{}}",), (opt, "key:{}"))
                        if opt.startswith("--")
                        else ((f"{opt}{{}}",), (f"-q{opt[1:]}{{}}",))
                    ):
                        yield pytest.param((*path, *line), id=" ".join((*path, *line)))


def told_of(secret: str, text: str) -> list[str]:
    """Return the stretches of a secret that stand in a text, whatever stands between their letters."""
    letters, shown = (re.sub(r"\\u[0-9a-f]{4}|\\[nt]|[^A-Za-z0-9]", "", each) for each in (secret, text))
    letters = re.sub("(BEGIN|END)(OPENSSH)?PRIVATEKEY", "", letters)
    return [letters[at : at + 20] for at in range(len(letters) - 19) if letters[at : at + 20] in shown]


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("line", tuple(places()))
def test_no_message_tells_a_secret_from_the_wrong_place(jwtcli: Run, line: tuple[str, ...], secret: str) -> None:
    failing = ("--users-file", "missing") if line[0] == "serve" else ()
    args = [part.format(secret) if "{}" in part else part for part in line]
    for more in ((), ("--json",)):
        result = jwtcli(*args, *more, *failing, env={"GITHUB_ACTIONS": "true"})
        if not os.path.isdir(secret):  # fixtures made it, and names it
            assert told_of(secret, result.stdout + result.stderr) == []


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_no_message_tells_a_secret_that_passes_for_a_member(jwtcli: Run, secret: str) -> None:
    for option in ("-c", "-H", "--expect"):
        for member in (secret, f" {secret}", f"{secret}=true", f" {secret}=x"):
            command = "verify" if option == "--expect" else "encode"
            result = jwtcli(command, option, member, stdin="a.b.c", env={"JWTCLI_SECRET": "x" * 40})
            assert told_of(secret, result.stderr) == []


@pytest.mark.parametrize("secret", ["q83vEjRWeJq83vEj//8xIzQ1Njc4OTA//+b29v/vMTI=", SECRETS["a PEM"]])
def test_no_token_is_made_with_a_key_for_the_name_of_a_claim(jwtcli: Run, secret: str) -> None:
    for member in (secret, f" {secret}", f"{secret}=true" if "\n" in secret else f"{secret}="):
        result = jwtcli("encode", "-c", member, env={"JWTCLI_SECRET": "x" * 40})
        assert (result.status, result.stdout) == (2, "")
        assert "it has neither the form NAME=TEXT nor NAME:=JSON" in result.stderr


def test_what_a_message_tells_is_sought_in_time_that_grows_with_the_command_line() -> None:
    within_reason(lambda: untold("no such option " + "ab" * 60_000, [f"t{number:031}abcd" for number in range(45_000)]))


def test_a_url_is_told_without_its_query() -> None:
    url = "https://keys.example/jwks"
    assert untold(f"cannot read {url}?access_key=0123456789", [f"{url}?access_key=0123456789"]).startswith(
        f"cannot read {url}?("
    )


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_no_message_tells_a_secret_in_the_place_of_a_command(jwtcli: Run, secret: str) -> None:
    for args in ((secret,), ("key", secret), (f"-{secret}",), (f"--{secret}",), ("verify", f"--{secret}")):
        result = jwtcli(*args)
        assert result.status == 2
        assert told_of(secret, result.stdout + result.stderr) == []


def test_a_key_in_the_variable_for_its_file_is_told_where_it_belongs(jwtcli: Run) -> None:
    for variable in ("JWTCLI_KEY_FILE", "JWTCLI_SECRET_FILE"):
        refused = jwtcli("encode", env={variable: SECRETS["a PEM"]})
        told = (
            f"jwtcli: error: {variable} takes the name of a file, "
            "and what was given looks like a key or secret itself\n"
            "jwtcli: hint: JWTCLI_KEY takes a key itself, and JWTCLI_SECRET a secret\n"
        )
        assert (refused.status, refused.stderr) == (2, told)
