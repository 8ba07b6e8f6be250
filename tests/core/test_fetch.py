"""Fetching key sets: a hostile server costs one line, status 9, little time and little memory."""

import json
import os
import socket as socket_module
import ssl
import struct
import subprocess
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET, socket
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from jwtcli.core import published, remote
from jwtcli.core.as_json import slim_line
from jwtcli.core.batch import judge
from jwtcli.core.cache import MAX_ENTRIES, Cached, forget, recall, remember
from jwtcli.core.choice import to_verify
from jwtcli.core.errors import FetchError, UnusableKeyError
from jwtcli.core.explain import explain
from jwtcli.core.fetch import Fetched, Web, document
from jwtcli.core.jwk import to_jwk
from jwtcli.core.keyfiles import to_bytes
from jwtcli.core.keys import public_half
from jwtcli.core.keysets import KeySet, read
from jwtcli.core.lines import Block
from jwtcli.core.published import key_set as find_set
from jwtcli.core.signatures import sign
from jwtcli.core.sources import KeySource
from jwtcli.core.strict import json_object
from jwtcli.core.urls import Near
from jwtcli.core.verdict import Expectations
from jwtcli.core.verifier import Verifier, verify
from tests.conftest import AT, Run, environment, key_for, write_key_files
from tests.rude_server import Answer, Site, json_response, response, serve

MIB = 1024 * 1024


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as running:
        yield running


@pytest.fixture
def token(jwtcli: Run, tmp_path: Path) -> str:
    """A token by the ES256 key of the tests, its issuer left out."""
    files = write_key_files(tmp_path, "ES256")
    return jwtcli("encode", "--key", files.private, "--sub", "alice", "--at", str(AT)).stdout


def key_set(*algs: str) -> dict[str, Any]:
    return {"keys": [to_jwk(public_half(key_for(alg))) for alg in algs]}


def reset(connection: socket) -> None:
    connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))


