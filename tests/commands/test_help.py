"""The help: sections that make sense, 80 columns, and examples that work as they are written."""

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


def test_the_help_of_verify_is_in_sections(jwtcli: Run) -> None:
    assert headings(help_lines(jwtcli, "verify")) == [
        *("Arguments:", "Demands:", "What to print:", "Key:", "General options:", "Environment:", "Examples:")
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


def test_every_command_has_examples() -> None:
    assert {name for name, *_ in examples()} == {"jwtcli", *NAMES}


def examples() -> Iterator[tuple[str, str]]:
    """Yield each example of each help, and of whom it is."""
    with click.Context(cli, **cli.context_settings) as context:
        for name, command in (("jwtcli", cli), *((name, cli.get_command(context, name)) for name in NAMES)):
            assert command is not None
            lines = (command.epilog or "").splitlines()
            yield from ((name, line.strip()) for line in lines if line.startswith("  "))


PREPARE = {
    "jwtcli keygen": "true",
    "jwtcli verify --key public.pem --aud api --max-age 1h < token.txt": "rsa; mint --key private.pem --aud api",
    'echo \'{"sub": "alice"}\' | jwtcli encode --key private.pem -': "rsa",
}
"""What must be there before an example makes sense, where it is not a default key and a token by it."""

FUNCTIONS = """
set -euo pipefail
default() { jwtcli keygen -q > /dev/null; }
rsa() { jwtcli keygen -q --alg RS256 -f pem -o private.pem --public public.pem > /dev/null; }
mint() { jwtcli encode -q --sub alice "$@" > token.txt; }
"""


@pytest.mark.parametrize(("command", "example"), tuple(examples()))
def test_an_example_works_as_it_is_written(tmp_path: Path, command: str, example: str) -> None:
    """Each starts in a folder of its own; those of the group are three steps of one story."""
    prepare = PREPARE.get(example, "default; mint")
    if command in ("keygen", "completion"):
        prepare = "mkdir -p ~/.local/share/{bash-completion/completions,zsh/site-functions} ~/.config/fish/completions"
    path = f"{sysconfig.get_path('scripts')}:{environment(tmp_path)['PATH']}"
    done = subprocess.run(
        ["bash", "-c", f"{FUNCTIONS}\n{prepare}\n{example}"],
        env={**environment(tmp_path), "PATH": path},
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
