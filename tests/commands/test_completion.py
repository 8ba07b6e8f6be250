"""``jwtcli completion``: the scripts, and what jwtcli answers when one of them asks."""

import os
from pathlib import Path

import pytest

from tests.conftest import Run
from tools.generate import COMPLETIONS, ROOT


@pytest.mark.parametrize(("shell", "name"), COMPLETIONS.items())
def test_a_script_is_printed_as_it_stands_in_the_repository(jwtcli: Run, shell: str, name: str) -> None:
    text = (ROOT / "completions" / name).read_text()
    assert jwtcli("completion", shell).stdout == text
    assert jwtcli("completion", "--json", shell).json == {"shell": shell, "script": text.rstrip("\n")}


def test_a_shell_that_nobody_knows_is_wrong_usage(jwtcli: Run) -> None:
    asked = jwtcli("completion", "tcsh")
    assert (asked.status, asked.stdout) == (2, "")
    assert "'tcsh'" in asked.stderr


def ask(jwtcli: Run, line: str, shell: str = "bash", **variables: str) -> list[str]:
    words = line.split(" ")
    question = {"_JWTCLI_COMPLETE": f"{shell}_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    if shell == "fish":
        question["COMP_CWORD"] = words[-1]
    answered = jwtcli(env={**question, **variables})
    assert (answered.status, answered.stderr) == (0, "")
    return answered.stdout.split("\n")


@pytest.mark.parametrize(
    ("shell", "answer"), [("bash", ["plain,b"]), ("zsh", ["plain", "b", "_"]), ("fish", ["plain,b"])]
)
def test_kids_are_answered_in_the_form_that_the_script_reads(
    jwtcli: Run, tmp_path: Path, shell: str, answer: list[str]
) -> None:
    (tmp_path / "set.json").write_text('{"keys": [{"kid": "a"}, {"kid": "b"}, {"kid": 7}, {}]}')
    assert ask(jwtcli, "jwtcli encode --key set.json --kid b", shell) == [*answer, ""]


def test_a_number_of_a_word_that_no_line_has_is_no_question(jwtcli: Run) -> None:
    numbers = [("bash", word) for word in ("9" * 4301, "9" * 10, "-1", "", "1e3")]
    for shell, word in (*numbers, ("fish", " "), ("fish", "\t\n")):
        environ = {"_JWTCLI_COMPLETE": f"{shell}_complete", "COMP_WORDS": "jwtcli", "COMP_CWORD": word}
        assert jwtcli(env=environ) == jwtcli()


def test_words_that_bash_took_apart_are_put_together(jwtcli: Run, tmp_path: Path) -> None:
    (tmp_path / "set.json").write_text('{"keys": [{"kid": "a"}, {"kid": "b"}]}')
    assert ask(jwtcli, "jwtcli encode --key = set.json --kid = b") == ["plain,b", ""]
    assert ask(jwtcli, "jwtcli encode --key = set.json --kid =") == ["plain,a", "plain,b", ""]


@pytest.mark.parametrize("command", ["convert", "thumbprint"])
def test_the_kids_of_a_file_that_is_an_argument_are_answered(jwtcli: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "set.json").write_text('{"keys": [{"kid": "a"}, {"kid": "b"}]}')
    assert ask(jwtcli, f"jwtcli key {command} set.json --kid b") == ["plain,b", ""]
    assert ask(jwtcli, f"jwtcli key {command} --kid b", JWTCLI_KEY_FILE="set.json") == ["", ""]


def test_kids_come_from_the_variable_where_the_line_names_no_set(jwtcli: Run, tmp_path: Path) -> None:
    (tmp_path / "one.jwk").write_text('{"kty": "oct", "kid": "only"}')
    assert ask(jwtcli, "jwtcli encode --kid o", JWTCLI_KEY_FILE="one.jwk") == ["plain,only", ""]


@pytest.mark.parametrize("content", ["", "[]", '{"keys": 3}', '{"keys": [3]}', "[" * 100_000, "-----BEGIN"])
def test_what_is_no_key_set_is_no_answer_and_no_error(jwtcli: Run, tmp_path: Path, content: str) -> None:
    (tmp_path / "junk").write_text(content)
    assert ask(jwtcli, "jwtcli encode --key junk --kid x") == ["", ""]


def test_a_fifo_a_missing_file_and_no_file_are_no_answer(jwtcli: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for line in ("--key pipe", "--key missing", "--json"):
        assert ask(jwtcli, f"jwtcli encode {line} --kid x") == ["", ""]