def endless(piece: bytes, pause: float, first: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> Callable[[socket], None]:
    def send(connection: socket) -> None:
        connection.sendall(first)
        ends = time.monotonic() + 30
        while time.monotonic() < ends:
            connection.sendall(piece)
            time.sleep(pause)

    return send


def eighty_megabytes(connection: socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(80):
        connection.sendall(b" " * MIB)


HOSTILE: dict[str, tuple[Answer, str]] = {
    "HTML": (response(b"<!DOCTYPE html><p>sign in"), "did not answer with JSON: it is not JSON"),
    "bad UTF-8": (response(b'{"keys": "\xff"}'), "did not answer with JSON: it is not UTF-8"),
    "80 MB": (eighty_megabytes, "the answer is larger than 1 MiB"),
    "80 MB announced": (response(b"")[:15] + b"\r\nContent-Length: 83886080\r\n\r\n", "larger than 1 MiB"),
    "deep JSON": (response(b'{"keys":' + b"[" * 100_000), "nested more than 500 levels"),
    "a reset": (reset, "the connection was cut"),
    "nothing at all": (b"", "the connection was cut"),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.2\r\n", "it does not speak HTTP"),
    "endless headers": (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000, "it does not speak HTTP"),
    "an error page": (response(b"no", status="503 Busy"), "answered with status 503"),
    "half an answer": (response(b'{"keys": []}')[:-3], "the answer was cut short"),
    "no key set": (json_response({"hello": 1}), "is no JWK Set"),
    "a list": (json_response([]), "it is JSON an array, not an object"),
    "a redirect elsewhere": (
        response(b"", "Location: http://localhost:1/", status="302 Found"),
        "a redirect to another host",
    ),
    "a redirect to a file": (
        response(b"", "Location: file:///etc/passwd", status="302 Found"),
        "only https URLs are fetched",
    ),
    "a redirect to plain http": (
        response(b"", "Location: http://keys.example/", status="302 Found"),
        "plain http lets anyone",
    ),
    "a redirect to nowhere": (response(b"", status="302 Found"), "names no place"),
    "a redirect that is no URL": (response(b"", "Location: http://[", status="302 Found"), "the request failed"),
    "redirects without end": (response(b"", "Location: /jwks", status="307 Again"), "more than 3 redirects"),
    "redirects with an endless body": (
        endless(b" " * MIB, 0, b"HTTP/1.1 302 Found\r\nLocation: /jwks\r\n\r\n"),
        "more than 3 redirects",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_server_costs_one_line_and_status_9(jwtcli: Run, site: Site, token: str, name: str) -> None:
    site.pages["/jwks"], words = HOSTILE[name]
    result = jwtcli("verify", "-q", "--jwks", f"{site.url}/jwks", stdin=token)
    assert (result.status, result.stdout) == (9, "")
    assert result.stderr.startswith(f"jwtcli: error: {site.url}/jwks")
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_issuer_in_the_place_of_its_key_set_is_told_its_option(jwtcli: Run, site: Site, token: str) -> None:
    site.pages["/"] = response(b"<!DOCTYPE html><p>sign in")
    told = jwtcli("verify", "--json", "--jwks", f"{site.url}/", stdin=token).json["error"]
    hint = "a key set is meant; where this is an issuer, --issuer-url finds its key set"
    assert (told["code"], told["hint"]) == ("not_json", hint)


def start_of_a_run(installed: Run, token: str) -> float:
    """How long a run takes on this machine, at this hour, where the server refuses at once."""
    started = time.monotonic()
    installed("verify", "--jwks", "http://127.0.0.1:1/", stdin=token)
    return time.monotonic() - started


def test_neither_time_nor_memory_can_be_taken_by_a_server(
    installed: Run, tmp_path: Path, site: Site, token: str
) -> None:
    site.pages = {
        "/drip": endless(b" ", 0.2),
        "/headers": endless(b"X", 0.2, b"HTTP/1.1 200 OK\r\nX: "),
        "/silence": endless(b"", 0.2, b""),
        "/continue": endless(b"HTTP/1.1 100 Continue\r\n\r\n", 0.05, b""),
        "/flood": endless(b" " * MIB, 0),
    }
    script = Path(sysconfig.get_path("scripts")) / "jwtcli"
    started = time.monotonic()
    runs = [
        subprocess.Popen(
            [script, "verify", "-q", "--jwks", site.url + path],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(tmp_path),
        )
        for path in site.pages
    ]
    peaks = dict.fromkeys(runs, 0)
    for run in runs:
        assert run.stdin is not None
        run.stdin.write(token.encode())
        run.stdin.close()
    while any(run.poll() is None for run in runs):
        for run in runs:
            peaks[run] = max(peaks[run], peak_memory(run.pid))
        time.sleep(0.02)
    assert time.monotonic() - started < 11 + len(runs) * start_of_a_run(installed, token)
    for run in runs:
        assert run.stderr is not None
        with run.stderr:
            assert (run.returncode, run.stderr.read().count(b"\n")) == (9, 1)
    assert 0 < max(peaks.values()) < 100 * MIB


def peak_memory(pid: int) -> int:
    """The most memory that a process has held so far, in bytes; 0 once it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(found[0]) * 1024 if found else 0


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://keys.example/jwks", "plain http"),
        ("http://[::1].example/jwks", "this URL cannot be read"),
        ("http://evil.example[::1]/jwks", "this URL cannot be read"),
        ("http://[::1]x:80/jwks", "this URL cannot be read"),
        ("https://alice:hunter2@keys.example/jwks", "user name or password"),
        ("file:///etc/passwd", "only https"),
        ("ftp://keys.example/jwks", "only https"),
        ("data:application/json,{}", "only https"),
        ("https://", "no host"),
        ("https://keys.example/a b", "no host, or characters"),
        ("https://%6cocalhost/", "no host, or characters"),
        ("https://keys.example:port/", "cannot be read"),
    ],
)
@pytest.mark.parametrize("option", ["--jwks", "--issuer-url", "JWTCLI_JWKS"])
def test_a_url_that_is_never_fetched_is_wrong_usage(jwtcli: Run, token: str, option: str, url: str, words: str) -> None:
    if option == "JWTCLI_JWKS":
        result = jwtcli("verify", stdin=token, env={option: url})
    else:
        result = jwtcli("verify", option, url, stdin=token)
    assert (result.status, result.stdout) == (2, "")
    assert words in result.stderr
    assert "hunter2" not in result.stderr


@pytest.mark.parametrize("option", ["--key", "--secret-file", "--passphrase-file"])
def test_an_option_that_takes_a_file_says_where_a_url_goes(jwtcli: Run, token: str, option: str) -> None:
    encrypted = {"JWTCLI_KEY": to_bytes(key_for("ES256"), "pem", b"correct horse").decode()}
    env = encrypted if option == "--passphrase-file" else {}
    result = jwtcli("verify", option, "https://keys.example/jwks", stdin=token, env=env)
    assert (result.status, result.stdout) == (2, "")
    assert result.stderr.startswith(f"jwtcli: error: {option} takes a file, not a URL\njwtcli: hint: verify --jwks")


def test_a_key_set_is_fetched_over_redirects_on_its_own_host(jwtcli: Run, site: Site, token: str) -> None:
    for number in range(3):
        site.pages[f"/{number}"] = response(b"", f"Location: {number + 1}", status="301 Moved")
    site.pages["/3"] = json_response(key_set("ES256", "RS256"))
    result = jwtcli("verify", "--json", "--jwks", f"{site.url}/0", "--at", str(AT), stdin=token)
    assert (result.status, result.json["key"]["source"]) == (0, "--jwks")
    assert site.asked == ["/0", "/1", "/2", "/3"]


def test_the_variable_takes_a_url_or_a_file(jwtcli: Run, site: Site, token: str, tmp_path: Path) -> None:
    site.pages["/jwks"] = json_response(key_set("ES256"))
    (tmp_path / "set.json").write_text(json.dumps(key_set("ES256")))
    for place in (f"{site.url}/jwks", "set.json"):
        result = jwtcli("verify", "--json", "--at", str(AT), stdin=token, env={"JWTCLI_JWKS": place})
        assert (result.status, result.json["key"]["source"], result.stderr) == (0, "JWTCLI_JWKS", "")


def test_published_secrets_are_left_out_with_a_warning(jwtcli: Run, site: Site, token: str) -> None:
    document = key_set("ES256")
    document["keys"] += [to_jwk(key_for("HS256")), {"kty": "oct", "k": "c2VjcmV0"}]
    site.pages["/jwks"] = json_response(document)
    result = jwtcli("verify", "-q", "--jwks", f"{site.url}/jwks", "--at", str(AT), stdin=token)
    assert result.status == 0
    warning = "left out 2 oct or private keys of the key set: a published secret lets anyone forge tokens"
    assert result.stderr == f"jwtcli: warning: {warning}\n"


def test_a_published_private_key_is_left_out_and_a_kid_that_it_shares_refuses_the_set(
    jwtcli: Run, site: Site, token: str
) -> None:
    document = key_set("ES256")
    kid = document["keys"][0]["kid"]
    site.pages["/private"] = json_response({"keys": [*document["keys"], to_jwk(key_for("ES384"))]})
    halves = {name: to_jwk(key_for("RS256"))[name] for name in ("kty", "n", "e", "p")}  # who has p has d
    site.pages["/halves"] = json_response({"keys": [*document["keys"], halves]})
    site.pages["/twins"] = json_response({"keys": [*document["keys"], {"kty": "oct", "k": "QUJD", "kid": kid}]})
    for page in ("private", "halves"):
        private = jwtcli("verify", "-q", "--jwks", f"{site.url}/{page}", "--at", str(AT), stdin=token)
        assert (private.status, "left out 1 oct or private key of the key set" in private.stderr) == (0, True)
    twins = jwtcli("verify", "--json", "--jwks", f"{site.url}/twins", "--at", str(AT), stdin=token)
    assert (twins.status, twins.json["error"]["code"]) == (8, "duplicate_kid")


def test_the_places_that_a_token_names_are_never_asked(jwtcli: Run, site: Site, tmp_path: Path) -> None:
    files = write_key_files(tmp_path, "ES256")
    headers = [f"-H{name}={site.url}/{name}" for name in ("jku", "x5u")]
    members = ["-Hjwk:=" + json.dumps(key_set("ES256")["keys"][0]), '-Hx5c:=["MIIB"]']
    minted = jwtcli("encode", "--key", files.private, *headers, *members, "--at", str(AT))
    for args in (("decode",), ("verify", "--key", write_key_files(tmp_path, "ES384").public)):
        jwtcli(*args, "--at", str(AT), stdin=minted.stdout)
    assert (minted.status, site.asked) == (0, [])


# The cache


def verify_by(jwtcli: Run, site: Site, token: str, *options: str) -> int:
    return jwtcli("verify", "-q", "--jwks", f"{site.url}/jwks", "--at", str(AT), *options, stdin=token).status


def test_a_second_run_asks_the_cache(jwtcli: Run, site: Site, token: str, tmp_path: Path) -> None:
    site.pages["/jwks"] = json_response(key_set("ES256"))
    assert [verify_by(jwtcli, site, token) for _ in range(2)] == [0, 0]
    assert site.asked == ["/jwks"]
    (cached,) = (tmp_path / "jwtcli" / "cache").iterdir()
    assert cached.stat().st_mode & 0o777 == 0o600
    assert cached.parent.stat().st_mode & 0o777 == 0o700


def test_the_cache_is_in_the_users_cache_directory(jwtcli: Run, site: Site, token: str, tmp_path: Path) -> None:
    site.pages["/jwks"] = json_response(key_set("ES256"))
    env = {"JWTCLI_HOME": "", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    assert jwtcli("verify", "--jwks", f"{site.url}/jwks", "--at", str(AT), stdin=token, env=env).status == 0
    assert len(list((tmp_path / "cache" / "jwtcli").iterdir())) == 1


@pytest.mark.parametrize(
    "said",
    [
        "no-store",
        "No-Cache",
        "max-age=0",
        "max-age=9\r\nAge: 9",
        "max-age=9\r\nAge: 99999999999",
        "max-age=9\r\nAge: old",
        "max-age=9\r\nAge: -5",
        "max-age=-1",
        "max-age=soon",
        "public\r\nCache-Control: no-store",
    ],
)
def test_what_the_server_wants_uncached_is_not_kept(jwtcli: Run, site: Site, token: str, said: str) -> None:
    site.pages["/jwks"] = json_response(key_set("ES256"), f"Cache-Control: {said}")
    assert [verify_by(jwtcli, site, token) for _ in range(2)] == [0, 0]
    assert site.asked == ["/jwks"] * 2


def test_no_cache_neither_reads_nor_writes(jwtcli: Run, site: Site, token: str, tmp_path: Path) -> None:
    site.pages["/jwks"] = json_response(key_set("ES256"))
    assert [verify_by(jwtcli, site, token, "--no-cache") for _ in range(2)] == [0, 0]
    assert (site.asked, (tmp_path / "jwtcli").exists()) == (["/jwks"] * 2, False)


def test_offline_takes_the_cache_or_says_that_it_is_empty(jwtcli: Run, site: Site, token: str) -> None:
    site.pages["/jwks"] = json_response(key_set("ES256"))
    assert verify_by(jwtcli, site, token, "--offline") == 9
    assert verify_by(jwtcli, site, token) == 0
    assert verify_by(jwtcli, site, token, "--offline") == 0
    assert verify_by(jwtcli, site, token, "--offline", "--no-cache") == 2
    assert site.asked == ["/jwks"]


def test_a_damaged_cache_is_fetched_anew(jwtcli: Run, site: Site, token: str, tmp_path: Path) -> None:
    site.pages["/jwks"] = json_response(key_set("ES256"))
    for damage in ("", "{", "[]", "{}", '{"url": "x"}'):
        assert verify_by(jwtcli, site, token) == 0
        (cached,) = (tmp_path / "jwtcli" / "cache").iterdir()
        cached.write_text(damage)
    assert len(site.asked) == 5


def test_a_cache_that_cannot_be_written_is_no_failure(jwtcli: Run, site: Site, token: str, tmp_path: Path) -> None:
    site.pages["/jwks"] = json_response(key_set("ES256"))
    (tmp_path / "jwtcli").write_text("in the way")
    assert verify_by(jwtcli, site, token) == 0


def test_an_unknown_kid_fetches_the_cached_set_once_more(jwtcli: Run, site: Site, token: str) -> None:
    site.pages["/jwks"] = json_response(key_set("RS256"))
    assert verify_by(jwtcli, site, token) == 8
    site.pages["/jwks"] = json_response(key_set("RS256", "ES256"))
    assert verify_by(jwtcli, site, token) == 0
    assert len(site.asked) == 2
    site.pages["/jwks"] = response(b"", status="500 Gone")
    assert verify_by(jwtcli, site, token) == 0
    assert len(site.asked) == 2


def test_unknown_kids_refresh_a_set_once_in_a_run_and_what_it_brought_is_used(tmp_path: Path, site: Site) -> None:
    site.pages["/jwks"] = json_response(key_set("RS256"))
    source = KeySource("--jwks", b"", url=f"{site.url}/jwks")
    with pytest.raises(UnusableKeyError, match="no key of the set has the token's kid"):
        to_verify(read(source, None, lambda: Web(0, tmp_path)), "nobody", "RS256")  # it has just been asked for
    keys = read(source, None, lambda: Web(0, tmp_path))
    site.pages["/jwks"] = json_response(key_set("ES256", "ES384"))
    for kid in ("nobody", "no one", key_for("RS256").kid):  # the last was withdrawn
        with pytest.raises(UnusableKeyError, match="no key of the set has the token's kid"):
            to_verify(keys, kid, "RS256")
    for alg in ("ES256", "ES384"):
        assert to_verify(keys, key_for(alg).kid, alg).alg == alg
    assert len(site.asked) == 2
    assert keys.refresh is not None
    assert keys.refresh.known(keys) is keys.refresh.known(keys)  # or each token would work out anew what it can do


def test_a_refresh_that_fails_is_tried_once_in_a_run(tmp_path: Path, site: Site) -> None:
    site.pages["/jwks"] = json_response(key_set("RS256"))
    source = KeySource("--jwks", b"", url=f"{site.url}/jwks")
    for _ in range(2):
        keys = read(source, None, lambda: Web(0, tmp_path))
    site.pages.clear()
    frames = []
    for kid in ("nobody", "no one", "none", "who"):
        with pytest.raises(FetchError, match="answered with status 404") as failed:
            to_verify(keys, kid, "RS256")
        frames.append(len(failed.traceback))
    assert frames[1] == frames[2] == frames[3]  # nothing is heaped up, however many tokens ask
    assert to_verify(keys, key_for("RS256").kid, "RS256").alg == "RS256"
    assert len(site.asked) == 2


class Stream:
    """A stream of tokens that is judged by the keys of a URL, for as long as a clock says that goes by."""

    def __init__(self, url: str, cache: Path | None, alg: str) -> None:
        self.at = 0.0
        source = KeySource("--jwks", b"", url=url)
        keys = read(source, None, lambda: Web(AT, cache, clock=lambda: self.at))
        self.verifier = Verifier(keys, Expectations())
        self.token = sign({"kid": key_for(alg).kid}, {"exp": AT + 9999}, key_for(alg), alg).encode()

    def outcome(self, after: float) -> tuple[int, str]:
        """Judge the token so many seconds after the beginning."""
        self.at = after
        block = Block(1, self.token)
        answers = judge(block, verifier=self.verifier, clock=lambda: AT, show=slim_line, only=None, anywhere=False)
        ((status, code),) = next(answers).tally
        return int(status), code


@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.parametrize(("said", "due"), [("max-age=120", 120), ("max-age=1", 60), ("no-store", 60), ("x", 300)])
def test_a_stream_has_a_key_set_anew_once_its_time_is_over(
    tmp_path: Path, site: Site, said: str, due: int, cached: bool
) -> None:
    site.pages["/jwks"] = json_response(key_set("RS256", "ES256"), f"Cache-Control: {said}")
    stream = Stream(f"{site.url}/jwks", tmp_path if cached else None, "RS256")
    assert [stream.outcome(after) for after in (0, 0, 0)] == [(0, "ok")] * 3
    site.pages["/jwks"] = json_response(key_set("ES256", "ES384"), f"Cache-Control: {said}")
    assert [stream.outcome(due - 1), stream.outcome(due)] == [(0, "ok"), (8, "unknown_kid")]
    site.pages["/jwks"] = json_response(key_set("RS256", "ES256"), f"Cache-Control: {said}")
    assert [stream.outcome(2 * due - 1), stream.outcome(2 * due)] == [(8, "unknown_kid"), (0, "ok")]
    assert len(site.asked) == 3


def test_a_key_set_that_another_process_renewed_is_taken_from_the_cache(tmp_path: Path, site: Site) -> None:
    site.pages["/jwks"] = json_response(key_set("RS256"), "Cache-Control: max-age=120")
    streams = [Stream(f"{site.url}/jwks", tmp_path, "RS256") for _ in range(2)]
    assert [stream.outcome(after) for after in (119, 125, 244) for stream in streams] == [(0, "ok")] * 6
    assert len(site.asked) == 2


def test_a_key_set_that_cannot_be_had_anew_serves_a_stream_for_an_hour_and_comes_back(
    tmp_path: Path, site: Site
) -> None:
    site.pages["/jwks"] = json_response(key_set("RS256"))
    for _ in range(2):  # the second takes it from the cache, where it lay for no time
        stream = Stream(f"{site.url}/jwks", tmp_path, "RS256")
    site.pages["/jwks"] = response(b"", status="500 Gone")
    assert [stream.outcome(after) for after in (299, 300, 359, 3540)] == [(0, "ok")] * 4
    assert len(site.asked) == 3
    assert [stream.outcome(after) for after in (3600, 3601)] == [(9, "http_status")] * 2
    site.pages["/jwks"] = json_response(key_set("RS256", "ES256"))
    assert [stream.outcome(after) for after in (3659, 3660)] == [(9, "http_status"), (0, "ok")]


def test_a_key_set_that_holds_no_usable_key_any_more_serves_a_stream_no_longer(tmp_path: Path, site: Site) -> None:
    site.pages["/jwks"] = json_response(key_set("RS256"))
    stream = Stream(f"{site.url}/jwks", tmp_path, "RS256")
    site.pages["/jwks"] = json_response({"keys": []})
    assert [stream.outcome(after) for after in (299, 300)] == [(0, "ok"), (8, "no_usable_key")]


def test_a_stream_never_goes_back_to_an_older_set_that_the_cache_still_holds(tmp_path: Path, site: Site) -> None:
    """What came in its place may not be kept: an issuer that withdraws a key in a hurry says so."""
    site.pages["/jwks"] = json_response(key_set("RS256"), "Cache-Control: max-age=3600")
    Stream(f"{site.url}/jwks", tmp_path, "RS256")
    old, new = (Stream(f"{site.url}/jwks", tmp_path, alg) for alg in ("RS256", "ES256"))
    old.verifier = new.verifier
    site.pages["/jwks"] = json_response(key_set("ES256"), "Cache-Control: no-store")
    gone, there = (8, "unknown_kid"), (0, "ok")
    assert [stream.outcome(1) for stream in (old, new, old)] == [there, there, gone]
    told = [stream.outcome(after) for after in (70, 3500, 3700) for stream in (old, new)]
    assert told == [gone, there] * 3
    assert recall(tmp_path, f"{site.url}/jwks") is None


def test_a_token_that_a_person_was_long_asked_for_is_judged_by_the_keys_of_then(tmp_path: Path, site: Site) -> None:
    at = 0.0
    site.pages["/jwks"] = json_response(key_set("RS256"), "Cache-Control: max-age=60")
    source = KeySource("--jwks", b"", url=f"{site.url}/jwks")
    keys = read(source, None, lambda: Web(AT, tmp_path, clock=lambda: at))
    site.pages["/jwks"] = json_response(key_set("ES256", "ES384"))
    token = sign({"kid": key_for("RS256").kid}, {"exp": AT + 9999}, key_for("RS256"), "RS256")
    assert verify(token, keys, Expectations(), AT).status == 0
    at = 7200.0
    refused = verify(token, keys, Expectations(), AT)
    assert (refused.status, refused.outcome[1]) == (8, "unknown_kid")
    assert "other_key" not in {found.code for found in explain(token.encode(), keys, Expectations(), refused)}


def test_what_is_wrong_with_a_newer_set_is_told_by_the_run_that_had_it_anew(jwtcli: Run, site: Site) -> None:
    verified = ("verify", "-q", "--at", str(AT), "--jwks", f"{site.url}/jwks")
    token = sign({"kid": key_for("ES256").kid}, {"exp": AT + 60}, key_for("ES256"), "ES256")
    site.pages["/jwks"] = json_response(key_set("RS256"))
    assert jwtcli(*verified, stdin=token).status == 8
    site.pages["/jwks"] = json_response({"keys": [*key_set("ES256")["keys"], to_jwk(key_for("HS256"))]})
    told = jwtcli(*verified, stdin=token)
    warning = "left out 1 oct or private key of the key set: a published secret lets anyone forge tokens"
    assert (told.status, told.stderr) == (0, f"jwtcli: warning: {warning}\n")


def test_which_members_of_a_newer_set_cannot_be_used_is_told_too(jwtcli: Run, site: Site) -> None:
    verified = ("verify", "--claim", "exp", "--at", str(AT), "--jwks", f"{site.url}/jwks")
    token = sign({"kid": key_for("ES256").kid}, {"exp": AT + 60}, key_for("ES256"), "ES256")
    site.pages["/jwks"] = json_response(key_set("RS256"))
    assert jwtcli(*verified, stdin=token).status == 8
    site.pages["/jwks"] = json_response({"keys": [*key_set("ES256")["keys"], 7]})
    told = jwtcli(*verified, stdin=token)
    note = "left out member 2 of the key set: it is not an object"
    assert (told.status, told.stderr) == (0, f"jwtcli: note: {note}\n")


def test_keys_of_a_file_are_never_renewed() -> None:
    verifier = Verifier(KeySet((key_for("HS256"),), "--key"), Expectations())
    verifier.renew()


def test_a_refresh_has_the_time_that_the_first_fetch_left(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A discovery document that is never kept is asked for twice: both times together are the deadline."""
    discovery(site, keep=False)
    asked_until: list[float] = []
    now = 100.0

    def nine_seconds(url: str, web: Web, unfit: Any, *, until: float, **options: Any) -> Fetched:
        nonlocal now
        found = document(url, replace(web, clock=time.monotonic), unfit, until=time.monotonic() + 5, **options)
        asked_until.append(until - now)
        now += 9 if url.endswith("configuration") else 0
        return found

    monkeypatch.setattr("jwtcli.core.published.document", nine_seconds)
    source = KeySource("--issuer-url", b"", issuer=site.url)
    for _ in range(2):
        asked_until.clear()
        keys = read(source, None, lambda: Web(0, tmp_path, clock=lambda: now))
    now += 1000  # of judging other tokens
    with pytest.raises(UnusableKeyError, match="no key of the set has the token's kid"):
        to_verify(keys, "nobody", "ES256")
    assert asked_until == [10, 1, 1, -8]


def test_a_cached_set_without_a_usable_key_is_fetched_once_more(jwtcli: Run, site: Site, token: str) -> None:
    site.pages["/jwks"] = json_response({"keys": [{"kty": "unknown"}]})
    assert [verify_by(jwtcli, site, token) for _ in range(2)] == [8, 8]
    site.pages["/jwks"] = json_response(key_set("ES256"))
    assert verify_by(jwtcli, site, token) == 0
    assert len(site.asked) == 3


def test_a_refresh_that_fails_is_a_refusal_with_status_9(jwtcli: Run, site: Site, token: str) -> None:
    site.pages["/jwks"] = json_response(key_set("RS256"))
    assert verify_by(jwtcli, site, token) == 8
    site.pages["/jwks"] = response(b"", status="500 Gone")
    result = jwtcli("verify", "--json", "--jwks", f"{site.url}/jwks", "--at", str(AT), stdin=token)
    assert (result.status, result.json["reason"], result.json["accepted"]) == (9, "http_status", False)


@pytest.mark.parametrize(
    ("said", "age"),
    [
        ("max-age=60", 60),
        ('public, Max-Age="60"', 60),
        ("max-age=999999999", 3600),
        ("private", 300),
        ("", 300),
        ("max-age=60\r\nAge: 20", 40),  # what lay at a proxy as long (RFC 9111 section 4.2)
        ("private\r\nAge: 290", 10),
        ("max-age=999999999\r\nAge: 600", 3000),
        ("max-age=60\r\nAge: 20, 50", 40),  # the first counts (RFC 9111 section 5.1)
        ("public\r\nCache-Control: max-age=60", 60),  # a field may come in several lines (RFC 9110 section 5.3)
    ],
)
def test_an_answer_is_kept_as_long_as_it_says_but_an_hour(tmp_path: Path, site: Site, said: str, age: int) -> None:
    site.pages["/x"] = json_response({"a": 1}, f"Cache-Control: {said}")
    web = Web(now=1000, cache=tmp_path)
    assert fetched(site, web) == Fetched({"a": 1}, near=Near.LOOPBACK, young_for=age)
    assert fetched(site, replace(web, now=1001)) == Fetched({"a": 1}, 1000, Near.LOOPBACK, age - 1)
    kept = recall(tmp_path, f"{site.url}/x")
    assert kept == Cached(f"{site.url}/x", 1000, age, {"a": 1}, Near.LOOPBACK)
    assert [kept.is_young(moment) for moment in (999, 1000, 999 + age, 1000 + age)] == [False, True, True, False]


def test_a_document_of_any_depth_that_is_read_is_kept(tmp_path: Path) -> None:
    document = json_object(b'{"keys":[],"x":' + b"[" * 490 + b"]" * 490 + b"}")
    remember(tmp_path, Cached("https://a.example/", AT, 300, document))
    kept = recall(tmp_path, "https://a.example/")
    assert kept == Cached("https://a.example/", AT, 300, document)


def test_a_cache_below_a_file_or_of_a_name_with_controls_is_never_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "file" / "cache", tmp_path / "red\x1b[31m"):
        remember(place, Cached("https://a.example/", AT, 300, {}))
        assert recall(place, "https://a.example/") is None


def test_the_cache_of_one_url_is_not_that_of_another(tmp_path: Path) -> None:
    remember(tmp_path, Cached("https://a.example/", 1, 300, {}))
    (entry,) = tmp_path.iterdir()
    assert recall(tmp_path, "https://a.example/") is not None
    assert recall(tmp_path, "https://b.example/") is None
    entry.write_text('{"url": "https://a.example/", "fetched_at": "1", "max_age": 300, "document": {}}')
    assert recall(tmp_path, "https://a.example/") is None


def test_the_cache_forgets_the_oldest_and_nothing_that_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "notes.json").touch()
    for number in range(MAX_ENTRIES + 3):
        remember(tmp_path, Cached(f"https://keys.example/{number}", AT, 60, {}))
        for path in tmp_path.iterdir():
            os.utime(path, ns=(0, path.stat().st_mtime_ns - 10**9))
    kept = [number for number in range(MAX_ENTRIES + 3) if recall(tmp_path, f"https://keys.example/{number}")]
    assert kept == list(range(3, MAX_ENTRIES + 3))
    assert (tmp_path / "notes.json").exists()


def test_the_cache_stays_small_where_another_program_forgets_its_oldest_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(MAX_ENTRIES):
        remember(tmp_path, Cached(f"https://keys.example/{number}", 1000, 60, {}))
    for number in range(5):  # of others, who have yet to look at what is too much
        (tmp_path / f"{number:064x}.json").write_text("{}")
        os.utime(tmp_path / f"{number:064x}.json", (number, number))
    listed, unlink = os.scandir, os.unlink

    def one_is_gone_then(directory: Path) -> list[os.DirEntry[str]]:
        entries = list(listed(directory))
        unlink(tmp_path / f"{0:064x}.json")
        return entries

    def another_was_faster(path: str) -> None:
        unlink(path)
        unlink(path)

    monkeypatch.setattr("jwtcli.core.cache.os.scandir", one_is_gone_then)
    monkeypatch.setattr("jwtcli.core.cache.os.unlink", another_was_faster)
    remember(tmp_path, Cached("https://keys.example/more", 1000, 60, {}))
    assert len(os.listdir(tmp_path)) == MAX_ENTRIES


def test_an_unfit_document_is_not_kept(tmp_path: Path, site: Site) -> None:
    site.pages["/x"] = json_response({})
    with pytest.raises(FetchError, match="is not what it should be"):
        document(f"{site.url}/x", Web(0, tmp_path), lambda _: "is not what it should be", until=time.monotonic() + 5)
    assert list(tmp_path.iterdir()) == []


def fetched(site: Site, web: Web) -> Fetched:
    return document(f"{site.url}/x", web, lambda _: None, until=time.monotonic() + 5)


# Discovery


def discovery(site: Site, *, keep: bool = True, **members: Any) -> None:
    site.pages["/jwks"] = json_response(key_set("ES256"))
    document = {"issuer": site.url, "jwks_uri": f"{site.url}/jwks", **members}
    site.pages["/.well-known/openid-configuration"] = json_response(
        document, *(() if keep else ("Cache-Control: no-store",))
    )


def test_discovery_finds_the_keys_and_demands_the_issuer(jwtcli: Run, site: Site, tmp_path: Path) -> None:
    discovery(site)
    files = write_key_files(tmp_path, "ES256")
    for iss, status in ((site.url, 0), ("https://other.example", 7)):
        minted = jwtcli("encode", "--key", files.private, "--iss", iss, "--at", str(AT))
        result = jwtcli("verify", "--json", "--issuer-url", site.url, "--at", str(AT), stdin=minted.stdout)
        assert (result.status, result.json["key"]["source"]) == (status, "--issuer-url")


@pytest.mark.parametrize(("told", "keys", "young_for"), [(100, 3000, 100), (3000, 100, 100)])
def test_the_keys_of_an_issuer_are_young_no_longer_than_what_says_where_they_are(
    tmp_path: Path, site: Site, told: int, keys: int, young_for: int
) -> None:
    discovery(site)
    document = {"issuer": site.url, "jwks_uri": f"{site.url}/jwks"}
    for path, content, age in (("/.well-known/openid-configuration", document, told), ("/jwks", {"keys": []}, keys)):
        site.pages[path] = json_response(content, f"Cache-Control: max-age={age}")
    web = Web(now=AT, cache=tmp_path)
    found = find_set(None, site.url, web, until=published.deadline(web))
    assert found == Fetched({"keys": []}, near=Near.LOOPBACK, young_for=young_for)
    later = replace(web, now=AT + 99)
    assert find_set(None, site.url, later, until=published.deadline(later)).cached_at == AT
    forget(tmp_path, f"{site.url}/jwks")
    assert find_set(None, site.url, later, until=published.deadline(later)).cached_at == AT  # that of the other


def test_discovery_and_another_iss_contradict_each_other(jwtcli: Run, site: Site, token: str) -> None:
    discovery(site)
    result = jwtcli("verify", "--issuer-url", site.url, "--iss", "https://other.example", stdin=token)
    assert (result.status, "no token can have both" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"issuer": "https://evil.example"}, "names another issuer than the one asked for"),
        ({"issuer": None}, "is no discovery document"),
        ({"jwks_uri": "http://keys.example/"}, "names a jwks_uri that is never fetched: plain http"),
        ({"jwks_uri": "file:///etc/passwd"}, "never fetched: only https"),
    ],
)
def test_a_discovery_document_that_lies_is_refused(
    jwtcli: Run, site: Site, token: str, members: dict[str, Any], words: str
) -> None:
    discovery(site, **members)
    result = jwtcli("verify", "--issuer-url", site.url, stdin=token)
    assert (result.status, words in result.stderr) == (9, True)


