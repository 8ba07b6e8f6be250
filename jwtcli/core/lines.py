"""A stream of bytes cut into blocks of whole numbered lines, holding one line at most."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from jwtcli.core.errors import JwtcliError, TokenError
from jwtcli.core.strict import base64url_decode
from jwtcli.core.text import find
from jwtcli.core.tokens import MAX_BYTES

_TOKEN_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
_RUN = re.compile(rb"[A-Za-z0-9_.-]++")
# base64url of '{"', and of '{' with white space behind it: how the first part of a token begins.
_OPENING = re.compile(rb"e(?:y[A-DI-L]|w[k-r0-3])")
_TAIL = re.compile(rb"[~=+][A-Za-z0-9_.~=+/-]*+")
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
        self._rest = bytearray()
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
            self._keep(chunk)
            return None
        whole = bytes(self._rest) + chunk[:cut]
        self._rest.clear()
        self._keep(chunk[cut:])
        return self._block(whole)

    def end(self) -> Block | None:
        """Return the last line, if it had no line break."""
        rest = bytes(self._rest)
        self._rest.clear()
        return self._block(rest) if rest else None

    def _keep(self, chunk: bytes) -> None:
        self._rest += chunk
        self._skipping = len(self._rest) > MAX_BYTES
        del self._rest[MAX_BYTES + 1 :]

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
            for found in _anywhere(line):
                yield number, found
        elif len(line) > MAX_BYTES:
            yield number, TokenError("the line is longer than 2 MiB", code="too_large")
        elif text := line.strip():
            yield number, text if bare else _one_token(text, mend=mend)


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
            yield token + (tail[0] if tail else b"")


def _token_in(run: bytes) -> bytes | None:
    """Return what follows from the first part that opens an object and has two behind it, or None."""
    parts = run.split(b".")
    for index, part in enumerate(parts[:-2]):
        begin = _opening(part)
        if begin is not None:
            token = [part[begin:], *parts[index + 1 :]]
            while len(token) > 3 and not token[-1]:
                token.pop()  # full stops that end a sentence
            return b".".join(token)
    return None


def _opening(part: bytes) -> int | None:
    """Return where in a part base64url of a JSON object begins, or None."""
    found = _OPENING.search(part)
    if found is not None and len(part) - found.start() >= 8:
        return found.start()
    if part[:1] in (b"C", b"D", b"I"):  # white space, which JSON allows before an object
        try:
            return 0 if base64url_decode(part).lstrip()[:1] == b"{" else None
        except ValueError:
            return None
    return None


def _one_token(line: bytes, *, mend: bool) -> bytes | TokenError:
    try:
        return find(line, mend=mend).compact
    except TokenError as error:
        return error
    except JwtcliError as error:  # two tokens on one line are wrong usage elsewhere; here they are a broken line
        return TokenError(error.message, code=error.code)
