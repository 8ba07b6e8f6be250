"""What a command reads: the token, the key, the claims."""

from pathlib import Path

import pytest

from tests.conftest import AT, Result, Run, write_key_files


def test_a_private_key_that_others_can_read_draws_a_warning_and_a_public_one_does_not(
    jwtcli: Run, tmp_path: Path
) -> None:
    keys = write_key_files(tmp_path, "ES256")
    Path(keys.private).chmod(0o644)
    Path(keys.public).chmod(0o644)
    minted = jwtcli("encode", "--key", keys.private, "--ttl", "1h", "--at", str(AT))
    assert minted.stderr == f"jwtcli: warning: others can read {keys.private} (mode 0644): chmod 600 it\n"
    assert jwtcli("verify", "--key", keys.public, "--at", str(AT), stdin=minted.stdout).stderr == ""


def test_an_argument_that_python_cannot_write_in_the_locale_is_taken_as_any_other(
    jwtcli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in GBK: the C library reads letters in it that Python does not write."""

    def unable(text: str) -> bytes:
        raise UnicodeEncodeError("gbk", text, 0, 1, "illegal multibyte sequence")

    monkeypatch.setattr("os.fsencode", unable)
    secret = tmp_path / "secret"
    secret.write_text("s" * 32)
    secret.chmod(0o600)
    env = {"JWTCLI_SECRET_FILE": str(secret)}
    for command in ("decode", "verify", "lint"):
        refused = jwtcli(command, "-q", "--", "\u20ac\udcff", env=env)
        malformed = "a signed token has three parts joined by dots, this text has one part"
        judged = "refused: form: " if command == "verify" else ""
        assert refused == Result(3, "", f"jwtcli: error: {judged}{malformed}\n")
    made = jwtcli("encode", "--json", "--", '{"sub": "\u20ac"}', env=env)
    assert made.json["claims"]["sub"] == "\u20ac"
    refused = jwtcli("encode", "-q", "--", "\udcff", env=env)
    assert refused == Result(2, "", "jwtcli: error: CLAIMS cannot be used: it is not UTF-8 (byte 1)\n")


@pytest.mark.parametrize("command", ["decode", "verify"])
def test_the_name_of_a_file_in_place_of_a_token_is_told_how_files_are_read(
    jwtcli: Run, tmp_path: Path, command: str
) -> None:
    (tmp_path / "token.txt").write_text("a.b.c")
    refused = jwtcli(command, "--json", "token.txt", env={"JWTCLI_SECRET": "s" * 32})
    assert (refused.status, refused.json["error"]["code"]) == (3, "file_name")
    assert refused.json["error"]["hint"] == "< token.txt, or @token.txt"


@pytest.mark.parametrize("command", ["decode", "verify"])
@pytest.mark.parametrize("name", ["tokne.jwt", "./nope.txt", "/nowhere/token", "tokens/good.jwt", "~/token"])
def test_the_name_of_a_file_that_is_not_there_is_not_judged_as_a_token(jwtcli: Run, command: str, name: str) -> None:
    refused = jwtcli(command, name, env={"JWTCLI_SECRET": "s" * 32})
    assert (refused.status, refused.stdout) == (3, "")
    assert refused.stderr == (
        "jwtcli: error: this reads like the name of a file, and there is no such file\n"
        "jwtcli: hint: a token in a file is read with < FILE, or @FILE\n"
    )


def test_what_begins_like_a_token_is_one_whatever_files_there_are(jwtcli: Run, tmp_path: Path) -> None:
    for name in ("eyJh.eyJz.txt", "eyJh.eyJz.c2ln"):
        (tmp_path / name).write_text("a.b.c")
        assert jwtcli("verify", "--json", name, env={"JWTCLI_SECRET": "s" * 32}).json["checks"][0]["name"] == "form"
