"""Edwards points of small order are no keys: under some of them a signature of zeros holds for any message."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.jwk import from_jwk
from jwtcli.core.keyfiles import load
from jwtcli.core.small_order import has_small_order
from jwtcli.core.strict import base64url_encode

P = 2**255 - 19
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


@pytest.mark.parametrize("y", [1, 0, 2**448 - 2**224 - 2])
def test_small_points_of_ed448_are_told(y: int) -> None:
    public = y.to_bytes(57, "little")
    assert has_small_order("Ed448", public)
    with pytest.raises(UnusableKeyError):
        from_jwk({"kty": "OKP", "crv": "Ed448", "x": base64url_encode(public)})


def test_made_keys_have_none() -> None:
    for _ in range(20):
        assert not has_small_order("Ed25519", Ed25519PrivateKey.generate().public_key().public_bytes_raw())
        assert not has_small_order("Ed448", Ed448PrivateKey.generate().public_key().public_bytes_raw())
