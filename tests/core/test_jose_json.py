"""The JSON serializations: what is damaged is refused by the name of the member."""

import json
from typing import Any

import pytest

from jwtcli.core.errors import TokenError
from jwtcli.core.jose_json import read_encrypted, read_signed

SIGNED = {"payload": "e30", "protected": "eyJhbGciOiJIUzI1NiJ9", "signature": "AAAA"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"payload": 1}, "'payload' is missing or not text"),
        ({"payload": "!"}, "payload is not base64url"),
        ({"payload": "\ud800"}, "payload is not base64url"),
        ({"protected": "e30="}, "header is not base64url"),
        ({"protected": "W10"}, "header is not a JOSE header"),
        ({"header": []}, "'header' is not an object"),
        ({"signature": None}, "'signature' is missing or not text"),
        ({"signatures": {}}, "'signatures' is not an array of objects"),
        ({"signatures": [1]}, "'signatures' is not an array of objects"),
    ],
)
def test_a_damaged_jws_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(TokenError, match=said):
        read_signed(json.dumps({**SIGNED, **change}).encode())


def test_a_payload_that_is_not_encoded_stands_as_it_is() -> None:
    unencoded = {**SIGNED, "protected": "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2V9", "payload": '{"sub": "$.02"}'}
    signed = read_signed(json.dumps(unencoded).encode())
    assert (signed.payload, signed.claims) == (b'{"sub": "$.02"}', {"sub": "$.02"})


def test_without_a_protected_header_it_is_empty() -> None:
    signed = read_signed(json.dumps({"payload": "AA", "signature": "", "header": {"alg": "none"}}).encode())
    assert (signed.claims, signed.signatures[0].protected, signed.signatures[0].unprotected) == (
        None,
        {},
        {"alg": "none"},
    )


@pytest.mark.parametrize("change", [{"ciphertext": 1}, {"recipients": 1}, {"unprotected": 1}, {"protected": "!"}])
def test_a_damaged_jwe_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(TokenError):
        read_encrypted(json.dumps({"ciphertext": "AAAA", **change}).encode())
