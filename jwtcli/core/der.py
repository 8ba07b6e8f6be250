"""DER (X.690): where each value begins and ends, and which values have the shape of a key or certificate."""

from collections.abc import Iterator
from typing import NamedTuple

SEQUENCE, INTEGER = 0x30, 0x02
_OID, _FIRST = 0x06, 0xA0
_VERSIONS = (b"\0", b"\1", b"\3")
_SHORTEST_MODULUS = 32
_PKCS7 = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07"


class Value(NamedTuple):
    """One value: its tag, and where its content begins and ends."""

    tag: int
    start: int
    end: int


def value(der: bytes, at: int) -> Value:
    """Return the value that begins at a place; raises ValueError where none does."""
    start = at + 2
    size = int.from_bytes(der[at + 1 : start])
    if size & 0x80:
        count = size & 0x7F
        size, start = int.from_bytes(der[start : start + count]), start + count
        if not count:
            raise ValueError("the length is indefinite: this is BER")
    if start + size > len(der):
        raise ValueError("the content is cut short")
    return Value(der[at], start, start + size)


def values(der: bytes, within: Value) -> Iterator[Value]:
    """Yield the values that fill the content of another; raises ValueError where they do not."""
    at = within.start
    while at < within.end:
        found = value(der, at)
        yield found
        at = found.end
    if at != within.end:
        raise ValueError("the values do not end where they should")


def is_key_shaped(der: bytes) -> bool:
    """Tell whether the bytes begin with a key or certificate of any kind, whatever its algorithm and what follows it.

    By the first values of its SEQUENCE: an AlgorithmIdentifier or what a certificate (or a request for
    one) says (RFC 5280, 2986, 5958 section 3), a version (RFC 5958 section 2, 5915, 8017, 7292), a
    modulus (RFC 8017), or the type of a PKCS#7 bundle (RFC 2315).
    """
    try:
        whole = value(der, 0)
        inside = list(values(der, whole)) if whole.tag == SEQUENCE else []
        return len(inside) >= 2 and _opens_a_key(der, inside[0], inside[1])
    except ValueError:
        return False


def _opens_a_key(der: bytes, first: Value, second: Value) -> bool:
    content = der[first.start : first.end]
    if first.tag == INTEGER:
        return content in _VERSIONS or (len(content) >= _SHORTEST_MODULUS and second.tag == INTEGER)
    if first.tag == _OID:
        return content.startswith(_PKCS7)
    inside = list(values(der, first)) if first.tag == SEQUENCE else []
    return bool(inside) and inside[0].tag in (_OID, INTEGER, _FIRST)
