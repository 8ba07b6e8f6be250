"""JSON Web Keys: reading and writing one (RFC 7517, 7518, 8037, 8812, 9964), and its thumbprint (RFC 7638)."""

import json
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import Any

from jwtcli.core.algorithms import ALGORITHMS, CURVES
from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.keys import RSA_MAXIMUM_BITS, Key, public_half
from jwtcli.core.native import from_native, public_native
from jwtcli.core.panics import panics_as_errors
from jwtcli.core.strict import base64url_decode, base64url_encode, is_unicode

_RSA_NUMBERS = ("n", "e", "d", "p", "q", "dp", "dq", "qi")  # RFC 7518 section 6.3
# Members that carry bytes; in all of them a stray character makes another key (RFC 7518 section 6).
_OCTETS = frozenset(("k", *_RSA_NUMBERS, "x", "y", "pub", "priv"))
_THUMBPRINT = {
    "RSA": ("e", "kty", "n"),
    "EC": ("crv", "kty", "x", "y"),
    "OKP": ("crv", "kty", "x"),
    "AKP": ("alg", "kty", "pub"),
}


def from_jwk(jwk: dict[str, Any], *, test_primes: bool = True) -> Key:
    """Read one JWK. Raises UnusableKeyError, in own words only, for whatever is damaged or unknown.

    Without ``test_primes`` the private part of an RSA key is taken on trust, which saves some 50 ms for
    2048 bits and 300 for 4096: such a key may verify, and signs after ``with_tested_primes``.
    """
    kty, alg = jwk.get("kty"), _text(jwk, "alg")
    if kty == "oct":
        secret = _octets(jwk, "k")
        key = Key("oct", secret, private=True, bits=len(secret) * 8)
    elif isinstance(kty, str) and kty in _THUMBPRINT:
        for name in sorted(_OCTETS & jwk.keys()):
            _octets(jwk, name)
        key = from_native(_asymmetric(jwk, test_primes=test_primes))
    else:
        raise UnusableKeyError("the JWK's 'kty' is not one that signs: RSA, EC, OKP, AKP or oct", code="unknown_kty")
    return replace(key, kid=_text(jwk, "kid"), alg=alg, use=_text(jwk, "use"), key_ops=_ops(jwk))


def with_tested_primes(key: Key) -> Key:
    """Return the key with its primes tested, where it is a private one of RSA; raises UnusableKeyError."""
    if key.kty != "RSA" or not key.private:
        return key
    try:
        with panics_as_errors():
            return replace(key, native=key.native.private_numbers().private_key())
    except Exception:  # own words only: upstream text about a key never goes on
        raise _damaged(key.kty) from None


def to_jwk(key: Key) -> dict[str, Any]:
    """Write a key as a JWK, private members included where it has them.

    ``key_ops`` that allow signing are left out: other tools would read them as all that the key may do. A key that
    its holder keeps for something else stays so.
    """
    if key.symmetric:
        jwk: dict[str, Any] = {"kty": "oct", "k": base64url_encode(key.native)}
    else:
        exported = _upstream(key.kty).to_jwk(key.native, as_dict=True)
        exported.pop("key_ops", None)
        jwk = {"kty": exported.pop("kty"), **exported}
    alg, use = key.alg, key.use
    if alg is None and key.pss:
        alg = "PS256"  # a JWK has no other way to say: never RS*
    ops = None if key.allows("sign" if key.private else "verify") else key.key_ops
    if use is None and ops is None and alg in (None, *ALGORITHMS):
        use = "sig"
    described = {"kid": key.kid, "use": use, "key_ops": ops, "alg": alg}
    return {**jwk, **{name: value for name, value in described.items() if value is not None}}


def jwk_set(keys: Iterable[Key]) -> dict[str, Any]:
    """Return the JWK Set of the public halves, fit to be published (RFC 7517 section 5).

    Raises UnusableKeyError for a secret, which would let everybody sign.
    """
    return {"keys": [to_jwk(public_half(key)) for key in keys]}


def thumbprint(key: Key) -> str | None:
    """Return the RFC 7638 SHA-256 thumbprint; None for a secret, whose hash must not be published."""
    if key.symmetric:
        return None
    public = to_jwk(public_half(key))
    members = {name: public[name] for name in _THUMBPRINT[key.kty]}
    return base64url_encode(sha256(json.dumps(members, separators=(",", ":")).encode("ascii")).digest())


