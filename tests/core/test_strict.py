"""base64url and JSON as the RFCs write them, and no more."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jwtcli.core.strict import (
    MAX_DEPTH,
    base64url_decode,
    base64url_encode,
    is_number,
    is_unicode,
    json_object,
    json_type,
    json_value,
    same_json,
)


@settings(derandomize=True, deadline=None, database=None)
@given(st.binary(max_size=70))
def test_base64url_comes_back_as_it_was(data: bytes) -> None:
    assert base64url_decode(base64url_encode(data).encode()) == data


@settings(derandomize=True, deadline=None, database=None, max_examples=300)
@given(st.lists(st.sampled_from(list("ABQgwZz059-_=+/. \n")), max_size=9).map("".join))
def test_base64url_has_one_spelling(text: str) -> None:
    try:
        data = base64url_decode(text.encode())
    except ValueError:
        return
    assert base64url_encode(data) == text


@pytest.mark.parametrize("length", range(1, 10))
def test_each_byte_in_each_place_is_read_or_refused_as_rfc_4648_has_it(length: int) -> None:
    for place, byte in product(range(length), range(256)):
        text = b"A" * place + bytes([byte]) + b"A" * (length - place - 1)
        if length % 4 != 1 and re.fullmatch(rb"[A-Za-z0-9_-]*", text):
            data = urlsafe_b64decode(text + b"=" * (-length % 4))
            if urlsafe_b64encode(data).rstrip(b"=") == text:
                assert base64url_decode(text) == data
                continue
        with pytest.raises(ValueError, match=r"it |its last character|characters? cannot be base64url"):
            base64url_decode(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"AA==", "it ends in '=' padding, which a token never has"),
        (b"A=A=", "it has '=', which is no base64url character"),
        (b"A+/A", "it has '+' or '/': standard base64 where base64url ('-' and '_') is required"),
        (b"A A", "it has ' ', which is no base64url character"),
        (b"A\nA", "it has '\\n', which is no base64url character"),
        (b"A\xc3\xa9", "it has the byte 0xc3, which is no base64url character"),
        (b"A+*A", "it has '+', which is no base64url character"),
        (b"AA=X", "it has '=', which is no base64url character"),
        (b"=AAA", "it has '=', which is no base64url character"),
        (b"A", "1 character cannot be base64url: something was cut off or added"),
        (b"AAAAA", "5 characters cannot be base64url: something was cut off or added"),
        (b"AB", "its last character carries bits that mean nothing (not canonical base64url)"),
        (b"AAB", "its last character carries bits that mean nothing (not canonical base64url)"),
    ],
)
def test_what_is_not_base64url_is_named(text: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=r"^it|^[15] char") as refused:
        base64url_decode(text)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "it is not JSON (expecting value at character 1)"),
        (b"{", "it is not JSON (expecting property name enclosed in double quotes at character 2)"),
        (b"{}x", "it is not JSON (extra data at character 3)"),
        (b"[]", "it is JSON an array, not an object"),
        (b"null", "it is JSON null, not an object"),
        (b'"{}"', "it is JSON text, not an object"),
        (b"true", "it is JSON true or false, not an object"),
        (b"1.5", "it is JSON a number, not an object"),
        (b'{"a":1,"a":1}', 'it has the name "a" twice'),
        (b'{"a":1,"\\u0061":2}', 'it has the name "a" twice'),
        (b'{"x":[{"b":1,"c":2,"b":3}]}', 'it has the name "b" twice'),
        (b'{"\\ud800":1,"\\ud800":1}', 'it has the name "\\ud800" twice'),
        (b'{"a":NaN}', "it is not JSON (NaN is no JSON number)"),
        (b'{"a":Infinity}', "it is not JSON (Infinity is no JSON number)"),
        (b'{"a":-Infinity}', "it is not JSON (-Infinity is no JSON number)"),
        (b'{"a":1e400}', "it has a number beyond what a double can hold"),
        (b'{"a":-1e400}', "it has a number beyond what a double can hold"),
        (b'{"a":' + b"9" * 4301 + b"}", "it has an integer of more than 4300 digits"),
        (b'{"a":"\xff"}', "it is not UTF-8 (byte 7)"),
        (b'{"a":"b', "it is not JSON (unterminated string starting at character 6)"),
        (b'{"a":"\xed\xa0\x80"}', "it is not UTF-8 (byte 7)"),
        ("{}".encode("utf-16"), "it is not UTF-8 (byte 1)"),
        ("{}".encode("utf-16-le"), "it is not JSON (expecting property name enclosed in double quotes at character 2)"),
        (b"[" * 200_000, "it is nested more than 500 levels deep"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_is_no_json_object_is_named(text: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=r"^it|^1 char") as refused:
        json_object(text)
    assert str(refused.value) == message


def test_a_byte_order_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="it is not JSON"):
        json_object(b"\xef\xbb\xbf{}")


@pytest.mark.parametrize("pair", ["[]", "{}"])
def test_nesting_ends_at_its_limit(pair: str) -> None:
    left, right = (pair[0], pair[1]) if pair == "[]" else ('{"a":', "}")
    inner = "1"
    assert json_value(left * MAX_DEPTH + inner + right * MAX_DEPTH)
    with pytest.raises(ValueError, match="nested more than 500 levels deep"):
        json_value(left * (MAX_DEPTH + 1) + inner + right * (MAX_DEPTH + 1))


def test_width_and_brackets_in_text_are_not_depth() -> None:
    assert len(json_value("[" + ",".join(["[]"] * 600) + "]")) == 600
    assert json_value(json.dumps("[" * 600)) == "[" * 600


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "null"),
        (True, "true or false"),
        (0, "a number"),
        (0.5, "a number"),
        ("", "text"),
        ([], "an array"),
        ({}, "an object"),
    ],
)
def test_a_json_type_has_a_name(value: object, name: str) -> None:
    assert json_type(value) == name
    assert is_number(value) is (name == "a number")


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (1, 1.0, True),
        (0, -0.0, True),
        (1, True, False),
        (0, False, False),
        (1, "1", False),
        (None, False, False),
        (None, 0, False),
        (None, None, True),
        ("a", "A", False),
        ("é", "e\u0301", False),
        ([1, 2], [1.0, 2], True),
        ([1, 2], [2, 1], False),
        ([1], [1, 1], False),
        ([True], [1], False),
        ([], {}, False),
        ([], "", False),
        ({"a": 1, "b": [0]}, {"b": [0.0], "a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 1}, False),
        ({"a": None}, {}, False),
        ({"a": {"b": True}}, {"a": {"b": 1}}, False),
        (2**53 + 1, float(2**53), False),
        (10**400, 10**400, True),
        (10**400, 1e308, False),
    ],
)
def test_json_is_compared_by_type_and_value(left: Any, right: Any, same: bool) -> None:
    assert same_json(left, right) is same
    assert same_json(right, left) is same


@pytest.mark.parametrize("make", ["[", '{"a":'])
def test_the_deepest_values_that_can_be_read_can_be_compared(make: str) -> None:
    text = make * MAX_DEPTH + "1" + ("]" if make == "[" else "}") * MAX_DEPTH
    assert same_json(json_value(text), json_value(text))
    assert not same_json(json_value(text), json_value(text.replace("1", "true")))


@pytest.mark.parametrize(("text", "good"), [("", True), ("Zoë 🦊", True), ("\ud83e\udd8a", False), ("a\udcff", False)])
def test_text_with_a_lone_surrogate_is_no_unicode(text: str, good: bool) -> None:
    assert is_unicode(text) is good
