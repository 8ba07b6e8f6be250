"""The endpoints behind the inspector page: the JSON of the command line, and nothing of a foreign page's doing."""

import json
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from jwtcli.core.jwk import to_jwk
from jwtcli.core.keys import public_half
from jwtcli.core.signatures import sign
from jwtcli.core.strict import base64url_encode
from jwtcli.core.tokens import parse
from jwtcli.web.app import create_app
from jwtcli.web.issuer import Issuer
from tests.conftest import AT, Run, key_for, write_key_files
from tests.web.conftest import HOSTS, URL, Clock

SERVER = {"kind": "server"}
HEADER = b'{"alg":"HS256"}'


def _ask(client: FlaskClient, path: str, **body: Any) -> Any:
    return client.post(path, json=body)


@pytest.mark.parametrize("name", ["If-Modified-Since", "If-Unmodified-Since", "If-Range"])
def test_a_date_that_no_calendar_has_is_no_bug(client: FlaskClient, name: str) -> None:
    headers = {name: "Mon, 01 Jan 99999999999 00:00:00 GMT", "Range": "bytes=0-1"}
    answer = client.get("/static/inspector.js", headers=headers)
    assert answer.status_code in (200, 206)
    answer.close()


@pytest.mark.parametrize("debug", ["1", "0"])
def test_no_variable_of_flask_changes_an_answer(issuer: Issuer, monkeypatch: pytest.MonkeyPatch, debug: str) -> None:
    monkeypatch.setenv("FLASK_DEBUG", debug)
    app = create_app(issuer, HOSTS)
    answer = _ask(app.test_client(), "/api/decode", token="e30.e30.AAAA")
    assert (answer.status_code, answer.get_data().count(b"\n"), app.debug) == (200, 1, False)


def test_decode_answers_with_what_the_command_line_prints(client: FlaskClient, issuer: Issuer, jwtcli: Run) -> None:
    compact = issuer.mint({"sub": "alice"})
    answer = _ask(client, "/api/decode", token=f"Bearer {compact}").json
    assert answer["decoded"] == jwtcli("decode", "--json", "--at", str(AT), stdin=compact).json
    assert answer["notes"] == ["took off 'Bearer'"]
    assert answer["status"] == "active: expires in 1h"
    assert [row for row in answer["claims"] if row["name"] == "exp"] == [
        {
            "name": "exp",
            "value": str(AT + 3600),
            "json_type": "number",
            "moment": AT + 3600,
            "when": "2023-11-14T23:13:20Z, in 1h",
            "meaning": "From this moment on it must be refused (RFC 7519 section 4.1.4).",
        }
    ]


def test_decode_tells_what_lint_finds(client: FlaskClient, jwtcli: Run) -> None:
    compact = sign({"kid": "../k"}, {"sub": "alice", "email": "alice@example.org"}, key_for("ES256"), "ES256")
    answer = _ask(client, "/api/decode", token=compact).json
    assert answer["findings"] == jwtcli("lint", "--json", "--at", str(AT), stdin=compact).json["findings"]
    assert {finding["code"] for finding in answer["findings"]} >= {"kid_path", "exp_missing", "personal_data"}


def test_decode_marks_the_part_that_is_wrong(client: FlaskClient, issuer: Issuer) -> None:
    header, payload, signature = issuer.mint({}).split(".")
    parts = [
        _ask(client, "/api/decode", token=token).json["error"]["part"]
        for token in (f"!{header}.{payload}.{signature}", f"{header}.e30=.{signature}", f"{header}.{payload}.a", "a.b")
    ]
    assert parts == ["header", "payload", "signature", None]


def test_hostile_claims_come_back_printable(client: FlaskClient, issuer: Issuer) -> None:
    compact = issuer.mint({"sub": "\u202eevil\x1b[2J", "na\u200bme": "x"})
    rows = _ask(client, "/api/decode", token=compact).json["claims"]
    shown = {row["name"]: row["value"] for row in rows}
    assert shown["sub"] == '"\\u202eevil\\u001b[2J"'
    assert shown['"na\\u200bme"'] == '"x"'


