"""Strict compact serialization: what is a signed JWT, and what the rest is called."""

from collections.abc import Callable

import pytest

from jwtcli.core.errors import Status, TokenError
from jwtcli.core.reading import read
from jwtcli.core.strict import base64url_encode
from jwtcli.core.tokens import MAX_BYTES, Parts, Token, _known_header, parse, split

HEADER = base64url_encode(b'{"alg":"HS256","kid":"one"}')
CLAIMS = base64url_encode(b'{"sub":"alice"}')
NOT_BASE64URL = "the token's {} is not base64url:"
STRAY = "which is no base64url character"
CUT = "1 character cannot be base64url: something was cut off or added"
NO_HEADER = "the token's header is not a JOSE header:"
NO_CLAIMS = "the token's payload is not a claims set:"
COMPACT = f"{HEADER}.{CLAIMS}.AQID"


def test_a_token_is_taken_apart() -> None:
    expected = Token(
        COMPACT, {"alg": "HS256", "kid": "one"}, {"sub": "alice"}, b"\x01\x02\x03", f"{HEADER}.{CLAIMS}".encode()
    )
    assert parse(COMPACT) == parse(COMPACT.encode()) == expected
    assert (expected.alg, expected.kid) == ("HS256", "one")


def test_parts_are_decoded_and_nothing_more() -> None:
    text = base64url_encode(b"no JSON")
    parts = split(f"{text}..")
    assert parts == Parts(f"{text}..", b"no JSON", b"", b"")
    assert parts.signing_input == f"{text}.".encode()


@pytest.mark.parametrize("kid", ["7", "null", "[]", "true"])
def test_a_kid_that_is_not_text_is_none(kid: str) -> None:
    header = base64url_encode(b'{"kid":' + kid.encode() + b"}")
    token = parse(f"{header}.{CLAIMS}.")
    assert (token.kid, token.alg) == (None, None)


@pytest.mark.parametrize(
    ("compact", "code", "message"),
    [
        ("", "no_token", "there is no token"),
        ("abc", "malformed", "a signed token has three parts joined by dots, this text has one part"),
        ("a.b", "malformed", "a signed token has three parts joined by dots, this text has 2 parts"),
        ("a.b.c.d", "malformed", "a signed token has three parts joined by dots, this text has 4 parts"),
        ("a.b.c.d.e", "jwe", "this is an encrypted token (JWE, five parts), not a signed one"),
        (f"{COMPACT}~WyJhIl0~", "sd_jwt", "this is an SD-JWT (parts joined by '~', RFC 9901), not a plain signed JWT"),
        (f"{COMPACT}~a.b.c", "sd_jwt", "this is an SD-JWT (parts joined by '~', RFC 9901), not a plain signed JWT"),
        ("\ud800.a.b", "malformed", f"{NOT_BASE64URL.format('header')} it has the byte 0xed, {STRAY}"),
        (
            f"{COMPACT}=",
            "malformed",
            f"{NOT_BASE64URL.format('signature')} it ends in '=' padding, which a token never has",
        ),
        (f"{HEADER}.A.", "malformed", f"{NOT_BASE64URL.format('payload')} {CUT}"),
        (f"..{HEADER}", "malformed", f"{NO_HEADER} it is not JSON (expecting value at character 1)"),
        (f"{HEADER}.W10.", "malformed", f"{NO_CLAIMS} it is JSON an array, not an object"),
        (f"bnVsbA.{CLAIMS}.", "malformed", f"{NO_HEADER} it is JSON null, not an object"),
    ],
)
def test_what_is_no_signed_jwt_is_named(compact: str, code: str, message: str) -> None:
    with pytest.raises(TokenError) as refused:
        parse(compact)
    assert (refused.value.code, refused.value.message) == (code, message)
    assert refused.value.status is Status.MALFORMED


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("null", "the text null", "jq -r prints that where a field is not there"),
        ("-----BEGIN PUBLIC KEY-----\nMFkw", "a key or certificate (PEM)", "--key FILE takes a key"),
        ('{"kty":"EC"', "a JWK or JWK Set", "--key FILE takes a key, --jwks FILE a key set"),
        (' { "keys" : [] }', "a JWK or JWK Set", "--key FILE takes a key, --jwks FILE a key set"),
    ],
)
def test_what_is_often_taken_for_a_token_is_named(text: str, what: str, hint: str) -> None:
    with pytest.raises(TokenError) as refused:
        parse(text)
    assert (refused.value.message, refused.value.hint) == (f"this is {what}, not a token", hint)
    assert (refused.value.code, refused.value.status) == ("malformed", Status.MALFORMED)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"payload":"YQ","signature":"YQ"}', "jws_json"),
        (' {"payload":"a.b.c","signatures":[]}', "jws_json"),
        ('{"ciphertext":"a.b.c"}', "jwe_json"),
        ('{"a":"b.c"}', "malformed"),
    ],
)
def test_json_is_named_whatever_dots_are_in_it(text: str, code: str) -> None:
    with pytest.raises(TokenError, match="JSON") as refused:
        parse(text)
    assert refused.value.code == code


