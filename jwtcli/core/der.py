"""DER (X.690): where each value begins and ends, and which values have the shape of a key or certificate."""

from collections.abc import Iterator
from typing import NamedTuple

SEQUENCE, INTEGER = 0x30, 0x02
_OID, _FIRST = 0x06, 0xA0
_VERSIONS = (b"\0", b"\1", b"\3")
_SHORTEST_MODULUS = 32
_FAMILIES = (b"\x2a\x86\x48\xce\x3d\x02\x01", b"\x2a\x86\x48\x86\xf7\x0d\x01")  # id-ecPublicKey, RSADSI's PKCS
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
    modulus (RFC 8017), or the type of a PKCS#7 bundle (RFC 2315). One that was cut short counts too:
    what is left of it is as well known.
    """
    try:
        whole = _begun(der, 0)
        if whole.tag != SEQUENCE:
            return False
        first = _begun(der, whole.start)
        if first.end >= len(der) - 1:  # nothing is left of what would be second
            return _opens_a_long_key(der, whole, first)
        if whole.end <= len(der):
            list(values(der, whole))
        return first.end < whole.end and _opens_a_key(der, first, _begun(der, first.end))
    except ValueError:
        return False


def _begun(der: bytes, at: int) -> Value:
    """Return the value that begins at a place and may go on beyond the end; raises ValueError where none begins."""
    start = at + 2
    if start > len(der):
        raise ValueError("the content is cut short")
    size = der[at + 1]
    if size & 0x80:
        start, size = start + (size & 0x7F), int.from_bytes(der[start : start + (size & 0x7F)])
    return Value(der[at], start, start + size)


def _opens_a_key(der: bytes, first: Value, second: Value) -> bool:
    content = der[first.start : first.end]
    if first.tag == INTEGER:
        return content in _VERSIONS or (len(content) >= _SHORTEST_MODULUS and second.tag == INTEGER)
    if first.tag == _OID:
        return content.startswith(_PKCS7)
    inside = list(values(der, first)) if first.tag == SEQUENCE else []
    return bool(inside) and inside[0].tag in (_OID, INTEGER, _FIRST)


def _opens_a_long_key(der: bytes, whole: Value, first: Value) -> bool:
    """Tell of what was cut short within its first value: a modulus, or what a certificate or explicit curve says.

    A length of several bytes tells already: the same first ten bytes come once in millions of secrets.
    """
    if first.end > whole.end:
        return False
    long = whole.start > 2
    if first.tag == SEQUENCE and der[first.start : first.start + 1] == bytes((_OID,)):
        return long or der.startswith(_FAMILIES, first.start + 2)
    if len(der) - first.start < (1 if long else _SHORTEST_MODULUS):
        return False
    if first.tag == INTEGER:
        return der[first.start] == 0
    return first.tag == SEQUENCE and long and _begun(der, first.start).tag in (_OID, INTEGER, _FIRST)
