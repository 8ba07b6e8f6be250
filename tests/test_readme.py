"""The README's transcripts: every ``$`` line runs in one shell, in page order, and prints what stands there."""

import os
import re
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Run, environment

PAGE = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = "=== the next command ==="


@dataclass(frozen=True)
class Step:
    """One command of a transcript, and the lines that the page shows beneath it."""

    command: str
    shown: str


def steps(page: str) -> Iterator[Step]:
    """Read the commands (``$``, continued by ``>``) and outputs of all ``console`` blocks."""
    for block in _BLOCK.findall(page):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, rest = part.partition("\n")
            while rest.startswith("> "):
                more, _, rest = rest[2:].partition("\n")
                command += f"\n{more}"
            yield Step(command, rest.strip("\n"))


STEPS = tuple(steps(PAGE))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Run every command of the page in one shell; return what each printed, stderr included."""
    home = tmp_path_factory.mktemp("home")
    env = shell_environment(home)
    del env["JWTCLI_HOME"]  # a reader has none, and sees the default place
    script = "exec 2>&1 </dev/null\n" + "".join(
        f"printf '\\n%s\\n' '{_MARK}'; (exit ${{status:-0}})\n{step.command}\nstatus=$?\n" for step in STEPS
    )
    shell = subprocess.run(
        ["bash", "-c", script], env=env, cwd=home, capture_output=True, text=True, timeout=120, check=False
    )
    return [part.strip("\n").replace(str(home), "/home/alice") for part in shell.stdout.split(_MARK)[1:]]


def shell_environment(home: Path, extra: dict[str, str] | None = None) -> dict[str, str]:
    """The fixed environment of all tests, with the installed command on the PATH."""
    env = environment(home, extra)
    env["PATH"] = os.pathsep.join((sysconfig.get_path("scripts"), env["PATH"]))
    return env


def settled(step: Step, output: str) -> str:
    """Replace what differs from run to run: random key ids, and the clock where the command does not set it."""
    output = re.sub(r"(kid )\S{16},", r"\1RANDOM,", output)
    if "--at" in step.command:
        return output
    output = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "MOMENT", output)
    output = re.sub(r"\b\d{10}\b", "NUMERICDATE", output)
    output = re.sub(r"\bin (?:1h|59m(?: \d+s)?)", "in 1h", output)
    return re.sub(r"\b(?:now|\d+s ago)\b", "now", output)


def test_the_page_has_transcripts() -> None:
    assert len(STEPS) > 15


@pytest.mark.parametrize("number", range(len(STEPS)), ids=[step.command.split("\n")[0][:60] for step in STEPS])
def test_every_transcript_of_the_readme_prints_what_it_shows(printed: list[str], number: int) -> None:
    step = STEPS[number]
    assert settled(step, printed[number]) == settled(step, step.shown)


@pytest.mark.parametrize(
    ("mint", "told"),
    [
        ("--aud api --ttl 1h", ("hello alice\n", 0)),
        ("--aud api --at -2h --ttl 1h", ("expired: log in again\n", 5)),
        ("--aud web --ttl 1h", ("refused\n", 7)),
    ],
)
def test_the_script_of_the_readme_branches_on_the_exit_status(
    installed: Run, tmp_path: Path, mint: str, told: tuple[str, int]
) -> None:
    env = {"JWTCLI_SECRET": "a secret for the README, no more"}
    token = installed("encode", "--sub", "alice", *mint.split(), env=env).stdout
    assert run_the_script(tmp_path, token, env) == told


def test_the_script_of_the_readme_tells_a_missing_key_from_a_bad_token(installed: Run, tmp_path: Path) -> None:
    token = installed("encode", env={"JWTCLI_SECRET": "a secret for the README, no more"}).stdout
    assert run_the_script(tmp_path, token, {"JWTCLI_SECRET": ""}) == ("could not verify: see above\n", 8)


def run_the_script(folder: Path, token: str, extra: dict[str, str]) -> tuple[str, int]:
    """Run the page's ``sh`` script as it stands on a token; return what it says, and its exit status."""
    (script,) = re.findall(r"^```sh\n(#!.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (folder / "token.txt").write_text(token)
    done = subprocess.run(
        ["sh", "-c", script],
        env=shell_environment(folder, extra),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout, done.returncode


def test_every_line_that_takes_a_token_hands_it_over_on_stdin_or_after_two_dashes() -> None:
    lines = re.findall(r"jwtcli (?:verify|decode)\b[^|;)\n`]*", PAGE)
    fed = [line for line in lines if " < " in line or " -- " in line]
    bare = [line for line in lines if line not in fed]
    assert fed
    assert not [line for line in bare if re.search(r"\$[A-Za-z{(]|\beyJ", line)]
