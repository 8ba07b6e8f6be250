"""The members of a header or claims set as rows to show: in their order, printable, times in words."""

import json
from typing import Any, NamedTuple

from jwtcli.core.lifetime import TIME_CLAIMS, Lifetime, Moment, numeric_date, relative, rfc3339
from jwtcli.core.printable import printable
from jwtcli.core.strict import is_number, too_deep

_INLINE = 72
DEEPEST_INDENT = 16
"""Levels of JSON that are indented: 500 of them would make a gigabyte of a token of 2 MiB."""


class Row(NamedTuple):
    """One member, safe to show: ``value`` is JSON text, over several lines where it is long.

    ``moment`` is set for a claim that is a time, ``when`` says it in words.
    """

    name: str
    value: str
    json_type: str
    moment: Moment | None = None
    when: str | None = None


def rows(members: dict[str, Any], lifetime: Lifetime | None = None) -> list[Row]:
    """Return a row for each member; with a lifetime its times are told from that moment."""
    return [row(name, value, lifetime) for name, value in members.items()]


def row(name: str, value: object, lifetime: Lifetime | None = None) -> Row:
    """Return the row of one member."""
    moment, when = None, None
    if lifetime is not None and name in TIME_CLAIMS:
        moment = numeric_date(value)
        told = rfc3339(moment)
        when = None if moment is None or told is None else f"{told}, {relative(moment, lifetime.at)}"
    return Row(_name(name), _value(value), _type(value), moment, when)


def _name(name: str) -> str:
    """Show a member's name bare where it is plain, else as JSON: a name may hold anything."""
    plain = name and name == name.strip() and printable(name) == name and not set(name) & set('"\\:')
    return name if plain else _json(name)


def _value(value: object) -> str:
    inline = _json(value)
    if len(inline) <= _INLINE or not isinstance(value, (dict, list)) or not value or too_deep(value, DEEPEST_INDENT):
        return inline
    return "\n".join(printable(line) for line in json.dumps(value, ensure_ascii=False, indent=2).split("\n"))


def _json(value: object) -> str:
    return printable(json.dumps(value, ensure_ascii=False))


def _type(value: object) -> str:
    if isinstance(value, str):
        return "text"
    if is_number(value):
        return "number"
    return "structure" if isinstance(value, (dict, list)) else "word"
