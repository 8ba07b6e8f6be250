"""ML-DSA (RFC 9964): the RFC's own vectors, its rules for JWKs, and the key's choice of the algorithm."""

from typing import Any

import pytest
from jwcrypto.tests_mldsa import RFC9964_VECTORS

from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.jwk import from_jwk, thumbprint, to_jwk
from jwtcli.core.keys import kind_algorithms, public_half
from jwtcli.core.mldsa import MLDSA, PARAMETER_SETS
from jwtcli.core.new_keys import generate
from jwtcli.core.signatures import matches, sign
from jwtcli.core.strict import base64url_decode, base64url_encode

SIZES = {"ML-DSA-44": (1312, 2420), "ML-DSA-65": (1952, 3309), "ML-DSA-87": (2592, 4627)}


@pytest.mark.parametrize("alg", PARAMETER_SETS)
def test_the_vectors_of_the_rfc_verify_and_have_their_thumbprints(alg: str) -> None:
    vector = RFC9964_VECTORS[alg]
    public = bytes.fromhex(vector["raw_public_key"])
    jwk = {"kty": "AKP", "alg": alg, "pub": base64url_encode(public), "priv": base64url_encode(bytes(32))}
    key = from_jwk(jwk)
    assert thumbprint(key) == vector["kid"]
    signing_input, _, signature = vector["jws"].rpartition(".")
    octets = base64url_decode(signature.encode())
    assert matches(signing_input.encode(), octets, public_half(key), alg)
    assert not matches(signing_input.encode() + b"A", octets, key, alg)
    assert not matches(signing_input.encode(), octets[:-1], key, alg)


@pytest.mark.parametrize("alg", PARAMETER_SETS)
def test_sizes_are_those_of_fips_204(alg: str) -> None:
    jwk = to_jwk(generate(alg))
    signature = sign({}, {}, from_jwk(jwk), alg).rpartition(".")[2]
    sizes = [len(base64url_decode(text.encode())) for text in (jwk["priv"], jwk["pub"], signature)]
    assert sizes == [32, *SIZES[alg]]
    assert list(jwk) == ["kty", "alg", "pub", "priv", "use"]


@pytest.mark.parametrize("alg", PARAMETER_SETS)
def test_a_key_can_do_its_own_parameter_set_alone(alg: str) -> None:
    key = generate(alg)
    assert kind_algorithms(key) == kind_algorithms(public_half(key)) == (alg,)
    for other in set(PARAMETER_SETS) - {alg}:
        with pytest.raises(UnusableKeyError, match="cannot be used with"):
            sign({}, {}, key, other)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"alg": None}, "an AKP key needs its 'alg'"),
        ({"alg": "ML-DSA-50"}, "an AKP key needs its 'alg'"),
        ({"alg": "ES256"}, "members are missing or do not fit"),
        ({"alg": "ML-DSA-87"}, "members are missing or do not fit"),
        ({"pub": None}, "'pub' is missing or not text"),
        ({"pub": "AAAA"}, "members are missing or do not fit"),
        ({"pub": "AAA="}, "'pub' is not base64url"),
        ({"priv": "AAAA"}, "members are missing or do not fit"),
        ({"priv": 7}, "'priv' is missing or not text"),
        ({"priv": base64url_encode(bytes(32))}, "members are missing or do not fit"),
        ({"priv": base64url_encode(bytes(64))}, "members are missing or do not fit"),
    ],
)
def test_a_damaged_jwk_is_refused(change: dict[str, Any], words: str) -> None:
    jwk = {**to_jwk(generate("ML-DSA-65")), **change}
    with pytest.raises(UnusableKeyError, match=words):
        from_jwk(jwk)


def test_the_upstream_interface_reads_objects_alone() -> None:
    with pytest.raises(ValueError, match="an object"):
        MLDSA.from_jwk("{}")
    with pytest.raises(ValueError, match="alg and pub"):
        MLDSA.from_jwk({"alg": "ML-DSA-44"})
    assert MLDSA.to_jwk(generate("ML-DSA-44").native).startswith('{"kty": "AKP"')
