"""No point of an Edwards curve, or one of small order, is no key: a signature of zeros may hold for any message."""

import json
import random
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey, Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jwtcli.core.edwards import has_small_order, is_on_curve
from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.jwk import from_jwk
from jwtcli.core.keyfiles import load
from jwtcli.core.strict import base64url_encode
from tests.conftest import Run

P, P448 = 2**255 - 19, 2**448 - 2**224 - 1
ORDER_8 = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"
POINTS = {
    "the neutral point": (1).to_bytes(32, "little"),
    "order 2": (P - 1).to_bytes(32, "little"),
    "order 4, all zeros": bytes(32),
    "order 4, the other sign": bytes(31) + b"\x80",
    "order 8": bytes.fromhex(ORDER_8),
    "order 8, negative": (P - int.from_bytes(bytes.fromhex(ORDER_8), "little")).to_bytes(32, "little"),
    "the neutral point, not reduced": (P + 1).to_bytes(32, "little"),
    "order 4, not reduced": P.to_bytes(32, "little"),
}
FORGED = POINTS["the neutral point"] + bytes(32)


def forgeries(public: bytes, tries: int = 200) -> int:
    key = Ed25519PublicKey.from_public_bytes(public)
    count = 0
    for number in range(tries):
        try:
            key.verify(FORGED, f"anything {number}".encode())
        except InvalidSignature:
            continue
        count += 1
    return count


@pytest.mark.parametrize("name", POINTS)
def test_a_point_under_which_anyone_can_sign_is_refused(name: str) -> None:
    public = POINTS[name]
    assert forgeries(public) > 0  # this is why
    assert has_small_order("Ed25519", public)
    with pytest.raises(UnusableKeyError, match="small order"):
        from_jwk({"kty": "OKP", "crv": "Ed25519", "x": base64url_encode(public)})
    spki = Ed25519PublicKey.from_public_bytes(public).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(UnusableKeyError, match="small order"):
        load(spki)


@pytest.mark.parametrize("y", [1, 0, P448 - 1, P448, P448 + 1])
@pytest.mark.parametrize("sign", [0, 1 << 455])
def test_small_points_of_ed448_are_told(y: int, sign: int) -> None:
    public = (y | sign).to_bytes(57, "little")
    assert has_small_order("Ed448", public)
    with pytest.raises(UnusableKeyError, match="small order"):
        from_jwk({"kty": "OKP", "crv": "Ed448", "x": base64url_encode(public)})


NO_POINTS = {
    "y = 2, off the curve": ("Ed25519", 2),
    "not reduced": ("Ed25519", P + 3),
    "all ones": ("Ed25519", 2**256 - 1),
    "y = 6, off the curve": ("Ed448", 6),
    "a bit between y and the sign": ("Ed448", 1 << 450 | 5),
    "not reduced, of Ed448": ("Ed448", P448 + 5),
}


@pytest.mark.parametrize("name", NO_POINTS)
def test_what_is_no_point_of_its_curve_is_refused(jwtcli: Run, tmp_path: Path, name: str) -> None:
    curve, encoded = NO_POINTS[name]
    public = encoded.to_bytes(32 if curve == "Ed25519" else 57, "little")
    jwk = {"kty": "OKP", "crv": curve, "x": base64url_encode(public)}
    with pytest.raises(UnusableKeyError, match=f"this {curve} key is damaged: it is no point of its curve"):
        from_jwk(jwk)
    read = Ed25519PublicKey if curve == "Ed25519" else Ed448PublicKey
    with pytest.raises(UnusableKeyError, match="it is no point of its curve"):
        load(read.from_public_bytes(public).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "key.jwk").write_text(json.dumps(jwk))
    token = f"eyJhbGciOiJFZERTQSJ9.e30.{base64url_encode(bytes(64))}"
    assert jwtcli("verify", "--key", "key.jwk", stdin=token).status == 8
    assert jwtcli("key", "show", "key.jwk").status == 8


def test_made_keys_are_points_and_have_no_small_order() -> None:
    for _ in range(20):
        for curve, made in (("Ed25519", Ed25519PrivateKey.generate()), ("Ed448", Ed448PrivateKey.generate())):
            public = made.public_key().public_bytes_raw()
            assert is_on_curve(curve, public)
            assert not has_small_order(curve, public)


def test_about_half_of_all_numbers_are_points() -> None:
    dice = random.Random(8032)
    for curve, size in (("Ed25519", 255), ("Ed448", 448)):
        drawn = [dice.getrandbits(size).to_bytes(size // 8 + 1, "little") for _ in range(200)]
        assert 70 < sum(is_on_curve(curve, public) for public in drawn) < 130