def test_what_a_discovery_document_says_is_cut_short(jwtcli: Run, site: Site, token: str) -> None:
    lies: list[dict[str, Any]] = [{"issuer": "i" * 900_000}, {"jwks_uri": f"{site.url}/{'j' * 60_000}"}]
    for lie in lies:
        discovery(site, **lie)
        result = jwtcli("verify", "--issuer-url", site.url, stdin=token)
        assert (result.status, len(result.stderr) < 600) == (9, True)


THIS_MACHINE = ["127.1", "2130706433", "0.0.0.0", "localhost", "[::ffff:127.0.0.1]"]


@pytest.mark.parametrize("host", THIS_MACHINE)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_what_is_said_to_be_elsewhere_is_not_fetched_from_this_machine(site: Site, host: str, scheme: str) -> None:
    site.pages["/x"] = json_response({})
    url = f"{scheme}://{host}:{urlsplit(site.url).port}/x"
    with pytest.raises(FetchError, match="said to be on this machine, by a document that is not") as refused:
        document(url, Web(0, allow_http=True), lambda _: None, until=time.monotonic() + 5, nearest=Near.OWN_ADDRESS)
    assert (refused.value.code, site.asked) == ("url_refused", [])


@pytest.mark.parametrize(
    ("discovery_at", "keys_at", "taken"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("own", "127.0.0.1", False),  # by the same name: it was bound anew in between
        ("127.0.0.1", "own", True),
        ("own", "own", True),
        ("elsewhere", "own", False),
        ("elsewhere", "127.0.0.1", False),
    ],
)
@pytest.mark.parametrize("cached", [False, True])
def test_keys_are_never_nearer_than_the_discovery_document_that_names_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, discovery_at: str, keys_at: str, taken: bool, cached: bool
) -> None:
    """The places are told apart by address: one name stands for both documents."""
    nearness = {"127.0.0.1": Near.LOOPBACK, "own": Near.OWN_ADDRESS, "elsewhere": Near.ELSEWHERE}
    places = iter([discovery_at, keys_at])
    monkeypatch.setattr("jwtcli.core.remote._near", lambda _: nearness[next(places)])
    monkeypatch.setattr("socket.getaddrinfo", resolved_here(socket_module.getaddrinfo))
    with serve() as site:
        issuer = f"http://issuer.test:{urlsplit(site.url).port}"
        web = Web(AT, tmp_path, allow_http=True)
        site.pages["/jwks"] = json_response({"keys": []})
        named, place = {"issuer": issuer, "jwks_uri": f"{issuer}/jwks"}, "/.well-known/openid-configuration"
        site.pages[place] = json_response(named)
        if cached:
            remember(tmp_path, Cached(f"{issuer}{place}", AT, 60, named, nearness[next(places)]))
        if taken:
            assert find_set(None, issuer, web, until=time.monotonic() + 5).near == nearness[keys_at]
        else:
            with pytest.raises(FetchError, match="said to be on this machine, by a document that is not"):
                find_set(None, issuer, web, until=time.monotonic() + 5)


