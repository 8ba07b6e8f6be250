"""What is unwise about a token, told without a key: its spelling, header, signature, claims and size."""

from collections.abc import Iterator
from typing import Any

from jwtcli.core.errors import TokenError
from jwtcli.core.flaws import RULES, Flaw, Report, Severity
from jwtcli.core.kinds import Kind, kind_of, named
from jwtcli.core.lenient import Mended, Slip, mend, object_with_duplicates, without_spare_bits
from jwtcli.core.lifetime import Moment, Seconds
from jwtcli.core.lint_claims import claim_flaws
from jwtcli.core.lint_header import header_flaws
from jwtcli.core.tokens import Parts, split

MAX_COOKIE_BYTES = 4096
MAX_HEADER_BYTES = 8192
_LONGEST_NAME = 60
_SLIPS = {
    Slip.QUOTES: "quotes stand around it",
    Slip.WHITE_SPACE: "white space stands in it",
    Slip.STANDARD_BASE64: "it has '+' or '/'",
    Slip.PADDING: "it has '=' padding",
    Slip.SPARE_BITS: "its last character carries bits that mean nothing",
}
_ORDER = {code: place for place, code in enumerate(RULES)}


def lint(text: bytes, max_lifetime: Seconds, at: Moment, fail_on: Severity | None = Severity.HIGH) -> Report:
    """Judge a token by the rules, without a key: nothing in it is verified.

    ``max_lifetime`` is in seconds, ``at`` the clock. What the strict reader refuses and a forgiving
    one takes is told as flaws. Raises TokenError where no reader could make a signed JWT of it, which
    names the relatives of one.
    """
    try:
        return Report(_flaws(text, max_lifetime, at), fail_on)
    except TokenError:
        kind = kind_of(text)
        if kind is Kind.JWS:
            raise
        raise named(kind) from None


def _flaws(text: bytes, max_lifetime: Seconds, at: Moment) -> tuple[Flaw, ...]:
    clean, parts = _taken_apart(text)
    header, twice_in_header = _object("header", parts.header)
    claims, twice_in_claims = _object("claims", parts.payload)
    flaws = [
        *_spelling(clean),
        *twice_in_header,
        *twice_in_claims,
        *header_flaws(header, parts.signature),
        *claim_flaws(claims, max_lifetime, at),
        *_size(len(text)),
    ]
    return tuple(sorted(flaws, key=lambda flaw: _ORDER[flaw.code]))


def _taken_apart(text: bytes) -> tuple[Mended, Parts]:
    mended = mend(text)
    if mended is None:
        split(text)
    assert mended is not None, "what has not three parts does not split"
    clean = without_spare_bits(mended)
    return clean, split(clean.compact)


def _spelling(clean: Mended) -> Iterator[Flaw]:
    for slip, parts in clean.slips.items():
        for part in parts:
            yield Flaw("not_canonical", part, f"the {part} is not canonical base64url: {_SLIPS[slip]}")


def _object(name: str, text: bytes) -> tuple[dict[str, Any], list[Flaw]]:
    try:
        members, twice = object_with_duplicates(text)
    except ValueError as error:
        noun = "claims set" if name == "claims" else "JOSE header"
        raise TokenError(f"the token holds no {noun}: {error}") from None
    message = "the name '{}' stands twice in one object: readers differ on which counts"
    return members, [Flaw("duplicate_names", name, message.format(one[:_LONGEST_NAME])) for one in twice]


def _size(size: int) -> Iterator[Flaw]:
    if size > MAX_COOKIE_BYTES:
        yield Flaw("size_cookie", "token", f"the token has {size} bytes: browsers keep cookies of {MAX_COOKIE_BYTES}")
    if size > MAX_HEADER_BYTES:
        yield Flaw(
            "size_header", "token", f"the token has {size} bytes: many servers take {MAX_HEADER_BYTES} of headers"
        )
