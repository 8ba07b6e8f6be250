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
    assert answer.status_code == 302
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
    assert (identity["sub"], identity["aud"], identity["nonce"]) == ("alice", "shop", "n1")
    again = _exchange(client, code)
    assert (again.status_code, again.json["error"]) == (400, "invalid_grant")


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
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"response_type": "token"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "/back"},
        {"redirect_uri": "http://x/#f"},
        {"client_id": ""},
    ],
)
def test_an_authorization_request_without_pkce_or_a_real_redirect_is_refused(
    client: FlaskClient, changes: dict[str, str]
) -> None:
    assert client.get("/authorize", query_string={**AUTHORIZE, **changes}).status_code == 400


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
    assert missing.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("body", [{"data": {}}, {"json": []}, {"json": {"username": 1, "password": "x"}}])
def test_login_without_a_name_is_a_bad_request(client: FlaskClient, body: dict[str, Any]) -> None:
    assert client.post("/login", **body).status_code == 400


def test_login_refuses_an_unknown_way_to_break(client: FlaskClient) -> None:
    assert client.post("/login?break=nonsense", data={"username": "a", "password": "b"}).status_code == 400


def test_with_users_only_their_passwords_open(clock: Clock) -> None:
    app = create_app(Issuer(URL, (key_for("ES256"),), clock, users={"alice": "right"}), HOSTS)
    client = app.test_client()
    statuses = [
        client.post("/login", data={"username": name, "password": password}).status_code
        for name, password in (("alice", "right"), ("alice", "wrong"), ("bob", "right"), ("bob", ""))
    ]
    assert statuses == [200, 401, 401, 401]
    assert client.post("/authorize", data={**AUTHORIZE, "username": "alice", "password": "wrong"}).status_code == 401


@pytest.mark.parametrize("path", ["/.well-known/jwks.json", "/token", "/login", "/protected", "/nowhere"])
def test_a_foreign_host_gets_nothing(client: FlaskClient, path: str) -> None:
    for method in ("GET", "POST"):
        answer = client.open(path, method=method, base_url="http://evil.example:8000")
        assert answer.status_code == 421
        assert "keys" not in answer.text


def test_a_foreign_origin_may_not_post(client: FlaskClient) -> None:
    form = {"username": "a", "password": "b"}
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post("/login", data=form, headers=headers).status_code == 403
    assert client.post("/login", data=form, headers={"Origin": URL}).status_code == 200


def test_codes_are_bounded_and_the_oldest_goes_first() -> None:
    codes = Codes()
    grant = Grant("c", "http://x", "u", "", None, CHALLENGE, AT + 60)
    first = codes.add(grant)
    kept = [codes.add(grant) for _ in range(LIMIT)]
    assert codes.take(first, AT) is None
    assert codes.take(kept[0], AT) is grant
