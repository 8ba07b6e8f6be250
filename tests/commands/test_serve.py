"""``jwtcli serve``: what its options make of the server, and what it refuses before it listens."""

import socket
import sys
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from jwtcli.web import server
from jwtcli.web.metadata import urls
from tests.conftest import Run, key_for, write_key_files

SECRET = "an issuer publishes its keys, and whoever reads a published secret can forge tokens"
STDIN = "standard input is asked for {}: it can only be one of them"


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> list[server.Settings]:
    """Stand in for the listening part: keep the settings and say at once that it is ready."""
    seen: list[server.Settings] = []

    def serve(settings: server.Settings, _clock: object, ready: Callable[[dict[str, str]], None]) -> None:
        seen.append(settings)
        ready({**urls("http://127.0.0.1:9"), "address": "http://127.0.0.1:9"})

    monkeypatch.setattr(server, "serve", serve)
    return seen


def test_alone_it_makes_a_key_for_this_run_and_lets_anybody_in(jwtcli: Run, settings: list[server.Settings]) -> None:
    result = jwtcli("serve", env={"JWTCLI_SECRET": "never used here, whatever it is worth"})
    assert (result.status, result.stdout) == (0, "")
    assert result.stderr == "jwtcli: note: issuer http://127.0.0.1:9 is ready at http://127.0.0.1:9; Ctrl-C stops it\n"
    (made,) = settings
    assert (made.host, made.port, made.lifetime, made.users, made.alg) == ("127.0.0.1", 0, 3600, None, "ES256")
    assert made.keys[0].kid is not None


def test_json_is_one_object_with_every_url(jwtcli: Run, settings: list[server.Settings]) -> None:
    told = jwtcli("serve", "--json").json
    assert told == {**urls("http://127.0.0.1:9"), "address": "http://127.0.0.1:9"}


def test_options_become_settings(jwtcli: Run, settings: list[server.Settings], tmp_path: Path) -> None:
    (tmp_path / "users").write_text("alice:secret:with colon\n\nbob:\n")
    jwtcli("serve", "--alg", "RS256", "--ttl", "5m", "-c", "role=admin", "-c", "n:=1", "--users-file", "users")
    (made,) = settings
    assert (made.alg, made.lifetime, made.extra) == ("RS256", 300, {"role": "admin", "n": 1})
    assert made.users == {"alice": "secret:with colon", "bob": ""}


def test_users_may_come_from_the_variable(jwtcli: Run, settings: list[server.Settings]) -> None:
    jwtcli("serve", env={"JWTCLI_SERVE_USERS": "carol:c"})
    assert settings[0].users == {"carol": "c"}


def test_quiet_says_nothing_when_it_is_ready(jwtcli: Run, settings: list[server.Settings]) -> None:
    result = jwtcli("serve", "-q")
    assert (result.stdout, result.stderr) == ("", "")


