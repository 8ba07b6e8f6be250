"""Sections of the help: options that belong together stand together, with the variables that serve them."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

GENERAL = "General options"
"""The section of what every command has, and the last of each help."""


class Section(NamedTuple):
    """A heading of the help, the parameters below it, and environment variables with what they hold."""

    title: str
    names: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()


def section(title: str, *options: Decorator, environment: Mapping[str, str] | None = None) -> Decorator:
    """Add options to a command under a heading of their own."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        before = len(_parameters(command))
        for option in reversed(options):
            command = option(command)
        names = tuple(str(param.name) for param in _parameters(command)[before:])
        mine = Section(title, names, tuple((environment or {}).items()))
        vars(command)["__sections__"] = (mine, *vars(command).get("__sections__", ()))
        return command

    return decorate


def sections_of(command: click.Command, context: click.Context) -> dict[str, list[click.Parameter]]:
    """Return the command's options by heading: those without one first, the general ones last."""
    headings = {name: section.title for section in _sections(command) for name in section.names}
    titles = dict.fromkeys(["Options", *(section.title for section in _sections(command))])
    titles.pop(GENERAL, None)
    found: dict[str, list[click.Parameter]] = {title: [] for title in [*titles, GENERAL]}
    for param in command.get_params(context):
        if isinstance(param, click.Option):
            is_help = param is command.get_help_option(context)
            found[GENERAL if is_help else headings.get(str(param.name), "Options")].append(param)
    return {title: params for title, params in found.items() if params}


def environment_of(command: click.Command) -> dict[str, str]:
    """Return the environment variables that the command looks at, and what each holds."""
    return {name: meaning for section in _sections(command) for name, meaning in section.environment}


def _parameters(command: Callable[..., Any]) -> list[click.Parameter]:
    declared: list[click.Parameter] = getattr(command, "__click_params__", [])
    return declared


def _sections(command: click.Command) -> tuple[Section, ...]:
    declared: tuple[Section, ...] = getattr(command.callback, "__sections__", ())
    return declared
