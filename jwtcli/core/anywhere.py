"""Tokens found in any text around them, such as logs and JSON."""

import re
from collections.abc import Iterator
from itertools import product

from jwtcli.core.errors import TokenError
from jwtcli.core.kinds import header_in
from jwtcli.core.strict import base64url_encode
from jwtcli.core.tokens import MAX_BYTES

_RUN = re.compile(rb"[A-Za-z0-9_.-]++")
# base64url of '{' and of '"' or white space behind it, as the first, second or third of three characters; what stands
# before it in the latter two is white space, which JSON allows: how the first part of a token begins.
# Looked ahead for: the letters of one opening may begin another.
_OPENING = re.compile(rb"(?=e(?:y[A-DI-L]|w[k-r0-3])|(?:IH|CX|Cn|DX)s[igJKN]|(?:I[AC]|C[QSgi]|D[QS])[Blp1]7[ICD])")
_BLANK = frozenset(base64url_encode(bytes(three)).encode() for three in product(b" \t\n\r", repeat=3))
# What goes on with a token: padding, standard base64, disclosures. It ends before text with a full stop, which may be
# the next token.
_TAIL = re.compile(rb"(?:[~=+][A-Za-z0-9_=+/-]*+(?!\.))*+[~=+]?")
_MOST_OPENINGS = 16  # from either end of a part: what stands before a token may open as often as what is in it


def tokens_in_text(line: bytes) -> Iterator[bytes | TokenError]:
    """Yield what may be a token in a line of any text; each byte is looked at a fixed number of times.

    A first part counts from where an object opens in it, since text such as ``%20`` may stand before
    it; what is no token after all is refused later, which is the safe answer. Padding, standard base64
    and disclosures behind a token belong to it, and have it refused too.
    """
    for run in _RUN.finditer(line):
        if run.end() - run.start() > MAX_BYTES:
            yield TokenError("the line holds a run of text longer than 2 MiB", code="too_large")
        elif tokens := _tokens_in(run[0].split(b".")):
            tail = _TAIL.match(line, run.end())
            assert tail is not None  # it may be empty
            tokens[-1] += tail[0]
            yield from tokens


def _tokens_in(parts: list[bytes]) -> list[bytes]:
    """Return the tokens among parts, in their order; the last of them reaches to the end.

    Where there are more parts than three, those at the end may be a token of their own: a header and a full stop
    would hide it otherwise.
    """
    while len(parts) > 3 and not parts[-1]:
        parts.pop()  # full stops that end a sentence
    found: list[bytes] = []
    while len(parts) > 3 and (begin := _header_with_alg(parts[-3])) is not None:
        found.append(_joined(parts[-3:], begin))
        del parts[-3:]
    first = _token_from(parts)
    return [*([] if first is None else [first]), *reversed(found)]


def _token_from(parts: list[bytes]) -> bytes | None:
    """Return what follows from the first part that is a header and has two behind it, or None.

    Where none can be read, what opens like one counts: it is refused later, and not passed over.
    """
    opening: tuple[int, int] | None = None
    for index, part in enumerate(parts[:-2]):
        for begin in _openings(part):
            if header_in(part[begin:]):
                return _joined(parts[index:], begin)
            opening = opening or (index, begin)
    return None if opening is None else _joined(parts[opening[0] :], opening[1])


def _joined(parts: list[bytes], begin: int) -> bytes:
    return b".".join((parts[0][begin:], *parts[1:]))


def _header_with_alg(part: bytes) -> int | None:
    return next((begin for begin in _openings(part) if "alg" in header_in(part[begin:])), None)


def _openings(part: bytes) -> Iterator[int]:
    """Yield where in a part base64url of a JSON object may begin, the first few places of them and the last few."""
    places = [found.start() for found in _OPENING.finditer(part) if len(part) - found.start() >= 8]
    del places[_MOST_OPENINGS:-_MOST_OPENINGS]
    for place in places:
        begin = place
        while begin >= 4 and part[begin - 4 : begin] in _BLANK:
            begin -= 4
        yield begin
