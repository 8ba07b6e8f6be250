"""The algorithms that jwtcli knows: what key each takes, what of it is private, and what a name for one means."""

from collections.abc import Iterable
from typing import NamedTuple

from jwtcli.core.errors import UsageError


class Algorithm(NamedTuple):
    """A JWS ``alg`` (RFC 7518 section 3.1, 8037, 8812, 9864, 9964) and the key that it takes.

    ``curve`` is the curve of EC and OKP keys; for AKP it is the parameter set, which has the
    algorithm's own name. ``signature_bytes`` is 0 where the key decides: for RSA and for EdDSA.
    """

    name: str
    kty: str
    curve: str | None = None
    hash_bits: int = 0
    signature_bytes: int = 0


ALGORITHMS = {
    algorithm.name: algorithm
    for algorithm in (
        Algorithm("HS256", "oct", hash_bits=256, signature_bytes=32),
        Algorithm("HS384", "oct", hash_bits=384, signature_bytes=48),
        Algorithm("HS512", "oct", hash_bits=512, signature_bytes=64),
        Algorithm("RS256", "RSA", hash_bits=256),
        Algorithm("RS384", "RSA", hash_bits=384),
        Algorithm("RS512", "RSA", hash_bits=512),
        Algorithm("PS256", "RSA", hash_bits=256),
        Algorithm("PS384", "RSA", hash_bits=384),
        Algorithm("PS512", "RSA", hash_bits=512),
        Algorithm("ES256", "EC", "P-256", 256, 64),
        Algorithm("ES384", "EC", "P-384", 384, 96),
        Algorithm("ES512", "EC", "P-521", 512, 132),
        Algorithm("ES256K", "EC", "secp256k1", 256, 64),
        Algorithm("EdDSA", "OKP"),
        Algorithm("Ed25519", "OKP", "Ed25519", signature_bytes=64),
        Algorithm("Ed448", "OKP", "Ed448", signature_bytes=114),
        Algorithm("ML-DSA-44", "AKP", "ML-DSA-44", signature_bytes=2420),
        Algorithm("ML-DSA-65", "AKP", "ML-DSA-65", signature_bytes=3309),
        Algorithm("ML-DSA-87", "AKP", "ML-DSA-87", signature_bytes=4627),
    )
}
_FAMILIES = {"oct": "HMAC", "RSA": "RSA", "EC": "ECDSA", "OKP": "EdDSA", "AKP": "ML-DSA"}
CURVES = ("P-256", "P-384", "P-521", "secp256k1", "Ed25519", "Ed448")

PRIVATE_MEMBERS = frozenset(("k", "d", "p", "q", "dp", "dq", "qi", "oth", "priv"))
"""The members of a JWK that are for its holder alone (RFC 7518 section 6, RFC 8037, RFC 9964)."""


def known_algorithm(name: str) -> str:
    """Return ``name`` if it is an algorithm that jwtcli knows; names are case-sensitive.

    Raises UsageError with the names that may be meant, and for ``none``, which is never offered.
    """
    if name in ALGORITHMS:
        return name
    from jwtcli.core.near_algorithms import meant

    close = meant(name, ALGORITHMS)
    likely = " or ".join(filter(None, (", ".join(close[:-1]), *close[-1:])))
    hint = f"did you mean {likely}?" if close else f"it is one of {', '.join(ALGORITHMS)}"
    if name.lower() == "none":
        hint = "an unsigned token proves nothing; give a key instead"
    raise UsageError(f"unknown algorithm '{name}'", hint=hint, code="unknown_alg")


def one_family(names: Iterable[str]) -> tuple[str, ...]:
    """Return known names that all take one kind of key; raises UsageError for a mixture."""
    known = tuple(dict.fromkeys(known_algorithm(name) for name in names))
    families = list(dict.fromkeys(_FAMILIES[ALGORITHMS[name].kty] for name in known))
    if len(families) > 1:
        raise UsageError(
            f"--alg names two families: {' and '.join(families)}",
            hint="one key verifies one family; mixing them is how forged tokens pass",
            code="mixed_families",
        )
    return known
