"""The making of new keys."""

from dataclasses import replace
from typing import Any

from jwtcli.core.algorithms import ALGORITHMS, Algorithm
from jwtcli.core.errors import UsageError
from jwtcli.core.keys import RSA_MAXIMUM_BITS, RSA_MINIMUM_BITS, Key
from jwtcli.core.native import from_native


def is_slow(alg: str, bits: int | None) -> bool:
    """Tell whether making such a key takes so long that a person wonders."""
    return ALGORITHMS[alg].kty == "RSA" and bits is not None and bits > 3072


def generate(alg: str, bits: int | None = None) -> Key:
    """Make a key for ``alg``: HMAC as long as the hash, RSA 2048 bits, EdDSA Ed25519 unless told.

    Raises UsageError for a size that the algorithm does not take.
    """
    algorithm = ALGORITHMS[alg]
    if algorithm.kty not in ("oct", "RSA") and bits is not None:
        what = "parameter set" if algorithm.kty == "AKP" else "curve"
        raise UsageError(f"--bits does not go with {alg}: its {what} sets the size")
    if algorithm.kty == "oct":
        return _new_secret(algorithm, algorithm.hash_bits if bits is None else bits)
    return replace(from_native(_new_pair(algorithm, RSA_MINIMUM_BITS if bits is None else bits)), alg=alg)


def _new_secret(algorithm: Algorithm, bits: int) -> Key:
    if bits % 8 or not algorithm.hash_bits <= bits <= 8192:
        raise UsageError(f"--bits for {algorithm.name} is a multiple of 8 from {algorithm.hash_bits} to 8192")
    import secrets

    return Key("oct", secrets.token_bytes(bits // 8), private=True, bits=bits, alg=algorithm.name)


def _new_pair(algorithm: Algorithm, bits: int) -> Any:
    """Make a private key of cryptography; ``bits`` is the size of one of RSA."""
    if algorithm.kty == "RSA":
        return _new_rsa(algorithm.name, bits)
    if algorithm.kty == "AKP":
        from jwtcli.core.mldsa import generate as new_lattice_pair

        return new_lattice_pair(algorithm.name)
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519

    if algorithm.kty == "OKP":
        return (ed448.Ed448PrivateKey if algorithm.curve == "Ed448" else ed25519.Ed25519PrivateKey).generate()
    shapes = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1(), "secp256k1": ec.SECP256K1()}
    return ec.generate_private_key(shapes[str(algorithm.curve)])


def _new_rsa(alg: str, bits: int) -> Any:
    if bits % 8 or not RSA_MINIMUM_BITS <= bits <= RSA_MAXIMUM_BITS:
        raise UsageError(f"--bits for {alg} is a multiple of 8 from {RSA_MINIMUM_BITS} to {RSA_MAXIMUM_BITS}")
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(public_exponent=65537, key_size=bits)
