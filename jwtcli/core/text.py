"""Finding the one token in what people paste: header lines, Bearer prefixes, quotes, wrapped lines."""

import re
from typing import NamedTuple

from jwtcli.core.errors import TokenError, UsageError
from jwtcli.core.kinds import text_around

_PREFIX = rb"(?i)(?:authorization:\s*)?bearer\s+"  # compiled when a text begins like it, for the start's sake
JOINING = "tr -d ' \\t\\r\\n' on its way here does that"
UNQUOTING = "tr -d '\"' on its way here does that"
_QUOTES = (b'"', b"'", b"`")
_BEGINNINGS = (b"ey", b"ew")  # base64url of "{" and what may stand behind it in a header


class Found(NamedTuple):
    """The text of one token, and what was taken off around it to get there."""

    compact: bytes
    notes: tuple[str, ...] = ()


def find(pasted: bytes, *, mend: bool, as_is: bool = False) -> Found:
    """Find the one token in what was handed over.

    Outer white space goes silently, ``Bearer`` and ``Authorization: Bearer`` with a note. With
    ``mend`` (decode) quotes are taken off and wrapped lines joined where one token results;
    without it (verify) both are refused with a hint, unless ``as_is`` leaves them to a later reader.
    Raises TokenError where there is no token and UsageError where there are two.
    """
    text, notes = _unwrap(pasted.strip(), mend=mend, as_is=as_is)
    words = text.split()
    if not words:
        raise TokenError("there is no token: the input is empty", code="no_token")
    if len(words) > 1 and text[:1] != b"{":  # JSON is named for what it is by the parser
        joined = _joined(words, mend=mend or as_is)
        if as_is:
            return Found(text, tuple(notes))
        text = joined
        notes.append(f"joined the {len(words)} pieces that the token was broken into")
    return Found(text, tuple(notes))


def _unwrap(text: bytes, *, mend: bool, as_is: bool) -> tuple[bytes, list[str]]:
    notes: list[str] = []
    for _ in range(4):  # a prefix in quotes, quotes behind a prefix; more is no accident of pasting
        if text[:1] in b"AaBb" and (prefix := re.match(_PREFIX, text)):
            notes.append(f"took off '{' '.join(prefix[0].decode('ascii').split())}'")
            text = text[prefix.end() :].strip()
        elif len(text) > 1 and text[:1] in _QUOTES and text[:1] == text[-1:] and not as_is:
            if not mend:
                raise _quoted()
            notes.append("took off the quotes around the token")
            text = text[1:-1].strip()
        else:
            break
    return text, notes


def _joined(words: list[bytes], *, mend: bool) -> bytes:
    if sum(word.count(b".") >= 2 and word.startswith(_BEGINNINGS) for word in words) > 1:
        raise UsageError(
            "there is more than one token here",
            hint="hand over one at a time; verify and decode take a line each with --lines",
            code="several_tokens",
        )
    joined, hint = b"".join(words), text_around(b" ".join(words))
    if hint or joined.count(b".") not in (2, 4):  # a signed token, or an encrypted one
        raise TokenError("this is not one token: white space stands between pieces that do not make one", hint=hint)
    if not mend:
        raise TokenError(
            "white space stands inside the token: it was wrapped, or something was added",
            hint=f"join it first: {JOINING}",
        )
    return joined


def _quoted() -> TokenError:
    return TokenError(
        "quotes stand around the token",
        hint=f"take them off first: {UNQUOTING}",
    )
