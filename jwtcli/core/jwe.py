"""What can be read of an encrypted token (JWE, RFC 7516) without its key: headers, and how long the rest is."""

from typing import Any, NamedTuple

from jwtcli.core.kinds import Kind
from jwtcli.core.tokens import object_in, octets

PARTS = ("encrypted_key", "iv", "ciphertext", "tag")


class Encrypted(NamedTuple):
    """A JWE, closed. ``header`` is the protected one, ``sizes`` are bytes by part.

    ``unprotected`` are the headers that only the JSON serialization has: the shared one, then one
    for each recipient.
    """

    kind: Kind
    header: dict[str, Any]
    sizes: dict[str, int]
    unprotected: tuple[dict[str, Any], ...] = ()


def read(data: bytes) -> Encrypted:
    """Read the compact serialization (RFC 7516 section 7.1); raises TokenError for what is damaged."""
    header, *others = data.split(b".")
    sizes = {name: len(octets(name, segment)) for name, segment in zip(PARTS, others, strict=True)}
    return Encrypted(Kind.JWE, object_in("header", octets("header", header)), sizes)
