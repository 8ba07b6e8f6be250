"""Keys, and the algorithms that each can do."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from jwtcli.core.errors import UnusableKeyError, UsageError
from jwtcli.core.printable import cut

RSA_MINIMUM_BITS = 2048
RSA_MAXIMUM_BITS = 8192


class Algorithm(NamedTuple):
    """A JWS ``alg`` (RFC 7518 section 3.1, 8037, 8812, 9864, 9964) and the key that it takes.

    ``curve`` is the curve of EC and OKP keys; for AKP it is the parameter set, which has the
    algorithm's own name.
    """

    name: str
    kty: str
    curve: str | None = None
    hash_bits: int = 0


ALGORITHMS = {
    algorithm.name: algorithm
    for algorithm in (
        Algorithm("HS256", "oct", hash_bits=256),
        Algorithm("HS384", "oct", hash_bits=384),
        Algorithm("HS512", "oct", hash_bits=512),
        Algorithm("RS256", "RSA", hash_bits=256),
        Algorithm("RS384", "RSA", hash_bits=384),
        Algorithm("RS512", "RSA", hash_bits=512),
        Algorithm("PS256", "RSA", hash_bits=256),
        Algorithm("PS384", "RSA", hash_bits=384),
        Algorithm("PS512", "RSA", hash_bits=512),
        Algorithm("ES256", "EC", "P-256", 256),
        Algorithm("ES384", "EC", "P-384", 384),
        Algorithm("ES512", "EC", "P-521", 512),
        Algorithm("ES256K", "EC", "secp256k1", 256),
        Algorithm("EdDSA", "OKP"),
        Algorithm("Ed25519", "OKP", "Ed25519"),
        Algorithm("Ed448", "OKP", "Ed448"),
        Algorithm("ML-DSA-44", "AKP", "ML-DSA-44"),
        Algorithm("ML-DSA-65", "AKP", "ML-DSA-65"),
        Algorithm("ML-DSA-87", "AKP", "ML-DSA-87"),
    )
}
_FAMILIES = {"oct": "HMAC", "RSA": "RSA", "EC": "ECDSA", "OKP": "EdDSA", "AKP": "ML-DSA"}
_COUNTERPARTS = {"sign": "verify", "decrypt": "encrypt", "unwrapKey": "wrapKey"}  # what a public half does of it
CURVES = ("P-256", "P-384", "P-521", "secp256k1", "Ed25519", "Ed448")


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Key:
    """One key and what its holder said of it. The key decides the algorithms, never the token.

    ``native`` is bytes for ``oct``, else an object of cryptography; it never shows in a repr.
    ``private`` tells whether it can sign, ``bits`` is its size, and ``kid``, ``alg``, ``use`` and
    ``key_ops`` are those of a JWK (RFC 7517 section 4). ``pss`` marks an RSA key that its holder
    made for RSASSA-PSS alone (RFC 4055 section 1.2).
    """

    kty: str
    native: Any = field(repr=False)
    private: bool
    bits: int
    curve: str | None = None
    kid: str | None = None
    alg: str | None = None
    use: str | None = None
    key_ops: tuple[str, ...] | None = None
    pss: bool = False

    @property
    def symmetric(self) -> bool:
        """Tell whether one secret both signs and verifies."""
        return self.kty == "oct"

    def allows(self, operation: str) -> bool:
        """Tell whether ``key_ops``, where there are any, let the key sign or verify (RFC 7517 section 4.3)."""
        return self.key_ops is None or operation in self.key_ops

    def __str__(self) -> str:
        """Describe the key in words, with nothing of its material."""
        if self.symmetric:
            return f"a secret of {self.bits} bits"
        half = "private" if self.private else "public"
        if self.kty == "RSA":
            return f"an {'RSA-PSS' if self.pss else 'RSA'} {half} key of {self.bits} bits"
        return f"{'a' if self.kty == 'EC' else 'an'} {self.curve} {half} key"


def kind_algorithms(key: Key) -> tuple[str, ...]:
    """Name every algorithm for this kind of key and curve, strong enough or not."""
    return tuple(
        algorithm.name
        for algorithm in ALGORITHMS.values()
        if algorithm.kty == key.kty
        and algorithm.curve in (None, key.curve)
        and not (key.pss and algorithm.name.startswith("RS"))
    )


def is_weak_for(key: Key, alg: str) -> bool:
    """Tell whether the key is below the minimum for ``alg`` (RFC 7518 sections 3.2, 3.3 and 3.5)."""
    if key.kty == "RSA":
        return key.bits < RSA_MINIMUM_BITS
    return key.symmetric and key.bits < ALGORITHMS[alg].hash_bits


def algorithms_to_verify(key: Key, wanted: Iterable[str] = (), *, allow_weak: bool = False) -> tuple[str, ...]:
    """Return the allow-list of algorithms for this key (RFC 8725 section 3.1), narrowed to ``wanted``.

    Raises UnusableKeyError where the key may not verify, is too weak, or can do none of the wanted.
    """
    return _usable(key, "verify", tuple(wanted), allow_weak=allow_weak)


def algorithm_to_sign(key: Key, wanted: str | None = None, *, allow_weak: bool = False) -> str:
    """Return the algorithm to sign with: the wanted one, the key's own ``alg``, or its kind's default.

    Raises UnusableKeyError where the key is public, may not sign, is too weak, or cannot do the wanted one.
    """
    if not key.private:
        raise UnusableKeyError(f"this is {key}: only the private key can sign", code="public_key")
    return _usable(key, "sign", (wanted,) if wanted else (), allow_weak=allow_weak)[0]


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


def public_half(key: Key) -> Key:
    """Return the key without its private part; raises UnusableKeyError for a secret, which has no halves."""
    if key.symmetric:
        raise UnusableKeyError("a secret has no public half", code="symmetric_key")
    if not key.private:
        return key
    ops = None if key.key_ops is None else tuple(_COUNTERPARTS.get(name, name) for name in key.key_ops)
    return replace(key, native=key.native.public_key(), private=False, key_ops=ops)


def _usable(key: Key, operation: str, wanted: tuple[str, ...], *, allow_weak: bool) -> tuple[str, ...]:
    _obey_purpose(key, operation)
    able = kind_algorithms(key)
    if key.alg is not None:
        if key.alg not in able:
            raise UnusableKeyError(f"the key's own alg does not go with {key}", code="unfit_key")
        able = (key.alg,)
    fit = tuple(name for name in (wanted or able) if name in able)
    if not fit:
        raise UnusableKeyError(
            f"{key}{' reserved for ' + cut(key.alg) if key.alg else ''} cannot do {' or '.join(wanted)}",
            hint=f"it can do {', '.join(able)}" if able else None,
            code="unfit_key",
        )
    strong = tuple(name for name in fit if not is_weak_for(key, name))
    if not strong and not allow_weak:
        raise _too_weak(key, fit[0])
    return strong or fit


def _obey_purpose(key: Key, operation: str) -> None:
    if key.use not in (None, "sig"):
        raise UnusableKeyError("the key is not for signatures (its 'use' is not 'sig')", code="unfit_key")
    if not key.allows(operation):
        raise UnusableKeyError(f"the key's 'key_ops' do not allow it to {operation}", code="unfit_key")


def _too_weak(key: Key, alg: str) -> UnusableKeyError:
    minimum = RSA_MINIMUM_BITS if key.kty == "RSA" else ALGORITHMS[alg].hash_bits
    section = "3.3" if key.kty == "RSA" else "3.2"
    return UnusableKeyError(
        f"{key} is too weak for {alg}: RFC 7518 section {section} asks for {minimum} bits",
        hint="make a strong one with 'jwtcli keygen'; --allow-weak-key takes it all the same",
        code="weak_key",
    )
