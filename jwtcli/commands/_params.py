"""From text on the command line to values: DURATION, LIFETIME, MOMENT, MEMBER and OUTPUT."""

import re
from typing import Any, NamedTuple

import click

from jwtcli.commands._stdio import names_stdout
from jwtcli.core.lifetime import DAY, Moment, moment_in
from jwtcli.core.printable import MAY_BE_SECRET
from jwtcli.core.strict import json_value

_UNITS = {"w": 7 * DAY, "d": DAY, "h": 3600, "m": 60, "s": 1}
# Compiled when first used, for the sake of the start: most runs need none of them.
_DURATION = r"(?a)(?:(\d{1,9})w)?(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?"
_SECONDS = r"(?a)\d{1,12}"
_PYTHON = {"True": "true", "False": "false", "None": "null"}  # what Python prints, and JSON writes
_MOMENTS = " such as 1700000000, 2026-01-31T12:00:00Z, now, +1h or -5m"


class When(NamedTuple):
    """A moment as it was written: seconds since 1970, or seconds from the clock of the run."""

    seconds: Moment
    from_clock: bool = False

    def seen_at(self, clock: Moment) -> Moment:
        """Return the NumericDate that is meant when the clock shows ``clock``."""
        return clock + self.seconds if self.from_clock else self.seconds


class Duration(click.ParamType[int]):
    """A span of time: ``90``, ``90s``, ``15m``, ``1h30m``, ``7d``, ``2w``. Delivers seconds, ``least`` or more."""

    name = "duration"

    def __init__(self, least: int = 0) -> None:
        self._least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the seconds."""
        seconds = value if isinstance(value, int) else duration_seconds(value)
        if seconds is None:
            ahead = param is not None and param.name == "lifetime" and value.startswith("-")
            rest = ": an expired token is made with --at -2h --ttl 1h" if ahead else " such as 90, 15m, 1h30m or 7d"
            self.fail(f"'{value}' is no duration{rest}", param, ctx)
        if seconds < self._least:
            self.fail(f"'{value}' is less than {self._least}s", param, ctx)
        return seconds


class MomentInTime(click.ParamType[When]):
    """A moment: unix seconds, RFC 3339 with offset, ``now``, ``+1h``, ``-5m``. Delivers a When."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> When:
        """Return the moment as it was written."""
        when = value if isinstance(value, When) else _when(value)
        if when is None:
            nearly = (f"+{value}", f"{value}Z", f"{value}T00:00:00Z")  # no sign, no offset, no time of day
            meant = next((text for text in nearly if _when(text) is not None), None)
            instead = f": did you mean {meant}?" if meant else _MOMENTS
            self.fail(f"'{value}' is no moment{instead}", param, ctx)
        return when


class Member(click.ParamType[tuple[str, Any]]):
    """A name with its value: ``NAME=TEXT``, or ``NAME:=JSON``. Delivers the pair."""

    name = "member"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Any]:
        """Split at the first ``=``; a ``:`` just before it means JSON."""
        if not isinstance(value, str):
            return value[0], value[1]
        name, equals, text = value.partition("=")
        is_json = name.endswith(":")
        name = name.removesuffix(":")
        reads_like_key = "\n" in name or (len(name) >= MAY_BE_SECRET and not text.strip("="))  # padding is no value
        if not equals or not name or reads_like_key:
            self.fail(f"it has neither the form NAME=TEXT nor NAME:=JSON, {_instead_of(value, param)}", param, ctx)
        if not is_json:
            return name, text
        try:
            return name, json_value(text)
        except ValueError as error:
            meant = f"JSON writes {_PYTHON[text]}" if text in _PYTHON else "text goes in with NAME=TEXT"
            self.fail(f"the value of '{name}' cannot be used: {error} ({meant})", param, ctx)


class Text(click.ParamType[str]):
    """Text that goes on as it was typed."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text: what it means is judged where it is used."""
        return str(value)


class OutputFile(Text):
    """The name of a file to write; every name of standard output becomes ``-``, in whose place no file is put."""

    name = "output"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name as it was typed, or ``-``."""
        return "-" if names_stdout(value) else str(value)


DURATION = Duration()
LIFETIME = Duration(least=1)  # of what is to be accepted at all
MOMENT = MomentInTime()
MEMBER = Member()
OUTPUT = OutputFile()


def duration_seconds(text: str) -> int | None:
    """Return the seconds of a duration, or None for text that is none."""
    if re.fullmatch(_SECONDS, text):
        return int(text)
    found = re.fullmatch(_DURATION, text)
    if not text or found is None:
        return None
    return sum(int(count) * size for count, size in zip(found.groups(), _UNITS.values(), strict=True) if count)


def _instead_of(value: str, param: click.Parameter | None) -> str:
    """Say what may be meant by what is no member."""
    name = "" if param is None else param.name
    if name == "expect":
        return "such as role=admin; --require NAME asks only that it is there"
    if name == "members" and value.lstrip().startswith("{"):
        return "and a whole JSON object goes in as CLAIMS, without -c"
    return "such as role=admin or admin:=true"


def _when(text: str) -> When | None:
    if text == "now":
        return When(0, from_clock=True)
    if text[:1] in ("+", "-"):
        seconds = duration_seconds(text[1:])
        return None if seconds is None else When(-seconds if text[0] == "-" else seconds, from_clock=True)
    moment = moment_in(text)
    return None if moment is None else When(moment)
