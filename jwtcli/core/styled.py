"""Lines of styled text, and how they become what a terminal or a pipe shows: the door to Rich."""

from collections.abc import Iterable, Sequence
from typing import Any

from jwtcli.core.lifetime import Lifetime
from jwtcli.core.rows import Row, rows

Span = tuple[str, str]
"""A run of text and its style, an empty style meaning none."""

Line = list[Span]

GOOD, BAD, FAINT, HEADING, NAME = "green", "bold red", "dim", "bold", "cyan"
VALUES = {"text": GOOD, "number": "magenta", "word": "magenta", "structure": ""}
"""The style of a value by the kind of JSON that it is."""
WIDEST_NAME = 24


def members(shown: dict[str, Any], lifetime: Lifetime | None = None) -> list[Line]:
    """Return a line, or more, for each member; the values stand in one column."""
    if not shown:
        return [[("  (none)", FAINT)]]
    return laid_out([(one, None if one.when is None else (one.when, FAINT)) for one in rows(shown, lifetime)])


def laid_out(told: Sequence[tuple[Row, Span | None]]) -> list[Line]:
    """Return rows as lines, the values in one column, each with a remark behind its first line if there is one."""
    width = min(max((len(one.name) for one, _ in told), default=0), WIDEST_NAME)
    lines: list[Line] = []
    for one, remark in told:
        first, *rest = one.value.split("\n")
        line: Line = [("  ", ""), (one.name.ljust(width), NAME), ("  ", ""), (first, VALUES[one.json_type])]
        if remark is not None:
            line.append((f"  {remark[0]}", remark[1]))
        lines += [line, *([("    ", ""), (text, "")] for text in rest)]
    return lines


def headed(heading: str, shown: dict[str, Any]) -> list[Line]:
    """Return the members under a heading."""
    return [[(heading, HEADING)], *members(shown)]


def render(lines: Iterable[Line], *, colour: bool) -> str:
    """Return the lines as text, with the colours of a terminal where they are asked for."""
    if not colour:
        return "\n".join("".join(text for text, _ in line).rstrip() for line in lines)
    from rich.color import ColorSystem
    from rich.style import Style

    # Style by style and no Console, which would ask the environment for the size of the terminal.
    return "\n".join(
        "".join(Style.parse(style).render(text, color_system=ColorSystem.STANDARD) for text, style in line)
        for line in lines
    )
