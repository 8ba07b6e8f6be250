"""The rules of lint: for each a token that breaks it and nothing else, and one that nearly does."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from jwtcli.core.errors import TokenError
from jwtcli.core.flaws import RULES, Report, Severity
from jwtcli.core.lint import lint
from tests.conftest import AT, key_for
from tests.explaining import CLAIMS, other_library, signed

DAY = 86_400


def encoded(text: str | bytes) -> str:
    return urlsafe_b64encode(text.encode() if isinstance(text, str) else text).rstrip(b"=").decode()


def token(
    header: dict[str, Any] | str | None = None,
    claims: dict[str, Any] | str | None = None,
    signature: bytes = bytes([7]) * 32,
) -> str:
    """A token of which only what the test is about is odd."""
    header = header if isinstance(header, str) else json.dumps({"alg": "HS256", **(header or {})})
    claims = claims if isinstance(claims, str) else json.dumps({**CLAIMS, **(claims or {})})
    return f"{encoded(header)}.{encoded(claims)}.{encoded(signature)}"


def without_exp(**claims: Any) -> str:
    return token(claims=json.dumps({"iat": AT, **claims}))


def sized(size: int) -> str:
    """A token of exactly so many bytes."""
    least = (size - 400) * 3 // 4
    made = (token({"x": "h" * more}, {"text": "x" * (least + most)}) for more in range(4) for most in range(400))
    return next(one for one in made if len(one) == size)


P256_ZERO = bytes(31) + b"\1"
BREAKS: dict[str, list[str]] = {
    "alg_none": [token({"alg": "none"}), token({"alg": "NoNe"}, signature=b"")],
    "alg_deprecated": [token({"alg": "RS1"}), token({"alg": "HS256/64"})],
    "alg_unknown": [token({"alg": "ES521"}), token({"alg": "hs256"}), token("{}"), token({"alg": ["HS256"]})],
    "alg_polymorphic": [token({"alg": "EdDSA"}, signature=bytes([7]) * 64)],
    "signature_size": [
        token(signature=bytes([7]) * 31),
        token(signature=b""),
        token({"alg": "ES256"}, signature=bytes([7]) * 63),
        token({"alg": "ES512"}, signature=bytes([7]) * 138),
        token({"alg": "RS256"}, signature=bytes([7]) * 128),
        token({"alg": "Ed448"}, signature=bytes([7]) * 64),
    ],
    "signature_zero": [
        token({"alg": "ES256"}, signature=bytes(64)),
        token({"alg": "ES256"}, signature=P256_ZERO + bytes(32)),
        token({"alg": "ES384"}, signature=bytes(48) + bytes([7]) * 48),
    ],
    "key_url": [token({"jku": "https://id.example/jwks"}), token({"x5u": "https://id.example/cert"})],
    "key_embedded": [token({"jwk": {"kty": "oct"}})],
    "kid_path": [
        token({"kid": kid})
        for kid in (
            "../../dev/null",
            "/dev/null/x",
            "keys/2026.pem",
            "C:\\keys\\a",
            "~/keys/a",
            "a%2E%2Eb",
            "a\0b",
            "k" * 2000 + "/../../etc/passwd",
        )
    ],
    "kid_sql": [
        token({"kid": "x' OR '1'='1"}),
        token({"kid": "1; DROP TABLE keys"}),
        token({"kid": "x UNION SELECT k"}),
        token({"kid": "k" * 2000 + "' or 1"}),
        token({"kid": "k" * 2000 + " union\nall select"}),
    ],
    "kid_url": [token({"kid": "https://id.example/key"}), token({"kid": "data:,k"})],
    "duplicate_names": [
        token('{"alg":"none","alg":"HS256"}'),
        token(claims=f'{{"exp":1,"iat":{AT},"exp":{AT + 60}}}'),
        token(claims=f'{{"iat":{AT},"exp":{AT + 60},"roles":[{{"a":1,"a":2}}]}}'),
    ],
    "not_canonical": [
        token() + "=",
        token(signature=b"\xff" * 32).replace("_", "/"),
        token(signature=bytes(32))[:-1] + "B",
        f"{token()[:9]} {token()[9:]}",
    ],
    "exp_missing": [without_exp()],
    "lifetime_long": [
        token(claims={"iat": AT, "exp": AT + DAY + 1}),
        token(claims=json.dumps({"nbf": AT, "exp": AT + DAY + 1})),
        token(claims=json.dumps({"exp": AT + DAY + 1})),
        token(claims={"exp": 10**400}),
        token(claims=json.dumps({"iat": AT + 9 * DAY, "exp": AT + 9 * DAY + 60})),
        token(claims=json.dumps({"iat": AT - DAY, "nbf": AT, "exp": AT + 60})),
    ],
    "time_not_number": [
        token(claims={"exp": str(AT + 60)}),
        token(claims={"nbf": None}),
        token(claims={"iat": True}),
        token(claims={"auth_time": "2026-01-31T12:00:00Z"}),
    ],
    "time_milliseconds": [token(claims={"exp": AT * 1000}), token(claims={"iat": AT * 1000})],
    "secret_in_claims": [
        token(claims=claims)
        for claims in (
            {"password": "hunter2"},
            {"dbPassword": "hunter2"},
            {"config": {"client-secret": "x"}},
            {"x": "-----BEGIN RSA PRIVATE KEY-----\n..."},
            {"x": ["AKIAABCDEFGHIJKLMNOP"]},
            {"idp": {"token": token()}},
            {"cnf": {"jwk": {"kty": "EC", "d": "x"}}},
            {"cnf": {"jwk": {"kty": "AKP", "priv": "x"}}},
        )
    ],
    "personal_data": [
        token(claims=claims)
        for claims in (
            {"email": "alice@example.org"},
            {"sub": "alice@example.org"},
            {"user": {"phoneNumber": "+49 30 1"}},
            {"address": {"country": "DE"}},
        )
    ],
    "size_cookie": [sized(4097), sized(8192)],
    "size_header": [sized(8193)],
}
NEARLY: dict[str, list[str]] = {
    "alg_none": [token({"alg": "HS256", "typ": "none"})],
    "alg_deprecated": [token({"alg": "RS256"}, signature=bytes([7]) * 256)],
    "alg_unknown": [
        token({"alg": "ML-DSA-44"}, signature=bytes([7]) * 2420),
        token({"alg": "ES256K"}, signature=bytes([7]) * 64),
    ],
    "alg_polymorphic": [token({"alg": "Ed25519"}, signature=bytes([7]) * 64)],
    "signature_size": [
        token({"alg": "ES512"}, signature=bytes([7]) * 132),
        token({"alg": "PS512"}, signature=bytes([7]) * 512),
        token({"alg": "Ed448"}, signature=bytes([7]) * 114),
    ],
    "signature_zero": [token({"alg": "ES256"}, signature=P256_ZERO * 2), token(signature=bytes(32))],
    "key_url": [token({"x5t#S256": "x", "url": "https://id.example"})],
    "key_embedded": [token({"x5c": [], "kty": "oct"})],
    "kid_path": [
        token({"kid": kid}) for kid in ("keys/2026", "a.b", "2026-11..12", "/abc/def+" + "A" * 34 + "=", "a/b+c==", 7)
    ],
    "kid_sql": [
        token({"kid": "o'brien"}),
        token({"kid": "select-2026"}),
        token({"kid": "a--b"}),
        token({"kid": "select union"}),
    ],
    "kid_url": [token({"kid": "urn:example:key"}), token({"kid": "did:example:1#key"}), token({"kid": "http-key"})],
    "duplicate_names": [token(claims={"a": {"exp": 1}, "b": [{"a": 1}, {"a": 1}], "EXP": 1})],
    "not_canonical": [token(signature=bytes(31) + b"\1"), f" {token()}\n"],
    "exp_missing": [token(claims={"exp": AT + 1})],
    "lifetime_long": [
        token(claims={"iat": AT, "exp": AT + DAY}),
        token(claims=json.dumps({"nbf": AT, "exp": AT + DAY})),
        token(claims=json.dumps({"exp": AT + DAY})),
        token(claims={"iat": AT + 60, "exp": AT - 60}),
        token(claims={"iat": AT + 60, "exp": AT + DAY}),
        token(claims=json.dumps({"iat": AT + 9 * DAY, "nbf": AT + 9 * DAY, "exp": AT + 10 * DAY})),
    ],
    "time_not_number": [token(claims={"exp": AT + 60.5, "expires": "soon"})],
    "time_milliseconds": [token(claims={"created_ms": AT * 1000})],
    "secret_in_claims": [
        token(claims=claims)
        for claims in (
            {"password": ""},
            {"password": True},
            {"password_changed_at": AT, "token_type": "Bearer", "secretary": "Bob", "at_hash": "eyJ.eyJ"},
            {"cnf": {"jwk": {"kty": "EC", "x": "x", "y": "y"}}},
            {"x": "-----BEGIN PUBLIC KEY-----"},
        )
    ],
    "personal_data": [
        token(claims=claims)
        for claims in (
            {"email_verified": True, "email": None, "phone_number": ""},
            {"iss": "bot@project.example", "aud": "api@example.org", "sub": "@alice"},
            {"namespace": "x"},
        )
    ],
    "size_cookie": [sized(4096)],
    "size_header": [sized(8192)],
}


def judged(compact: str) -> Report:
    return lint(compact.encode(), DAY, float(AT))


def codes(compact: str) -> list[str]:
    return [flaw.code for flaw in judged(compact).flaws]


def cases(table: dict[str, list[str]]) -> list[Any]:
    return [
        pytest.param(code, one, id=f"{code}-{n}") for code, several in table.items() for n, one in enumerate(several)
    ]


def test_every_rule_has_a_token_that_breaks_it_and_one_that_nearly_does() -> None:
    assert list(BREAKS) == list(NEARLY) == list(RULES)


@pytest.mark.parametrize(("code", "compact"), cases(BREAKS))
def test_a_token_that_breaks_a_rule_breaks_that_one_alone(code: str, compact: str) -> None:
    allowed = {"size_header": ["size_cookie"]}.get(code, [])
    assert [one for one in codes(compact) if one not in allowed] == [code]


@pytest.mark.parametrize(("code", "compact"), cases(NEARLY))
def test_a_token_that_nearly_breaks_a_rule_breaks_none(code: str, compact: str) -> None:
    allowed = {"size_header": ["size_cookie"]}.get(code, [])
    assert [one for one in codes(compact) if one not in allowed] == []


@pytest.mark.parametrize("alg", ["HS256", "HS512", "RS256", "PS512", "ES256", "ES512", "ES256K", "Ed25519", "Ed448"])
def test_a_sound_token_of_another_library_has_no_findings(alg: str) -> None:
    assert codes(signed(alg, other_library(key_for(alg)))) == []


def test_findings_stand_in_the_order_in_which_a_token_is_read() -> None:
    compact = token({"alg": "none", "kid": "../x", "jku": "x"}, json.dumps({"iat": "now", "password": "x"}))
    assert codes(f"{compact}=") == [
        *("alg_none", "key_url", "kid_path", "not_canonical", "exp_missing", "time_not_number", "secret_in_claims")
    ]


def test_where_a_finding_lies_is_told_as_a_path_of_bounded_length() -> None:
    flaws = judged(token(claims={"a": [{"b": {"password": "x"}}], "n" * 300: {"email": "a@b.example"}})).flaws
    assert [flaw.where for flaw in flaws] == ["claims.a[0].b.password", "claims..."]


def test_no_finding_holds_a_value_of_a_claim() -> None:
    canary = "hunter2canary"
    flaws = judged(token(claims={"password": canary, "email": f"{canary}@example.org", "exp": canary})).flaws
    assert len(flaws) == 3
    assert canary not in repr(flaws)


@pytest.mark.parametrize("fail_on", [*Severity, None])
def test_a_report_fails_from_the_severity_on_that_was_asked_for(fail_on: Severity | None) -> None:
    for severity, compact in (
        (Severity.LOW, BREAKS["alg_polymorphic"][0]),
        (Severity.MEDIUM, BREAKS["personal_data"][0]),
        (Severity.HIGH, BREAKS["exp_missing"][0]),
        (Severity.CRITICAL, BREAKS["alg_none"][0]),
    ):
        expected = fail_on is not None and severity.rank >= fail_on.rank
        assert lint(compact.encode(), DAY, AT, fail_on).failed is expected


@pytest.mark.parametrize(
    ("claims", "flaws"),
    [
        ({"jwks": {"keys": [{"kty": "oct", "k": "AAAA"}]}}, [("secret_in_claims", "claims.jwks.keys[0]")]),
        ({"x": [["-----BEGIN PRIVATE KEY-----"]]}, [("secret_in_claims", "claims.x[0][0]")]),
        ({"password": ["hunter2", ""]}, [("secret_in_claims", "claims.password[0]")]),
        ({"": "-----BEGIN PRIVATE KEY-----"}, [("secret_in_claims", "claims.")]),
        ({"emails": ["a@b.example"]}, [("personal_data", "claims.emails[0]")]),
        ({"aud": [{"email": "a@b.example"}]}, [("personal_data", "claims.aud[0].email")]),
        ({"aud[x": "a@b.example"}, [("personal_data", "claims.aud[x")]),
        ({"emails": ["a@b.example", "c@d.example"]}, [("personal_data", f"claims.emails[{at}]") for at in (0, 1)]),
        ({f"{'x' * 300}_password": "hunter2"}, [("secret_in_claims", "claims...")]),
        ({"aud": ["a@b.example"], "roles": ["admin"], "password": [], "name": [None]}, []),
    ],
)
def test_what_anyone_can_read_is_found_in_arrays_too(claims: dict[str, Any], flaws: list[tuple[str, str]]) -> None:
    assert [(flaw.code, flaw.where) for flaw in judged(token(None, claims)).flaws] == flaws


@pytest.mark.parametrize(
    "text", ["", "a.b", "a.b.c.d.e", '{"payload": ""}', "!.!.!", "e30.W10.AA", "e30.e30.A", "e30.bm90IGpzb24.AA"]
)
def test_what_is_no_token_even_for_a_forgiving_reader_is_refused(text: str) -> None:
    with pytest.raises(TokenError):
        judged(text)


@pytest.mark.parametrize(
    "claims",
    [
        {"a" * 300_000: ["x"] * 75_000},
        {"x": "eyJ-" * 100_000},
        {"x": "-----BEGIN " * 50_000},
        {"_" * 300_000: "x"},
        {"x": "a@" + "a." * 200_000},
    ],
)
def test_hostile_texts_are_judged_in_no_time(claims: dict[str, str]) -> None:
    assert set(codes(token({"kid": "'" * 300_000}, claims))) <= {"size_cookie", "size_header"}


@pytest.mark.parametrize(
    "kid", ["' uni" * 60_000, "union " * 50_000, "select union " * 20_000, "a/" * 150_000, "a." * 150_000]
)
def test_a_kid_of_any_length_is_judged_whole_and_in_no_time(kid: str) -> None:
    assert set(codes(token({"kid": kid}))) <= {"size_cookie", "size_header", "kid_path", "kid_sql"}