def resolved_here(real: Callable[..., Any]) -> Callable[..., Any]:
    return lambda host, *rest, **named: real("127.0.0.1" if host.endswith(".test") else host, *rest, **named)


def test_keys_that_were_asked_for_by_themselves_are_not_taken_from_the_cache_on_a_strangers_word(
    site: Site, tmp_path: Path
) -> None:
    site.pages["/x"] = json_response({})
    web = Web(AT, tmp_path, allow_http=True)
    assert fetched(site, web).near == Near.LOOPBACK
    assert fetched(site, replace(web, offline=True)) == Fetched({}, AT, Near.LOOPBACK, 300)
    with pytest.raises(FetchError, match="said to be on this machine"):
        document(f"{site.url}/x", web, lambda _: None, until=time.monotonic() + 5, nearest=Near.ELSEWHERE)


def _addresses(*places: tuple[str, int]) -> Callable[..., Any]:
    family, kind = socket_module.AF_INET, socket_module.SOCK_STREAM
    return lambda *_, **__: [(family, kind, 0, "", place) for place in places]


def test_no_further_address_of_a_host_is_tried_once_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name may have thousands that do not answer, and a stream asks for its keys again and again."""
    watch = remote.Watch(Near.LOOPBACK)
    tried: list[object] = []

    def end(_: socket, address: object) -> None:
        tried.append(address)
        watch.end()
        raise TimeoutError

    monkeypatch.setattr("socket.getaddrinfo", _addresses(("192.0.2.1", 80), ("192.0.2.2", 80)))
    monkeypatch.setattr(socket, "connect", end)
    with pytest.raises(ConnectionAbortedError):
        remote._connected(watch, ("many.test", 80), 1.0)
    assert tried == [("192.0.2.1", 80)]


def test_the_next_address_of_a_host_is_tried_where_one_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, site: Site
) -> None:
    port = urlsplit(site.url).port
    assert port is not None
    watch = remote.Watch(Near.LOOPBACK)
    monkeypatch.setattr("socket.getaddrinfo", _addresses(("127.0.0.1", 1), ("127.0.0.1", port)))
    with remote._connected(watch, ("two.test", port), 5.0) as connection:
        assert connection.getpeername() == ("127.0.0.1", port)
    monkeypatch.setattr("socket.getaddrinfo", _addresses(("127.0.0.1", 1)))
    with pytest.raises(ConnectionRefusedError):
        remote._connected(watch, ("one.test", port), 5.0)
    monkeypatch.setattr("socket.getaddrinfo", _addresses())
    with pytest.raises(OSError, match="no address"):
        remote._connected(watch, ("none.test", port), 5.0)
    known = _addresses(("127.0.0.1", port))()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(200, *known[0][1:]), *known])  # no family of here
    with remote._connected(watch, ("odd.test", port), 5.0) as connection:
        assert connection.getpeername() == ("127.0.0.1", port)


class Connected:
    """A connection, as far as it is looked at."""

    def __init__(self, there: str) -> None:
        self.there = there
        self.family = socket_module.AF_INET6 if ":" in there else socket_module.AF_INET

    def getpeername(self) -> tuple[Any, ...]:
        return (self.there, 443, 0, 0) if ":" in self.there else (self.there, 443)


@pytest.mark.parametrize(
    ("there", "near"),
    [
        ("127.0.0.2", Near.LOOPBACK),
        ("::1", Near.LOOPBACK),
        ("203.0.113.7", Near.ELSEWHERE),
        ("2001:db8::7", Near.ELSEWHERE),
    ],
)
def test_how_near_an_address_is(there: str, near: Near) -> None:
    assert remote._near(cast("socket", Connected(there))) is near


def test_an_address_is_this_machines_own_whichever_one_it_connects_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine may have several in one network: it connects to the second from the first."""
    with socket_module.socket(socket_module.AF_INET, socket_module.SOCK_DGRAM) as found:
        try:
            found.connect(("203.0.113.7", 9))
        except OSError:
            pytest.skip("this machine has no address but loopback")
        own = found.getsockname()[0]
    assert remote._near(cast("socket", Connected(own))) is Near.OWN_ADDRESS
    monkeypatch.setattr("jwtcli.core.remote.EADDRNOTAVAIL", 0)  # what cannot be asked counts as near
    assert remote._near(cast("socket", Connected("203.0.113.7"))) is Near.OWN_ADDRESS


