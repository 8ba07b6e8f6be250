"""NumericDates and lifetimes at their edges, and times in words."""

import math

import pytest

from jwtcli.core.as_json import reading as as_json
from jwtcli.core.as_text import reading as as_text
from jwtcli.core.lifetime import (
    DAY,
    Lifetime,
    Moment,
    Phase,
    duration,
    lifetime,
    numeric_date,
    relative,
    rfc3339,
    seconds_between,
)
from jwtcli.core.tokens import Token
from tests.conftest import AT

HUGE = 10**400
"""A JSON integer that no double can hold."""


@pytest.mark.parametrize(
    ("claims", "phase"),
    [
        ({}, Phase.NO_EXPIRY),
        ({"exp": AT + 1}, Phase.ACTIVE),
        ({"exp": AT + 0.001}, Phase.ACTIVE),
        ({"exp": AT}, Phase.EXPIRED),
        ({"exp": AT - 1}, Phase.EXPIRED),
        ({"nbf": AT}, Phase.NO_EXPIRY),
        ({"nbf": AT + 1}, Phase.NOT_YET_VALID),
        ({"nbf": AT + 1, "exp": AT + 2}, Phase.NOT_YET_VALID),
        ({"nbf": AT + 1, "exp": AT}, Phase.EXPIRED),
        ({"iat": AT + 1}, Phase.NO_EXPIRY),
        ({"exp": str(AT)}, Phase.INVALID),
        ({"exp": None}, Phase.INVALID),
        ({"nbf": True}, Phase.INVALID),
        ({"iat": [AT], "exp": AT - 1}, Phase.INVALID),
        ({"exp": HUGE}, Phase.ACTIVE),
        ({"exp": -HUGE}, Phase.EXPIRED),
    ],
)
@pytest.mark.parametrize("at", [AT, float(AT)])
def test_a_phase_is_where_the_moment_stands(claims: dict[str, object], phase: Phase, at: Moment) -> None:
    assert lifetime(claims, at).phase is phase


def test_a_lifetime_keeps_the_times_as_they_stand() -> None:
    read = lifetime({"iat": AT - 0.5, "nbf": 0, "exp": AT + 90}, AT)
    assert read == Lifetime(AT, Phase.ACTIVE, AT - 0.5, 0, AT + 90)
    assert read.expires_in == 90
    assert lifetime({}, AT).expires_in is None


@pytest.mark.parametrize(
    ("exp", "at", "left"),
    [
        (AT + 0.9, AT, 0),
        (AT - 0.1, AT, -1),
        (AT, AT + 0.5, -1),
        (2**62, 0, 2**62),
        (2**63, 0, None),
        (HUGE, AT + 0.5, None),
        (-HUGE, AT, None),
        (1e308, AT, None),
    ],
)
def test_expires_in_is_whole_seconds_down_or_nothing_beyond_64_bits(exp: Moment, at: Moment, left: int | None) -> None:
    assert lifetime({"exp": exp}, at).expires_in == left


@pytest.mark.parametrize("exp", [HUGE, -HUGE, 1e308, -1e308, 5e-324, -5e-324, -int("9" * 4300)])
@pytest.mark.parametrize("at", [AT, AT + 0.5])
def test_both_views_show_any_number_as_a_time(exp: Moment, at: Moment) -> None:
    token = Token("", {}, {"exp": exp, "iat": exp, "nbf": exp}, b"", b"")
    assert as_json(token, at)
    assert as_text(token, at)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (AT, "2023-11-14T22:13:20Z"),
        (AT + 0.5, "2023-11-14T22:13:20.5Z"),
        (1.000002, "1970-01-01T00:00:01.000002Z"),
        (0.9999999, "1970-01-01T00:00:00.999999Z"),
        (-1, "1969-12-31T23:59:59Z"),
        (-1e-17, "1969-12-31T23:59:59.999999Z"),
        (951782400, "2000-02-29T00:00:00Z"),
        (-62135596800, "0001-01-01T00:00:00Z"),
        (253402300799, "9999-12-31T23:59:59Z"),
        (-62135596801, None),
        (253402300800, None),
        (HUGE, None),
        (-HUGE, None),
        (1e308, None),
        (None, None),
    ],
)
def test_rfc_3339_in_utc_within_the_years_1_to_9999(moment: Moment | None, text: str | None) -> None:
    assert rfc3339(moment) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (0.9, "0s"),
        (1, "1s"),
        (59, "59s"),
        (60, "1m"),
        (61, "1m 1s"),
        (3552, "59m 12s"),
        (3600, "1h"),
        (3601, "1h 1s"),
        (DAY, "1 day"),
        (DAY + 3600, "1 day 1h"),
        (3 * DAY + 4 * 3600 + 5, "3 days 4h"),
        (365 * DAY, "1 year"),
        (2 * 365 * DAY + 5 * DAY, "2 years"),
        (9999 * 365 * DAY, "9999 years"),
        (10_000 * 365 * DAY, "more than 9999 years"),
        (HUGE, "more than 9999 years"),
        (math.inf, "more than 9999 years"),
        (-61, "1m 1s"),
        (-math.inf, "more than 9999 years"),
    ],
)
def test_a_duration_has_its_two_largest_units(seconds: Moment, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (AT, "now"),
        (AT + 0.9, "now"),
        (AT - 0.9, "now"),
        (AT + 1, "in 1s"),
        (AT - 192, "3m 12s ago"),
        (HUGE, "in more than 9999 years"),
        (-HUGE, "more than 9999 years ago"),
    ],
)
@pytest.mark.parametrize("at", [AT, float(AT)])
def test_a_relative_time_is_seen_from_the_clock(moment: Moment, at: Moment, text: str) -> None:
    assert relative(moment, at) == text


def test_seconds_between_never_overflows() -> None:
    assert seconds_between(1, 3) == 2
    assert seconds_between(0.5, HUGE) == math.inf
    assert seconds_between(0.5, -HUGE) == -math.inf
    assert seconds_between(-1e308, 1e308) == math.inf


@pytest.mark.parametrize("value", [True, False, "1", None, [], {}])
def test_only_a_json_number_is_a_numeric_date(value: object) -> None:
    assert numeric_date(value) is None


@pytest.mark.parametrize("value", [0, -1, 1.5, HUGE])
def test_every_json_number_is_a_numeric_date(value: Moment) -> None:
    assert numeric_date(value) == value
