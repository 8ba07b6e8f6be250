"""``jwtcli serve`` as a process: real HTTP, a real OAuth client, and other libraries judging its tokens."""

import http.client
import json
import re
import resource
import signal
import socket
import subprocess
import threading
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt as jose
from joserfc.jwk import KeySet

from jwtcli.core.breaks import BREAKS
from jwtcli.core.strict import base64url_encode
from jwtcli.web.guard import MAX_BODY
from tests.conftest import Run, write_key_files
from tests.test_readme import PAGE, shell_environment
from tests.web.conftest import Serve, Urls
from tests.web.load import load


def test_authlib_discovers_the_issuer_and_gets_tokens_that_others_accept(running: Urls, installed: Run) -> None:
    known = requests.get(running["openid_configuration"], timeout=10).json()
    machine = OAuth2Session("robot", "secret", scope="read")
    access = machine.fetch_token(known["token_endpoint"], grant_type="client_credentials", audience="api")[
        "access_token"
    ]
    identity = _identity_by_code_flow(known)

    jwks = requests.get(known["jwks_uri"], timeout=10).json()
    for compact, audience, subject in ((access, "api", "robot"), (identity, "shop", "alice")):
        judged = installed("verify", "--json", "--issuer-url", running["issuer"], "--aud", audience, stdin=compact)
        assert (judged.status, judged.json["claims"]["sub"]) == (0, subject)
        signing = jwt.PyJWKClient(known["jwks_uri"]).get_signing_key_from_jwt(compact)
        claims = jwt.decode(compact, signing, audience=audience, issuer=running["issuer"])
        assert claims["sub"] == subject
        assert jose.decode(compact, KeySet.import_key_set(jwks)).claims["sub"] == subject


def _identity_by_code_flow(known: dict[str, str]) -> str:
    """Log alice in for the client ``shop``, with PKCE, and return her ID token."""
    person = OAuth2Session("shop", scope="openid", redirect_uri="http://127.0.0.1:1/back", code_challenge_method="S256")
    verifier = "v" * 48
    address, state = person.create_authorization_url(known["authorization_endpoint"], code_verifier=verifier, nonce="n")
    answer = requests.post(address, data={"username": "alice", "password": "x"}, allow_redirects=False, timeout=10)
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["state"] == [state]
    tokens = person.fetch_token(
        known["token_endpoint"], authorization_response=answer.headers["Location"], code_verifier=verifier
    )
    return str(tokens["id_token"])


def test_each_way_to_break_a_token_is_refused_for_its_reason(running: Urls, jwtcli: Run) -> None:
    demands = ("--issuer-url", running["issuer"], "--aud", "api", "--require", "exp")
    for way in BREAKS.values():
        form = {"grant_type": "client_credentials", "client_id": "robot", "audience": "api", "break": way.name}
        compact = requests.post(running["token_endpoint"], data=form, timeout=10).json()["access_token"]
        judged = jwtcli("verify", "--json", *demands, stdin=compact)
        failed = [check["code"] for check in judged.json["checks"] if check["passed"] is False]
        assert (way.name, judged.status, failed) == (way.name, way.status, [way.code])


def test_the_pair_of_the_tutorials_answers_each_outcome(running: Urls) -> None:
    def opened(how: dict[str, str], header: str = "Bearer {token}") -> tuple[int, str | None, str | None]:
        form = {"username": "alice", "password": "x", **how}
        token = requests.post(running["login"], data=form, timeout=10).json()["token"]
        headers = {"Authorization": header.replace("{token}", token)} if header else {}
        answer = requests.get(running["protected"], headers=headers, timeout=10)
        return answer.status_code, answer.json().get("error"), answer.headers.get("WWW-Authenticate")

    refused = 'Bearer error="invalid_token", error_description="the token {}", realm="jwtcli"'
    assert opened({}) == (200, None, None)
    assert opened({}, "bearer {token}") == (200, None, None)
    assert opened({}, "") == (401, "missing_token", 'Bearer realm="jwtcli"')
    assert opened({}, "Bearer {token}x") == (401, "invalid_token", refused.format("was refused"))
    assert opened({"break": "expired"}) == (401, "token_expired", refused.format("has expired"))
    assert opened({"break": "wrong-key"}) == (401, "invalid_token", refused.format("was refused"))


def test_the_recipe_of_the_readme_starts_points_and_stops(tmp_path: Path) -> None:
    (recipe,) = [
        block for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL) if "kill" in block
    ]
    (tmp_path / "run-the-tests").write_text(
        '#!/bin/sh\npython3 -c "\nimport os, urllib.request as web\n'
        "print(web.urlopen(os.environ['ISSUER'] + '/.well-known/openid-configuration', timeout=10).status)\"\n"
    )
    (tmp_path / "run-the-tests").chmod(0o700)
    done = subprocess.run(
        ["sh", "-eu", "-c", recipe],
        env=shell_environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "200\n"), done.stderr
    issuer = json.loads((tmp_path / "issuer.json").read_text())["issuer"]
    with pytest.raises(requests.ConnectionError):
        requests.get(issuer, timeout=5)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_cleanly_under_load_too(serve: Serve, stop: signal.Signals) -> None:
    urls, process = serve()
    burden = threading.Thread(target=load, args=(urls["issuer"], 1.0, 10))
    burden.start()
    assert requests.get(urls["jwks_uri"], timeout=10).status_code == 200
    process.send_signal(stop)
    out, err = process.communicate(timeout=20)
    burden.join()
    assert (process.returncode, out) == (0, "")
    assert err == f"jwtcli: note: issuer {urls['issuer']} is ready at {urls['address']}; Ctrl-C stops it\n"