def test_verify_answers_with_the_verdict_of_the_command_line(
    client: FlaskClient, issuer: Issuer, jwtcli: Run, tmp_path: Any
) -> None:
    compact = issuer.mint({"sub": "alice", "aud": "api"}, how_broken="expired")
    public = write_key_files(tmp_path, "ES256").public
    told: Any = jwtcli("verify", "--json", "--key", public, "--aud", "api", "--at", str(AT), stdin=compact)
    key = {"kind": "key", "text": json.dumps(to_jwk(public_half(key_for("ES256"))))}
    answer = _ask(client, "/api/verify", token=compact, key=key, aud="api").json
    told = told.json
    for verdict in (answer, told):
        verdict["key"]["source"] = "..."
        verdict["checks"][1]["reason"] = "..."
    assert answer == {**told, "refusals": ["expired 1m ago"]}
    assert (answer["status"], answer["reason"]) == (5, "expired")


def test_why_a_token_is_refused_is_told_in_short_and_the_tokens_own_words_whole(
    client: FlaskClient, issuer: Issuer
) -> None:
    compact = issuer.mint({"sub": "alice", "aud": "Foo (Bar) \u202eInc"}, how_broken="expired")
    told = _ask(client, "/api/verify", token=compact, key=SERVER, aud="api").json["refusals"]
    assert told == ["expired 1m ago", 'the token is for "Foo (Bar) \\u202eInc", not for "api"']


def test_the_servers_own_keys_verify_what_it_minted(client: FlaskClient) -> None:
    made = _ask(client, "/api/mint", header="{}", claims='{"sub": "alice"}', key=SERVER).json
    assert made["claims"] == {"sub": "alice", "iat": AT, "exp": AT + 3600}
    assert _ask(client, "/api/verify", token=made["token"], key=SERVER).json["accepted"] is True


def test_a_secret_mints_and_verifies_in_its_encoding(client: FlaskClient) -> None:
    key = {"kind": "secret", "text": "30" * 32, "encoding": "hex"}
    made = _ask(client, "/api/mint", header='{"alg": "HS256", "kid": "k"}', claims="{}", key=key).json
    assert parse(made["token"]).header == {"alg": "HS256", "typ": "JWT", "kid": "k"}
    same = {"kind": "secret", "text": "0" * 32, "encoding": "utf8"}
    assert _ask(client, "/api/verify", token=made["token"], key=same).json["accepted"] is True


def test_a_weak_secret_is_taken_only_if_that_is_said(client: FlaskClient) -> None:
    weak = {"kind": "secret", "text": "short\n"}
    refused = _ask(client, "/api/mint", claims="{}", key=weak)
    assert (refused.status_code, refused.json["error"]["code"]) == (422, "weak_key")
    made = _ask(client, "/api/mint", claims="{}", key={**weak, "allow_weak": True}).json
    judged = _ask(client, "/api/verify", token=made["token"], key={**weak, "text": "short", "allow_weak": True})
    assert judged.json["accepted"] is True
    assert _ask(client, "/api/verify", token=made["token"], key=weak).json["reason"] == "weak_key"


def test_the_servers_algorithm_signs_what_its_key_signs(clock: Clock) -> None:
    issuer = Issuer(URL, (replace(key_for("RS256"), alg=None),), clock, alg="PS384")
    client = create_app(issuer, HOSTS).test_client()
    assert _ask(client, "/api/mint", claims="{}", key=SERVER).json["header"]["alg"] == "PS384"


