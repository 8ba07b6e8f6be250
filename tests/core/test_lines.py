"""Bytes into numbered lines: whole, bounded, whatever the chunks."""

import pytest

from jwtcli.core.errors import TokenError
from jwtcli.core.lines import Block, Lines, tokens_in
from jwtcli.core.tokens import MAX_BYTES

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


def test_two_tokens_in_a_line_are_found_both_and_text_without_one_is_skipped() -> None:
    assert found(b"a %s b %s\nnothing.at.all eyes.on.you\n" % (TOKEN, TOKEN), anywhere=True) == [(1, TOKEN), (1, TOKEN)]


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


def test_an_endless_run_of_text_is_told_and_hides_no_token_behind_it() -> None:
    text = b"A" * (MAX_BYTES + 5000) + b" " + TOKEN + b"\n"
    blocks = fed([text[at : at + 65536] for at in range(0, len(text), 65536)], loose=True)
    told = [token for block in blocks for _, token in tokens_in(block, anywhere=True)]
    assert [type(token) for token in told[:-1]] == [TokenError] * (len(told) - 1)
    assert len(told) > 1
    assert told[-1] == TOKEN


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
