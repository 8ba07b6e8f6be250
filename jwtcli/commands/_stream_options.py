"""The options of a command over a stream of lines."""

import os
from typing import Any, NamedTuple

import click

from jwtcli.commands._options import bundle
from jwtcli.commands._refusals import refuse_together
from jwtcli.commands._sections import Decorator
from jwtcli.core.errors import UsageError

_INSTEAD_WITH_LINES = {
    "--claim": "--json prints every claim of each token (verify: with --full), for jq '.claims' to choose from",
    "--header": "--json prints the header of each token, for jq '.header' to choose from",
    "--explain": "give it the one token that was refused",
}


class StreamOptions(NamedTuple):
    """What was asked of a stream. ``only`` is true for accepted, false for refused, None for both.

    ``copies`` is how many tokens to mint, None where each line asks for one.
    """

    jobs: int
    copies: int | None = None
    find: bool = False
    full: bool = False
    only: bool | None = None


def stream_options(*, minting: bool = False, judging: bool = False) -> Decorator:
    """Add ``--lines`` and what goes with it; delivers ``stream``, None where a single token is meant."""
    options = [
        click.option("--lines", is_flag=True, help="A stream: one a line in, one result a line out."),
        click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help="Processes (default: the cores)."),
    ]
    if minting:
        options.append(click.option("--count", type=click.IntRange(1), metavar="N", help="Make so many tokens."))
    else:
        options.append(click.option("--find", is_flag=True, help="Take tokens out of any text around them."))
    if judging:
        options.append(click.option("--full", is_flag=True, help="With --json: the whole verdict for each line."))
        options.append(click.option("--only", type=click.Choice(["accepted", "refused"]), help="Print these alone."))
    return bundle("stream", _make_stream, *options, title="Streams")


def refuse_with_lines(*options: tuple[str, Any]) -> None:
    """Refuse options that are about a single token."""
    for option, given in options:
        if given:
            raise UsageError(
                f"{option} is about one token and does not go with --lines", hint=_INSTEAD_WITH_LINES.get(option)
            )


def _make_stream(
    lines: bool,
    jobs: int | None,
    *,
    count: int | None = None,
    find: bool = False,
    full: bool = False,
    only: str | None = None,
) -> StreamOptions | None:
    refuse_together(("--lines", lines), ("--count", count))
    if lines or count is not None:
        return StreamOptions(jobs or _cores(), count, find, full, None if only is None else only == "accepted")
    for option, given in (("--jobs", jobs), ("--find", find), ("--full", full), ("--only", only)):
        if given:
            raise UsageError(f"{option} goes with --lines", hint=f"--lines {option} takes one token, too")
    return None


def _cores() -> int:
    if not hasattr(os, "fork"):
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
