"""Bundles of options: each adds a group of related options to a command and delivers one typed value."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from jwtcli.commands._params import MOMENT, When
from jwtcli.commands._sections import GENERAL, Decorator, section
from jwtcli.commands._stdio import emit, is_terminal, remark

if TYPE_CHECKING:
    from jwtcli.core.lifetime import Clock, Moment

_AT = click.option(
    "--at",
    "moment",
    type=MOMENT,
    metavar="MOMENT",
    help="Take this moment for now, such as -5m or 2026-01-31T12:00:00Z.",
)


class View(NamedTuple):
    """How results are shown: as text or JSON, with remarks or without, in colour or plain."""

    json: bool = False
    quiet: bool = False
    colour: bool = False

    def note(self, message: str) -> None:
        """Say something worth knowing, unless ``-q`` was given."""
        if not self.quiet:
            remark("note", message)

    def warn(self, message: str) -> None:
        """Say something that must be known, ``-q`` or not."""
        remark("warning", message)

    def show(self, as_text: Callable[[], str], as_json: Callable[[], str]) -> None:
        """Print the product in the form that was asked for."""
        emit(as_json() if self.json else as_text())


def bundle(
    name: str,
    make: Callable[..., Any],
    *options: Decorator,
    title: str = GENERAL,
    environment: Mapping[str, str] | None = None,
) -> Decorator:
    """Add options to a command as a section of its help, and hand it their values as one, made by ``make``."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        names: list[str] = []

        @wraps(command)
        def with_bundle(**values: Any) -> Any:
            mine = {own: values.pop(own) for own in names}
            return command(**{name: make(**mine)}, **values)

        delivered = section(title, *options, environment=environment)(with_bundle)
        names.extend(vars(delivered)["__sections__"][0].names)
        return delivered

    return decorate


def view_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--json``, ``-q`` and ``--color``; delivers ``view``."""
    return bundle(
        "view",
        _make_view,
        click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
        click.option("-q", "--quiet", is_flag=True, help="No notes and hints on stderr."),
        click.option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            default="auto",
            help="Colour the text (default: on a terminal).",
        ),
    )(command)


def clock_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--at``; delivers ``at``, the moment that this run takes for now."""
    return bundle("at", _make_clock, _AT)(command)


def running_clock_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--at``; delivers ``clock``, which says what this run takes for now whenever it is asked."""
    return bundle("clock", _make_running_clock, _AT)(command)


def token_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the one argument of commands that read a token; delivers ``token``."""
    argument = click.argument(
        "token",
        required=False,
        metavar="[TOKEN|-|@FILE]",
        help="The token; left out, or -, it is read from standard input. A token from elsewhere goes after --.",
    )
    return argument(command)


def _make_view(as_json: bool, quiet: bool, color: str) -> View:
    return View(as_json, quiet, not as_json and _in_colour(color))


def _in_colour(asked: str) -> bool:
    """Decide on colour: flag, NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, TERM=dumb, terminal, in this order."""
    if asked != "auto":
        return asked == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0") or os.environ.get("CLICOLOR_FORCE", "0") not in ("", "0"):
        return True
    return os.environ.get("TERM") != "dumb" and is_terminal(sys.stdout)


def _make_clock(moment: When | None) -> Moment:
    now = time.time()
    return now if moment is None else moment.seen_at(now)


def _make_running_clock(moment: When | None) -> Clock:
    return partial(_make_clock, moment)
