"""The manual pages: each is made from its command, so that it says what ``--help`` says and never something else."""

import re
from collections.abc import Iterable, Iterator
from inspect import cleandoc

import click

from jwtcli import __version__
from jwtcli.cli import ENVIRONMENT, cli
from jwtcli.commands._sections import environment_of, sections_of
from jwtcli.core.errors import MEANINGS

FILES = (
    ("~/.config/jwtcli/key.jwk", "The default key file (where XDG_CONFIG_HOME and JWTCLI_HOME say nothing else)."),
)
_OPTION = re.compile(r"(-\S+(?:, -\S+)*)(?: (.+))?")
_PLACEHOLDER = re.compile(r"\b[A-Z]{1,10}\b")


def manual_pages() -> dict[str, str]:
    """Return the text of each page by the name of its file: jwtcli.1, jwtcli-encode.1 and so on."""
    with click.Context(cli, info_name="jwtcli", **cli.context_settings) as context:
        pages = list(_pages(cli, context))
    return {f"{name}.1": _page(name, command, context, _others(name, pages)) for name, command, context in pages}


Page = tuple[str, click.Command, click.Context]


def _pages(command: click.Command, context: click.Context) -> Iterator[Page]:
    yield context.command_path.replace(" ", "-"), command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            with click.Context(child, info_name=name, parent=context, **child.context_settings) as inner:
                yield from _pages(child, inner)


def _page(name: str, command: click.Command, context: click.Context, others: list[str]) -> str:
    first, *rest = cleandoc(command.help or "").split("\n\n")
    lines = [
        '.\\" Made from the command itself by "python -m tools.generate".',
        f'.TH {_plain(name.upper())} 1 "" "jwtcli {__version__}" "User Commands"',
        ".SH NAME",
        f"{_plain(name)} \\- {_plain(_sentence(first))}",
        ".SH SYNOPSIS",
        f".B {_plain(context.command_path)}",
        " ".join(_usage(piece) for piece in command.collect_usage_pieces(context)),
        ".SH DESCRIPTION",
        *_paragraphs([first, *rest]),
        *_arguments(command, context),
        *_options(command, context),
        *_commands(command, context),
        *_table("EXIT STATUS", ((str(status.value), meaning) for status, meaning in MEANINGS.items())),
        *_table("ENVIRONMENT", {**environment_of(command), **ENVIRONMENT}.items()),
        *_table("FILES", FILES if "JWTCLI_HOME" in environment_of(command) else ()),
        *_examples(command),
        ".SH SEE ALSO",
        ",\n".join(f".BR {_plain(other)} (1)" for other in others),
    ]
    return "\n".join(lines) + "\n"


def _others(name: str, pages: list[Page]) -> list[str]:
    return [other for other, _, _ in pages if other != name]


def _arguments(command: click.Command, context: click.Context) -> Iterator[str]:
    told = [param for param in command.get_params(context) if isinstance(param, click.Argument) and param.help]
    yield from _table("ARGUMENTS", ((param.human_readable_name, param.help or "") for param in told))


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    yield ".SH OPTIONS"
    for title, params in sections_of(command, context).items():
        records = [record for param in params if (record := param.get_help_record(context)) is not None]
        if title != "Options":
            yield f".SS {_plain(title)}"
        yield from _entries(records)


def _commands(command: click.Command, context: click.Context) -> Iterator[str]:
    if isinstance(command, click.Group):
        yield ".SH COMMANDS"
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            page = f"{context.command_path} {name}".replace(" ", "-")
            yield f".TP\n.BR {_plain(page)} (1)\n{_plain(child.get_short_help_str(limit=200))}"


def _examples(command: click.Command) -> Iterator[str]:
    lines = [line.strip() for line in (command.epilog or "").splitlines() if line.startswith("  ")]
    if lines:
        yield ".SH EXAMPLES\n.EX"
        yield from map(_plain, lines)
        yield ".EE"


def _table(title: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    entries = list(_entries(rows))
    if entries:
        yield f".SH {title}"
        yield from entries


def _entries(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for term, meaning in rows:
        yield f".TP\n{_term(term)}\n{_plain(meaning)}"


def _paragraphs(paragraphs: list[str]) -> Iterator[str]:
    for number, paragraph in enumerate(paragraphs):
        if number:
            yield ".PP"
        if paragraph.startswith("\b"):
            yield "\n".join([".EX", *map(_plain, paragraph.strip("\b\n").split("\n")), ".EE"])
        else:
            yield _plain(" ".join(paragraph.split()))


def _sentence(text: str) -> str:
    """Turn the first sentence of a help into what stands behind the dash of NAME."""
    sentence = " ".join(text.split()).partition(". ")[0].rstrip(".")
    return sentence[:1].lower() + sentence[1:]


def _usage(piece: str) -> str:
    return "[\\fIOPTIONS\\fR]" if piece == "[OPTIONS]" else _placeholders(piece)


def _term(text: str) -> str:
    """Set names in bold, and what the user puts in a value's place in italics."""
    found = _OPTION.fullmatch(text)
    names, value = found.groups() if found else (text, None)
    return f"\\fB{_plain(names)}\\fR" + (f" {_placeholders(value)}" if value else "")


def _placeholders(text: str) -> str:
    return _PLACEHOLDER.sub(lambda found: f"\\fI{found[0]}\\fR", _plain(text))


def _plain(text: str) -> str:
    """Write text so that roff takes none of it for a request."""
    for special, spelled in (
        ("\\", "\\e"),
        ("-", "\\-"),
        ("'", "\\(aq"),
        ("`", "\\(ga"),
        ("~", "\\(ti"),
        ("^", "\\(ha"),
    ):
        text = text.replace(special, spelled)
    return f"\\&{text}" if text.startswith(".") else text
