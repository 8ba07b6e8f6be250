"""The passphrase of a run: a file that gives it is read once, for every key that it opens or locks."""

from pathlib import Path

import pytest

from tests.conftest import Run


@pytest.fixture
def locked(jwtcli: Run, tmp_path: Path) -> list[str]:
    """Two files, each with a key under the same passphrase."""
    paths = ["one.pem", "two.pem"]
    for path in paths:
        jwtcli(
            *("keygen", "-a", "ES256", "-f", "pem", "--encrypt", "--passphrase-file", "-", "-o", path),
            stdin="correct horse\n",
        )
    return paths


@pytest.mark.parametrize("file", ["-", "phrase"])
def test_one_file_opens_the_old_key_and_locks_the_new_one(
    jwtcli: Run, tmp_path: Path, locked: list[str], file: str
) -> None:
    (tmp_path / "phrase").write_text("correct horse\n")
    options = ("--to", "pem", "--encrypt", "--passphrase-file", file, "-o", "new.pem")
    made = jwtcli("key", "convert", locked[0], *options, stdin="correct horse\n")
    assert (made.status, made.stdout, made.stderr) == (0, "new.pem\n", "")
    shown = jwtcli("key", "thumbprint", "new.pem", env={"JWTCLI_PASSPHRASE": "correct horse"})
    old = jwtcli("key", "thumbprint", locked[0], env={"JWTCLI_PASSPHRASE": "correct horse"})
    assert (shown.status, shown.stdout) == (0, old.stdout)


def test_a_passphrase_from_stdin_opens_every_key_of_a_set(jwtcli: Run, locked: list[str]) -> None:
    made = jwtcli("jwks", *locked, "--passphrase-file", "-", stdin="correct horse\n")
    assert (made.status, len(made.json["keys"])) == (0, 2)


def test_whoever_is_not_there_to_be_asked_is_told_what_for(jwtcli: Run, locked: list[str]) -> None:
    refused = jwtcli("keygen", "-a", "ES256", "-f", "pem", "--encrypt", "-o", "new.pem")
    assert refused.stderr.startswith("jwtcli: error: the new key is to be encrypted and nobody is here to be asked")
    refused = jwtcli("key", "show", locked[0])
    assert refused.stderr.startswith("jwtcli: error: the key is encrypted and nobody is here to be asked")