def test_the_largest_token_is_read_and_one_byte_more_is_not() -> None:
    largest = COMPACT + "A" * (MAX_BYTES - len(COMPACT))
    assert len(split(largest).signature) > MAX_BYTES // 2
    with pytest.raises(TokenError, match=r"^the token is larger than 2 MiB$") as refused:
        split(largest + "A")
    assert refused.value.code == "too_large"


@pytest.mark.parametrize("read", [split, parse])
@pytest.mark.parametrize(("place", "name"), [(0, "header"), (1, "payload"), (2, "signature")])
def test_the_part_that_is_wrong_is_named(read: Callable[[str], object], place: int, name: str) -> None:
    segments = [HEADER, CLAIMS, "AQID"]
    segments[place] = "A+BC"
    with pytest.raises(TokenError, match=f"^the token's {name} is not base64url: ") as refused:
        read(".".join(segments))
    assert refused.value.part == name


@pytest.mark.parametrize(("place", "name"), [(0, "header"), (1, "payload")])
def test_the_part_that_is_no_json_is_named(place: int, name: str) -> None:
    segments = [HEADER, CLAIMS, "AQID"]
    segments[place] = "AQID"
    with pytest.raises(TokenError) as refused:
        parse(".".join(segments))
    assert refused.value.part == name


def test_parts_that_are_no_ascii_are_refused() -> None:
    with pytest.raises(TokenError, match=r"^the token's header is not base64url: it has the byte 0xc3, "):
        split("\u00e9.e30.AQID")


@pytest.mark.parametrize(("length", "remembered"), [(96, 1), (1024, 1), (1028, 0), (4096, 0)])
def test_a_header_is_remembered_if_it_is_no_longer_than_most(length: int, remembered: int) -> None:
    start = '{"alg":"HS256","x":"'
    header = base64url_encode((start + "x" * (length * 3 // 4 - len(start) - 2) + '"}').encode())
    assert len(header) == length
    _known_header.cache_clear()
    assert parse(f"{header}.{CLAIMS}.AQID").header["alg"] == "HS256"
    assert _known_header.cache_info().currsize == remembered


def test_who_changes_a_header_changes_that_of_no_other_token() -> None:
    parse(COMPACT).header["alg"] = "none"
    assert parse(COMPACT).alg == "HS256"


@pytest.mark.parametrize("text", ["token={}", "https://x/cb?token={}", '{{"token":"{}"}}', "{},", "{}.", "{};x", '"{}'])
def test_of_a_token_with_text_around_it_the_way_out_is_told(text: str) -> None:
    with pytest.raises(TokenError) as refused:
        parse(text.format(COMPACT))
    assert refused.value.hint == "a token stands in this text: hand it over alone, or have it found by --lines --find"


@pytest.mark.parametrize("part", [HEADER[:5], HEADER, f"{HEADER}.{CLAIMS[:9]}", f"{HEADER}.{CLAIMS}", COMPACT[:-5]])
@pytest.mark.parametrize("ellipsis", ["...", "\u2026", ".\u2026"])
@pytest.mark.parametrize("reader", [split, parse, read])
def test_a_token_that_was_shortened_is_told_so_and_called_no_other_kind(
    part: str, ellipsis: str, reader: Callable[[bytes], object]
) -> None:
    with pytest.raises(TokenError) as refused:
        reader(f"{part}{ellipsis}".encode())
    error = refused.value
    assert (error.message, error.hint, error.code, error.status) == (
        "the token ends in '...': it was shortened where it was copied from",
        "copy it once more from where it stands whole",
        "malformed",
        3,
    )


@pytest.mark.parametrize("text", ["{}~...", '{{"token": "{}...'])
def test_what_is_known_by_its_form_keeps_its_name_where_it_was_shortened(text: str) -> None:
    with pytest.raises(TokenError, match=r"^this is (an SD-JWT|JSON)"):
        parse(text.format(COMPACT))


@pytest.mark.parametrize("text", ["{}=", "{}+a", "{}.more", "{}. ", "{}..", "evil.{}", "hello", "{}.{}"])
def test_what_belongs_to_a_token_is_no_text_around_it(text: str) -> None:
    with pytest.raises(TokenError) as refused:
        parse(text.format(COMPACT, COMPACT))
    assert refused.value.hint is None
