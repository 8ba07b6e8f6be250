"""A stream of bytes cut into blocks of whole numbered lines, holding one line at most."""

from collections.abc import Iterator
from typing import NamedTuple

from jwtcli.core.errors import JwtcliError, TokenError
from jwtcli.core.text import find
from jwtcli.core.tokens import MAX_BYTES

_TOKEN_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
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
    if anywhere:
        yield from _tokens_anywhere(block)
        return
    bare = _is_bare(block.content)  # asked once for all lines, as most are
    for number, line in enumerate(block.content.split(b"\n"), block.first):
        if len(line) > MAX_BYTES:
            yield number, TokenError("the line is longer than 2 MiB", code="too_large")
        elif text := line.strip():
            yield number, text if bare else _one_token(text, mend=mend)


def _tokens_anywhere(block: Block) -> Iterator[tuple[int, bytes | TokenError]]:
    from jwtcli.core.anywhere import tokens_in_text  # late: most streams have no text around their tokens

    for number, line in enumerate(block.content.split(b"\n"), block.first):
        for found in tokens_in_text(line):
            yield number, found


def _is_bare(content: bytes) -> bool:
    """Tell whether nothing stands around the tokens of these lines but their line breaks."""
    return content.count(b"\r") == content.count(b"\r\n") and not any(map(content.__contains__, _AROUND_TOKENS))


def _one_token(line: bytes, *, mend: bool) -> bytes | TokenError:
    try:
        return find(line, mend=mend).compact
    except TokenError as error:
        return error
    except JwtcliError as error:  # two tokens on one line are wrong usage elsewhere; here they are a broken line
        return TokenError(error.message, code=error.code)
