"""What can stand on a command line of jwtcli, read off the commands: the one source of all four scripts."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import click

from jwtcli.commands._words import Kid, Word


class Kind(StrEnum):
    """What a value is, as far as a shell can help with it."""

    NONE = "none"
    TEXT = "text"
    WORD = "word"
    FILE = "file"
    TEXT_OR_FILE = "text_or_file"
    KID = "kid"


@dataclass(frozen=True, slots=True)
class Value:
    """The value of an option or argument: its kind, the name it has in the help, and the known words."""

    kind: Kind
    metavar: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OptionShape:
    """An option: its names, short ones first, what it takes and what it is for."""

    names: tuple[str, ...]
    value: Value
    help: str
    repeatable: bool

    @property
    def long(self) -> tuple[str, ...]:
        """The names to offer: the long ones where there are any."""
        return tuple(name for name in self.names if name.startswith("--")) or self.names


@dataclass(frozen=True, slots=True)
class CommandShape:
    """A command by the words that lead to it (none for jwtcli itself), with all it takes."""

    path: str
    commands: tuple[tuple[str, str], ...]
    options: tuple[OptionShape, ...]
    arguments: tuple[Value, ...]
    many: bool


def grammar(command: click.Command) -> tuple[CommandShape, ...]:
    """Read off what ``command`` and every command below it takes."""
    with click.Context(command, info_name="jwtcli", resilient_parsing=True, **command.context_settings) as context:
        return tuple(_shapes(command, context, ""))


def _shapes(command: click.Command, context: click.Context, path: str) -> Iterator[CommandShape]:
    below: dict[str, click.Command] = {}
    if isinstance(command, click.Group):
        found = ((name, command.get_command(context, name)) for name in command.list_commands(context))
        below = {name: child for name, child in found if child is not None}
    params = command.get_params(context)
    arguments = [param for param in params if isinstance(param, click.Argument)]
    yield CommandShape(
        path,
        tuple((name, child.get_short_help_str(limit=200).rstrip(".")) for name, child in below.items()),
        tuple(_option(param, context) for param in params if isinstance(param, click.Option) and not param.hidden),
        tuple(_value(param, context) for param in arguments),
        many=any(param.nargs == -1 for param in arguments),
    )
    for name, child in below.items():
        with click.Context(child, info_name=name, parent=context, resilient_parsing=True) as inner:
            yield from _shapes(child, inner, f"{path} {name}".strip())


def _option(param: click.Option, context: click.Context) -> OptionShape:
    value = Value(Kind.NONE) if param.is_flag or param.count else _value(param, context)
    help_text = " ".join((param.help or "").split()).rstrip(".")
    return OptionShape(tuple(sorted(param.opts, key=len)), value, help_text, param.multiple)


def _value(param: click.Parameter, context: click.Context) -> Value:
    metavar = param.make_metavar(context).strip("[]")
    match param.type:
        case click.Choice():
            return Value(Kind.WORD, param.human_readable_name, tuple(map(str, param.type.choices)))
        case Word():
            return Value(Kind.WORD, metavar, param.type.words())
        case Kid():
            return Value(Kind.KID, metavar)
        case _:
            return Value(_kind(metavar), metavar)


def _kind(metavar: str) -> Kind:
    """Tell what a value is by the name that the help gives it: what a user reads is what TAB offers."""
    if "@FILE" in metavar:
        return Kind.TEXT_OR_FILE
    return Kind.FILE if metavar.startswith(("FILE", "DIR")) else Kind.TEXT
