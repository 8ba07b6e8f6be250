"""The signature itself: for one key and one algorithm, in PyJWT's hands."""

import json
from dataclasses import replace
from typing import NoReturn

import pytest

from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.errors import UnusableKeyError, UsageError
from jwtcli.core.keys import Key, public_half
from jwtcli.core.signatures import matches, sign
from jwtcli.core.tokens import MAX_BYTES, parse, split
from tests.conftest import key_for


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_what_is_signed_matches_and_nothing_near_it_does(alg: str) -> None:
    key = key_for(alg)
    token = parse(sign({"typ": "JWT"}, {"sub": "alice"}, key, alg))
    for half in (key,) if key.symmetric else (key, public_half(key)):
        assert matches(token.signing_input, token.signature, half, alg)
        assert not matches(token.signing_input + b".", token.signature, half, alg)
        assert not matches(token.signing_input, token.signature + b"\x00", half, alg)
        assert not matches(token.signing_input, token.signature[:-1], half, alg)
        assert not matches(token.signing_input, b"", half, alg)
        assert not matches(token.signing_input, bytes(len(token.signature)), half, alg)


def test_a_hash_that_openssl_does_not_allow_is_no_bad_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_allowed(*_: object) -> NoReturn:
        raise ValueError("unsupported hash type: quotes something")  # as hashlib's own error is

    monkeypatch.setattr("hmac.new", not_allowed)
    with pytest.raises(UnusableKeyError) as caught:
        matches(b"a.b", b"c", key_for("HS256"), "HS256")
    assert caught.value.message == "a secret of 256 bits cannot be used with HS256 here: OpenSSL does not allow it"


def test_alg_stands_first_and_is_never_the_callers() -> None:
    token = sign({"kid": "1", "alg": "none", "typ": "JWT"}, {"b": 1, "a": 2}, key_for("HS256"), "HS256")
    parts = split(token)
    assert parts.header == b'{"alg":"HS256","kid":"1","typ":"JWT"}'
    assert parts.payload == b'{"b":1,"a":2}'


def test_claims_are_written_as_utf_8_without_escapes() -> None:
    payload = split(sign({}, {"name": "Zoë 🦊"}, key_for("HS256"), "HS256")).payload
    assert payload == '{"name":"Zoë 🦊"}'.encode()
    assert json.loads(payload) == {"name": "Zoë 🦊"}


@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
def test_a_key_that_cannot_sign_is_told_in_our_own_words(alg: str) -> None:
    with pytest.raises(UnusableKeyError) as caught:
        sign({}, {}, public_half(key_for(alg)), alg)
    assert caught.value.message == f"{public_half(key_for(alg))} could not sign with {alg}"
    assert caught.value.__suppress_context__


def test_a_key_of_another_kind_is_told_in_our_own_words() -> None:
    with pytest.raises(UnusableKeyError) as caught:
        matches(b"", b"", replace(key_for("ES256"), alg=None), "RS256")
    message = "a P-256 private key cannot be used with RS256: it reads like a key of another kind"
    assert (caught.value.message, caught.value.__suppress_context__) == (message, True)
    pem = Key("oct", b"-----BEGIN PUBLIC KEY-----\nhunter2\n-----END PUBLIC KEY-----", private=True, bits=256)
    with pytest.raises(UnusableKeyError) as caught:
        matches(b"", b"", pem, "HS256")
    assert "hunter2" not in str(caught.value)


def test_a_token_too_large_to_be_read_back_is_not_made() -> None:
    with pytest.raises(UsageError, match="the token would be larger than 2 MiB") as caught:
        sign({}, {"x": "a" * MAX_BYTES}, key_for("HS256"), "HS256")
    assert caught.value.code == "token_too_large"


def test_curves_do_not_stand_in_for_one_another() -> None:
    token = parse(sign({}, {}, key_for("ES256K"), "ES256K"))
    with pytest.raises(UnusableKeyError):
        matches(token.signing_input, token.signature, key_for("ES256K"), "ES256")


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_json_is_not_signed(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        sign({}, {"x": number}, key_for("HS256"), "HS256")


@pytest.mark.parametrize("error", [ValueError, TypeError, OverflowError])
def test_a_signature_that_the_library_cannot_even_try_does_not_match(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    class Fails:
        def verify(self, *_: object) -> bool:
            raise error

    monkeypatch.setattr("jwtcli.core.signatures._prepared", lambda *_, **__: (Fails(), None))
    assert matches(b"a.b", b"c", key_for("ES256"), "ES256") is False


def test_the_largest_token_that_is_read_is_made_and_one_byte_more_is_not() -> None:
    key = key_for("HS256")
    room = (MAX_BYTES - len(sign({}, {"x": ""}, key, "HS256"))) * 3 // 4

    def made(kid: int, size: int) -> int | str:
        try:
            return len(sign({"kid": "k" * kid}, {"x": "a" * size}, key, "HS256"))
        except UsageError as error:
            return error.message

    outcomes = {made(kid, size) for kid in range(4) for size in range(room - 16, room)}
    assert max(size for size in outcomes if isinstance(size, int)) == MAX_BYTES
    message = "the token would be larger than 2 MiB, which is more than is ever read"
    assert {said for said in outcomes if isinstance(said, str)} == {message}
