"""What is made when a new key is asked for."""

import pytest

from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.errors import JwtcliError, Status
from jwtcli.core.keys import algorithm_to_sign, algorithms_to_verify, kind_algorithms
from jwtcli.core.new_keys import generate
from tests.conftest import key_for


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_a_new_key_is_fit_and_strong_for_its_algorithm(alg: str) -> None:
    key = key_for(alg)
    assert key.private
    assert alg in kind_algorithms(key)
    assert algorithm_to_sign(key) == alg
    assert algorithms_to_verify(key) == (alg,)


def test_new_secrets_are_as_long_as_their_hash_and_never_the_same() -> None:
    assert [generate(alg).bits for alg in ("HS256", "HS384", "HS512")] == [256, 384, 512]
    assert len(generate("HS256", 1024).native) == 128
    assert generate("HS256").native != generate("HS256").native


def test_an_rsa_key_has_the_size_that_was_asked_for() -> None:
    key = generate("PS256", 2056)
    assert (key.bits, key.native.key_size, key.native.public_key().public_numbers().e) == (2056, 2056, 65537)


@pytest.mark.parametrize(
    ("alg", "bits", "message"),
    [
        ("ES256", 256, "--bits does not go with ES256: its curve sets the size"),
        ("Ed448", 456, "--bits does not go with Ed448: its curve sets the size"),
        *(("HS384", bits, "--bits for HS384 is a multiple of 8 from 384 to 8192") for bits in (-8, 0, 376, 385, 8200)),
        *(("RS256", bits, "--bits for RS256 is a multiple of 8 from 2048 to 8192") for bits in (0, 1024, 2049, 16384)),
    ],
)
def test_a_size_that_does_not_fit_is_wrong_usage(alg: str, bits: int, message: str) -> None:
    with pytest.raises(JwtcliError) as caught:
        generate(alg, bits)
    assert (caught.value.message, caught.value.status) == (message, Status.USAGE)
