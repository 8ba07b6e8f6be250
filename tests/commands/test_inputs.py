"""What a command reads: the token, the key, the claims."""

import json
import os
import sys
from pathlib import Path

import pytest

from jwtcli.commands import _inputs
from jwtcli.commands._inputs import _cache_directory, is_stdin
from jwtcli.core.errors import UnusableKeyError
from tests.conftest import AT, Run, write_key_files
from tests.rude_server import json_response, serve


def test_a_private_key_that_others_can_read_draws_a_warning_and_a_public_one_does_not(
    jwtcli: Run, tmp_path: Path
) -> None:
    keys = write_key_files(tmp_path, "ES256")
    Path(keys.private).chmod(0o644)
    Path(keys.public).chmod(0o644)
    minted = jwtcli("encode", "--key", keys.private, "--ttl", "1h", "--at", str(AT))
    assert minted.stderr == f"jwtcli: warning: others can read {keys.private} (mode 0644): chmod 600 it\n"
    assert jwtcli("verify", "--key", keys.public, "--at", str(AT), stdin=minted.stdout).stderr == ""


@pytest.mark.parametrize("command", ["decode", "verify"])
def test_the_name_of_a_file_in_place_of_a_token_is_told_how_files_are_read(
    jwtcli: Run, tmp_path: Path, command: str
) -> None:
    (tmp_path / "token.txt").write_text("a.b.c")
    refused = jwtcli(command, "--json", "token.txt", env={"JWTCLI_SECRET": "s" * 32})
    assert (refused.status, refused.json["error"]["code"]) == (3, "file_name")
    assert refused.json["error"]["hint"] == "< token.txt, or @token.txt"


NO_HOME = {"JWTCLI_HOME": "", "HOME": ""}


def homeless(*_: object, **__: object) -> Path:
    raise RuntimeError("Could not determine home directory.")


def unexpanded(*_: object, **__: object) -> Path:
    return Path("~/.config/jwtcli")


@pytest.mark.parametrize("answer", [homeless, unexpanded])
@pytest.mark.parametrize("command", ["keygen", "encode", "verify"])
def test_without_a_home_no_key_is_sought_in_the_current_directory(
    jwtcli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, answer: object
) -> None:
    planted = tmp_path / "~" / ".config" / "jwtcli"
    planted.mkdir(parents=True)
    Path(write_key_files(planted, "HS256").private).rename(planted / "key.jwk")
    forged = jwtcli("encode", "--key", str(planted / "key.jwk")).stdout
    monkeypatch.setattr("platformdirs.user_config_path", answer)
    refused = jwtcli(command, "--json", stdin=forged, env=NO_HOME)
    assert (refused.status, refused.json["error"]["code"]) == (8, "no_home")
    assert refused.json["error"]["hint"].startswith("set JWTCLI_HOME to a directory, or name a key file")
    assert os.listdir(planted) == ["key.jwk"]


def test_without_a_home_nothing_is_cached(jwtcli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = write_key_files(tmp_path, "ES256")
    token = jwtcli("encode", "--key", keys.private).stdout
    monkeypatch.setattr("platformdirs.user_cache_path", homeless)
    with serve() as site:
        site.pages["/jwks"] = json_response({"keys": [json.loads(Path(keys.public).read_text())]})
        for _ in range(2):
            judged = jwtcli("verify", "-q", "--jwks", f"{site.url}/jwks", stdin=token, env=NO_HOME)
            assert (judged.status, judged.stderr) == (0, "")
        assert len(site.asked) == 2


@pytest.mark.parametrize("command", ["keygen", "encode", "verify"])
def test_a_home_that_changes_with_the_current_directory_is_refused(jwtcli: Run, tmp_path: Path, command: str) -> None:
    refused = jwtcli(command, "--json", stdin="a.b.c", env={"JWTCLI_HOME": "~/keys"})
    assert (refused.status, refused.json["error"]["code"]) == (2, "usage")
    assert refused.json["error"]["message"].startswith("JWTCLI_HOME is no absolute path")
    assert os.listdir(tmp_path) == []
    assert _cache_directory({"JWTCLI_HOME": "~/keys"}) is None


def test_standard_input_is_known_by_what_it_is_and_not_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "both").touch()
    (tmp_path / "other").touch()
    with (tmp_path / "both").open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        names = ("-", f"/dev/fd/{stream.fileno()}", str(tmp_path / "both"), str(tmp_path / "other"), "missing", "\0")
        assert [is_stdin(name) for name in names] == [True, True, True, False, False, False]
    monkeypatch.setattr(sys, "stdin", None)
    assert [is_stdin(name) for name in ("-", "both")] == [True, False]


def test_the_default_key_file_is_not_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "key.jwk"
    path.touch(mode=0o600)
    assert _inputs._own_key_file({"JWTCLI_HOME": str(tmp_path)}) == path
    with path.open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        with pytest.raises(UnusableKeyError, match="not trusted: it is standard input") as refused:
            _inputs._own_key_file({"JWTCLI_HOME": str(tmp_path)})
    assert refused.value.code == "untrusted_key_file"