def test_open_opens_the_page_once_it_is_ready(
    jwtcli: Run, settings: list[server.Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: SimpleQueue[str] = SimpleQueue()
    monkeypatch.setattr("webbrowser.open", opened.put)
    assert jwtcli("serve", "--open").status == 0
    assert opened.get(timeout=10) == "http://127.0.0.1:9"


def test_a_host_that_others_reach_draws_a_warning(jwtcli: Run, settings: list[server.Settings]) -> None:
    result = jwtcli("serve", "-q", "--host", "0.0.0.0")
    assert result.stderr == "jwtcli: warning: whoever reaches 0.0.0.0 gets tokens from this issuer\n"
    for host in ("127.0.0.2", "::1", "[::1]", "localhost"):
        assert jwtcli("serve", "-q", "--host", host).stderr == ""


def test_given_keys_sign_with_a_warning(jwtcli: Run, settings: list[server.Settings], tmp_path: Path) -> None:
    first, second = write_key_files(tmp_path, "ES384"), write_key_files(tmp_path, "Ed25519")
    result = jwtcli("serve", "--key", first.private, "--key", second.private)
    assert "jwtcli: warning: whoever reaches this server gets tokens signed with the given key\n" in result.stderr
    assert [key.curve for key in settings[0].keys] == ["P-384", "Ed25519"]
    assert settings[0].alg == "ES384"


@pytest.mark.parametrize(
    ("args", "status", "message"),
    [
        (["--alg", "HS256"], 2, "an issuer publishes its keys, and a secret for HS256 must stay one"),
        (["--alg", "ES999"], 2, "unknown algorithm 'ES999'"),
        (["--key", "HS256.jwk"], 8, SECRET),
        (["--key", "ES256.jwk", "--key", "ES256.jwk"], 8, "two keys have the kid '{kid}'"),
        (["--key", "ES256.public.jwk"], 8, "this is a P-256 public key: only the private key can sign"),
        (["--key", "set.json"], 2, "a key set was given where one key is wanted"),
        (["--key", "missing"], 1, "cannot read missing: no such file or directory"),
        (["--users-file", "bad"], 2, "line 1 of --users-file is not name:password"),
        (["--users-file", "twice"], 2, "line 2 of --users-file has a name that stands there already"),
        (["--host", ""], 2, "--host is empty (is a variable unset?)"),
        (["--issuer", ""], 2, "--issuer is empty (is a variable unset?)"),
        (["--users-file", ""], 2, "--users-file is empty (is a variable unset?)"),
        (["--users-file", "-", "--key", "-"], 2, STDIN.format("--key and --users-file")),
        (["--key", "-", "--key", "-"], 2, STDIN.format("--key twice")),
        (["--key", "-", "--passphrase-file", "-"], 2, STDIN.format("--key and --passphrase-file")),
        (["--passphrase-file", "p"], 2, "--passphrase-file is for --key, without which no key is opened"),
        (["--ttl", "0"], 2, "invalid value for '--ttl': '0' is less than 1s"),
        (["-c", "iss=me"], 2, "the issuer itself sets the claim 'iss'"),
        (["-c", "jti=1"], 2, "the issuer itself sets the claim 'jti'"),
        (["-c", "nbf=soon"], 2, "the claim 'nbf' must be a number of seconds since 1970 (NumericDate), not text"),
        (["-c", "a=1", "-c", "a=2"], 2, "-c names 'a' twice"),
        (["--users-file", "big"], 2, "--users-file is larger than 1 MiB"),
        (["--users-file", "empty"], 2, "--users-file holds no users: name:password lines are wanted"),
        (["--users-file", "binary"], 2, "the users of --users-file are not UTF-8 text"),
    ],
)
def test_refused_before_it_listens(
    jwtcli: Run, settings: list[server.Settings], tmp_path: Path, args: list[str], status: int, message: str
) -> None:
    for alg in ("HS256", "ES256"):
        write_key_files(tmp_path, alg)
    two = ",".join(Path(write_key_files(tmp_path, alg).private).read_text() for alg in ("ES256", "ES384"))
    (tmp_path / "set.json").write_text(f'{{"keys": [{two}]}}')
    files = {
        "bad": b"no colon, but a secret",
        "empty": b"\n",
        "binary": b"\xff:x",
        "twice": b"a:b\r\na:c",
        "big": b"a:b\n" * 262_145,
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    result = jwtcli("serve", "--json", *args)
    assert (result.status, result.json["error"]["message"], settings) == (
        status,
        message.replace("{kid}", str(key_for("ES256").kid)),
        [],
    )


def test_a_key_without_kid_gets_its_thumbprint(jwtcli: Run, settings: list[server.Settings]) -> None:
    jwtcli("keygen", "--alg", "ES256", "-f", "pem", "-o", "key.pem")
    jwtcli("serve", "--key", "key.pem")
    assert settings[0].keys[0].kid is not None


def test_without_the_extra_it_says_how_to_install_it(jwtcli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import jwtcli.web as web

    monkeypatch.delattr(web, "server", raising=False)
    monkeypatch.setitem(sys.modules, "jwtcli.web.server", None)
    result = jwtcli("serve", "--json")
    assert result.status == 1
    assert result.json["error"]["hint"].startswith("pip install '.[serve]' in the checkout")


@pytest.mark.parametrize(
    "issuer",
    ["ftp://x", "nonsense", "https://u@x", "https://x?q", "https://x#f", "http://[", "http://x:99999", "http://:80",
     "https://x/a b", "https://x/\u00e9", "https://", "http://x\udcff", "http://x\x01y"],
)  # fmt: skip
def test_an_issuer_that_is_no_url_is_refused(jwtcli: Run, issuer: str) -> None:
    assert jwtcli("serve", "--issuer", issuer).status == 2


def test_a_port_that_is_taken_is_status_1(jwtcli: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result: Any = jwtcli("serve", "--json", "--port", str(taken.getsockname()[1]))
    assert (result.status, result.json["error"]["code"]) == (1, "cannot_listen")
    assert result.json["error"]["message"].endswith(": address already in use")


@pytest.mark.parametrize("host", ["no.such.host.invalid", "198.51.100.1", "x" * 300, "::1::", "a..b", "\udcff"])
def test_an_address_that_is_not_of_this_machine_is_status_1(jwtcli: Run, host: str) -> None:
    refused: Any = jwtcli("serve", "--json", "--host", host)
    assert (refused.status, refused.json["error"]["code"]) == (1, "cannot_listen")
    assert refused.json["error"]["message"].endswith(
        ("it is no address of this machine", "cannot assign requested address")
    )
