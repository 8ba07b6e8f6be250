"""Explaining a refusal: what was mended in the text, several causes at once, and nothing where nothing explains."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jwcrypto import jwk as jwcrypto_jwk
from jwcrypto import jws as jwcrypto_jws

from jwtcli.core.errors import JwtcliError, TokenError
from jwtcli.core.explain import explain
from jwtcli.core.findings import CAUSES
from jwtcli.core.keyfiles import load
from jwtcli.core.keysets import KeySet
from jwtcli.core.lint import lint
from jwtcli.core.verdict import Expectations
from jwtcli.core.verifier import verify
from tests.conftest import AT, SHARED, Run, key_for
from tests.explaining import CLAIMS, causes, explained, other_library, signed

SECRET = "a secret for tests, long enough for HS256"
ENV = {"JWTCLI_SECRET": SECRET}


def minted(claims: dict[str, object] | None = None) -> str:
    """A token by jwcrypto, whose base64url has both characters that differ from base64."""
    key = jwcrypto_jwk.JWK(kty="oct", k=urlsafe_b64encode(SECRET.encode()).rstrip(b"=").decode())
    for number in range(10_000):
        token = jwcrypto_jws.JWS(
            json.dumps({**CLAIMS, "text": "ÿ?>~", "n": number, **(claims or {})}, ensure_ascii=False)
        )
        token.add_signature(key, protected={"alg": "HS256"})
        compact: str = token.serialize(compact=True)
        if all(set("-_") <= set(part) for part in compact.split(".")[1:]):
            return compact
    raise AssertionError


def padded(token: str) -> str:
    return ".".join(part + "=" * (-len(part) % 4) for part in token.split("."))


MISHAPS: dict[str, Callable[[str], str]] = {
    "quotes": lambda token: f'"{token}"',
    "white_space": lambda token: f"{token[:30]}\n{token[30:90]}\n{token[90:]}",
    "standard_base64": lambda token: token.replace("-", "+").replace("_", "/"),
    "padding": padded,
}


@pytest.mark.parametrize("code", MISHAPS)
def test_a_token_altered_in_transit_is_explained_and_still_refused(jwtcli: Run, code: str) -> None:
    result = explained(jwtcli, MISHAPS[code](minted()), env=ENV)
    assert (result.status, causes(result)) == (3, [code])
    assert result.json["findings"][0]["evidence"]["signature_verifies_once_mended"] is True
    assert result.json["claims"] is None
    assert result.json["unverified_claims"] is None


@pytest.mark.parametrize(
    "text",
    [
        '{{"access_token": "{}"}}',
        '{{"access_token": "{}", "expires_in": 0.5}}',
        "token:{};",
        "https://x.example/?a={}",
        "{},",
        "{}.",
        '"{}."',
    ],
)
def test_of_a_token_in_other_text_that_alone_is_told(jwtcli: Run, text: str) -> None:
    result = explained(jwtcli, text.format(minted()), env=ENV)
    assert (result.status, result.json["findings"]) == (
        3,
        [
            {
                "code": "text_around",
                "message": "a token stands in other text",
                "remedy": "hand it over alone, or have it found by --lines --find",
                "evidence": {},
            }
        ],
    )


@pytest.mark.parametrize("more", [".more", ".."])
def test_a_full_stop_that_does_not_end_a_sentence_is_no_text_around_a_token(jwtcli: Run, more: str) -> None:
    result = explained(jwtcli, minted() + more, env=ENV)
    assert (result.status, causes(result)) == (3, [])


@pytest.mark.parametrize("shape", ["{}...", "{}\u2026", '"{}..."'])
@pytest.mark.parametrize("length", [10, 60, -9])
def test_of_a_token_that_was_shortened_that_alone_is_told(jwtcli: Run, shape: str, length: int) -> None:
    result = explained(jwtcli, shape.format(minted()[:length]), env=ENV)
    assert (result.status, result.json["findings"]) == (
        3,
        [
            {
                "code": "shortened",
                "message": "the token ends in '...': it was shortened where it was copied from",
                "remedy": "copy it once more from where it stands whole",
                "evidence": {},
            }
        ],
    )


def test_the_parts_that_were_altered_are_named(jwtcli: Run) -> None:
    result = explained(jwtcli, minted().replace("-", "+").replace("_", "/"), env=ENV)
    assert result.json["findings"][0] == {
        "code": "standard_base64",
        "message": "'+' or '/' stand in the payload and signature: "
        "standard base64 where base64url ('-' and '_') is required",
        "remedy": "have the sender encode with base64url; what came through can be mended with tr '+/' '-_'",
        "evidence": {"parts": ["payload", "signature"], "signature_verifies_once_mended": True},
    }


def test_a_mended_text_that_does_not_verify_either_says_so(jwtcli: Run) -> None:
    result = explained(jwtcli, f"{minted()}=", env={"JWTCLI_SECRET": SECRET[::-1]})
    assert causes(result) == ["padding"]
    assert result.json["findings"][0]["evidence"]["signature_verifies_once_mended"] is False


def test_several_causes_are_told_in_the_order_in_which_a_person_would_mend_them(jwtcli: Run) -> None:
    claims = {"iat": AT * 1000, "iss": "https://id.example/", "aud": 42, "nonce": "n"}
    token = f'"{padded(minted(claims))}"'
    token = token.replace("-", "+").replace("_", "/")
    args = ("--iss", "https://id.example", "--aud", "42", "--typ", "at+jwt")
    result = explained(
        jwtcli, f"{token[:50]} {token[50:]}", *args, env={"JWTCLI_SECRET": f"{b64encode(SECRET.encode()).decode()}"}
    )
    assert causes(result) == [
        "quotes",
        "white_space",
        "standard_base64",
        "padding",
        "secret_encoding",
        "milliseconds",
        "iss_spelling",
        "aud_type",
        "id_token",
    ]


@pytest.mark.parametrize("alg", ["HS256", "RS256", "PS256", "ES256", "Ed25519"])
def test_a_sound_token_has_no_findings(jwtcli: Run, alg: str, tmp_path: Path) -> None:
    key = KeySet((key_for(alg),), "--key")
    token = signed(alg, other_library(key_for(alg))).encode()
    verdict = verify(token, key, Expectations(), AT)
    assert verdict.accepted
    assert explain(token, key, Expectations(), verdict) == ()


@pytest.mark.parametrize("text", ["no token", "a.b", "a.b.c.d.e", "!.!.!", "e30.W10.AAAA", '"e30.W10.AAAA"'])
def test_what_is_no_token_is_not_explained_into_one(text: str) -> None:
    keys = KeySet((key_for("HS256"),), "--key")
    verdict = verify(text, keys, Expectations(), AT)
    found = [finding.code for finding in explain(text.encode(), keys, Expectations(), verdict)]
    assert set(found) <= {"quotes"}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(
    ["alg", "kid", "typ", "exp", "nbf", "iat", "aud", "iss", "sub", "nonce", "crit", "jwk", "password"]
)
OBJECTS = st.dictionaries(
    NAMES, JSON | st.sampled_from(["HS256", "RS256", "PS256", "ES256", "EdDSA", "none"]), max_size=6
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    OBJECTS, OBJECTS, st.binary(max_size=80), st.sampled_from(["", "=", " ", "+", '"']), st.sampled_from([AT, AT + 0.5])
)
def test_no_header_and_no_claims_break_the_explanation_or_lint(
    header: dict[str, object], claims: dict[str, object], signature: bytes, slip: str, at: float
) -> None:
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    text = slip.encode() + b".".join(urlsafe_b64encode(part).rstrip(b"=") for part in parts) + slip.encode()
    demands = Expectations(iss=("https://id.example",), aud=("api",), typ="at+jwt", max_age=60)
    for alg in ("HS256", "RS256", "ES256", "Ed25519"):
        keys = KeySet((key_for(alg),), "--key", allow_weak=True)
        verdict = verify(text, keys, demands, at)
        assert not verdict.accepted
        codes = [finding.code for finding in explain(text, keys, demands, verdict)]
        assert codes == sorted(set(codes), key=list(CAUSES).index)
    try:
        report = lint(text, 3600, at)
    except TokenError:
        return
    assert all(flaw.rule for flaw in report.flaws)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared conformance corpus is not beside this checkout")
def test_explaining_the_corpus_fails_nowhere_and_finds_nothing_about_sound_tokens() -> None:
    judged = 0
    for line in (SHARED / "verify.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        text = json.dumps(case["key"].get("jwk")) if "jwk" in case["key"] else case["key"].get("pem", "")
        try:
            keys = KeySet((load(text.encode()),), "--key", wanted=tuple(case["algs"]))
        except JwtcliError:
            continue
        options = case["options"]
        demands = Expectations(aud=tuple(options.get("aud", ())), iss=tuple(options.get("iss", ())))
        token = (case.get("token") or "").encode()
        verdict = verify(token, keys, demands, options.get("now", AT))
        findings = explain(token, keys, demands, verdict)
        judged += 1
        if verdict.accepted:
            assert {finding.code for finding in findings} <= {"milliseconds"}, case["id"]
        for finding in findings:
            assert finding.code in CAUSES
            assert "\n" not in finding.message + finding.remedy
    assert judged > 800