def with_kid(key: Key, kid: str) -> Key:
    """Name a key: by ``auto`` (its thumbprint, for a secret at random), ``none`` or what is given."""
    if kid == "none":
        return key
    if kid != "auto":
        return replace(key, kid=kid)
    from secrets import token_urlsafe

    return replace(key, kid=thumbprint(key) or token_urlsafe(12))


def _asymmetric(jwk: dict[str, Any], *, test_primes: bool) -> Any:
    kty, curve = jwk["kty"], jwk.get("crv")
    if kty in ("EC", "OKP") and curve not in CURVES:
        raise UnusableKeyError(f"the curve of this {kty} key is not one that jwtcli knows", code="unknown_curve")
    if kty == "AKP" and jwk.get("alg") not in ALGORITHMS:
        raise UnusableKeyError("an AKP key needs its 'alg', one that jwtcli knows (RFC 9964)", code="unknown_alg")
    if kty == "RSA":
        _refuse_endless_rsa(jwk)
    if "oth" in jwk:
        raise UnusableKeyError("this RSA key has more than two primes, which cannot be used", code="unusable_key")
    try:
        trusted = kty == "RSA" and "d" in jwk and not test_primes
        with panics_as_errors():
            native = _untested_rsa(jwk) if trusted else _upstream(kty).from_jwk(jwk)
        if kty != "EC" or _is_reduced(native, jwk):
            return native
    except Exception:  # upstream errors quote the JWK, private members included: none of them goes on
        raise _damaged(kty) from None
    raise _damaged(kty)


def _is_reduced(native: Any, jwk: dict[str, Any]) -> bool:
    """Tell whether a point's coordinates are below the prime of its field, as SEC 1 section 2.3.6 wants."""
    point = public_native(native).public_numbers()
    return (point.x, point.y) == tuple(int.from_bytes(_octets(jwk, name)) for name in ("x", "y"))


def _refuse_endless_rsa(jwk: dict[str, Any]) -> None:
    """Refuse sizes that keep a computer busy for minutes: above 8192 bits, or a member longer than the modulus."""
    sizes = {name: len(_octets(jwk, name)) for name in _RSA_NUMBERS if name in jwk}
    if sizes.get("n", 0) > RSA_MAXIMUM_BITS // 8 + 1 or any(size > sizes.get("n", 0) for size in sizes.values()):
        raise UnusableKeyError(f"this RSA key is larger than {RSA_MAXIMUM_BITS} bits, or its members do not fit")
    if "d" in sizes and len(sizes) < len(_RSA_NUMBERS):
        # The search for the primes never ends for some numbers; RFC 7518 section 6.3.2 wants producers to write them.
        raise UnusableKeyError("this private RSA JWK lacks some of p, q, dp, dq and qi, and they are not searched for")


def _untested_rsa(jwk: dict[str, Any]) -> Any:
    """Make a private RSA key of its numbers (RFC 7518 section 6.3.2), whose primes nobody tested."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    n, e, d, p, q, dp, dq, qi = (int.from_bytes(_octets(jwk, name)) for name in _RSA_NUMBERS)
    numbers = rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, rsa.RSAPublicNumbers(e, n))
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)


def _damaged(kty: str) -> UnusableKeyError:
    return UnusableKeyError(f"this {kty} JWK is damaged: its members are missing or do not fit")


def _upstream(kty: str) -> Any:
    if kty == "AKP":
        from jwtcli.core.mldsa import MLDSA

        return MLDSA
    from jwt import algorithms

    return {"RSA": algorithms.RSAAlgorithm, "EC": algorithms.ECAlgorithm, "OKP": algorithms.OKPAlgorithm}[kty]


def _octets(jwk: dict[str, Any], name: str) -> bytes:
    value = jwk.get(name)
    if not isinstance(value, str):
        raise UnusableKeyError(f"the JWK's member '{name}' is missing or not text")
    try:
        return base64url_decode(value.encode("utf-8", "replace"))
    except ValueError:
        raise UnusableKeyError(f"the JWK's member '{name}' is not base64url without padding") from None


def _text(jwk: dict[str, Any], name: str) -> str | None:
    value = jwk.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise UnusableKeyError(f"the JWK's member '{name}' is not text")
    if not is_unicode(value):
        raise UnusableKeyError(f"the JWK's member '{name}' is no text of Unicode, and no token could name it")
    return value


def _ops(jwk: dict[str, Any]) -> tuple[str, ...] | None:
    value = jwk.get("key_ops")
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise UnusableKeyError("the JWK's member 'key_ops' is not a list of names")
    return tuple(value)
