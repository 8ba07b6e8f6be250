"""Making and checking the signature itself: PyJWT does it, for one key and one algorithm."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.errors import UnusableKeyError, UsageError
from jwtcli.core.keys import Key, public_half
from jwtcli.core.strict import base64url_encode
from jwtcli.core.tokens import MAX_BYTES

_READY: WeakKeyDictionary[Key, dict[tuple[str, bool], tuple[Any, Any]]] = WeakKeyDictionary()
"""Keys as PyJWT wants them, by algorithm and whether they sign. A server sees keys that nobody may keep."""


def sign(header: Mapping[str, Any], claims: Mapping[str, Any], key: Key, alg: str) -> str:
    """Return the compact serialization of header and claims, signed (RFC 7515 section 5.1).

    ``alg`` is what the key was found fit for; it is written first in the header, whatever the
    mapping holds. Raises UnusableKeyError where the key cannot sign with it, UsageError where the
    token would be too large to be read back.
    """
    protected = {"alg": alg, **{name: value for name, value in header.items() if name != "alg"}}
    signing_input = f"{_segment(protected)}.{_segment(claims)}".encode("ascii")
    algorithm, native = _prepared(key, alg, signing=True)
    try:
        signature = algorithm.sign(signing_input, native)
    except Exception:  # own words only: upstream text about a key never goes on
        raise UnusableKeyError(f"{key} could not sign with {alg}") from None
    compact = f"{signing_input.decode('ascii')}.{base64url_encode(signature)}"
    if len(compact) > MAX_BYTES:
        raise UsageError(
            "the token would be larger than 2 MiB, which is more than is ever read", code="token_too_large"
        )
    return compact


def matches(signing_input: bytes, signature: bytes, key: Key, alg: str) -> bool:
    """Tell whether the signature is this key's over this input with ``alg`` (RFC 7515 section 5.2).

    ``alg`` comes from the allow-list for the key, never straight from a token. Raises UnusableKeyError where
    OpenSSL does not make such a signature here.
    """
    algorithm, native = _prepared(key, alg, signing=False)
    try:
        return bool(algorithm.verify(signing_input, native, signature))
    except (ValueError, TypeError, OverflowError):
        if key.symmetric:  # whatever stands in a token, it can be compared
            raise UnusableKeyError(f"{key} cannot be used with {alg} here: OpenSSL does not allow it") from None
        return False  # a shape that the library cannot even try


def _segment(value: Mapping[str, Any]) -> str:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return base64url_encode(text.encode("utf-8"))


def _prepared(key: Key, alg: str, *, signing: bool) -> tuple[Any, Any]:
    """Prepare a key once for as long as it lives: PyJWT reads an HMAC secret for shapes of other keys each time."""
    ready = _READY.setdefault(key, {})
    if (alg, signing) not in ready:
        algorithm = _algorithms()[alg]
        half = key if signing or key.symmetric else public_half(key)
        try:
            ready[alg, signing] = algorithm, algorithm.prepare_key(half.native)
        except Exception:  # own words only: upstream text about a key never goes on
            raise UnusableKeyError(f"{key} cannot be used with {alg}: it reads like a key of another kind") from None
    return ready[alg, signing]


@cache
def _algorithms() -> dict[str, Any]:
    from jwt import PyJWS

    from jwtcli.core.mldsa import MLDSA, PARAMETER_SETS

    jws = PyJWS()  # our own: PyJWT's global one stays as it is
    for name in ("Ed25519", "Ed448"):
        jws.register_algorithm(name, jws.get_algorithm_by_name("EdDSA"))
    for name in PARAMETER_SETS:
        jws.register_algorithm(name, MLDSA(name))
    return {name: jws.get_algorithm_by_name(name) for name in ALGORITHMS}
