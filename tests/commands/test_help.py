"""The help: sections that make sense, 80 columns, and examples that work as they are written."""

import re
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from jwtcli.cli import COMMANDS, cli
from jwtcli.core.errors import MEANINGS, Status
from tests.conftest import Run, environment

NAMES = tuple(name for name, _, _ in COMMANDS)


def help_lines(jwtcli: Run, *command: str) -> list[str]:
    shown = jwtcli(*command, "--help")
    assert (shown.status, shown.stderr) == (0, "")
    return shown.stdout.splitlines()


@pytest.mark.parametrize(
    "command", [(), *((name,) for name in NAMES)], ids=lambda command: " ".join(command) or "group"
)
def test_help_fits_into_80_columns(jwtcli: Run, command: tuple[str, ...]) -> None:
    assert [line for line in help_lines(jwtcli, *command) if len(line) > 80] == []


def headings(lines: list[str]) -> list[str]:
    return [line for line in lines if line.endswith(":") and not line.startswith(" ")]


@pytest.mark.parametrize(
    ("columns", "width"), [("40", 50), ("60", 58), ("80", 78), ("200", 78), ("none", 78), ("-1", 78)]
)
def test_help_is_as_wide_as_click_would_have_it(jwtcli: Run, columns: str, width: int) -> None:
    shown = jwtcli("verify", "--help", env={"COLUMNS": columns})
    with cli.make_context("jwtcli", ["verify"], terminal_width=width) as context:
        command = cli.get_command(context, "verify")
        assert command is not None
        with command.make_context("verify", [], parent=context, resilient_parsing=True) as inner:
            assert shown.stdout == command.get_help(inner) + "\n"


def test_the_help_of_verify_is_in_sections(jwtcli: Run) -> None:
    assert headings(help_lines(jwtcli, "verify")) == [
        *(
            "Arguments:",
            "Demands:",
            "What to print:",
            "Key:",
            "Streams:",
            "General options:",
            "Environment:",
            "Examples:",
        )
    ]


def test_an_option_stands_in_the_section_of_its_bundle(jwtcli: Run) -> None:
    lines = help_lines(jwtcli, "encode")
    key = lines[lines.index("Key:") : lines.index("General options:")]
    claims = lines[lines.index("Claims:") : lines.index("Header:")]
    assert any(line.startswith("  -k, --key FILE ") for line in key)
    assert any(line.startswith("  --ttl DURATION ") for line in claims)
    assert lines[lines.index("Environment:") - 2].startswith("  -h, --help ")


def test_the_environment_that_a_command_looks_at_is_shown(jwtcli: Run) -> None:
    variables = ("JWTCLI_KEY", "JWTCLI_KEY_FILE", "JWTCLI_SECRET", "JWTCLI_SECRET_FILE", "JWTCLI_HOME")
    shown = {name: "\n".join(help_lines(jwtcli, name)) for name in ("encode", "verify", "decode")}
    assert all(f"  {name} " in shown["encode"] and f"  {name} " in shown["verify"] for name in variables)
    assert ("JWTCLI_JWKS" in shown["verify"], "JWTCLI_JWKS" in shown["encode"]) == (True, False)
    assert "Environment:" not in shown["decode"]


def test_the_exit_statuses_stand_in_the_first_help(jwtcli: Run) -> None:
    assert set(MEANINGS) == set(Status)
    lines = help_lines(jwtcli)
    told = lines[lines.index("Exit statuses:") + 1 :][: len(Status)]
    assert [line.split()[0] for line in told] == [str(status.value) for status in Status]