def test_through_a_proxy_the_proxys_machine_is_what_counts(site: Site) -> None:
    site.pages["http://keys.example/"] = json_response({})
    web = Web(0, environ={"http_proxy": site.url}, allow_http=True)
    found = document("http://keys.example/", web, lambda _: None, until=time.monotonic() + 5, nearest=Near.ELSEWHERE)
    assert found == Fetched({}, near=Near.ELSEWHERE, young_for=300)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("without", ["*", "localhost"])
def test_past_a_proxy_this_machine_is_no_farther_than_without_one(
    site: Site, monkeypatch: pytest.MonkeyPatch, scheme: str, without: str
) -> None:
    monkeypatch.setenv("no_proxy", without)
    web = Web(0, environ={"http_proxy": "http://proxy.test", "https_proxy": "http://proxy.test"}, allow_http=True)
    url = f"{scheme}://localhost:{urlsplit(site.url).port}/x"
    with pytest.raises(FetchError, match="said to be on this machine, by a document that is not"):
        document(url, web, lambda _: None, until=time.monotonic() + 5, nearest=Near.OWN_ADDRESS)
    assert site.asked == []


def test_where_no_thread_can_be_started_the_fetch_has_failed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", exhausted)
    with pytest.raises(FetchError, match=r"^there is no room for another thread to fetch with$"):
        fetched(site, Web(AT))


