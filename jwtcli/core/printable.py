"""Makes hostile text safe to show: nothing that steers a terminal or a CI runner, or hides in a line, comes through."""

import re
from typing import Any

STEERING = r"\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
"""Within a character class: controls, line separators and bidi controls, which can stand in no line as they are."""

MAY_BE_SECRET = 32
"""So many characters in the wrong place of a command line may be a token or secret, and are not told back."""

# Letters and marks that Python calls printable although nobody can see them: Hangul and Khmer
# fillers, the combining grapheme joiner, variation selectors, the blank Braille pattern.
_INVISIBLE = "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"

# What the runners of GitHub Actions, Azure Pipelines and TeamCity take for a command wherever it stands in a line.
_TO_RUNNERS = r"(?i)##(?=(?:vso|teamcity)?\[)"


def printable(text: str) -> str:
    r"""Return ``text`` on one line, with everything unprintable or invisible as a ``\uXXXX`` escape.

    Escapes are those of JSON, so text that was a JSON string stays the same string. Controls (C0,
    DEL, C1), bidi controls, line separators, zero-width and private characters, lone surrogates
    and invisible fillers are all escaped; spaces other than U+0020 too, and what CI runners obey.
    """
    if text.isprintable() and (text.isascii() or not re.search(_INVISIBLE, text)):
        return unheeded(text)
    return unheeded("".join(_escape(char) for char in text))


def printable_json(value: Any, *, indent: int | None = None) -> str:
    """Write a value as JSON in printable ASCII (RFC 8259): safe on any terminal, in any locale, in any log."""
    import json  # late: help needs none

    return as_json_text(json.dumps(value, ensure_ascii=True, allow_nan=False, indent=indent))


def as_json_text(text: str) -> str:
    """Escape what a terminal or runner does not take for text in JSON that is ASCII: DEL, and commands."""
    return unheeded(text.replace("\x7f", "\\u007f"))


def unheeded(text: str) -> str:
    """Break what a CI runner would take for a command, by an escape of JSON: the same string to whoever reads that."""
    return re.sub(_TO_RUNNERS, r"\\u0023#", text) if "##" in text else text


def in_ascii(text: str) -> str:
    """Return text with each letter that is not ASCII as an escape of JSON."""
    return text if text.isascii() else "".join(char if char.isascii() else _as_escape(char) for char in text)


def cut(text: str, length: int = 80) -> str:
    """Cut text that somebody else wrote to what a line of ours has room for."""
    return text if len(text) <= length else f"{text[: length - 3]}..."


def _escape(char: str) -> str:
    return char if char.isprintable() and not re.match(_INVISIBLE, char) else _as_escape(char)


def _as_escape(char: str) -> str:
    code = ord(char)
    if code > 0xFFFF:  # JSON knows only 16-bit escapes: a surrogate pair (RFC 8259 section 7)
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"
