"""RSA moduli that are no product of two large primes are no keys: who knows one can sign."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jwtcli.core.describe import describe
from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.jwk import from_jwk, to_jwk
from jwtcli.core.keyfiles import load
from jwtcli.core.keys import Key, public_half
from jwtcli.core.moduli import has_small_factor, is_prime_power
from jwtcli.core.native import Held
from jwtcli.core.strict import base64url_encode
from tests.conftest import Run, key_for

MERSENNE = 2**2203 - 1
"""A prime, so its totient is one less."""
CUBE = (2**1279 - 1) ** 3


def jwk(modulus: int) -> dict[str, str]:
    return {"kty": "RSA", "n": base64url_encode(octets(modulus)), "e": "AQAB"}


def octets(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8)


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


@pytest.mark.parametrize("modulus", [MERSENNE, CUBE], ids=["a prime", "the third power of a prime"])
def test_a_modulus_of_one_prime_is_told_as_a_weakness(modulus: int) -> None:
    said = describe(Held(from_jwk(jwk(modulus)), "jwk")).weaknesses
    assert said == ("its modulus is a prime or a power of one: anyone can sign",)


def test_of_many_keys_in_a_file_so_many_moduli_are_looked_at_as_ten_seconds_allow(
    jwtcli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jwtcli.core.describe._PATIENCE", 2 * 2203**3)
    members = [{**jwk(MERSENNE), "kid": str(number)} for number in range(3)]
    (tmp_path / "set.jwk").write_text(json.dumps({"keys": [*members, to_jwk(public_half(key_for("ES256")))]}))
    shown = jwtcli("key", "show", "--json", "set.jwk")
    assert [len(one["weaknesses"]) for one in shown.json["keys"]] == [1, 1, 0, 0]
    assert shown.stderr == (
        "jwtcli: note: RSA moduli that were not tested for being prime: 1 (show those keys by themselves)\n"
    )


def test_moduli_that_are_made_pass() -> None:
    for bits in (1024, 1536, 2048):
        modulus = generate_private_key(65537, bits).public_key().public_numbers().n
        assert not has_small_factor(modulus)
        assert not is_prime_power(modulus)
