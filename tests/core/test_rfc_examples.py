"""The examples that the RFCs print: the core and ``verify`` must agree with them."""

import json
from pathlib import Path

import pytest

from jwtcli.core.jwk import from_jwk, thumbprint
from jwtcli.core.keys import algorithms_to_verify
from jwtcli.core.signatures import matches
from jwtcli.core.tokens import split
from tests.conftest import Run
from tests.rfc_examples import SIGNED, THUMBPRINT, THUMBPRINT_KEY, Signed

EXPIRY = 1300819380
"""The ``exp`` of RFC 7515 A.1 to A.3: 2011-03-22T18:43:00Z."""

BY_SECTION = {example.section: example for example in SIGNED}
each = pytest.mark.parametrize("example", SIGNED, ids=lambda example: example.section)


@each
def test_its_signature_verifies(example: Signed) -> None:
    parts, key = split(example.compact), from_jwk(example.jwk)
    assert example.alg in algorithms_to_verify(key)
    assert matches(parts.signing_input, parts.signature, key, example.alg)


@each
def test_it_does_not_verify_once_a_bit_is_turned(example: Signed) -> None:
    parts, key = split(example.compact), from_jwk(example.jwk)
    turned = bytes([parts.signature[0] ^ 1]) + parts.signature[1:]
    assert not matches(parts.signing_input, turned, key, example.alg)
    assert not matches(parts.signing_input + b"A", parts.signature, key, example.alg)


def test_the_jwt_of_rfc_7519_section_3_1_holds_the_claims_told_there() -> None:
    parts = split(BY_SECTION["RFC 7515 A.1"].compact)
    assert json.loads(parts.header) == {"typ": "JWT", "alg": "HS256"}
    assert json.loads(parts.payload) == {"iss": "joe", "exp": EXPIRY, "http://example.com/is_root": True}


def verify(jwtcli: Run, folder: Path, example: Signed, at: int) -> tuple[int, dict[str, object]]:
    (folder / "key.jwk").write_text(json.dumps(example.jwk))
    result = jwtcli("verify", "--json", "--key", "key.jwk", "--at", str(at), stdin=example.compact)
    return result.status, result.json


@pytest.mark.parametrize("section", ["RFC 7515 A.1", "RFC 7515 A.2", "RFC 7515 A.3"])
def test_verify_accepts_its_jwts_until_they_expire(jwtcli: Run, tmp_path: Path, section: str) -> None:
    status, verdict = verify(jwtcli, tmp_path, BY_SECTION[section], EXPIRY - 1)
    assert (status, verdict["accepted"]) == (0, True)
    assert verdict["claims"] == {"iss": "joe", "exp": EXPIRY, "http://example.com/is_root": True}
    assert verify(jwtcli, tmp_path, BY_SECTION[section], EXPIRY)[0] == 5


@pytest.mark.parametrize("section", [section for section in BY_SECTION if section[-3:] not in ("A.1", "A.2", "A.3")])
def test_verify_calls_what_holds_no_claims_set_malformed(jwtcli: Run, tmp_path: Path, section: str) -> None:
    status, verdict = verify(jwtcli, tmp_path, BY_SECTION[section], EXPIRY)
    assert (status, verdict["reason"], verdict["claims"]) == (3, "malformed", None)


def test_the_unsecured_jwt_of_rfc_7519_section_6_1_is_refused(jwtcli: Run, tmp_path: Path) -> None:
    signed = BY_SECTION["RFC 7515 A.1"]
    unsecured = f"eyJhbGciOiJub25lIn0.{signed.compact.split('.')[1]}."
    example = Signed("RFC 7519 6.1", "none", signed.jwk, unsecured)
    status, verdict = verify(jwtcli, tmp_path, example, EXPIRY - 1)
    assert (status, verdict["reason"]) == (4, "alg_not_allowed")


def test_the_thumbprint_is_that_of_rfc_7638_section_3_1() -> None:
    assert thumbprint(from_jwk(THUMBPRINT_KEY)) == THUMBPRINT
