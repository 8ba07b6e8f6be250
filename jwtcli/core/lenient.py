"""Reading a token as a forgiving reader would, and telling what had to be forgiven; nothing here decides a verdict."""

import binascii
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from jwtcli.core.strict import FROM_STANDARD, TO_STANDARD, base64url_decode, base64url_encode, json_object

PARTS = ("header", "payload", "signature")
_QUOTES = (b'"', b"'", b"`")


class Slip(StrEnum):
    """What the strict reader refuses about the spelling of a token."""

    QUOTES = "quotes"
    WHITE_SPACE = "white_space"
    STANDARD_BASE64 = "standard_base64"
    PADDING = "padding"
    SPARE_BITS = "spare_bits"


@dataclass(frozen=True, slots=True)
class Mended:
    """Three segments in the spelling that JOSE wants, and the parts in which each slip was found."""

    segments: tuple[bytes, bytes, bytes]
    slips: dict[Slip, tuple[str, ...]]

    @property
    def compact(self) -> bytes:
        """The compact serialization without its slips."""
        return b".".join(self.segments)


def unquoted(text: bytes) -> bytes:
    """Take the white space around a text off, and quotes with what stands within them."""
    bare = text.strip()
    if len(bare) > 1 and bare[:1] in _QUOTES and bare[:1] == bare[-1:]:
        return bare[1:-1].strip()
    return bare


def mend(text: bytes) -> Mended | None:
    """Take quotes, white space, the standard alphabet and padding out of a compact serialization.

    None where the text has not three parts. Bits that mean nothing are left as they are: they may
    be what is left of a signature that was cut off.
    """
    slips: dict[Slip, tuple[str, ...]] = {}
    bare = unquoted(text)
    if bare != text.strip():
        slips[Slip.QUOTES] = ("token",)
    segments = bare.split(b".")
    if len(segments) != len(PARTS):
        return None
    for slip, mended in (
        (Slip.WHITE_SPACE, lambda segment: b"".join(segment.split())),
        (Slip.STANDARD_BASE64, lambda segment: segment.translate(FROM_STANDARD)),
        (Slip.PADDING, lambda segment: segment.rstrip(b"=")),
    ):
        better = [mended(segment) for segment in segments]
        where = tuple(part for part, old, new in zip(PARTS, segments, better, strict=True) if old != new)
        if where:
            slips[slip] = where
        segments = better
    header, payload, signature = segments
    return Mended((header, payload, signature), slips)


def without_spare_bits(mended: Mended) -> Mended:
    """Clear the unused low bits of each part's last character (RFC 4648 section 3.5).

    What is no base64url for another reason stays as it is, for the strict reader to name.
    """
    better = [_canonical(segment) for segment in mended.segments]
    where = tuple(part for part, old, new in zip(PARTS, mended.segments, better, strict=True) if old != new)
    if not where:
        return mended
    header, payload, signature = better
    return Mended((header, payload, signature), {**mended.slips, Slip.SPARE_BITS: where})


def object_with_duplicates(text: bytes) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Read a JSON object in which names may stand twice; return it, the last of each kept, and those names.

    Raises ValueError for everything else that ``json_object`` refuses.
    """
    twice: list[str] = []

    def keep_last(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for name, value in pairs:
            if name in members:
                twice.append(name)
            members[name] = value
        return members

    try:
        value = json.loads(text.decode("utf-8"), object_pairs_hook=keep_last)
    except (ValueError, RecursionError):
        return json_object(text), ()
    return json_object(json.dumps(value) if twice else text), tuple(dict.fromkeys(twice))


def _canonical(segment: bytes) -> bytes:
    try:
        data = binascii.a2b_base64(segment.translate(TO_STANDARD) + b"=" * (-len(segment) % 4))
    except ValueError:
        return segment
    canonical = base64url_encode(data).encode("ascii")
    try:
        base64url_decode(segment[:-1] + canonical[-1:])
    except ValueError:
        return segment
    return canonical
