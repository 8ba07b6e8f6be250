"""What a key is, in values: kind, size, names, what it can do and what is weak about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from jwtcli.core.jwk import thumbprint
from jwtcli.core.keys import Key, is_weak_for, kind_algorithms, public_half
from jwtcli.core.moduli import is_prime_power
from jwtcli.core.native import Held

_PATIENCE = 10 * 8192**3
"""What looking at moduli may cost: ten of 8192 bits or 640 of 2048, some ten seconds either way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A key without its material. ``bits`` is None where the curve or parameter set says it all."""

    kty: str
    private: bool
    bits: int | None
    curve: str | None
    form: str
    encrypted: bool
    kid: str | None
    thumbprint: str | None
    alg: str | None
    use: str | None
    key_ops: tuple[str, ...] | None
    algorithms: tuple[str, ...]
    weaknesses: tuple[str, ...]
    valid_until: int | None
    pss: bool


def describe_all(keys: Sequence[Held]) -> tuple[list[Description], int]:
    """Describe the keys, and count the RSA moduli that were not tested for being prime.

    A file can hold hundreds of large ones, which would take minutes.
    """
    described, cost, unseen = [], 0, 0
    for held in keys:
        cost += held.key.bits**3 if held.key.kty == "RSA" else 0
        seen = held.key.kty != "RSA" or cost <= _PATIENCE
        unseen += not seen
        described.append(describe(held, modulus=seen))
    return described, unseen


def describe(held: Held, *, modulus: bool = True) -> Description:
    """Describe a key and how its file holds it; nothing of it tells the key.

    Without ``modulus`` an RSA key's is not looked at, which saves a second for 8192 bits.
    """
    key = held.key
    able = kind_algorithms(key)
    if key.alg is not None:
        able = tuple(alg for alg in able if alg == key.alg)
    return Description(
        kty=key.kty,
        private=key.private,
        bits=key.bits if key.kty in ("oct", "RSA") else None,
        curve=key.curve if key.kty in ("EC", "OKP") else None,
        form=held.form,
        encrypted=held.encrypted,
        kid=key.kid,
        thumbprint=thumbprint(key),
        alg=key.alg,
        use=key.use,
        key_ops=key.key_ops,
        algorithms=tuple(alg for alg in able if not is_weak_for(key, alg)),
        weaknesses=tuple(_weaknesses(key, able, modulus=modulus)),
        valid_until=held.valid_until,
        pss=key.pss,
    )


def _weaknesses(key: Key, able: tuple[str, ...], *, modulus: bool) -> list[str]:
    weak = [alg for alg in able if is_weak_for(key, alg)]
    said = []
    if weak and key.kty == "RSA":
        said.append("shorter than the 2048 bits of RFC 7518 section 3.3")
    elif weak:
        said.append(f"too short for {', '.join(weak)} (RFC 7518 section 3.2)")
    if key.kty == "RSA" and modulus and is_prime_power(public_half(key).native.public_numbers().n):
        said.append("its modulus is a prime or a power of one: anyone can sign")
    if not able:
        said.append("its alg is none that a key of this kind can do")
    if key.use not in (None, "sig"):
        said.append("its use is not sig: it is not for signatures")
    if not (key.allows("sign") or key.allows("verify")):
        said.append("its key_ops allow neither to sign nor to verify")
    return said
