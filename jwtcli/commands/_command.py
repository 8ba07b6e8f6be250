"""The command class of the group and all commands: what must hold before their own options are read."""

from collections.abc import Sequence
from inspect import cleandoc

import click

from jwtcli.commands._refusals import in_company
from jwtcli.commands._sections import environment_of, sections_of
from jwtcli.commands._stdio import emit
from jwtcli.core.errors import UsageError

_EAGER = ("--help", "--version")
_LITERAL_SECRETS = ("--secret", "--password", "--passphrase")


class Command(click.Command):
    """A command that shows help only when asked for help alone, and takes no literal secret."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse what Click would let pass, then parse."""
        if not ctx.resilient_parsing:
            refuse_literal_secret(args)
            if not (len(args) == 1 and args[0] in ("-h", "-V", *_EAGER)):
                order = _in_order(self, ctx, args)
                _refuse_company(order, ctx)
                _refuse_repetition(order)
        return super().parse_args(ctx, args)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the one ``--help``, which prints as any product is printed: output that is lost is a failure.

        Click's own looks for translations of its one sentence at every start.
        """
        if self._help_option is None and self.add_help_option:
            self._help_option = click.Option(
                [*self.get_help_option_names(ctx), "show_help"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_show_help,
                help="Show this message and exit.",
            )
        return self._help_option

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the arguments are, where one of them says."""
        told = [param for param in self.get_params(ctx) if isinstance(param, click.Argument) and param.help]
        if told:
            with formatter.section("Arguments"):
                formatter.write_dl([(param.human_readable_name, param.help or "") for param in told])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options section by section, then the commands of a group, and the environment variables."""
        for title, params in sections_of(self, ctx).items():
            records = [record for param in params if (record := param.get_help_record(ctx)) is not None]
            with formatter.section(title):
                formatter.write_dl(records)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)
        variables = environment_of(self)
        if variables:
            with formatter.section("Environment"):
                formatter.write_dl(list(variables.items()))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples as a section like the others."""
        formatter.write_paragraph()
        formatter.write_text(cleandoc(self.epilog or ""))


class CommandGroup(Command, click.Group):
    """A group of commands, under the same rules."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which may be meant; a token in its place is not told back."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            from jwtcli.commands import _meant

            names, told = self.list_commands(ctx), _meant.may_be_told(args[0])
            message = f"there is no command '{args[0]}'" if told else "this is no command"
            hint = _meant.command(args[0], names)
            if args[0] == "help" and args[1:2] and args[1] in names:
                hint = f"did you mean '{ctx.command_path} {args[1]} --help'?"
            if not told and ctx.parent is None:
                hint = "a token is shown by 'jwtcli decode' and judged by 'jwtcli verify': hand it over on stdin"
            raise UsageError(message, hint=hint, code="no_such_command")
        return super().resolve_command(ctx, args)


def refuse_literal_secret(args: Sequence[str]) -> None:
    """Tell whoever types ``--secret VALUE`` where a secret goes; the value is not looked at."""
    for arg in args:
        if arg == "--":
            return
        name = arg.partition("=")[0]
        if name in _LITERAL_SECRETS:
            instead = (
                "--passphrase-file FILE or JWTCLI_PASSPHRASE"
                if name == "--passphrase"
                else ("--secret-file FILE, JWTCLI_SECRET in the environment, or --secret-prompt")
            )
            raise UsageError(
                f"{name} is not an option: other users of this machine can read a command line",
                hint=f"use {instead}",
                code="secret_on_command_line",
            )


def _in_order(command: click.Command, ctx: click.Context, args: list[str]) -> list[click.Parameter]:
    """Return the parameters as they were given, one that was given twice twice."""
    try:
        return command.make_parser(ctx).parse_args(args=list(args))[2]
    except click.UsageError as error:
        error.ctx = ctx  # not every one of Click's names the command that it is about
        raise


def _refuse_company(order: Sequence[click.Parameter], ctx: click.Context) -> None:
    """Refuse ``--help`` and ``--version`` beside anything else, clusters such as ``-qh`` included.

    Click exits 0 on them wherever they stand, so ``verify "$TOKEN"`` would accept the token
    ``--help``.
    """
    eager = [param for param in order if param.is_eager and not param.expose_value]
    if eager:
        takes_token = any(param.name == "token" for param in ctx.command.params)
        raise in_company(eager[0].opts[-1], ctx.command_path, takes_token=takes_token)


def _refuse_repetition(order: Sequence[click.Parameter]) -> None:
    """Refuse an option with one value that is given twice: the last alone would count, and a demand be gone unseen."""
    given: set[click.Parameter] = set()
    for param in order:
        if isinstance(param, click.Option) and not (param.multiple or param.is_flag):
            if param in given:
                raise UsageError(
                    f"{param.opts[-1]} was given more than once, and takes one value",
                    hint="--json prints all claims, for jq to choose from" if param.name == "claim" else None,
                    code="repeated_option",
                )
            given.add(param)


def _show_help(ctx: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        emit(ctx.get_help())
        ctx.exit()
