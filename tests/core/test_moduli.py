"""RSA moduli that are no product of two large primes are no keys: who knows one can sign."""

from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jwtcli.core.errors import Status, UnusableKeyError
from jwtcli.core.jwk import from_jwk
from jwtcli.core.keyfiles import load
from jwtcli.core.keys import Key, public_half
from jwtcli.core.keysets import KeySet
from jwtcli.core.moduli import has_small_factor, is_prime_power
from jwtcli.core.signatures import matches, sign
from jwtcli.core.strict import base64url_encode
from jwtcli.core.tokens import parse
from jwtcli.core.verdict import Expectations
from jwtcli.core.verifier import verify
from tests.conftest import AT, key_for

MERSENNE = 2**2203 - 1
"""A prime, so its totient is one less."""
CUBE = (2**1279 - 1) ** 3
INPUT = b'{"alg":"RS256"}', b'{"sub":"admin"}'
DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017 section 9.2, SHA-256


def jwk(modulus: int) -> dict[str, str]:
    return {"kty": "RSA", "n": base64url_encode(octets(modulus)), "e": "AQAB"}


def octets(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8)


def forged(modulus: int, totient: int) -> str:
    """Sign with RS256 under a modulus whose totient is known, as whoever factors it can."""
    signing_input = ".".join(map(base64url_encode, INPUT))
    size = len(octets(modulus))
    suffix = b"\0" + DIGEST_INFO + sha256(signing_input.encode()).digest()
    encoded = b"\0\1" + suffix.rjust(size - 2, b"\xff")
    signature = pow(int.from_bytes(encoded), pow(65537, -1, totient), modulus)
    return f"{signing_input}.{base64url_encode(signature.to_bytes(size))}"


def modulus_of(key: Key) -> int:
    return int(public_half(key).native.public_numbers().n)


@pytest.mark.parametrize(
    "modulus",
    [modulus_of(key_for("RS256")) + 1, 2**2048 - 1, 3 * MERSENNE, 743 * MERSENNE],
    ids=["even", "all ones", "3 divides it", "743 divides it"],
)
def test_a_modulus_with_a_small_factor_is_refused_in_every_wrapping(modulus: int) -> None:
    public = RSAPublicNumbers(65537, modulus).public_key()
    spki, pkcs1 = PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1
    texts = [
        public.public_bytes(encoding, shape) for encoding in (Encoding.PEM, Encoding.DER) for shape in (spki, pkcs1)
    ]
    for text in (*texts, public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)):
        with pytest.raises(UnusableKeyError, match="a small prime divides"):
            load(text)
    with pytest.raises(UnusableKeyError, match="a small prime divides"):
        from_jwk(jwk(modulus))


@pytest.mark.parametrize(
    ("modulus", "totient"),
    [(MERSENNE, MERSENNE - 1), (CUBE, CUBE // (2**1279 - 1) * (2**1279 - 2))],
    ids=["a prime", "the third power of a prime"],
)
def test_what_anyone_can_sign_under_a_prime_modulus_is_not_accepted(modulus: int, totient: int) -> None:
    key = from_jwk(jwk(modulus))
    token = parse(forged(modulus, totient))
    for _ in range(2):
        with pytest.raises(UnusableKeyError, match="is a prime or a power of one"):
            matches(token.signing_input, token.signature, key, "RS256")
    assert not matches(token.signing_input, token.signature[::-1], key, "RS256")
    verdict = verify(token.compact, KeySet((key,), "test"), Expectations(), AT)
    assert (verdict.accepted, verdict.status) == (False, Status.KEY)


def test_moduli_that_are_made_pass() -> None:
    for bits in (1024, 1536, 2048):
        modulus = generate_private_key(65537, bits).public_key().public_numbers().n
        assert not has_small_factor(modulus)
        assert not is_prime_power(modulus)


def test_a_sound_key_verifies_again_and_again() -> None:
    token = parse(sign({}, {"sub": "alice"}, key_for("RS256"), "RS256"))
    for half in (key_for("RS256"), public_half(key_for("RS256"))):
        assert all(matches(token.signing_input, token.signature, half, "RS256") for _ in range(2))
