"""The class that every command shares."""

import click

from jwtcli.commands._command import Command


def test_a_command_without_help_has_no_help_option() -> None:
    bare = Command("bare", add_help_option=False)
    assert bare.get_help_option(click.Context(bare)) is None


def test_completion_is_given_no_refusal() -> None:
    command = Command("judge", params=[click.Option(["--key"]), click.Argument(["token"], required=False)])
    for args in (["--secret", "x"], ["--key", "k", "--help"]):
        assert command.make_context("judge", args, resilient_parsing=True).resilient_parsing