def test_a_given_key_signs_with_a_warning_and_several_are_published(serve: Serve, tmp_path: Path) -> None:
    first, second = write_key_files(tmp_path, "RS256"), write_key_files(tmp_path, "ES256")
    urls, process = serve("--key", first.private, "--key", second.private)
    keys = requests.get(urls["jwks_uri"], timeout=10).json()["keys"]
    token = requests.post(urls["login"], data={"username": "a", "password": "b"}, timeout=10).json()["token"]
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=20)
    assert [key["kty"] for key in keys] == ["RSA", "EC"]
    assert not any({"d", "p", "q"} & key.keys() for key in keys)
    assert jwt.get_unverified_header(token)["alg"] == "RS256"
    assert "jwtcli: warning: whoever reaches this server gets tokens signed with the given key" in err


def test_the_issuer_is_the_configured_one_and_its_host_is_let_in(serve: Serve) -> None:
    users = {"JWTCLI_SERVE_USERS": "alice:a:b\n"}
    urls, _ = serve("--issuer", "https://id.example/", "-c", "role=admin", "--ttl", "5m", env=users)
    address = urls["address"]
    named = requests.get(f"{address}/.well-known/openid-configuration", headers={"Host": "id.example"}, timeout=10)
    assert named.json()["issuer"] == "https://id.example"
    form = {"username": "alice", "password": "a:b"}
    token = requests.post(f"{address}/login", data=form, timeout=10).json()["token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["iss"], claims["role"], claims["exp"] - claims["iat"]) == ("https://id.example", "admin", 300)
    wrong = requests.post(f"{address}/login", data={**form, "password": "a"}, timeout=10)
    assert wrong.status_code == 401


def test_it_listens_on_ipv6_where_it_is_told_to(serve: Serve) -> None:
    if not _has_ipv6():
        pytest.skip("this machine has no IPv6 loopback")
    urls, _ = serve("--host", "::1")
    assert urls["issuer"] == urls["address"]
    assert urls["address"].startswith("http://[::1]:")
    assert requests.get(urls["jwks_uri"], timeout=10).status_code == 200


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def test_every_address_is_named_localhost_and_warned_of(serve: Serve) -> None:
    urls, process = serve("--host", "0.0.0.0")
    assert urls["issuer"] == f"http://localhost:{urlsplit(urls['address']).port}"
    assert requests.get(urls["jwks_uri"], timeout=10).status_code == 200
    process.send_signal(signal.SIGTERM)
    assert "warning: whoever reaches 0.0.0.0 gets tokens" in process.communicate(timeout=20)[1]


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n\r\n", 421),
        (b"GET http://evil.example/login HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
        (b"GET / HTTP/1.0\r\n\r\n", 421),
        (b"GET /protected HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer \xff\xfe\r\n\r\n", 401),
        (b"POST /login HTTP/1.1\r\nHost: {host}\r\nContent-Length: " + b"9" * 12 + b"\r\n\r\n", 413),
        (b"nonsense\r\n\r\n", 400),
    ],
)
def test_rude_requests_are_refused_and_nothing_of_them_is_said_on_stderr(
    running: Urls, request_bytes: bytes, status: int
) -> None:
    place = urlsplit(running["address"])
    with socket.create_connection((str(place.hostname), int(place.port or 0)), timeout=10) as connection:
        connection.sendall(request_bytes.replace(b"{host}", place.netloc.encode()))
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert answer.status == status


def test_large_keys_tokens_and_answers_are_written_to_no_disk(serve: Serve) -> None:
    urls, process = serve("-q")
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, 0))
    header = base64url_encode(b'{"alg":"HS256"}')
    claims = base64url_encode(json.dumps({"a": ["é" * 100] * 2_000}).encode())
    token = f"{header}.{claims}.eA"
    assert len(token) > 1_000_000
    read = requests.post(f"{urls['address']}/api/decode", json={"token": token}, timeout=20)
    assert (read.status_code, len(read.content) > 1_000_000) == (200, True)
    key = {"kind": "secret", "text": "s" * 300_000}
    judged = requests.post(f"{urls['address']}/api/verify", json={"token": token, "key": key}, timeout=20)
    assert judged.json()["reason"] == "bad_signature"
    told = requests.post(urls["introspection_endpoint"], files={"token": b"a" * 1_000_000}, timeout=20)
    assert told.json()["error"] == "invalid_request"


def test_no_request_is_logged(serve: Serve) -> None:
    urls, process = serve("-q")
    token = requests.post(urls["login"], data={"username": "a", "password": "b"}, timeout=10).json()["token"]
    for path in (f"/protected?token={token}", f"/{token}", "/api/decode"):
        requests.get(urls["address"] + path, headers={"Authorization": f"Bearer {token}x"}, timeout=10)
    huge = requests.post(urls["login"], data=b"a" * (MAX_BODY + 1), timeout=10)
    assert huge.status_code == 413
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=20) == ("", "")


def test_fifty_clients_at_once_see_no_error_and_memory_stays(serve: Serve) -> None:
    urls, process = serve()
    load(urls["issuer"], seconds=1, clients=50)
    before = _resident_kib(process.pid)
    rounds, failures = load(urls["issuer"], seconds=3, clients=50)
    assert failures == []
    assert rounds > 50
    assert _resident_kib(process.pid) < before * 1.05


def _resident_kib(pid: int) -> int:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        pytest.skip("no /proc to read memory from")
    return int(next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmRSS")))
