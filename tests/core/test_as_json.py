"""The promised JSON: every field, ASCII only, strict, one line."""

import json
from dataclasses import replace
from typing import Any

import pytest

from jwtcli.core import as_json, as_text
from jwtcli.core.errors import FileError, UnusableKeyError, UsageError
from jwtcli.core.jwk import thumbprint, to_jwk
from jwtcli.core.keys import public_half
from jwtcli.core.keysets import KeySet
from jwtcli.core.signatures import sign
from jwtcli.core.tokens import Token
from jwtcli.core.verdict import Expectations, Verdict
from jwtcli.core.verifier import verify
from tests.conftest import AT, key_for

HOSTILE = "\x1b\x9b\u202e\u2028\ud800é\n"


def read(text: str) -> Any:
    """Read one line of strict JSON in printable ASCII."""

    def refuse(name: str) -> None:
        raise AssertionError(name)

    assert text.isascii()
    assert text.isprintable()
    return json.loads(text, parse_constant=refuse)


def judge(alg: str, claims: dict[str, Any], demands: Expectations | None = None) -> Verdict:
    key = key_for(alg)
    return verify(sign({"kid": "k"}, claims, key, alg), KeySet((key,), "JWTCLI_KEY"), demands or Expectations(), AT)


def test_a_decoded_token_is_not_verified_and_told_with_its_lifetime() -> None:
    claims = {"sub": HOSTILE, "iat": AT, "nbf": AT + 0.5, "exp": AT - 12}
    token = Token("", {"alg": "HS256"}, claims, b"\xfb\xff", b"")
    assert read(as_json.reading(token, AT + 0.9)) == {
        "verified": False,
        "kind": "jws",
        "at": "2023-11-14T22:13:20Z",
        "header": {"alg": "HS256"},
        "claims": claims,
        "signature": "-_8",
        "lifetime": {
            "status": "expired",
            "issued_at": "2023-11-14T22:13:20Z",
            "not_before": "2023-11-14T22:13:20.5Z",
            "expires_at": "2023-11-14T22:13:08Z",
            "expires_in": -13,
        },
    }


@pytest.mark.parametrize("moment", [10**400, -(10**12), 253402300800])
def test_beyond_the_years_1_to_9999_a_moment_is_null(moment: int) -> None:
    claims = {"exp": moment, "nbf": moment, "iat": moment}
    shown = read(as_json.reading(Token("", {}, claims, b"", b""), AT))["lifetime"]
    assert [shown[name] for name in ("issued_at", "not_before", "expires_at")] == [None, None, None]


def test_the_header_and_one_claim_alone() -> None:
    assert read(as_json.header({"alg": HOSTILE})) == {"alg": HOSTILE}
    for value in (HOSTILE, 7, None, True, [1.5], {"a": None}):
        assert read(as_json.claim(value)) == value


def test_an_accepted_verdict_gives_the_claims() -> None:
    shown = read(as_json.verdict(judge("ES256", {"sub": "a", "exp": AT + 60})))
    key = key_for("ES256")
    assert shown == {
        "accepted": True,
        "status": 0,
        "reason": "ok",
        "at": "2023-11-14T22:13:20Z",
        "checks": [
            {"name": "form", "passed": True, "code": "ok", "reason": None},
            {"name": "key", "passed": True, "code": "ok", "reason": "a P-256 private key from JWTCLI_KEY"},
            {"name": "algorithm", "passed": True, "code": "ok", "reason": "ES256"},
            {"name": "signature", "passed": True, "code": "ok", "reason": None},
            {"name": "crit", "passed": True, "code": "ok", "reason": None},
            {"name": "exp", "passed": True, "code": "ok", "reason": "expires in 1m"},
            {"name": "sub", "passed": True, "code": "ok", "reason": '"a"'},
        ],
        "key": {"kid": key.kid, "thumbprint": thumbprint(key), "alg": "ES256", "source": "JWTCLI_KEY"},
        "header": {"alg": "ES256", "kid": "k"},
        "claims": {"sub": "a", "exp": AT + 60},
        "unverified_claims": None,
    }


def test_a_refused_verdict_gives_no_claims_but_unverified_ones() -> None:
    shown = read(as_json.verdict(judge("HS256", {"sub": "\u202e", "exp": AT - 192})))
    assert (shown["accepted"], shown["status"], shown["reason"]) == (False, 5, "expired")
    assert (shown["claims"], shown["unverified_claims"]) == (None, {"sub": "\u202e", "exp": AT - 192})
    assert shown["checks"][5]["code"] == "expired"
    assert shown["checks"][5]["reason"].startswith("expired 3m 12s ago")


def test_a_thumbprint_of_a_secret_is_never_shown() -> None:
    assert read(as_json.verdict(judge("HS256", {})))["key"]["thumbprint"] is None
    assert read(as_json.made_key(key_for("HS256"), "p", None))["thumbprint"] is None


def test_a_verdict_without_a_token_or_a_key() -> None:
    shown = read(as_json.verdict(verify("x", KeySet((key_for("HS256"),), "--key"), Expectations(), AT)))
    assert (shown["status"], shown["reason"], shown["header"], shown["claims"]) == (3, "malformed", None, None)
    assert shown["key"] == {"kid": None, "thumbprint": None, "alg": None, "source": "--key"}
    assert [check["passed"] for check in shown["checks"]] == [False, None, None, None]


def test_a_new_token_is_told_with_its_content_and_the_moment_of_its_expiry() -> None:
    assert read(as_json.encoded("a.b.c", {"alg": "HS256"}, {"exp": AT})) == {
        "token": "a.b.c",
        "header": {"alg": "HS256"},
        "claims": {"exp": AT},
        "expires_at": "2023-11-14T22:13:20Z",
    }
    assert read(as_json.encoded("a.b.c", {}, {}))["expires_at"] is None


def test_a_new_key_and_never_the_key_itself() -> None:
    key = replace(key_for("ES256"), kid="k")
    assert read(as_json.made_key(key, "a.jwk", "b.jwk")) == {
        "path": "a.jwk",
        "public_path": "b.jwk",
        "kid": "k",
        "thumbprint": thumbprint(key),
        "alg": "ES256",
    }


def test_a_failure_is_its_code_message_hint_and_status() -> None:
    assert read(as_json.error(UsageError(f"what{HOSTILE}", hint="do", code="why"))) == {
        "error": {"code": "why", "message": f"what{HOSTILE}", "hint": "do"},
        "status": 2,
    }
    assert read(as_json.error(FileError("x")))["error"]["hint"] is None


def test_what_is_no_json_is_not_written() -> None:
    with pytest.raises(ValueError, match="Out of range float"):
        as_json.claim(float("nan"))


def test_a_key_set_never_shows_a_private_member_whatever_it_is_handed() -> None:
    keys = [key_for("RS256"), key_for("ES256"), public_half(key_for("ML-DSA-44"))]
    for show in (as_json.key_set, as_text.key_set):
        assert json.loads(show(keys)) == {"keys": [to_jwk(public_half(key)) for key in keys]}
        with pytest.raises(UnusableKeyError, match="a secret has no public half"):
            show([*keys, key_for("HS256")])
