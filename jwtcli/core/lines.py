"""A stream of bytes cut into blocks of whole numbered lines, holding one line at most."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from jwtcli.core.errors import JwtcliError, TokenError
from jwtcli.core.strict import base64url_decode
from jwtcli.core.text import find
from jwtcli.core.tokens import MAX_BYTES

_TOKEN_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
# Where no base64url stands before it, save an escape such as %20 or \\n: base64url of '{"', of '{' with white space
# behind it, or of white space (C, D, I), then at least two dots; five parts are a JWE. What padding, standard base64
# or an SD-JWT would go on with belongs to it, and has it refused. Nothing is given back (++), so the time grows with
# the text and no faster.
_TOKEN = re.compile(
    rb"(?:(?<![A-Za-z0-9_-])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt])|(?<=\\u[0-9A-Fa-f]{4}))"
    rb"(?:e(?:y[A-DI-L]|w[k-r0-3])|[CDI])[A-Za-z0-9_-]{5,}+\.[A-Za-z0-9_-]*+\.[A-Za-z0-9_-]*+(?:\.[A-Za-z0-9_-]++)*+"
    rb"(?:[~=+][A-Za-z0-9_.~=+/-]*+)?"
)
_ENDLESS = re.compile(rb"[A-Za-z0-9_.-]{%d}" % (MAX_BYTES + 1))
_AROUND_TOKENS = (b" ", b"\t", b'"', b"'", b"`")


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
        self._rest = b""
        self._skipping = False

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
        if not cut:
            self._keep(self._rest + chunk)
            return None
        whole = self._rest + chunk[:cut]
        self._keep(chunk[cut:])
        return self._block(whole)

    def end(self) -> Block | None:
        """Return the last line, if it had no line break."""
        rest, self._rest = self._rest, b""
        return self._block(rest) if rest else None

    def _keep(self, rest: bytes) -> None:
        self._skipping = len(rest) > MAX_BYTES
        self._rest = rest[: MAX_BYTES + 1]

    def _block(self, content: bytes) -> Block:
        block = Block(self._number, content)
        self._number += content.count(b"\n")
        return block


def tokens_in(block: Block, *, mend: bool = False, anywhere: bool = False) -> Iterator[tuple[int, bytes | TokenError]]:
    """Yield each line's number with the token on it, or with why there is none; blank lines are skipped.

    ``mend`` is that of ``text.find``. With ``anywhere`` tokens are found in any text around them,
    and lines without one are skipped.
    """
    bare = not any(map(block.content.__contains__, _AROUND_TOKENS))  # asked once for all lines, as most are
    for number, line in enumerate(block.content.split(b"\n"), block.first):
        if anywhere:
            if len(line) > MAX_BYTES and _ENDLESS.search(line):
                yield number, TokenError("the line holds a run of text longer than 2 MiB", code="too_large")
            for found in _TOKEN.findall(line):
                if found[:1] == b"e" or _opens_an_object(found):
                    yield number, found
        elif len(line) > MAX_BYTES:
            yield number, TokenError("the line is longer than 2 MiB", code="too_large")
        elif text := line.strip():
            yield number, text if bare else _one_token(text, mend=mend)


def _opens_an_object(found: bytes) -> bool:
    """Tell a header that begins with white space, which JSON allows, from any word that begins like one."""
    try:
        return base64url_decode(found.partition(b".")[0]).lstrip()[:1] == b"{"
    except ValueError:
        return False


def _one_token(line: bytes, *, mend: bool) -> bytes | TokenError:
    try:
        return find(line, mend=mend).compact
    except TokenError as error:
        return error
    except JwtcliError as error:  # two tokens on one line are wrong usage elsewhere; here they are a broken line
        return TokenError(error.message, code=error.code)
