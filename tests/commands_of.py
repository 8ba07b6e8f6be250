"""The commands that a user can type, the ones of groups such as ``key`` with them."""

from collections.abc import Iterator
from itertools import chain

import click

from jwtcli.cli import COMMANDS, cli


def named(path: tuple[str, ...]) -> click.Command:
    """Find a command by its path, such as ``("key", "show")``."""
    command: click.Command = cli
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    return command


def leaves(name: str) -> Iterator[tuple[str, ...]]:
    """Yield the paths of a command: of each of its own commands where it is a group."""
    command = named((name,))
    if isinstance(command, click.Group):
        yield from ((name, own) for own in command.list_commands(click.Context(command)))
    else:
        yield (name,)


LEAVES = tuple(chain.from_iterable(leaves(name) for name, _, _ in COMMANDS))