def test_a_server_with_users_mints_with_keys_of_others_alone(clock: Clock) -> None:
    client = create_app(Issuer(URL, (key_for("ES256"),), clock, users={"alice": "right"}), HOSTS).test_client()
    refused = _ask(client, "/api/mint", claims='{"sub": "alice"}', key=SERVER)
    assert (refused.status_code, refused.json["error"]["code"]) == (422, "server_key_refused")
    own = {"kind": "secret", "text": "s" * 32}
    assert _ask(client, "/api/mint", claims='{"sub": "alice"}', key=own).status_code == 200
    login: Any = client.post("/login", data={"username": "alice", "password": "right"})
    assert _ask(client, "/api/verify", token=login.json["token"], key=SERVER).json["accepted"] is True


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/api/decode", {"token": ""}, "no_token"),
        ("/api/decode", {"token": 5}, "bad_request"),
        ("/api/verify", {"token": "a.b.c"}, "bad_request"),
        ("/api/verify", {"token": "a.b.c", "key": {"kind": "secret", "text": "x", "encoding": "rot13"}}, "bad_request"),
        ("/api/verify", {"token": "a.b.c", "key": {"kind": "key", "text": "<html>"}}, "not_a_key"),
        ("/api/verify", {"token": "a.b.c", "key": SERVER, "leeway": 1e9}, "bad_request"),
        ("/api/verify", {"token": "a.b.c", "key": SERVER, "leeway": True}, "bad_request"),
        ("/api/mint", {"claims": "{}"}, "bad_request"),
        ("/api/mint", {"claims": "[]", "key": SERVER}, "bad_claims"),
        ("/api/mint", {"claims": '{"a": "\\ud800"}', "key": SERVER}, "not_unicode"),
        ("/api/mint", {"claims": '{"a":' * 5000, "key": SERVER}, "bad_claims"),
        ("/api/mint", {"header": '{"alg": ["RS256"]}', "key": SERVER}, "unknown_alg"),
        ("/api/mint", {"claims": '{"exp": 1}', "key": SERVER}, "already_expired"),
        ("/api/mint", {"header": '{"alg": "none"}', "key": SERVER}, "unknown_alg"),
        ("/api/mint", {"header": '{"alg": "RS256"}', "key": SERVER}, "unfit_key"),
    ],
)
def test_a_failure_is_the_error_object_of_the_command_line(
    client: FlaskClient, path: str, body: dict[str, Any], code: str
) -> None:
    answer = _ask(client, path, **body)
    assert (answer.status_code, answer.json["error"]["code"]) == (422, code)


def test_what_is_no_json_object_is_refused(client: FlaskClient) -> None:
    for body in (b"[]", b"", b"\xff", b'{"a":' * 5000, b'{"token": "a", "token": "b"}'):
        assert client.post("/api/decode", data=body, content_type="application/json").status_code == 422
    assert client.post("/api/decode", data=b'{"token": "a.b.c"}', content_type="text/plain").status_code == 422


def test_no_key_material_comes_back(client: FlaskClient) -> None:
    private = to_jwk(key_for("RS256"))
    private["p"] = private["q"]
    answer = _ask(client, "/api/verify", token="a.b.c", key={"kind": "key", "text": json.dumps(private)})
    assert not any(private[name] in answer.text for name in ("n", "d", "p", "q"))


def test_an_answer_grows_no_faster_than_its_token(client: FlaskClient) -> None:
    deep = '{"a":' + "[" * 490 + ",".join("1" * 20_000) + "]" * 490 + "}"
    token = f"{base64url_encode(HEADER)}.{base64url_encode(deep.encode())}.eA"
    answer = _ask(client, "/api/decode", token=token)
    assert answer.status_code == 200
    assert len(answer.data) < 10 * len(token)
    assert json.loads(answer.json["to_edit"]["claims"]) == json.loads(deep)


def test_the_page_allows_no_inline_script_and_no_other_site(client: FlaskClient) -> None:
    answer = client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<script>" not in answer.text
    assert " style=" not in answer.text
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert URL in answer.text


def test_other_sites_cannot_ask(client: FlaskClient) -> None:
    headers = {"Origin": "https://evil.example"}
    assert client.post("/api/mint", json={"key": SERVER}, headers=headers).status_code == 403
