"""When a token holds: NumericDates, its phase at a moment, and times in words."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from jwtcli.core.strict import is_number

Moment = int | float
"""Seconds since 1970-01-01T00:00:00Z without leap seconds: a NumericDate (RFC 7519 section 2)."""

Seconds = int | float
"""A span of time."""

Clock = Callable[[], Moment]
"""Says what time it is, whenever it is asked."""

TIME_CLAIMS = ("exp", "nbf", "iat", "auth_time", "updated_at")
"""The claims that are a NumericDate (RFC 7519 section 4.1, OpenID Connect Core 1.0 sections 2 and 5.1)."""

DAY = 86_400
YEAR = 365 * DAY
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = -62_135_596_800, 253_402_300_800  # years 1 to 9999
# Compiled when first used, for the sake of the start: most runs need none of them.
_UNIX = r"(?a)\d{1,15}(?:\.\d{1,9})?"
_RFC3339 = r"(?a)\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)"
_UNITS = (("year", YEAR), ("day", DAY), ("h", 3600), ("m", 60), ("s", 1))


class Phase(StrEnum):
    """Where a moment stands within a token's lifetime."""

    ACTIVE = "active"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    NO_EXPIRY = "no_expiry"
    INVALID = "invalid"


class Lifetime(NamedTuple):
    """A token's times, seen at one moment; None where a claim is absent or no NumericDate."""

    at: Moment
    phase: Phase
    issued_at: Moment | None
    not_before: Moment | None
    expires_at: Moment | None

    @property
    def expires_in(self) -> int | None:
        """Whole seconds until it expires, negative once it has; None without an expiry or beyond 64 bits."""
        left = math.inf if self.expires_at is None else seconds_between(self.at, self.expires_at)
        return math.floor(left) if abs(left) < 2**63 else None

    def __str__(self) -> str:
        """Say in words where the token stands in its lifetime."""
        if self.phase is Phase.EXPIRED and self.expires_at is not None:
            return f"expired {relative(self.expires_at, self.at)}"
        if self.phase is Phase.NOT_YET_VALID and self.not_before is not None:
            return f"not yet valid: starts {relative(self.not_before, self.at)}"
        if self.phase is Phase.ACTIVE and self.expires_at is not None:
            return f"active: expires {relative(self.expires_at, self.at)}"
        if self.phase is Phase.NO_EXPIRY:
            return "active: never expires"
        return "invalid: exp, nbf or iat is not a number"


def lifetime(claims: dict[str, Any], at: Moment) -> Lifetime:
    """Read ``iat``, ``nbf`` and ``exp`` (RFC 7519 section 4.1) as they stand at ``at``, with no leeway."""
    issued, start, end = (numeric_date(claims.get(name)) for name in ("iat", "nbf", "exp"))
    if any(name in claims and numeric_date(claims[name]) is None for name in ("iat", "nbf", "exp")):
        phase = Phase.INVALID
    elif end is not None and end <= at:
        phase = Phase.EXPIRED
    elif start is not None and start > at:
        phase = Phase.NOT_YET_VALID
    else:
        phase = Phase.NO_EXPIRY if end is None else Phase.ACTIVE
    return Lifetime(at, phase, issued, start, end)


def numeric_date(value: object) -> Moment | None:
    """Return the value if it is a NumericDate, else None: text and booleans are none."""
    return value if is_number(value) else None


def seconds_between(start: Moment, end: Moment) -> Seconds:
    """Return how long after ``start`` lies ``end``; infinite where it is more than a double can hold."""
    try:
        return end - start
    except OverflowError:  # a JSON integer may be larger than any double, and the clock is a double
        return math.inf if end > start else -math.inf


def in_milliseconds(value: object, at: Moment) -> bool:
    """Tell whether a NumericDate lies a century ahead of ``at`` and, read as milliseconds, within 30 years of it."""
    moment = numeric_date(value)
    if moment is None or moment <= at + 100 * YEAR:
        return False
    return (at - 30 * YEAR) * 1000 < moment < (at + 30 * YEAR) * 1000


def moment_in(text: str) -> Moment | None:
    """Read a moment from text: unix seconds, or RFC 3339 with its offset; None where it is neither."""
    if re.fullmatch(_UNIX, text):
        return float(text) if "." in text else int(text)
    if re.fullmatch(_RFC3339, text):
        try:
            moment = datetime.fromisoformat(text.upper()).timestamp()
        except ValueError:
            return None
        return int(moment) if moment.is_integer() else moment
    return None


def rfc3339(moment: Moment | None) -> str | None:
    """Write a moment as RFC 3339 in UTC; None outside the years 1 to 9999."""
    if moment is None or not _FIRST <= moment < _LAST:
        return None
    whole = math.floor(moment)
    text = (_EPOCH + timedelta(seconds=whole)).isoformat()[:19]
    micros = min(int((moment - whole) * 1_000_000), 999_999)  # just before a second, the difference rounds to 1
    return f"{text}.{micros:06d}".rstrip("0") + "Z" if micros else f"{text}Z"


def duration(seconds: Seconds) -> str:
    """Write a span of time with its two largest units: ``59m 12s``, ``3 days 4h``, ``2 years``."""
    if abs(seconds) >= 10_000 * YEAR:
        return "more than 9999 years"
    left = abs(math.trunc(seconds))
    parts: list[str] = []
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count and unit in {"year", "day"}:
            parts.append(f"{count} {unit}{'s' if count > 1 else ''}")
        elif count:
            parts.append(f"{count}{unit}")
        if len(parts) == 2 or (parts and unit == "year"):
            break
    return " ".join(parts) or "0s"


def relative(moment: Moment, at: Moment) -> str:
    """Say where a moment lies from ``at``: ``in 59m 12s``, ``3 days ago``, ``now``."""
    distance = seconds_between(at, moment)
    if abs(distance) < 1:
        return "now"
    return f"in {duration(distance)}" if distance > 0 else f"{duration(distance)} ago"
