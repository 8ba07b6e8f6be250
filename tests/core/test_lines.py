"""Bytes into numbered lines: whole, bounded, whatever the chunks."""

from base64 import b64encode
from itertools import product
from typing import Any

import pytest

from jwtcli.core.errors import TokenError
from jwtcli.core.lines import Block, Lines, tokens_in
from jwtcli.core.signatures import sign
from jwtcli.core.strict import base64url_encode
from jwtcli.core.tokens import MAX_BYTES
from tests.conftest import key_for, within_reason

TOKEN = b"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.AAAA"


def fed(chunks: list[bytes], *, loose: bool = False) -> list[Block]:
    lines = Lines(loose=loose)
    return [block for block in (*map(lines.feed, chunks), lines.end()) if block is not None]


def found(content: bytes, *, mend: bool = False, anywhere: bool = False) -> list[tuple[int, object]]:
    told = tokens_in(Block(1, content), mend=mend, anywhere=anywhere)
    return [(number, token.code if isinstance(token, TokenError) else token) for number, token in told]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_lines_keep_their_numbers_however_they_are_cut_into_chunks(size: int) -> None:
    text = b"one\n\nthree\r\nfour"
    blocks = fed([text[at : at + size] for at in range(0, len(text), size)])
    told = [pair for block in blocks for pair in tokens_in(block)]
    assert told == [(1, b"one"), (3, b"three"), (4, b"four")]


def test_an_endless_line_is_held_up_to_the_limit_and_the_next_one_is_whole() -> None:
    lines = Lines()
    for _ in range(64):
        assert lines.feed(b"x" * 100_000) is None
    block = lines.feed(b"xxx\nnext\n")
    assert block is not None
    assert len(block.content) <= MAX_BYTES + 10
    told = list(tokens_in(block))
    assert [number for number, _ in told] == [1, 2]
    assert isinstance(told[0][1], TokenError)
    assert told[1][1] == b"next"


def test_a_token_padded_beyond_the_limit_is_no_token() -> None:
    lines = Lines()
    lines.feed(TOKEN + b" " * MAX_BYTES)
    block = lines.feed(b"junk\n")
    assert block is not None
    assert [(number, type(token)) for number, token in tokens_in(block)] == [(1, TokenError)]


def test_text_without_line_breaks_is_cut_between_tokens() -> None:
    text = b'{"a": "' + TOKEN + b'", "b": "' + TOKEN + b'"}'
    blocks = fed([text[at : at + 20] for at in range(0, len(text), 20)], loose=True)
    assert [token for block in blocks for _, token in tokens_in(block, anywhere=True)] == [TOKEN, TOKEN]
    assert {block.first for block in blocks} == {1}


@pytest.mark.parametrize(
    "text",
    [
        b"GET / 200 token=%s;path=/",
        b"< Authorization: Bearer %s\r",
        b'{"value":"%s"}',
        b"Bearer%%20%s%%22",
        b"saw %s. And nothing else",
        b"(%s)",
    ],
)
def test_a_token_is_found_in_any_text_around_it(text: bytes) -> None:
    assert found(text % TOKEN, anywhere=True) == [(1, TOKEN)]


def test_two_tokens_in_a_line_are_found_both_and_text_without_one_is_skipped() -> None:
    assert found(b"a %s b %s\nnothing.at.all eyes.on.you\n" % (TOKEN, TOKEN), anywhere=True) == [(1, TOKEN), (1, TOKEN)]


def test_five_parts_are_found_as_what_they_are() -> None:
    jwe = TOKEN + b".BBBB.CCCC"
    assert found(b"x " + jwe, anywhere=True) == [(1, jwe)]


@pytest.mark.parametrize(
    ("line", "mend", "told"),
    [
        (b"Bearer " + TOKEN, False, TOKEN),
        (b'"' + TOKEN + b'"', False, "malformed"),
        (b'"' + TOKEN + b'"', True, TOKEN),
        (TOKEN + b" " + TOKEN, False, "several_tokens"),
    ],
)
def test_a_line_is_unwrapped_as_a_single_token_is(line: bytes, mend: bool, told: object) -> None:
    assert found(line, mend=mend) == [(1, told)]


@pytest.mark.parametrize("behind", [b"~WyJhIiwiYiIsImMiXQ~", b"=", b"==", b"+AAAA", b"~"])
def test_what_would_go_on_with_a_token_belongs_to_it_wherever_it_stands(behind: bytes) -> None:
    assert found(b"saw %s%s here" % (TOKEN, behind), anywhere=True) == [(1, TOKEN + behind)]


@pytest.mark.parametrize(
    "header",
    [
        b'{"\xc3\xa9":1,"alg":"HS256"}',
        b'{ "alg":"HS256"}',
        b'{\r\n"alg":"HS256"}',
        b'{\t"a":1}',
        b' {"a":1}',
        b'\n\n  {"a":1}',
    ],
)
def test_a_header_is_known_however_its_object_begins(header: bytes) -> None:
    token = b64encode(header, b"-_").rstrip(b"=") + b".e30.AAAA"
    assert found(b"saw %s here" % token, anywhere=True) == [(1, token)]


