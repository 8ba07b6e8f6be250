"""Lint of what signs a token: the header's algorithm and keys, and the size and numbers of the signature."""

import re
from collections.abc import Iterator
from typing import Any

from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.flaws import Flaw

_DEPRECATED = {"RS1": "SHA-1", "HS1": "SHA-1", "HS256/64": "a truncated hash", "RSA1_5": "RSA PKCS #1 v1.5 encryption"}
_SMALLEST_RSA = 256
_PATH = re.compile(
    r"\.\.[/\\]|^(?:~|\.{1,2})?[/\\][^/\\]+[/\\]|^[A-Z]:[/\\]|[/\\][^/\\]+\.[A-Z]{1,5}$|%2e%2e|\0", re.IGNORECASE
)
_HASH = re.compile(r"[A-Za-z0-9+/]{27}=|[A-Za-z0-9+/]{43}=")
# Only what the first quote, or the first union, is followed by is searched: a kid is as long as a token likes.
_SQL = re.compile(
    r"[^'\"`;)]*+['\"`;)].*?(?:--|\b(?:or|and|union|select|drop|insert|update|delete)\b)"
    r"|(?>.*?\bunion\b).+?\bselect\b",
    re.IGNORECASE | re.DOTALL,
)
_URL = re.compile(r"[a-z][a-z0-9+.-]*://|data:", re.IGNORECASE)


def header_flaws(header: dict[str, Any], signature: bytes) -> Iterator[Flaw]:
    """Yield what is unwise about a JOSE header, and about the signature by the header's own word."""
    alg = header.get("alg")
    yield from _alg(alg)
    yield from _signature(alg, signature)
    for name in ("jku", "x5u"):
        if name in header:
            yield Flaw("key_url", f"header.{name}", f"{name} points to a key: whoever follows it trusts anyone")
    if "jwk" in header:
        yield Flaw(
            "key_embedded", "header.jwk", "jwk is a key of the token's own: a verifier that uses it trusts anyone"
        )
    kid = header.get("kid")
    if isinstance(kid, str):
        yield from _kid(kid)


def _alg(alg: object) -> Iterator[Flaw]:
    if isinstance(alg, str) and alg.lower() == "none":
        yield Flaw("alg_none", "header.alg", "alg is none: nobody signed the token, and anyone can change it")
    elif isinstance(alg, str) and alg in _DEPRECATED:
        yield Flaw("alg_deprecated", "header.alg", f"alg {alg} is deprecated: it rests on {_DEPRECATED[alg]}")
    elif not isinstance(alg, str) or alg not in ALGORITHMS:
        said = "the header names no alg" if alg is None else "alg is not a registered signature algorithm"
        yield Flaw("alg_unknown", "header.alg", said)
    elif alg == "EdDSA":
        yield Flaw("alg_polymorphic", "header.alg", "alg EdDSA leaves the curve open: Ed25519 and Ed448 name it")


def _signature(alg: object, signature: bytes) -> Iterator[Flaw]:
    """Judge the signature's size (RFC 7518 sections 3.2 to 3.5, RFC 8037, FIPS 204), and its numbers for ECDSA."""
    if not isinstance(alg, str) or alg not in ALGORITHMS:
        return
    size, exact = len(signature), ALGORITHMS[alg].signature_bytes
    if not exact:
        least = _SMALLEST_RSA if ALGORITHMS[alg].kty == "RSA" else ALGORITHMS["Ed25519"].signature_bytes
        if size < least:
            yield Flaw("signature_size", "signature", f"the signature has {size} bytes, {alg} has {least} or more")
    elif size != exact:
        yield Flaw("signature_size", "signature", f"the signature has {size} bytes, {alg} has {exact}")
    elif ALGORITHMS[alg].kty == "EC" and not (any(signature[: size // 2]) and any(signature[size // 2 :])):
        yield Flaw("signature_zero", "signature", "a number of the signature is zero, which broken verifiers accept")


def _kid(kid: str) -> Iterator[Flaw]:
    if _URL.match(kid):
        yield Flaw("kid_url", "header.kid", "kid looks like a URL: a verifier that fetches it trusts anyone")
    elif _PATH.search(kid) and not _HASH.fullmatch(kid):
        yield Flaw("kid_path", "header.kid", "kid looks like a path: a verifier that opens it takes any file for a key")
    if _SQL.match(kid):
        yield Flaw("kid_sql", "header.kid", "kid looks like SQL: a verifier that pastes it into a query is lost")
