"""Tokens in any text around them: each is found whole, and no text hides one or takes long."""

from base64 import b64encode
from itertools import product
from typing import Any

import pytest

from jwtcli.core.anywhere import tokens_in_text
from jwtcli.core.errors import TokenError
from jwtcli.core.signatures import sign
from jwtcli.core.strict import base64url_encode
from jwtcli.core.tokens import MAX_BYTES
from tests.conftest import key_for, within_reason

TOKEN = b"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.AAAA"


def found(line: bytes) -> list[object]:
    return [token.code if isinstance(token, TokenError) else token for token in tokens_in_text(line)]


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
    assert found(text % TOKEN) == [TOKEN]


def test_five_parts_are_found_as_what_they_are() -> None:
    jwe = TOKEN + b".BBBB.CCCC"
    assert found(b"x " + jwe) == [jwe]


@pytest.mark.parametrize("behind", [b"~WyJhIiwiYiIsImMiXQ~", b"=", b"==", b"+AAAA", b"~"])
def test_what_would_go_on_with_a_token_belongs_to_it_wherever_it_stands(behind: bytes) -> None:
    assert found(b"saw %s%s here" % (TOKEN, behind)) == [TOKEN + behind]


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
    assert found(b"saw %s here" % token) == [token]


@pytest.mark.parametrize(
    "text",
    [
        b"eyJ" * 400_000,
        b"eyJaaaaaaa" * 120_000,
        b"eyJaaaaaa." * 120_000,
        b"ICAg" * 500_000,
        b"eyJhbGci.a.b~" * 80_000,
        b"eyJhbGci.a.b=" * 80_000,
        b"eyJhbGciOjF9.a.b." * 120_000,
    ],
)
def test_no_text_takes_longer_than_its_length(text: bytes) -> None:
    within_reason(lambda: found(text))


def test_words_with_dots_are_no_tokens() -> None:
    assert found(b"Configuration.loaded.twice Data.frame.x In-depth.analysis.here") == []


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
    assert found(text % TOKEN)[-1] == TOKEN


@pytest.mark.parametrize(
    "before",
    [b"", b"evil.", b"a.b.c.", b"x", b"eyJ", b"eyJeyJ", b"eyJ" * 40, b"eyJevilxx.", b"eyJ00000.x.", b"/x/"],
)
@pytest.mark.parametrize("behind", [b"", b"/", b"/abc"])
def test_the_answer_is_about_the_token_and_not_about_the_text_glued_to_it(before: bytes, behind: bytes) -> None:
    assert found(before + TOKEN + behind) == [TOKEN]


def test_no_nesting_of_a_header_hides_its_token() -> None:
    deep: dict[str, Any] = {"alg": "HS256"}
    for _ in range(120):
        deep = {"a": deep}  # in base64url every third of them opens like a header
    token = sign(deep, {}, key_for("HS256"), "HS256").encode()
    assert token.count(b"eyJ") > 32
    assert found(token) == [token]


@pytest.mark.parametrize("before", [b"", b"x", b"evil."])
@pytest.mark.parametrize("behind", [b".more", b".eyJhIjoxfQ", b"=", b"~", b"+/"])
def test_what_reads_on_behind_a_token_is_neither_cut_off_nor_passed_over(before: bytes, behind: bytes) -> None:
    assert found(before + TOKEN + behind) == [TOKEN + behind]


@pytest.mark.parametrize(
    "before", [b"eyJhIjoxfQ.", b"eyJhIjoxfQ.eyJhIjoxfQ.", b"eyJhbGciOiJub25lIn0.", b"xeyJhbGciOjF9.b."]
)
def test_a_header_and_a_full_stop_hide_no_token(before: bytes) -> None:
    assert found(b"log %s end" % (before + TOKEN)) == [TOKEN]
    assert found(b"log %s. The end" % (before + TOKEN)) == [TOKEN]
    assert found(b"log %s~ end" % (before + TOKEN)) == [TOKEN + b"~"]


def test_tokens_with_a_full_stop_between_them_are_all_found() -> None:
    jwe = TOKEN + b".BBBB.CCCC"
    other = b"eyJhbGciOiJIUzI1NiJ9.eyJhbGciOiJIUzI1NiJ9.BBBB"
    assert found(b".".join((jwe, TOKEN, other, b"x" + TOKEN))) == [jwe, TOKEN, other, TOKEN]


def test_a_run_just_under_the_limit_takes_no_longer_than_its_length() -> None:
    text = b"!" * 20 + b"A" * (MAX_BYTES - 10) + b"!" + b"b " * 100_000
    within_reason(lambda: found(text))


@pytest.mark.parametrize("before", ["", "x", "20", "ey", "ew", "Bearer-", "a.b."])
def test_a_header_that_begins_with_white_space_is_found_wherever_it_stands(before: str) -> None:
    blanks = ["".join(blank) for length in range(5) for blank in product(" \t\n\r", repeat=length)]
    for blank, behind in product(
        blanks, ['"alg":"HS256"}', ' "alg":"HS256"}', '\n"alg":"HS256"}', '\t"a":1}', '\r"a":1}']
    ):
        token = f"{base64url_encode((blank + '{' + behind).encode())}.e30.AAAA".encode()
        assert found(b"GET /?t=%" + before.encode() + token + b" HTTP") == [token]
