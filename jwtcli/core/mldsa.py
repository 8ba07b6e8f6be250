"""ML-DSA for JOSE (RFC 9964): an algorithm for PyJWT over cryptography's keys, and its JWKs of kty AKP."""

from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import mldsa
from jwt.algorithms import Algorithm

from jwtcli.core.strict import base64url_decode, base64url_encode

_PRIVATE: dict[str, Any] = {
    "ML-DSA-44": mldsa.MLDSA44PrivateKey,
    "ML-DSA-65": mldsa.MLDSA65PrivateKey,
    "ML-DSA-87": mldsa.MLDSA87PrivateKey,
}
_PUBLIC: dict[str, Any] = {
    "ML-DSA-44": mldsa.MLDSA44PublicKey,
    "ML-DSA-65": mldsa.MLDSA65PublicKey,
    "ML-DSA-87": mldsa.MLDSA87PublicKey,
}
PARAMETER_SETS = tuple(_PRIVATE)
SEED_BYTES = 32


class MLDSA(Algorithm):
    """ML-DSA with one parameter set, pure and with an empty context (RFC 9964 section 4)."""

    def __init__(self, name: str) -> None:
        self._name = name

    def prepare_key(self, key: Any) -> Any:
        """Return the key; raises TypeError for one of another kind or parameter set."""
        if parameter_set(key) != self._name:
            raise TypeError("the key is not of this parameter set")
        return key

    def sign(self, msg: bytes, key: Any) -> bytes:
        """Sign with the private key."""
        return bytes(key.sign(msg))

    def verify(self, msg: bytes, key: Any, sig: bytes) -> bool:
        """Tell whether the signature is the key's over the message."""
        try:
            key.verify(sig, msg)
        except InvalidSignature:
            return False
        return True

    @staticmethod
    def to_jwk(key_obj: Any, as_dict: bool = False) -> Any:  # noqa: FBT002 - PyJWT calls it like this
        """Write a key as a JWK: ``pub`` is the public key, ``priv`` the seed (RFC 9964 section 3)."""
        private = hasattr(key_obj, "private_bytes_raw")
        public = key_obj.public_key() if private else key_obj
        jwk = {"kty": "AKP", "alg": parameter_set(key_obj), "pub": base64url_encode(public.public_bytes_raw())}
        if private:
            jwk["priv"] = base64url_encode(key_obj.private_bytes_raw())
        if as_dict:
            return jwk
        import json

        return json.dumps(jwk)

    @staticmethod
    def from_jwk(jwk: str | dict[str, Any]) -> Any:
        """Read a JWK; raises ValueError where ``alg`` is missing or unknown, or its members do not fit."""
        if not isinstance(jwk, dict):
            raise ValueError("a JWK is an object")
        name, pub = jwk.get("alg"), jwk.get("pub")
        if name not in _PUBLIC or not isinstance(pub, str):
            raise ValueError("an AKP key needs its alg and pub")
        public = _PUBLIC[name].from_public_bytes(base64url_decode(pub.encode("ascii")))
        if "priv" not in jwk:
            return public
        seed = base64url_decode(jwk["priv"].encode("ascii"))
        if len(seed) != SEED_BYTES:
            raise ValueError("the private key is a seed of 32 bytes")
        private = _PRIVATE[name].from_seed_bytes(seed)
        if private.public_key() != public:
            raise ValueError("the two halves are of different keys")
        return private


def parameter_set(native: Any) -> str | None:
    """Name the parameter set of a key of cryptography, which is its algorithm; None for any other kind."""
    return next((name for name in PARAMETER_SETS if isinstance(native, (_PUBLIC[name], _PRIVATE[name]))), None)


def generate(name: str) -> Any:
    """Make a new private key of a parameter set."""
    return _PRIVATE[name].generate()
