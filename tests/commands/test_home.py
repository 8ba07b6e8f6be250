"""The user's own directories: where the default key file and the cache are."""

import json
import os
from pathlib import Path

import pytest

from jwtcli.commands._home import cache_directory, own_key_file
from jwtcli.core.errors import UnusableKeyError
from tests.conftest import Run, write_key_files
from tests.rude_server import json_response, serve

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
    assert cache_directory({"JWTCLI_HOME": "~/keys"}) is None


def test_the_default_key_file_is_not_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "key.jwk"
    path.touch(mode=0o600)
    assert own_key_file({"JWTCLI_HOME": str(tmp_path)}) == path
    with path.open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        with pytest.raises(UnusableKeyError, match="not trusted: it is standard input") as refused:
            own_key_file({"JWTCLI_HOME": str(tmp_path)})
    assert refused.value.code == "untrusted_key_file"
