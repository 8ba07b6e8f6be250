"""The endpoints of the local issuer, one request at a time, on a clock that stands still."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from jwtcli.core.tokens import parse
from jwtcli.web.app import create_app
from jwtcli.web.codes import LIMIT, Codes, Grant
from jwtcli.web.guard import MAX_BODY
from jwtcli.web.issuer import Issuer
from tests.conftest import AT, key_for
from tests.web.conftest import HOSTS, URL, Clock, public_set

VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
AUTHORIZE = {
    "client_id": "shop",
    "redirect_uri": "http://127.0.0.1:9000/back",
    "response_type": "code",
    "scope": "openid",
    "state": "s1",
    "nonce": "n1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def _code(client: FlaskClient, **changes: str) -> str:
    answer = client.post("/authorize", data={**AUTHORIZE, "username": "alice", "password": "x", **changes})
    assert answer.status_code == 303
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def _exchange(client: FlaskClient, code: str, **changes: str) -> Any:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": "shop",
        "redirect_uri": AUTHORIZE["redirect_uri"],
        "code_verifier": VERIFIER,
    }
    return client.post("/token", data={**form, **changes})


def test_discovery_and_rfc_8414_tell_the_same_and_the_issuer_has_no_trailing_slash(client: FlaskClient) -> None:
    openid = client.get("/.well-known/openid-configuration").json
    oauth = client.get("/.well-known/oauth-authorization-server").json
    assert openid == oauth
    assert openid is not None
    assert (openid["issuer"], openid["jwks_uri"]) == (URL, f"{URL}/.well-known/jwks.json")


def test_the_key_set_holds_public_halves_only(client: FlaskClient) -> None:
    assert client.get("/.well-known/jwks.json").json == public_set()


def test_client_credentials_give_an_access_token_for_the_audience_asked(client: FlaskClient) -> None:
    form = {"grant_type": "client_credentials", "scope": "read", "audience": "https://api.example"}
    answer = client.post("/token", data=form, auth=("robot", "any secret"))
    assert answer.json is not None
    token = parse(answer.json["access_token"])
    assert {**answer.json, "access_token": "..."} == {
        "access_token": "...",
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": "read",
    }
    assert {**token.claims, "jti": "..."} == {
        "iss": URL,
        "iat": AT,
        "exp": AT + 3600,
        "jti": "...",
        "sub": "robot",
        "client_id": "robot",
        "aud": "https://api.example",
        "scope": "read",
    }
    assert token.header["typ"] == "at+jwt"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_code_is_exchanged_once_for_tokens_of_the_user_with_the_nonce(client: FlaskClient) -> None:
    code = _code(client)
    answer = _exchange(client, code)
    assert answer.status_code == 200
    identity = parse(answer.json["id_token"]).claims
    assert (identity["sub"], identity["aud"], identity["nonce"], identity["auth_time"]) == ("alice", "shop", "n1", AT)
    again = _exchange(client, code)
    assert (again.status_code, again.json["error"]) == (400, "invalid_grant")


def test_without_the_scope_openid_there_is_no_id_token(client: FlaskClient) -> None:
    answer = _exchange(client, _code(client, scope="read")).json
    assert set(answer) == {"access_token", "token_type", "expires_in", "scope"}


def test_nobody_without_a_name_is_let_in(client: FlaskClient) -> None:
    assert client.post("/authorize", data=AUTHORIZE).status_code == 401


def test_the_answer_to_the_redirect_carries_state_and_issuer(client: FlaskClient) -> None:
    answer = client.post("/authorize", data={**AUTHORIZE, "username": "alice"})
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (query["state"], query["iss"]) == (["s1"], [URL])


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"client_id": "other"}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:9000/else"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_id": ""}, "invalid_client"),
        ({"break": "nonsense"}, "invalid_request"),
        ({"code_verifier": "é" * 43}, "invalid_grant"),
        ({"grant_type": ""}, "invalid_request"),
    ],
)
def test_a_code_is_refused_with_the_error_of_rfc_6749(client: FlaskClient, changes: dict[str, str], error: str) -> None:
    assert _exchange(client, _code(client), **changes).json["error"] == error


def test_a_code_older_than_a_minute_is_refused(client: FlaskClient, clock: Clock) -> None:
    code = _code(client)
    clock.now += 60
    assert _exchange(client, code).json["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "/back"},
        {"redirect_uri": "http://x/#f"},
        {"redirect_uri": "http://x/a\r\nSet-Cookie: a=b"},
        {"redirect_uri": "http://["},
        {"redirect_uri": "http://:80/"},
        {"redirect_uri": "http://x:99999/"},
        {"redirect_uri": "http://x:y/"},
        {"redirect_uri": "http://x:0/"},
        {"redirect_uri": "http://x/é"},
        {"redirect_uri": ""},
        {"client_id": ""},
        {"nonce": "n" * 3000},
    ],
)
def test_without_a_place_to_return_to_an_authorization_request_is_refused_here(
    client: FlaskClient, changes: dict[str, str]
) -> None:
    for answer in (
        client.get("/authorize", query_string={**AUTHORIZE, **changes}),
        client.post("/authorize", data={**AUTHORIZE, "username": "alice", **changes}),
    ):
        assert answer.json is not None
        assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "é" * 43}, "invalid_request"),
        ({"code_challenge": CHALLENGE + "="}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"response_type": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"request": "e30"}, "request_not_supported"),
        ({"request_uri": "https://evil.example"}, "request_uri_not_supported"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_any_other_fault_of_an_authorization_request_goes_back_to_the_client(
    client: FlaskClient, changes: dict[str, str], error: str
) -> None:
    for answer in (
        client.get("/authorize", query_string={**AUTHORIZE, **changes}),
        client.post("/authorize", data={**AUTHORIZE, "username": "alice", **changes}),
    ):
        back = urlsplit(answer.headers["Location"])
        query = parse_qs(back.query)
        assert (answer.status_code, back.netloc, back.path) == (303, "127.0.0.1:9000", "/back")
        assert (query["error"], query["state"], query["iss"]) == ([error], ["s1"], [URL])
        assert "code" not in query


def test_the_way_back_keeps_the_query_that_it_has(client: FlaskClient) -> None:
    asked = {**AUTHORIZE, "redirect_uri": "http://[::1]:9/back?a=b", "username": "alice"}
    answer = client.post("/authorize", data=asked)
    assert answer.headers["Location"].startswith("http://[::1]:9/back?a=b&code=")


@pytest.mark.parametrize("path", ["/authorize", "/token", "/login", "/introspect"])
def test_a_field_that_stands_there_twice_is_refused(client: FlaskClient, path: str) -> None:
    answer = client.post(path, data={"client_id": ["a", "b"], "grant_type": "client_credentials"})
    assert answer.json is not None
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")


def test_the_login_form_escapes_what_the_client_says(client: FlaskClient) -> None:
    page = client.get("/authorize", query_string={**AUTHORIZE, "client_id": '"><script>x</script>'}).text
    assert "<script>" not in page


def test_introspection_tells_active_tokens_and_nothing_of_others(client: FlaskClient, issuer: Issuer) -> None:
    good = issuer.mint({"sub": "alice"})
    active = client.post("/introspect", data={"token": good}).json
    assert active is not None
    assert (active["active"], active["sub"]) == (True, "alice")
    assert client.post("/introspect", data={"token": issuer.mint({}, how_broken="expired")}).json == {"active": False}
    assert client.post("/introspect", data={"token": "x"}).json == {"active": False}
    assert client.post("/introspect").status_code == 400


def test_userinfo_wants_a_good_token(client: FlaskClient, issuer: Issuer) -> None:
    bearer = {"Authorization": f"Bearer {issuer.mint({'sub': 'alice', 'username': 'alice'})}"}
    assert client.get("/userinfo", headers=bearer).json == {"sub": "alice", "username": "alice"}
    assert client.get("/userinfo").status_code == 401


def test_login_takes_a_form_or_json_and_the_token_opens_protected(client: FlaskClient) -> None:
    for how in ({"data": {"username": "bob", "password": "p"}}, {"json": {"username": "bob", "password": "p"}}):
        answer = client.post("/login", **how)
        assert answer.json is not None
        assert set(answer.json) == {"token"}
        shown = client.get("/protected", headers={"Authorization": f"Bearer {answer.json['token']}"})
        assert shown.json is not None
        claims = shown.json["claims"]
        assert {name: claims[name] for name in ("sub", "username", "iat", "exp")} == {
            "sub": "bob",
            "username": "bob",
            "iat": AT,
            "exp": AT + 3600,
        }


@pytest.mark.parametrize(
    ("way", "error"),
    [
        ("expired", "token_expired"),
        ("not-yet", "invalid_token"),
        ("bad-signature", "invalid_token"),
        ("wrong-key", "invalid_token"),
        ("unknown-kid", "invalid_token"),
        ("alg-none", "invalid_token"),
        ("wrong-aud", "invalid_token"),
        ("wrong-iss", "invalid_token"),
        ("no-exp", "invalid_token"),
    ],
)
def test_protected_tells_expired_from_invalid_from_missing(client: FlaskClient, way: str, error: str) -> None:
    answer = client.post("/login", data={"username": "bob", "password": "p", "break": way}).json
    assert answer is not None
    refused = client.get("/protected", headers={"Authorization": f"Bearer {answer['token']}"})
    assert refused.json is not None
    assert (refused.status_code, refused.json["error"]) == (401, error)
    assert refused.headers["WWW-Authenticate"].startswith('Bearer error="invalid_token"')
    missing = client.get("/protected")
    assert missing.json is not None
    assert (missing.status_code, missing.json["error"]) == (401, "missing_token")
    assert missing.headers["WWW-Authenticate"] == 'Bearer realm="jwtcli"'


def test_login_takes_the_audience_that_is_asked_for(client: FlaskClient) -> None:
    user = {"username": "bob", "password": "p"}
    for how in ({"data": {**user, "audience": "api"}}, {"json": {**user, "audience": "api"}}):
        answer = client.post("/login", **how)
        assert answer.json is not None
        assert parse(answer.json["token"]).claims["aud"] == "api"
    unasked = client.post("/login", data={**user, "audience": ""})
    assert unasked.json is not None
    assert "aud" not in parse(unasked.json["token"]).claims
    assert client.post("/login", json={**user, "audience": ["api"]}).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {"data": {}},
        {"data": {"username": "", "password": "x"}},
        {"data": {"username": "a"}},
        {"json": {"username": "a"}},
        {"json": []},
        {"json": {"username": 1, "password": "x"}},
        {"json": {"username": "a", "password": "x", "break": ["expired"]}},
        {"data": '{"username": "\\ud800", "password": "x"}', "content_type": "application/json"},
        {"data": '{"username": "a", "password": "\\ud800"}', "content_type": "application/json"},
        {"data": b'{"username": "\xff"}', "content_type": "application/json"},
        {"data": '{"username": "a", "username": "b"}', "content_type": "application/json"},
        {"data": '{"a":' * 50_000, "content_type": "application/json"},
        {"data": b"\x00\xff" * 1000, "content_type": "multipart/form-data; boundary=x"},
    ],
)
def test_login_without_a_name_as_text_is_a_bad_request(client: FlaskClient, body: dict[str, Any]) -> None:
    answer = client.post("/login", **body)
    assert answer.json is not None
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")


def test_form_text_that_is_not_utf_8_is_no_failure_of_the_server(client: FlaskClient) -> None:
    kind = "application/x-www-form-urlencoded"
    quoted = client.post("/login", data=b"username=%ff&password=x", content_type=kind)
    assert quoted.json is not None
    assert parse(quoted.json["token"]).claims["sub"] == "%FF"
    assert client.post("/login", data=b"username=\xff&password=x", content_type=kind).status_code == 400


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Basic !", "Basic", "Basic ////", "Bearer \xff", "Bearer a b c", "x" * 70_000, ""]
)
def test_an_authorization_header_that_makes_no_sense_is_told_as_such(client: FlaskClient, header: str) -> None:
    headers = {"Authorization": header}
    for path in ("/protected", "/userinfo"):
        assert client.get(path, headers=headers).status_code == 401
    answer = client.post("/token", data={"grant_type": "client_credentials"}, headers=headers)
    assert answer.json is not None
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="jwtcli"'


def test_a_client_names_itself_percent_encoded_and_only_once(client: FlaskClient) -> None:
    form = {"grant_type": "client_credentials"}
    answer = client.post("/token", data=form, auth=("my%20robot", "x"))
    assert answer.json is not None
    assert parse(answer.json["access_token"]).claims["sub"] == "my robot"
    two = client.post("/token", data={**form, "client_id": "other"}, auth=("robot", "x"))
    assert (two.status_code, two.json) == (
        400,
        {"error": "invalid_request", "error_description": "HTTP Basic and client_id name two clients"},
    )


def test_several_audiences_become_an_array(client: FlaskClient) -> None:
    form = {"grant_type": "client_credentials", "client_id": "robot", "audience": ["a", "b"], "resource": "https://c"}
    answer = client.post("/token", data=form)
    assert answer.json is not None
    assert parse(answer.json["access_token"]).claims["aud"] == ["a", "b", "https://c"]


def test_an_audience_among_the_extra_claims_is_that_of_every_token(clock: Clock) -> None:
    issuer = Issuer(URL, (key_for("ES256"),), clock, extra={"aud": "api", "role": "admin"})
    client = create_app(issuer, HOSTS).test_client()
    answer = client.post("/token", data={"grant_type": "client_credentials", "client_id": "robot"}).json
    assert answer is not None
    claims = parse(answer["access_token"]).claims
    assert (claims["aud"], claims["role"]) == ("api", "admin")
    token = client.post("/login", data={"username": "bob", "password": "x"}).json
    assert token is not None
    headers = {"Authorization": f"Bearer {token['token']}"}
    assert client.get("/protected", headers=headers).status_code == 200
    assert client.get("/userinfo", headers=headers).json == {
        "sub": "bob",
        "username": "bob",
        "aud": "api",
        "role": "admin",
    }


def test_an_issuer_with_a_path_answers_where_clients_look(clock: Clock) -> None:
    issuer = Issuer(f"{URL}/realm", (key_for("ES256"),), clock)
    client = create_app(issuer, HOSTS).test_client()
    known = client.get("/realm/.well-known/openid-configuration").json
    assert known is not None
    assert known == client.get("/.well-known/oauth-authorization-server/realm").json
    assert client.get(urlsplit(known["jwks_uri"]).path).json == public_set()
    assert "/realm/static/inspector.js" in client.get("/realm/").text


def test_head_and_options_answer_and_a_wrong_method_is_told_the_right_ones(client: FlaskClient) -> None:
    assert client.head("/.well-known/jwks.json").status_code == 200
    assert client.options("/token").status_code == 200
    answer = client.get("/token")
    assert (answer.status_code, answer.json) == (
        405,
        {
            "error": "method_not_allowed",
            "error_description": "The method is not allowed for the requested URL.",
        },
    )
    assert set(answer.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


def test_a_body_that_is_too_large_is_refused_in_json(client: FlaskClient) -> None:
    answer = client.post("/login", data={"username": "a" * (MAX_BODY + 1)})
    assert answer.json is not None
    assert (answer.status_code, answer.json["error"]) == (413, "request_entity_too_large")


def test_a_bug_is_told_by_its_type_and_nothing_is_logged(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise LookupError("eyJ.secret.token")

    monkeypatch.setattr(Issuer, "lets_in", fail)
    answer = client.post("/login", data={"username": "a", "password": "b"})
    assert (answer.status_code, answer.json) == (
        500,
        {"error": "server_error", "error_description": "this is a bug in jwtcli (LookupError)"},
    )
    assert capfd.readouterr() == ("", "")


def test_login_refuses_an_unknown_way_to_break(client: FlaskClient) -> None:
    assert client.post("/login?break=nonsense", data={"username": "a", "password": "b"}).status_code == 400


def test_with_users_only_their_passwords_open(clock: Clock) -> None:
    app = create_app(Issuer(URL, (key_for("ES256"),), clock, users={"alice": "right", "carol": ""}), HOSTS)
    client = app.test_client()
    statuses = [
        client.post("/login", data={"username": name, "password": password}).status_code
        for name, password in (("alice", "right"), ("alice", "wrong"), ("bob", "right"), ("bob", ""), ("carol", ""))
    ]
    assert statuses == [200, 401, 401, 401, 200]
    assert client.post("/authorize", data={**AUTHORIZE, "username": "alice", "password": "wrong"}).status_code == 401


def test_no_client_gets_a_token_by_the_name_of_a_user(clock: Clock) -> None:
    client = create_app(Issuer(URL, (key_for("ES256"),), clock, users={"alice": "right"}), HOSTS).test_client()
    form = {"grant_type": "client_credentials"}
    by_form: Any = client.post("/token", data={**form, "client_id": "alice"})
    by_header: Any = client.post("/token", data=form, auth=("alice", "right"))
    for refused in (by_form, by_header):
        assert (refused.status_code, refused.json["error"]) == (400, "unauthorized_client")
    assert client.post("/token", data={**form, "client_id": "a service"}).status_code == 200


@pytest.mark.parametrize("path", ["/.well-known/jwks.json", "/token", "/login", "/protected", "/nowhere"])
@pytest.mark.parametrize("host", ["evil.example:8000", "127.0.0.1.evil.example", "", "localhost@evil", "[::1", "a b"])
def test_a_foreign_host_gets_nothing(client: FlaskClient, path: str, host: str) -> None:
    for method in ("GET", "POST", "HEAD", "OPTIONS"):
        answer = client.open(path, method=method, headers={"Host": host})
        assert answer.status_code == 421
        assert method == "HEAD" or "start it with --issuer URL" in answer.text
        assert "keys" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "LocalHost:8000", "localhost", "localhost:32768"])
def test_the_servers_own_names_are_let_in_whatever_port_a_container_maps(client: FlaskClient, host: str) -> None:
    assert client.get("/.well-known/jwks.json", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:3000"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_foreign_origin_may_not_post(client: FlaskClient, headers: dict[str, str]) -> None:
    form = {"username": "a", "password": "b"}
    assert client.post("/login", data=form, headers=headers).status_code == 403
    if "Origin" in headers:
        assert client.get("/.well-known/jwks.json", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": URL},
        {"Origin": "http://localhost:8000"},
        {"Origin": "http://localhost:32768", "Host": "localhost:32768"},
        {"Sec-Fetch-Site": "same-origin"},
    ],
)
def test_the_servers_own_pages_may_post(client: FlaskClient, headers: dict[str, str]) -> None:
    form = {"username": "a", "password": "b"}
    assert client.post("/login", data=form, headers=headers).status_code == 200


def test_codes_are_bounded_and_the_oldest_goes_first() -> None:
    codes = Codes()
    grant = Grant("c", "http://x", "u", "", None, CHALLENGE, AT)
    first = codes.add(grant)
    kept = [codes.add(grant) for _ in range(LIMIT)]
    assert codes.take(first, AT) is None
    assert codes.take(kept[0], AT) is grant