@pytest.mark.parametrize(
    ("first", "again", "pause"),
    [(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0), (b"HTTP/1.1 200 OK\r\nX: ", b"x", 0.1)],
    ids=["answers", "line"],
)
@pytest.mark.parametrize("secure", [False, True])
def test_a_fetch_that_is_given_up_ends_its_connection(
    secure: bool, first: bytes, again: bytes, pause: float, tmp_path: Path
) -> None:
    """Python reads answers of 100 without end, in a thread that would take half of the time of a stream.

    A line that drips is read by one call, for days.
    """
    ended = threading.Event()

    def endless(connection: socket_module.socket) -> None:
        try:
            connection.sendall(first)
            while True:
                connection.sendall(again)
                time.sleep(pause)
        except OSError:
            ended.set()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate = tmp_path / "server.pem"
    certificate.write_bytes(self_signed())
    context.load_cert_chain(certificate)
    trust = ssl.create_default_context(cafile=str(certificate))
    with (
        pytest.MonkeyPatch.context() as patched,
        serve((lambda connection: context.wrap_socket(connection, server_side=True)) if secure else None) as site,
    ):
        patched.setattr("jwtcli.core.fetch._trust", lambda: trust)
        site.pages["/x"] = endless
        with pytest.raises(FetchError, match="no whole answer"):
            document(f"{site.url}/x", Web(0), lambda _: None, until=Web(0).clock() + 1)
        assert ended.wait(20)