def test_an_endless_run_of_text_is_told_and_hides_no_token_behind_it() -> None:
    text = b"A" * (MAX_BYTES + 5000) + b" " + TOKEN + b"\n"
    blocks = fed([text[at : at + 65536] for at in range(0, len(text), 65536)], loose=True)
    told = [token for block in blocks for _, token in tokens_in(block, anywhere=True)]
    assert [type(token) for token in told[:-1]] == [TokenError] * (len(told) - 1)
    assert len(told) > 1
    assert told[-1] == TOKEN


@pytest.mark.parametrize(
    "text",
    [
        b"eyJ" * 400_000,
        b"eyJaaaaaaa" * 120_000,
        b"eyJaaaaaa." * 120_000,
        b"ICAg" * 500_000,
        b"eyJhbGci.a.b~" * 80_000,
        b"eyJhbGci.a.b=" * 80_000,
    ],
)
def test_no_text_takes_longer_than_its_length(text: bytes) -> None:
    within_reason(lambda: found(text, anywhere=True))


def test_words_with_dots_are_no_tokens() -> None:
    assert found(b"Configuration.loaded.twice Data.frame.x In-depth.analysis.here", anywhere=True) == []


@pytest.mark.parametrize(
    "text",
    [
        b"Config.auth.token=%s",
        b"Dashboard.a.b %s",
        rb"\\x22%s\\x22",
        b"\x1b[32m%s",
        b"%%253D%s",
        b"jwt_%s",
        b"session.id.%s",
    ],
)
def test_no_text_before_a_token_hides_it(text: bytes) -> None:
    assert found(text % TOKEN, anywhere=True)[-1] == (1, TOKEN)


@pytest.mark.parametrize(
    "before",
    [b"", b"evil.", b"a.b.c.", b"x", b"eyJ", b"eyJeyJ", b"eyJ" * 40, b"eyJevilxx.", b"eyJ00000.x.", b"/x/"],
)
@pytest.mark.parametrize("behind", [b"", b"/", b"/abc"])
def test_the_answer_is_about_the_token_and_not_about_the_text_glued_to_it(before: bytes, behind: bytes) -> None:
    assert found(before + TOKEN + behind, anywhere=True) == [(1, TOKEN)]


def test_no_nesting_of_a_header_hides_its_token() -> None:
    deep: dict[str, Any] = {"alg": "HS256"}
    for _ in range(120):
        deep = {"a": deep}  # in base64url every third of them opens like a header
    token = sign(deep, {}, key_for("HS256"), "HS256").encode()
    assert token.count(b"eyJ") > 32
    assert found(token, anywhere=True) == [(1, token)]


@pytest.mark.parametrize("before", [b"", b"x", b"evil."])
@pytest.mark.parametrize("behind", [b".more", b"." + TOKEN, b"=", b"~", b"+/"])
def test_what_reads_on_behind_a_token_is_neither_cut_off_nor_passed_over(before: bytes, behind: bytes) -> None:
    assert found(before + TOKEN + behind, anywhere=True) == [(1, TOKEN + behind)]


def test_a_run_just_under_the_limit_takes_no_longer_than_its_length() -> None:
    text = b"!" * 20 + b"A" * (MAX_BYTES - 10) + b"!" + b"b " * 100_000
    within_reason(lambda: found(text, anywhere=True))


@pytest.mark.parametrize("before", ["", "x", "20", "Bearer-", "a.b."])
def test_a_header_that_begins_with_white_space_is_found_wherever_it_stands(before: str) -> None:
    blanks = ["".join(blank) for length in range(5) for blank in product(" \t\n\r", repeat=length)]
    for blank, behind in product(
        blanks, ['"alg":"HS256"}', ' "alg":"HS256"}', '\n"alg":"HS256"}', '\t"a":1}', '\r"a":1}']
    ):
        token = f"{base64url_encode((blank + '{' + behind).encode())}.e30.AAAA".encode()
        assert found(b"GET /?t=%" + before.encode() + token + b" HTTP", anywhere=True) == [(1, token)]


@pytest.mark.parametrize("size", [1_000, 65_536, 262_144, 5_000_000])
def test_text_before_a_long_token_does_not_cut_it_short(size: int) -> None:
    token = TOKEN + b"A" * 1_900_000
    behind = b"AAAA.BBBB" * 50_000
    text = b"\n" + b", " * ((MAX_BYTES + 1 - len(token)) // 2) + token + behind + b"\n"
    blocks = fed([text[at : at + size] for at in range(0, len(text), size)], loose=True)
    told = [pair for block in blocks for pair in tokens_in(block, anywhere=True)]
    assert [(number, getattr(one, "code", one)) for number, one in told] == [(2, "too_large")]
    text = b"\n" + b", " * 200_000 + token + b"\n"
    blocks = fed([text[at : at + size] for at in range(0, len(text), size)], loose=True)
    assert [pair for block in blocks for pair in tokens_in(block, anywhere=True)] == [(2, token)]


@pytest.mark.parametrize("line", [b"Bearer\f" + TOKEN, b"Bearer\v" + TOKEN, b"Bearer\r" + TOKEN, TOKEN + b"\f" + TOKEN])
def test_what_a_line_says_does_not_depend_on_the_lines_beside_it(line: bytes) -> None:
    alone = found(line + b"\n")
    for beside in (b"x y\n", b"x\r\n", b'"\n', b"x\n"):
        assert found(line + b"\n" + beside)[:1] == alone
