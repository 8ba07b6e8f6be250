"""ML-DSA keys whose numbers repeat themselves are no keys: signatures of zeros hold under them."""

import datetime as dt
import json
import random
from hashlib import shake_256
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import mldsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.jwk import from_jwk
from jwtcli.core.keyfiles import load
from jwtcli.core.keys import public_half
from jwtcli.core.lattices import repeats_itself
from jwtcli.core.mldsa import PARAMETER_SETS
from jwtcli.core.native import from_native
from jwtcli.core.new_keys import generate
from jwtcli.core.signatures import matches
from jwtcli.core.strict import base64url_encode
from tests.conftest import AT, Run, key_for

REFUSAL = "under this ML-DSA-.. key anyone can sign"


class Shape(NamedTuple):
    """FIPS 204 table 1: rows, columns, and the sizes that a signature is put together of."""

    k: int
    l: int  # noqa: E741 - its name in the standard
    z_bits: int
    challenge_bytes: int
    hint_bytes: int
    w1_bits: int
    read: type[mldsa.MLDSA44PublicKey | mldsa.MLDSA65PublicKey | mldsa.MLDSA87PublicKey]


SHAPES = {
    "ML-DSA-44": Shape(4, 4, 18, 32, 84, 6, mldsa.MLDSA44PublicKey),
    "ML-DSA-65": Shape(6, 5, 20, 48, 61, 4, mldsa.MLDSA65PublicKey),
    "ML-DSA-87": Shape(8, 7, 20, 64, 83, 4, mldsa.MLDSA87PublicKey),
}
ROWS = {
    "zeros": ([0] * 256, 1),
    "all ones": ([1023] * 256, 1),
    "one number": ([1] + [0] * 255, 1),
    "eight numbers": (([1] + [0] * 31) * 8, 1),
    "one throughout": ([1] * 256, 50),
}
"""Rows by their numbers, and of how many messages one at least is forged."""


def packed(numbers: list[int], bits: int) -> bytes:
    return sum(number << bits * place for place, number in enumerate(numbers)).to_bytes(
        len(numbers) * bits // 8, "little"
    )


def forged(alg: str, public: bytes, message: bytes, w1: int = 0) -> bytes:
    """Sign without a private key: z and the hint are zeros, and ``w1`` is guessed."""
    shape = SHAPES[alg]
    mu = shake_256(shake_256(public).digest(64) + b"\0\0" + message).digest(64)
    challenge = shake_256(mu + packed([w1] * 256 * shape.k, shape.w1_bits)).digest(shape.challenge_bytes)
    return challenge + packed([1 << shape.z_bits - 1] * 256, shape.z_bits) * shape.l + bytes(shape.hint_bytes)


def public_of(alg: str, row: list[int]) -> bytes:
    return b"\7" * 32 + packed(row, 10) * SHAPES[alg].k


def jwk(alg: str, public: bytes) -> dict[str, str]:
    return {"kty": "AKP", "alg": alg, "pub": base64url_encode(public)}


def holds(alg: str, public: bytes, tries: int, w1: int = 0) -> bool:
    """Tell whether cryptography takes a forgery for one of so many messages."""
    key = public_half(key_for(alg))
    weak = type(key)(key.kty, SHAPES[alg].read.from_public_bytes(public), private=False, bits=256, curve=alg, alg=alg)
    messages = (b"message %d" % number for number in range(tries))
    return any(matches(message, forged(alg, public, message, w1), weak, alg) for message in messages)


def certificate(alg: str, public: bytes) -> bytes:
    """A certificate of a key, issued by another."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    day = dt.datetime.fromtimestamp(AT, dt.UTC)
    builder = x509.CertificateBuilder(name, name, SHAPES[alg].read.from_public_bytes(public), 1, day, day)
    return builder.sign(key_for("Ed25519").native, None).public_bytes(Encoding.PEM)


@pytest.mark.parametrize("alg", PARAMETER_SETS)
@pytest.mark.parametrize("name", ROWS)
def test_a_key_under_which_anyone_can_sign_is_refused_in_every_wrapping(alg: str, name: str) -> None:
    row, tries = ROWS[name]
    public = public_of(alg, row)
    assert holds(alg, public, tries)  # this is why
    with pytest.raises(UnusableKeyError, match=REFUSAL):
        from_jwk(jwk(alg, public))
    native = SHAPES[alg].read.from_public_bytes(public)
    spki = PublicFormat.SubjectPublicKeyInfo
    for text in (
        native.public_bytes(Encoding.PEM, spki),
        native.public_bytes(Encoding.DER, spki),
        certificate(alg, public),
    ):
        with pytest.raises(UnusableKeyError, match=REFUSAL):
            load(text)


@pytest.mark.parametrize(("alg", "number", "w1", "tries"), [("ML-DSA-65", 5, 0, 400), ("ML-DSA-65", 512, 8, 1)])
def test_numbers_that_are_not_small_are_refused_where_they_repeat(alg: str, number: int, w1: int, tries: int) -> None:
    public = public_of(alg, [number] * 256)
    assert holds(alg, public, tries, w1)  # this is why
    with pytest.raises(UnusableKeyError, match=REFUSAL):
        from_jwk(jwk(alg, public))


@pytest.mark.parametrize("alg", PARAMETER_SETS)
def test_one_row_is_enough(alg: str) -> None:
    public = public_half(key_for(alg)).native.public_bytes_raw()
    for row in range(SHAPES[alg].k):
        at = 32 + 320 * row
        assert repeats_itself(public[:at] + bytes(320) + public[at + 320 :])


def test_keys_that_are_made_pass() -> None:
    dice = random.Random(204)
    for alg in PARAMETER_SETS:
        for _ in range(10):
            assert from_native(generate(alg).native).alg == alg
        assert not any(repeats_itself(dice.randbytes(32 + 320 * SHAPES[alg].k)) for _ in range(50))


def test_a_forged_token_ends_verify_with_status_8(jwtcli: Run, tmp_path: Path) -> None:
    alg, public = "ML-DSA-44", public_of("ML-DSA-44", [0] * 256)
    (tmp_path / "key.jwk").write_text(json.dumps(jwk(alg, public)))
    signed = ".".join(base64url_encode(part) for part in (b'{"alg":"ML-DSA-44"}', b'{"sub":"root"}'))
    token = f"{signed}.{base64url_encode(forged(alg, public, signed.encode()))}"
    result = jwtcli("verify", "--key", "key.jwk", stdin=token)
    assert (result.status, result.stdout) == (8, "")
    assert "under this ML-DSA-44 key anyone can sign: its numbers repeat themselves" in result.stderr
