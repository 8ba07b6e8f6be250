"""DURATION, MOMENT and MEMBER: which text is one, and what it means."""

from typing import Any

import click
import pytest

from jwtcli.commands._params import DURATION, MEMBER, MOMENT, When, duration_seconds

NEITHER = "it has neither the form NAME=TEXT nor NAME:=JSON"
NOT_JSON = "the value of 'admin' cannot be used: it is not JSON (expecting value at character 1)"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("90", 90),
        ("90s", 90),
        ("15m", 900),
        ("1h30m", 5400),
        ("7d", 604_800),
        ("2w", 1_209_600),
        ("1w1d1h1m1s", 694_861),
        ("999999999999", 999_999_999_999),
    ],
)
def test_a_duration_is_seconds(text: str, seconds: int) -> None:
    assert DURATION.convert(text, None, None) == seconds
    assert DURATION.convert(seconds, None, None) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 90",
        "1.5h",
        "-1h",
        "+1h",
        "1h 30m",
        "30m1h",
        "1H",
        "90S",
        "1y",
        "h",
        "nan",
        "1e3",
        "٣",
        "1_0",
        "9" * 13,
        "1h90",
    ],
)
def test_any_other_text_is_no_duration(text: str) -> None:
    assert duration_seconds(text) is None
    with pytest.raises(click.BadParameter, match="no duration such as"):
        DURATION.convert(text, None, None)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("now", When(0, from_clock=True)),
        ("+1h", When(3600, from_clock=True)),
        ("-5m", When(-300, from_clock=True)),
        ("+90", When(90, from_clock=True)),
        ("1700000000", When(1_700_000_000)),
        ("1700000000.5", When(1_700_000_000.5)),
        ("0", When(0)),
        ("2023-11-14T22:13:20Z", When(1_700_000_000)),
        ("2023-11-14t22:13:20z", When(1_700_000_000)),
        ("2023-11-14 22:13:20Z", When(1_700_000_000)),
        ("2023-11-15T00:13:20+02:00", When(1_700_000_000)),
        ("2023-11-14T22:13:20.25Z", When(1_700_000_000.25)),
        ("2023-11-14T22:13:20.000Z", When(1_700_000_000)),
        ("1969-12-31T23:59:59Z", When(-1)),
        ("0001-01-01T00:00:00Z", When(-62_135_596_800)),
        ("9999-12-31T23:59:59-23:59", When(253_402_387_139)),
    ],
)
def test_a_moment_is_a_numeric_date_or_a_distance_from_the_clock(text: str, when: When) -> None:
    moment = MOMENT.convert(text, None, None)
    assert (moment, type(moment.seconds)) == (when, type(when.seconds))
    assert MOMENT.convert(when, None, None) is when


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "-",
        "+",
        "+1.5h",
        "1e9",
        "nan",
        "inf",
        "0x10",
        "1700000000Z",
        "2023-11-14",
        "2023-11-14T22:13:20",
        "2023-11-14T22:13Z",
        "2023-02-30T00:00:00Z",
        "2023-11-14T24:00:01Z",
        "2023-11-14T23:59:60Z",
        "0000-01-01T00:00:00Z",
        "2023-11-14T22:13:20+25:00",
        "2023-W46-2T22:13:20Z",
        "٢٠٢٣-11-14T22:13:20Z",
        "9" * 16,
        "1.",
        ".5",
    ],
)
def test_any_other_text_is_no_moment(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is no moment"):
        MOMENT.convert(text, None, None)


def test_a_distance_counts_from_the_clock_and_a_moment_does_not() -> None:
    assert When(-300, from_clock=True).seen_at(1000.5) == 700.5
    assert When(5).seen_at(1000) == 5


@pytest.mark.parametrize(
    ("text", "pair"),
    [("a=b", ("a", "b")), ("a:=1", ("a", 1)), ("a==", ("a", "=")), ("a:b=c", ("a:b", "c")), ("a:=[1]", ("a", [1]))],
)
def test_a_member_is_a_name_with_its_value(text: str, pair: tuple[str, Any]) -> None:
    assert MEMBER.convert(text, None, None) == pair
    assert MEMBER.convert(pair, None, None) == pair


@pytest.mark.parametrize("text", ["", "a", "=b", ":=1", "a:=", "a:=x", "a:=NaN", 'a:={"b":1,"b":2}', "a:=1e999"])
def test_any_other_text_is_no_member(text: str) -> None:
    with pytest.raises(click.BadParameter):
        MEMBER.convert(text, None, None)


@pytest.mark.parametrize(
    ("option", "text", "told"),
    [
        ("members", "role", f"{NEITHER}, such as role=admin or admin:=true"),
        ("header_members", "{}", f"{NEITHER}, such as role=admin or admin:=true"),
        (
            "members",
            '{"a": 1}',
            f"{NEITHER}, and a whole JSON object goes in as CLAIMS, without -c",
        ),
        (
            "expect",
            "role",
            f"{NEITHER}, such as role=admin; --require NAME asks only that it is there",
        ),
        (
            "members",
            "admin:=True",
            f"{NOT_JSON} (JSON writes true)",
        ),
        (
            "expect",
            "admin:=yes",
            f"{NOT_JSON} (text goes in with NAME=TEXT)",
        ),
    ],
)
def test_what_a_member_lacks_is_told_where_it_was_given(option: str, text: str, told: str) -> None:
    with pytest.raises(click.BadParameter) as refused:
        MEMBER.convert(text, click.Option([f"--{option}", option]), None)
    assert refused.value.message == told


@pytest.mark.parametrize(
    ("option", "text", "told"),
    [
        ("lifetime", "-1h", "'-1h' is no duration: an expired token is made with --at -2h --ttl 1h"),
        ("leeway", "-1h", "'-1h' is no duration such as 90, 15m, 1h30m or 7d"),
        ("lifetime", "1x", "'1x' is no duration such as 90, 15m, 1h30m or 7d"),
    ],
)
def test_a_lifetime_that_is_over_is_told_how_to_be_made(option: str, text: str, told: str) -> None:
    with pytest.raises(click.BadParameter) as refused:
        DURATION.convert(text, click.Option([f"--{option}", option]), None)
    assert refused.value.message == told


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1h", "+1h"),
        ("2027-01-01", "2027-01-01T00:00:00Z"),
        ("2026-01-31T12:05:00", "2026-01-31T12:05:00Z"),
    ],
)
def test_what_a_moment_lacks_is_told(text: str, meant: str) -> None:
    with pytest.raises(click.BadParameter) as refused:
        MOMENT.convert(text, None, None)
    assert refused.value.message == f"'{text}' is no moment: did you mean {meant}?"