# TLS and proxies


def test_tls_is_checked_against_what_the_machine_trusts(
    installed: Run, jwtcli: Run, token: str, tmp_path: Path
) -> None:
    certificate = tmp_path / "server.pem"
    certificate.write_bytes(self_signed())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serve(lambda connection: context.wrap_socket(connection, server_side=True)) as site:
        site.pages["/jwks"] = json_response(key_set("ES256"))
        args = ("verify", "-q", "--jwks", f"{site.url}/jwks", "--at", str(AT))
        distrusted = installed(*args, stdin=token)
        trusted = installed(*args, stdin=token, env={"SSL_CERT_FILE": str(certificate)})
    assert (distrusted.status, trusted.status) == (9, 0)
    assert distrusted.stderr == (
        f"jwtcli: error: {site.url}/jwks: its certificate is not one that this machine trusts\n"
    )


def test_a_certificate_is_of_the_names_that_it_has_for_servers_and_not_of_its_common_name(
    installed: Run, token: str, tmp_path: Path
) -> None:
    """RFC 9525 section 2: others of a company's certificates have such names, those of persons among them."""
    certificate = tmp_path / "server.pem"
    certificate.write_bytes(self_signed("localhost", x509.RFC822Name("alice@example.org")))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serve(lambda connection: context.wrap_socket(connection, server_side=True)) as site:
        site.pages["/jwks"] = json_response(key_set("ES256"))
        url = f"https://localhost:{urlsplit(site.url).port}/jwks"
        refused = installed("verify", "-q", "--jwks", url, stdin=token, env={"SSL_CERT_FILE": str(certificate)})
    assert (refused.status, site.asked) == (9, [])


def self_signed(common: str = "127.0.0.1", named: x509.GeneralName | None = None) -> bytes:
    """A certificate for 127.0.0.1 and its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
    named = named or x509.IPAddress(ip_address("127.0.0.1"))
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([named]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)


def test_a_proxy_of_the_environment_is_used_but_for_loopback(jwtcli: Run, site: Site, token: str) -> None:
    url = "http://keys.example/jwks"
    site.pages[url] = site.pages["/jwks"] = json_response(key_set("ES256"))
    for asked in (url, f"{site.url}/jwks"):
        result = jwtcli(
            "verify", "-q", "--allow-http", "--jwks", asked, "--at", str(AT), stdin=token, env={"http_proxy": site.url}
        )
        assert result.status == 0
    assert site.asked == [url, "/jwks"]
