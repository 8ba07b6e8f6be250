"""Edwards curve points of small order: public keys under which anyone can sign anything."""

from typing import NamedTuple


class _Curve(NamedTuple):
    """``a x^2 + y^2 = 1 + d x^2 y^2`` modulo ``prime``; so many doublings lead every such point to the neutral one."""

    prime: int
    a: int
    d: int
    bits: int
    doublings: int


_P25519, _P448 = 2**255 - 19, 2**448 - 2**224 - 1
# RFC 8032 section 5: the parameters; the cofactors are 8 and 4.
_CURVES = {
    "Ed25519": _Curve(_P25519, -1, -121665 * pow(121666, -1, _P25519), 255, 3),
    "Ed448": _Curve(_P448, 1, -39081, 455, 2),
}


def has_small_order(curve: str, public: bytes) -> bool:
    """Tell whether a public key (RFC 8032 encoding) is a point of small order.

    Its multiple by the challenge of a signature is one of at most eight points whatever was
    signed, so a signature of zeros holds for any message, at once or after a few tries.
    """
    form = _CURVES[curve]
    y = (int.from_bytes(public, "little") & ((1 << form.bits) - 1)) % form.prime
    for _ in range(form.doublings):
        y = _doubled(form, y)
    return y == 1


def _doubled(curve: _Curve, y: int) -> int:
    """Double a point by its ``y`` alone: the formula holds ``x`` only squared, and that follows from ``y``."""
    xx = (1 - y * y) * _inverse(curve.a - curve.d * y * y, curve.prime)
    return (y * y - curve.a * xx) * _inverse(1 - curve.d * xx * y * y, curve.prime) % curve.prime


def _inverse(value: int, prime: int) -> int:
    return pow(value, prime - 2, prime)
