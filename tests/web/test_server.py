"""``jwtcli serve`` as a process: real HTTP, a real OAuth client, and other libraries judging its tokens."""

import json
import signal
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt as jose
from joserfc.jwk import KeySet

from jwtcli.core.breaks import BREAKS
from tests.conftest import Run, write_key_files
from tests.web.conftest import Serve
from tests.web.load import load


def test_authlib_discovers_the_issuer_and_gets_tokens_that_others_accept(
    serve: Serve, installed: Run, tmp_path: Path
) -> None:
    urls, _ = serve()
    known = requests.get(urls["openid_configuration"], timeout=10).json()
    machine = OAuth2Session("robot", "secret", scope="read")
    access = machine.fetch_token(known["token_endpoint"], grant_type="client_credentials", audience="api")[
        "access_token"
    ]

    person = OAuth2Session("shop", scope="openid", redirect_uri="http://127.0.0.1:1/back", code_challenge_method="S256")
    verifier = "v" * 48
    address, state = person.create_authorization_url(known["authorization_endpoint"], code_verifier=verifier, nonce="n")
    answer = requests.post(address, data={"username": "alice", "password": "x"}, allow_redirects=False, timeout=10)
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["state"] == [state]
    tokens = person.fetch_token(
        known["token_endpoint"], authorization_response=answer.headers["Location"], code_verifier=verifier
    )

    jwks = requests.get(known["jwks_uri"], timeout=10).json()
    (tmp_path / "jwks.json").write_text(json.dumps(jwks))
    for compact, audience, subject in ((access, "api", "robot"), (tokens["id_token"], "shop", "alice")):
        judged = installed(
            "verify", "--json", "--jwks", "jwks.json", "--iss", urls["issuer"], "--aud", audience, stdin=compact
        )
        assert (judged.status, judged.json["claims"]["sub"]) == (0, subject)
        signing = jwt.PyJWKClient(known["jwks_uri"]).get_signing_key_from_jwt(compact)
        claims = jwt.decode(compact, signing, audience=audience, issuer=urls["issuer"])
        assert claims["sub"] == subject
        assert jose.decode(compact, KeySet.import_key_set(jwks)).claims["sub"] == subject


def test_each_way_to_break_a_token_is_refused_for_its_reason(serve: Serve, installed: Run, tmp_path: Path) -> None:
    urls, _ = serve()
    (tmp_path / "jwks.json").write_text(requests.get(urls["jwks_uri"], timeout=10).text)
    demands = ("--jwks", "jwks.json", "--iss", urls["issuer"], "--aud", "api", "--require", "exp")
    for way in BREAKS.values():
        form = {"grant_type": "client_credentials", "client_id": "robot", "audience": "api", "break": way.name}
        compact = requests.post(urls["token_endpoint"], data=form, timeout=10).json()["access_token"]
        judged = installed("verify", "--json", *demands, stdin=compact)
        failed = [check["code"] for check in judged.json["checks"] if check["passed"] is False]
        assert (way.name, judged.status, failed) == (way.name, way.status, [way.code])


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_cleanly(serve: Serve, stop: signal.Signals) -> None:
    urls, process = serve()
    assert requests.get(urls["jwks_uri"], timeout=10).status_code == 200
    process.send_signal(stop)
    out, err = process.communicate(timeout=20)
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
    urls, _ = serve("--issuer", "https://id.example/", "-c", "role=admin", "--ttl", "5m")
    address = urls["address"]
    named = requests.get(f"{address}/.well-known/openid-configuration", headers={"Host": "id.example"}, timeout=10)
    assert named.json()["issuer"] == "https://id.example"
    token = requests.post(f"{address}/login", data={"username": "a", "password": "b"}, timeout=10).json()["token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["iss"], claims["role"], claims["exp"] - claims["iat"]) == ("https://id.example", "admin", 300)


def test_users_come_from_the_variable(serve: Serve) -> None:
    urls, _ = serve(env={"JWTCLI_SERVE_USERS": "alice:a:b\n"})
    right = requests.post(urls["login"], data={"username": "alice", "password": "a:b"}, timeout=10)
    wrong = requests.post(urls["login"], data={"username": "alice", "password": "a"}, timeout=10)
    assert (right.status_code, wrong.status_code) == (200, 401)


def test_fifty_clients_at_once_see_no_error_and_memory_stays(serve: Serve) -> None:
    urls, process = serve()
    load(urls["issuer"], seconds=2, clients=50)
    before = _resident_kib(process.pid)
    rounds, failures = load(urls["issuer"], seconds=4, clients=50)
    assert failures == []
    assert rounds > 50
    assert _resident_kib(process.pid) < before * 1.2


def _resident_kib(pid: int) -> int:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        pytest.skip("no /proc to read memory from")
    return int(next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmRSS")))
