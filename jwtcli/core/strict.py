"""The strict readers under tokens and keys: base64url and JSON as the RFCs write them, no more."""

import binascii
import json
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, TypeGuard

from jwtcli.core.printable import cut

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
TO_STANDARD = bytes.maketrans(b"-_", b"+/")
FROM_STANDARD = bytes.maketrans(b"+/", b"-_")
"""From the alphabet of base64url to that of base64, and back (RFC 4648 section 5)."""
# To the alphabet of the C decoder; its own '+', '/' and '=' have no place in base64url, and become strays.
_TO_STANDARD_ALONE = bytes.maketrans(b"-_+/=", b"+/!!!")
# The characters whose unused low bits are zero, by how many characters the last group has.
_CANONICAL_LAST = {2: b"AQgw", 3: b"AEIMQUYcgkosw048"}
_PADDING = (b"", b"", b"==", b"=")
MAX_DEPTH = 500


class _NotJsonError(ValueError):
    """What our own hooks refuse, told apart from what ``json`` itself raises."""


def base64url_decode(text: bytes) -> bytes:
    """Decode unpadded base64url (RFC 7515 section 2).

    Raises ValueError, in words fit for a message, for padding, any other character, an impossible
    length, or unused bits that are not zero: one value has one spelling (RFC 4648 section 3.5).
    """
    rest = len(text) % 4
    try:
        if rest != 1 and (not rest or text[-1] in _CANONICAL_LAST[rest]):
            return binascii.a2b_base64(text.translate(_TO_STANDARD_ALONE) + _PADDING[rest], strict_mode=True)
    except binascii.Error:
        pass
    raise ValueError(_why_not(text))


def base64url_encode(data: bytes) -> str:
    """Encode as unpadded base64url (RFC 7515 section 2)."""
    return binascii.b2a_base64(data, newline=False).translate(FROM_STANDARD, b"=").decode("ascii")


def json_object(text: bytes | str) -> dict[str, Any]:
    """Read one JSON object (RFC 8259), in UTF-8 where it comes as bytes.

    Raises ValueError, in words fit for a message, for anything else: another encoding, a byte order
    mark, duplicate names at any depth, NaN and infinities, numbers too large for a double or
    longer than 4300 digits, more than 500 levels of nesting.
    """
    value = json_value(text)
    if not isinstance(value, dict):
        raise ValueError(f"it is JSON {json_type(value)}, not an object")
    return value


def json_value(text: bytes | str) -> Any:
    """Read one JSON value by the rules of ``json_object``."""
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ValueError(f"it is not UTF-8 (byte {error.start + 1})") from None
    try:
        value = _read(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON ({_where(error)})") from None
    except RecursionError:
        raise ValueError(f"it is nested more than {MAX_DEPTH} levels deep") from None
    except _NotJsonError:
        raise
    except ValueError:  # CPython's own guard against quadratic conversion
        raise ValueError("it has an integer of more than 4300 digits") from None
    if len(text) > 2 * MAX_DEPTH and text.count("[") + text.count("{") > MAX_DEPTH and too_deep(value):
        raise ValueError(f"it is nested more than {MAX_DEPTH} levels deep")
    return value


def json_type(value: object) -> str:
    """Name the JSON type of a value, with its article: ``a number``, ``text``, ``null``."""
    if value is None:
        return "null"
    names = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "an array"}
    return names.get(type(value), "an object")


def is_unicode(text: str) -> bool:
    """Tell text from one with a lone surrogate in it, which UTF-8 cannot carry (RFC 8259 section 8.2)."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def is_number(value: object) -> TypeGuard[int | float]:
    """Tell whether a value was a JSON number; ``true`` and ``false`` are none."""
    return type(value) is int or type(value) is float


def same_json(left: object, right: object) -> bool:
    """Compare two JSON values by type and value: true is not 1, and 1 equals 1.0."""
    pairs = [(left, right)]  # no recursion: what may be read is nested deeper than Python calls itself
    while pairs:
        one, other = pairs.pop()
        if isinstance(one, dict) and isinstance(other, dict):
            if one.keys() != other.keys():
                return False
            pairs.extend((one[name], other[name]) for name in one)
        elif isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                return False
            pairs.extend(zip(one, other, strict=True))
        elif one != other or (type(one) is not type(other) and not (is_number(one) and is_number(other))):
            return False
    return True


def too_deep(value: object, limit: int = MAX_DEPTH) -> bool:
    """Tell whether a value is nested deeper than ``limit`` levels, by default what is read here."""
    level: list[object] = [value]
    for _ in range(limit):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return any(isinstance(item, (dict, list)) for item in level)


def _read(text: str) -> Any:
    """Read JSON by the strict decoder; where nothing stands around the value, straight by its C scanner."""
    try:
        value, end = _SCAN(text, 0)
    except StopIteration:
        end = -1
    if end == len(text):
        return value
    if text.startswith("\ufeff"):
        raise json.JSONDecodeError("Unexpected byte order mark", text, 0)
    return _DECODER.decode(text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _NotJsonError(f"it has the name {cut(json.dumps(name))} twice")
            seen.add(name)
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise _NotJsonError(f"it is not JSON ({name} is no JSON number)")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise _NotJsonError("it has a number beyond what a double can hold")
    return value


# Made once: json.loads with hooks makes a decoder for every call, which costs as much as reading the claims.
_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=_finite)
_SCAN: Callable[[str, int], tuple[Any, int]] = vars(_DECODER)["scan_once"]


def _where(error: json.JSONDecodeError) -> str:
    words = error.msg.removesuffix(" at")  # some of them end so
    return f"{words[0].lower()}{words[1:]} at character {error.pos + 1}"


def _children(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _why_not(text: bytes) -> str:
    strays = text.translate(None, _ALPHABET)
    if strays:
        return _stray(text, strays)
    if len(text) % 4 == 1:
        characters = "1 character" if len(text) == 1 else f"{len(text)} characters"
        return f"{characters} cannot be base64url: something was cut off or added"
    return "its last character carries bits that mean nothing (not canonical base64url)"


def _stray(text: bytes, strays: bytes) -> str:
    if strays.strip(b"=") == b"" and text.rstrip(b"=").find(b"=") < 0:
        return "it ends in '=' padding, which a token never has"
    if strays.strip(b"+/") == b"":
        return "it has '+' or '/': standard base64 where base64url ('-' and '_') is required"
    char = strays[:1]
    shown = repr(char.decode("ascii")) if char.isascii() else f"the byte 0x{char[0]:02x}"
    return f"it has {shown}, which is no base64url character"