def leaves(command: click.Command, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    """Yield each command that does something by the words that lead to it, those of groups such as key among them."""
    if context.parent is None or not isinstance(command, click.Group):
        yield context.command_path, command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            with click.Context(child, info_name=name, parent=context) as inner:
                yield from leaves(child, inner)


def test_every_argument_of_every_command_says_what_it_is() -> None:
    with click.Context(cli, info_name="jwtcli", **cli.context_settings) as context:
        silent = [
            f"{path} {param.human_readable_name}"
            for path, command in leaves(cli, context)
            for param in command.params
            if isinstance(param, click.Argument) and not param.help
        ]
    assert silent == []


def test_the_general_options_are_those_that_are_everywhere(jwtcli: Run) -> None:
    lines = help_lines(jwtcli, "key", "convert")
    general = lines[lines.index("General options:") + 1 : lines.index("Examples:")]
    assert [line.split()[0].rstrip(",") for line in general if line.startswith("  -")] == [
        *("--json", "-q", "--color", "-h")
    ]


def examples() -> Iterator[tuple[str, str]]:
    """Yield each example of each help, and of whom it is."""
    with click.Context(cli, info_name="jwtcli", **cli.context_settings) as context:
        for path, command in leaves(cli, context):
            found = [line.strip() for line in (command.epilog or "").splitlines() if line.startswith("  ")]
            assert len(found) >= 2, f"{path} teaches by no examples"
            yield from ((path, example) for example in found)


PAIR = "jwtcli keygen -q --alg {} -f {} -o private.{} --public public.{}"
MAKE = {
    "private.pem": PAIR.format("RS256", *["pem"] * 3),
    "public.pem": PAIR.format("RS256", *["pem"] * 3),
    "private.jwk": PAIR.format("ES256", *["jwk"] * 3),
    "public.jwk": PAIR.format("ES256", *["jwk"] * 3),
    "next.pem": "jwtcli keygen -q --alg ES256 -f pem -o next.pem",
    "secret.txt": "jwtcli keygen -q -f base64 -o secret.txt",
    "id_ed25519": "ssh-keygen -q -t ed25519 -N '' -f id_ed25519",
    "jwks.json": "jwtcli keygen -q --alg ES256 --kid 2026-01 -o set.jwk; jq -s '{keys: .}' set.jwk > jwks.json",
    "token.txt": "jwtcli keygen -q; jwtcli encode -q --sub alice > token.txt",
}
"""How to make each file that an example reads; one that stands behind -o, --public or > is written by it."""

SPECIAL = {
    "jwtcli encode --sub alice --ttl 1h": "jwtcli keygen -q",
    "jwtcli encode --sub alice --aud api -c role=admin -c admin:=true": "jwtcli keygen -q",
    "jwtcli encode --sub alice --ttl 1h > token.txt": "jwtcli keygen -q",
    "jwtcli verify --key public.pem --aud api --max-age 1h < token.txt": (
        f"{MAKE['private.pem']}; jwtcli encode -q --key private.pem --aud api > token.txt"
    ),
    "jwtcli verify --explain --secret-file secret.txt < token.txt": (
        f"{MAKE['secret.txt']}; jwtcli encode -q --secret-file secret.txt > token.txt"
    ),
}
"""What an example needs besides, or in another form than others do."""


def preparation(example: str) -> str:
    """Return the commands that make what an example reads."""
    if example in SPECIAL:
        return SPECIAL[example]
    read = re.sub(r"(?:-o|--public|>) *[\w./~-]+", "", example)
    return "\n".join(dict.fromkeys(how for name, how in MAKE.items() if name in read))


RUN = tuple(pair for pair in examples() if pair[0] != "jwtcli serve")  # which ends when it is told to


@pytest.mark.parametrize(("path", "example"), RUN)
def test_an_example_works_as_it_is_written(tmp_path: Path, path: str, example: str) -> None:
    for folder in (".local/share/bash-completion/completions", ".zfunc", ".config/fish"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / ".config" / "fish" / "completions").mkdir()
    env = environment(tmp_path)
    env["PATH"] = f"{sysconfig.get_path('scripts')}:{env['PATH']}"
    script = f"set -euo pipefail\n{preparation(example)}\n{example}"
    done = subprocess.run(
        ["bash", "-c", script],
        env=env,
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()


def test_every_command_that_reads_a_passphrase_or_users_names_the_variable_too(jwtcli: Run) -> None:
    for path in (*((name,) for name in NAMES), ("key", "show"), ("key", "convert"), ("key", "thumbprint")):
        shown = "\n".join(help_lines(jwtcli, *path))
        assert ("--passphrase-file" in shown) == ("JWTCLI_PASSPHRASE" in shown), path
        assert ("--users-file" in shown) == ("JWTCLI_SERVE_USERS" in shown), path
