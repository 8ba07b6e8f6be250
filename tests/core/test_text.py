"""Finding the one token in what people paste."""

import pytest

from jwtcli.core.errors import JwtcliError, Status
from jwtcli.core.kinds import GETTING_IT_OUT
from jwtcli.core.text import Found, find

TOKEN = b"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl"
both = pytest.mark.parametrize("mend", [True, False], ids=["decode", "verify"])


@both
@pytest.mark.parametrize(
    ("pasted", "notes"),
    [
        (TOKEN, ()),
        (b"\r\n\t  " + TOKEN + b" \r\n", ()),
        (b"Bearer " + TOKEN, ("took off 'Bearer'",)),
        (b"bearer\t" + TOKEN, ("took off 'bearer'",)),
        (b"Authorization: Bearer " + TOKEN + b"\r\n", ("took off 'Authorization: Bearer'",)),
        (b"authorization:bearer   " + TOKEN, ("took off 'authorization:bearer'",)),
        (b"AUTHORIZATION:  BEARER " + TOKEN, ("took off 'AUTHORIZATION: BEARER'",)),
        (b"Authorization: Bearer\r\n " + TOKEN, ("took off 'Authorization: Bearer'",)),
        (b"Bearer\n" + TOKEN, ("took off 'Bearer'",)),
        (b"Bearer Bearer " + TOKEN, ("took off 'Bearer'", "took off 'Bearer'")),
    ],
)
def test_white_space_and_bearer_come_off(pasted: bytes, notes: tuple[str, ...], mend: bool) -> None:
    assert find(pasted, mend=mend) == Found(TOKEN, notes)


@pytest.mark.parametrize("quote", [b'"', b"'", b"`"])
def test_quotes_come_off_for_decode_and_are_refused_by_verify(quote: bytes) -> None:
    for pasted in (quote + TOKEN + quote, b"Bearer " + quote + TOKEN + quote, quote + b"Bearer " + TOKEN + quote):
        found = find(pasted, mend=True)
        assert found.compact == TOKEN
        assert "took off the quotes around the token" in found.notes
        with pytest.raises(JwtcliError, match="quotes stand around the token") as refused:
            find(pasted, mend=False)
        assert refused.value.status is Status.MALFORMED
        assert refused.value.hint == "take them off first: tr -d '\"' on its way here does that"


@both
@pytest.mark.parametrize("pasted", [b'"' + TOKEN, TOKEN + b"'", b'"' + TOKEN + b"'", b'"', TOKEN + b'"x'])
def test_quotes_that_do_not_match_stay_for_the_parser_to_refuse(pasted: bytes, mend: bool) -> None:
    assert find(pasted, mend=mend).compact == pasted


@pytest.mark.parametrize("wrap", [b"\n", b"\r\n", b" ", b"\n    ", b"\t"])
def test_wrapped_lines_are_joined_for_decode_and_refused_by_verify(wrap: bytes) -> None:
    pasted = wrap.join((TOKEN[:7], TOKEN[7:21], TOKEN[21:]))
    assert find(pasted, mend=True) == Found(TOKEN, ("joined the 3 pieces that the token was broken into",))
    with pytest.raises(JwtcliError, match="white space stands inside the token") as refused:
        find(pasted, mend=False)
    assert refused.value.status is Status.MALFORMED
    assert refused.value.hint == "join it first: tr -d ' \\t\\r\\n' on its way here does that"


@both
@pytest.mark.parametrize("between", [b"\n", b" ", b"\n\n", b"\r\n"])
def test_two_tokens_are_wrong_usage(between: bytes, mend: bool) -> None:
    with pytest.raises(JwtcliError, match="more than one token") as refused:
        find(TOKEN + between + TOKEN, mend=mend)
    assert (refused.value.status, refused.value.code) == (Status.USAGE, "several_tokens")


@both
@pytest.mark.parametrize("other", [b"127.0.0.1", b"v1.2.3", b"www.example.org"])
def test_a_name_with_full_stops_is_no_second_token(other: bytes, mend: bool) -> None:
    with pytest.raises(JwtcliError, match="this is not one token") as refused:
        find(other + b" " + TOKEN, mend=mend)
    assert refused.value.hint == f"a token stands in this text: {GETTING_IT_OUT}"


@both
@pytest.mark.parametrize("pasted", [b"hello world", b"a.b c", b"eyJ.eyJ x.y.", b"Bearer a b"])
def test_words_that_make_no_token_are_not_joined(pasted: bytes, mend: bool) -> None:
    with pytest.raises(JwtcliError, match="this is not one token") as refused:
        find(pasted, mend=mend)
    assert refused.value.status is Status.MALFORMED


@both
@pytest.mark.parametrize("pasted", [b"", b"   ", b"\r\n\t"])
def test_nothing_is_no_token(pasted: bytes, mend: bool) -> None:
    with pytest.raises(JwtcliError, match="there is no token: the input is empty") as refused:
        find(pasted, mend=mend)
    assert (refused.value.status, refused.value.code) == (Status.MALFORMED, "no_token")


def test_empty_quotes_are_no_token() -> None:
    with pytest.raises(JwtcliError, match="the input is empty"):
        find(b'" "', mend=True)


@both
def test_json_is_left_for_the_parser_to_name(mend: bool) -> None:
    pasted = b'{"payload": "a", "signatures": []}'
    assert find(pasted, mend=mend).compact == pasted


@both
@pytest.mark.parametrize("pasted", [b"Bearer", b"Authorization: Basic", b"--jwks=x", b"\xff\xfe", b"\x00"])
def test_what_is_no_token_goes_on_as_it_is(pasted: bytes, mend: bool) -> None:
    if b" " in pasted:
        with pytest.raises(JwtcliError):
            find(pasted, mend=mend)
    else:
        assert find(pasted, mend=mend) == Found(pasted)


@both
def test_prefixes_come_off_only_so_often(mend: bool) -> None:
    assert find(b"Bearer " * 4 + TOKEN, mend=mend).compact == TOKEN
    with pytest.raises(JwtcliError, match="this is not one token"):
        find(b"Bearer " * 5 + TOKEN, mend=mend)


@pytest.mark.parametrize(
    "around", [(b"GET / Authorization: Bearer ", b" 401"), (b"the token ", b""), (b"token: ", b",")]
)
@both
def test_a_token_in_a_line_of_text_is_not_joined_with_it(around: tuple[bytes, bytes], mend: bool) -> None:
    with pytest.raises(JwtcliError, match="this is not one token") as refused:
        find(TOKEN.join(around), mend=mend)
    assert refused.value.hint == "a token stands in this text: hand it over alone, or have it found by --lines --find"


def test_a_wrapped_token_is_joined_wherever_it_is_broken() -> None:
    for place in range(1, len(TOKEN)):
        assert find(TOKEN[:place] + b"\n" + TOKEN[place:], mend=True).compact == TOKEN
