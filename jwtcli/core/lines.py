"""A stream of bytes cut into blocks of whole numbered lines, holding one line at most."""

import re
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from jwtcli.core.errors import JwtcliError, TokenError
from jwtcli.core.strict import base64url_decode, base64url_encode, json_object
from jwtcli.core.text import find
from jwtcli.core.tokens import MAX_BYTES

_TOKEN_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
_RUN = re.compile(rb"[A-Za-z0-9_.-]++")
# base64url of '{' and of '"' or white space behind it, as the first, second or third of three characters; what stands
# before it in the latter two is white space, which JSON allows: how the first part of a token begins.
_OPENING = re.compile(rb"e(?:y[A-DI-L]|w[k-r0-3])|(?:IH|CX|Cn|DX)s[igJKN]|(?:I[AC]|C[QSgi]|D[QS])[Blp1]7[ICD]")
_BLANK = frozenset(base64url_encode(bytes(three)).encode() for three in product(b" \t\n\r", repeat=3))
# What goes on with a token: padding, standard base64, disclosures. It ends before text with a full stop, which may be
# the next token.
_TAIL = re.compile(rb"(?:[~=+][A-Za-z0-9_=+/-]*+(?!\.))*+[~=+]?")
_MOST_OPENINGS = 16  # from either end of a part: what stands before a token may open as often as what is in it
_AROUND_TOKENS = (b" ", b"\t", b"\v", b"\f", b'"', b"'", b"`")


class Block(NamedTuple):
    """Lines as they came, line breaks included, and the number of the first."""

    first: int
    content: bytes


class Lines:
    """Cuts what is fed to it into blocks of whole lines.

    Of a line beyond 2 MiB only so much is kept that it is seen to be too long. With ``loose`` a
    block may also end inside a line, between two tokens, so that a long line of text is no obstacle.
    """

    def __init__(self, *, loose: bool = False) -> None:
        self._loose = loose
        self._number = 1
        self._rest = bytearray()
        self._skipping = False

    @property
    def given(self) -> int:
        """How many lines were given out in blocks so far."""
        return self._number - 1

    def feed(self, chunk: bytes) -> Block | None:
        """Take bytes in; return the lines that they complete, if any."""
        if self._skipping:
            stop = len(chunk) - len(chunk.lstrip(_TOKEN_BYTES)) if self._loose else chunk.find(b"\n")
            if stop in (-1, len(chunk)):
                return None
            chunk, self._skipping = chunk[stop:], False
        cut = chunk.rfind(b"\n") + 1
        if not cut and self._loose:
            cut = len(chunk.rstrip(_TOKEN_BYTES))
        whole = b""
        if cut:
            whole = b"".join((self._rest, memoryview(chunk)[:cut]))  # the one copy that is made of most of a stream
            self._rest.clear()
        self._rest += memoryview(chunk)[cut:]
        if len(self._rest) > MAX_BYTES:
            whole += self._text_before_a_run() if self._loose else b""
            self._skipping = len(self._rest) > MAX_BYTES
            del self._rest[MAX_BYTES + 1 :]
        return self._block(whole) if whole else None

    def end(self) -> Block | None:
        """Return the last line, if it had no line break."""
        rest = bytes(self._rest)
        self._rest.clear()
        return self._block(rest) if rest else None

    def _text_before_a_run(self) -> bytes:
        """Give out what does not make the run behind it too long."""
        text = bytes(self._rest[: len(self._rest.rstrip(_TOKEN_BYTES))])
        del self._rest[: len(text)]
        return text

    def _block(self, content: bytes) -> Block:
        block = Block(self._number, content)
        self._number += content.count(b"\n")
        return block


def tokens_in(block: Block, *, mend: bool = False, anywhere: bool = False) -> Iterator[tuple[int, bytes | TokenError]]:
    """Yield each line's number with the token on it, or with why there is none; blank lines are skipped.

    ``mend`` is that of ``text.find``. With ``anywhere`` tokens are found in any text around them,
    and lines without one are skipped.
    """
    bare = _is_bare(block.content)  # asked once for all lines, as most are
    for number, line in enumerate(block.content.split(b"\n"), block.first):
        if anywhere:
            for found in _anywhere(line):
                yield number, found
        elif len(line) > MAX_BYTES:
            yield number, TokenError("the line is longer than 2 MiB", code="too_large")
        elif text := line.strip():
            yield number, text if bare else _one_token(text, mend=mend)


def _is_bare(content: bytes) -> bool:
    """Tell whether nothing stands around the tokens of these lines but their line breaks."""
    return content.count(b"\r") == content.count(b"\r\n") and not any(map(content.__contains__, _AROUND_TOKENS))


def _anywhere(line: bytes) -> Iterator[bytes | TokenError]:
    """Yield what may be a token in any text; each byte is looked at a fixed number of times.

    A first part counts from where an object opens in it, since text such as ``%20`` may stand before
    it; what is no token after all is refused later, which is the safe answer. Padding, standard base64
    and disclosures behind a token belong to it, and have it refused too.
    """
    for run in _RUN.finditer(line):
        if run.end() - run.start() > MAX_BYTES:
            yield TokenError("the line holds a run of text longer than 2 MiB", code="too_large")
        elif (token := _token_in(run[0])) is not None:
            tail = _TAIL.match(line, run.end())
            assert tail is not None  # it may be empty
            yield token + tail[0]


def _token_in(run: bytes) -> bytes | None:
    """Return what follows from the first part that is a header and has two behind it, or None.

    Where none can be read, what opens like one counts: it is refused later, and not passed over.
    """
    parts = run.split(b".")
    opening: tuple[int, int] | None = None
    for index, part in enumerate(parts[:-2]):
        for begin in _openings(part):
            if _is_header(part[begin:]):
                return _from(parts, index, begin)
            opening = opening or (index, begin)
    return None if opening is None else _from(parts, *opening)


def _from(parts: list[bytes], index: int, begin: int) -> bytes:
    token = [parts[index][begin:], *parts[index + 1 :]]
    while len(token) > 3 and not token[-1]:
        token.pop()  # full stops that end a sentence
    return b".".join(token)


def _openings(part: bytes) -> Iterator[int]:
    """Yield where in a part base64url of a JSON object may begin, the first few places of them and the last few."""
    places = [found.start() for found in _OPENING.finditer(part) if len(part) - found.start() >= 8]
    del places[_MOST_OPENINGS:-_MOST_OPENINGS]
    for place in places:
        begin = place
        while begin >= 4 and part[begin - 4 : begin] in _BLANK:
            begin -= 4
        yield begin


def _is_header(segment: bytes) -> bool:
    try:
        return bool(json_object(base64url_decode(segment)))
    except ValueError:
        return False


def _one_token(line: bytes, *, mend: bool) -> bytes | TokenError:
    try:
        return find(line, mend=mend).compact
    except TokenError as error:
        return error
    except JwtcliError as error:  # two tokens on one line are wrong usage elsewhere; here they are a broken line
        return TokenError(error.message, code=error.code)
