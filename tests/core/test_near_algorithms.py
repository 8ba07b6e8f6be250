"""The names of algorithms that people write in place of the registered ones."""

import pytest

from jwtcli.core.algorithms import ALGORITHMS, known_algorithm
from jwtcli.core.errors import UsageError
from jwtcli.core.near_algorithms import meant


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("hs-256", "HS256"),
        ("HS_512", "HS512"),
        ("HMAC-SHA256", "HS256"),
        ("hmac", "HS256 HS384 HS512"),
        ("rsa", "RS256 RS384 RS512 PS256 PS384 PS512"),
        ("rsa256", "RS256"),
        ("RSA-PSS", "PS256 PS384 PS512"),
        ("ECDSA", "ES256 ES384 ES512 ES256K"),
        ("P-256", "ES256"),
        ("p-521", "ES512"),
        ("secp256k1", "ES256K"),
        ("ed", "EdDSA Ed25519 Ed448"),
        ("ED25519", "Ed25519"),
        ("mldsa44", "ML-DSA-44"),
        ("Dilithium", "ML-DSA-44 ML-DSA-65 ML-DSA-87"),
        ("SHA-512", "HS512 RS512 PS512 ES512"),
        ("A256GCM", ""),
        ("RSA-OAEP", ""),
        ("-", ""),
    ],
)
def test_what_is_meant_by_a_name_that_nobody_registered(name: str, names: str) -> None:
    assert meant(name, ALGORITHMS) == tuple(names.split())


def test_every_registered_name_is_known_however_it_is_written() -> None:
    for name in ALGORITHMS:
        for written in (name, name.lower(), name.upper(), name.replace("-", "_")):
            assert meant(written, ALGORITHMS) == (name,)


def test_several_are_told_in_one_sentence() -> None:
    with pytest.raises(UsageError) as caught:
        known_algorithm("hmac")
    assert caught.value.hint == "did you mean HS256, HS384 or HS512?"
