"""The class that every command shares."""

import click
import pytest

from jwtcli.commands._command import Command
from tests.conftest import Run


def test_a_command_without_help_has_no_help_option() -> None:
    bare = Command("bare", add_help_option=False)
    assert bare.get_help_option(click.Context(bare)) is None


def test_completion_is_given_no_refusal() -> None:
    command = Command("judge", params=[click.Option(["--key"]), click.Argument(["token"], required=False)])
    for args in (["--secret", "x"], ["--key", "k", "--help"]):
        assert command.make_context("judge", args, resilient_parsing=True).resilient_parsing


@pytest.mark.parametrize(
    ("command", "option", "values"),
    [
        ("verify", "--secret-file", ("mine", "theirs")),
        ("verify", "--sub", ("bob", "alice")),
        ("verify", "--at", ("0", "0")),
        ("encode", "--ttl", ("1h", "2h")),
        ("decode", "--claim", ("iss", "sub")),
        ("keygen", "--alg", ("HS256", "ES256")),
    ],
)
def test_an_option_of_one_value_that_is_given_twice_is_refused(
    jwtcli: Run, command: str, option: str, values: tuple[str, str]
) -> None:
    refused = jwtcli(command, "--json", option, values[0], f"{option}={values[1]}", stdin="a.b.c")
    assert (refused.status, refused.json["error"]["code"], refused.json["error"]["message"]) == (
        2,
        "repeated_option",
        f"{option} was given more than once, and takes one value",
    )


def test_an_option_of_several_values_and_a_flag_may_be_given_again(jwtcli: Run) -> None:
    minted = jwtcli("encode", "-q", "-q", "--aud", "a", "--aud", "b", env={"JWTCLI_SECRET": "s" * 32})
    judged = jwtcli("verify", "-q", "--aud", "c", "--aud", "b", stdin=minted.stdout, env={"JWTCLI_SECRET": "s" * 32})
    assert (minted.status, judged.status) == (0, 0)
