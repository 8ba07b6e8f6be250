"""Public keys of EdDSA that are no keys: no points of their curve, or points under which anyone can sign anything."""

from typing import NamedTuple


class _Curve(NamedTuple):
    """``a x^2 + y^2 = 1 + d x^2 y^2`` modulo ``prime``, and ``y`` of every point whose order divides the cofactor."""

    prime: int
    a: int
    d: int
    small: frozenset[int]


_P25519, _P448 = 2**255 - 19, 2**448 - 2**224 - 1
_ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
# RFC 8032 sections 5.1 and 5.2: the parameters; the cofactors are 8 and 4.
_CURVES = {
    "Ed25519": _Curve(
        _P25519,
        -1,
        -121665 * pow(121666, -1, _P25519),
        frozenset((0, 1, _P25519 - 1, _ORDER_8, _P25519 - _ORDER_8)),
    ),
    "Ed448": _Curve(_P448, 1, -39081, frozenset((0, 1, _P448 - 1))),
}


def has_small_order(curve: str, public: bytes) -> bool:
    """Tell whether a public key (RFC 8032 encoding) is a point of small order, whatever its sign and however reduced.

    Its multiple by the challenge of a signature is one of at most eight points whatever was
    signed, so a signature of zeros holds for any message, at once or after a few tries.
    """
    form = _CURVES[curve]
    return _y(public) % form.prime in form.small


def is_on_curve(curve: str, public: bytes) -> bool:
    """Tell whether a public key is the encoding of a point (RFC 8032 sections 5.1.3 and 5.2.3).

    Its ``y`` is below the prime, and the square of ``x`` that follows from it is one: Euler's criterion,
    asked of numerator times denominator, which differs from their quotient by a square.
    """
    form, y = _CURVES[curve], _y(public)
    if y >= form.prime:
        return False
    square = (1 - y * y) * (form.a - form.d * y * y)
    return pow(square, (form.prime - 1) // 2, form.prime) in (0, 1)


def _y(public: bytes) -> int:
    """Read all but the sign of ``x``, which is the last bit."""
    return int.from_bytes(public, "little") & ((1 << (len(public) * 8 - 1)) - 1)
