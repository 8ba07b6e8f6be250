"""Keys, and which algorithms each can do."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.printable import cut

RSA_MINIMUM_BITS = 2048
RSA_MAXIMUM_BITS = 8192
_COUNTERPARTS = {"sign": "verify", "decrypt": "encrypt", "unwrapKey": "wrapKey"}  # what a public half does of it


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


def signature_bytes(key: Key, alg: str) -> int:
    """Return how long each signature of this key is (RFC 7518 sections 3.2 to 3.5, RFC 8032, FIPS 204)."""
    if key.kty == "RSA":
        return (key.bits + 7) // 8
    return ALGORITHMS[alg].signature_bytes or ALGORITHMS[str(key.curve)].signature_bytes


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
            hint=f"it can do {', '.join(_strong(key, able) or able)}" if able else None,
            code="unfit_key",
        )
    strong = _strong(key, fit)
    if not strong and not allow_weak:
        raise _too_weak(key, fit[0], operation)
    return strong or fit


def _strong(key: Key, able: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in able if not is_weak_for(key, name))


def _obey_purpose(key: Key, operation: str) -> None:
    if key.use not in (None, "sig"):
        raise UnusableKeyError("the key is not for signatures (its 'use' is not 'sig')", code="unfit_key")
    if not key.allows(operation):
        raise UnusableKeyError(f"the key's 'key_ops' do not allow it to {operation}", code="unfit_key")


def _too_weak(key: Key, alg: str, operation: str) -> UnusableKeyError:
    minimum = RSA_MINIMUM_BITS if key.kty == "RSA" else ALGORITHMS[alg].hash_bits
    section = "3.3" if key.kty == "RSA" else "3.2"
    making = f"jwtcli keygen --alg {alg} -o FILE"
    hint = f"'{making}' makes a strong one; --allow-weak-key takes it all the same"
    if operation == "verify":  # a new key would verify nothing that this one has signed
        hint = f"--allow-weak-key takes it all the same; a strong one is for the issuer to make: {making}"
    return UnusableKeyError(
        f"{key} is too weak for {alg}: RFC 7518 section {section} asks for {minimum} bits",
        hint=hint,
        code="weak_key",
    )
