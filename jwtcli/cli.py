"""The group of commands, and the boundary where every failure becomes a line on stderr and an exit status."""

import os
from errno import EMFILE, ENFILE
from importlib import import_module

import click

from jwtcli.commands._command import CommandGroup
from jwtcli.commands._sections import GENERAL, section
from jwtcli.commands._stdio import abandon_stdout, emit, remark
from jwtcli.core.errors import MEANINGS, JwtcliError, Status, UsageError

# Name, one line of help, where it lives: --help and a typing error import none of them.
COMMANDS = (
    ("keygen", "Make a key, where encode and verify find it.", "jwtcli.commands.keygen"),
    ("encode", "Make a signed token.", "jwtcli.commands.encode"),
    ("decode", "Show what is in a token, without verifying it.", "jwtcli.commands.decode"),
    ("verify", "Accept or refuse a token: every check, with its reason.", "jwtcli.commands.verify"),
    ("lint", "Say what is unwise about a token, without a key.", "jwtcli.commands.lint"),
    ("key", "Show what a key is, convert it, name it.", "jwtcli.commands.key"),
    ("jwks", "Print the JWK Set of public keys, ready to publish.", "jwtcli.commands.jwks"),
    ("serve", "Run a local issuer for tests, with a page to look into tokens.", "jwtcli.commands.serve"),
    ("fixtures", "Write a good token and every bad one, for tests.", "jwtcli.commands.fixtures"),
    ("completion", "Print the completion script for a shell.", "jwtcli.commands.completion"),
)

# What every command heeds; the help of each shows its own besides.
ENVIRONMENT = {
    "CI, JWTCLI_NO_INPUT": "Set: nobody is asked for anything.",
    "NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE": "Colour, where --color does not decide.",
    "GITHUB_ACTIONS": "true: errors also as annotations of the run.",
    "JWTCLI_DEBUG": "1: where a bug is, without any value.",
}

# Of cryptography and hashlib, which are not loaded to ask whether one of theirs came.
_OPENSSL_FAILURES = ("InternalError", "UnsupportedAlgorithm", "UnsupportedDigestmodError")
_EXTRA = "Got unexpected extra argument"  # Click's own words, without the arguments

EPILOG = """\b
Examples:
  jwtcli keygen
  jwtcli encode --sub alice --ttl 1h > token.txt
  jwtcli verify < token.txt
"""


class Commands(CommandGroup):
    """The group: knows its commands by name and imports only the one that runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order in which a newcomer meets them."""
        return [name for name, _, _ in COMMANDS]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the command of this name."""
        for known, _, module in COMMANDS:
            if name == known:
                command = getattr(import_module(module), name)
                assert isinstance(command, click.Command)
                return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, line, _ in COMMANDS])
        with formatter.section("Exit statuses"):
            formatter.write_dl([(str(status.value), meaning) for status, meaning in MEANINGS.items()])


def _print_version(ctx: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        from jwtcli import __version__

        emit(f"jwtcli {__version__}")
        ctx.exit()


@click.group(
    cls=Commands,
    epilog=EPILOG,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
@section(
    GENERAL,
    click.option(
        "-V",
        "--version",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_print_version,
        help="Show the version.",
    ),
    environment=ENVIRONMENT,
)
def cli() -> None:
    """Make, read and verify JSON Web Tokens.

    Tokens are handed over on standard input or, as an argument, after --.
    """


def run(args: list[str]) -> int:
    """Run one command line and return its exit status; every foreseen failure is told here."""
    own = args[: args.index("--")] if "--" in args else args
    as_json = "--json" in own
    quiet = "--quiet" in own or any(arg.startswith("-q") for arg in own)
    try:
        return _run(args, as_json=as_json, quiet=quiet)
    except BrokenPipeError:  # from an error object too
        abandon_stdout()
        return Status.PIPE_CLOSED


def _run(args: list[str], *, as_json: bool, quiet: bool) -> int:
    try:
        return _invoke(args)
    except JwtcliError as error:
        return _tell(_discreet(error, args), as_json=as_json, quiet=quiet)
    except click.UsageError as error:
        return _tell(_discreet(_own_words(error), args), as_json=as_json, quiet=quiet)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, click.Abort):
        return Status.INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:  # nobody foresaw it, so its message may hold anything: only its type is told
        return _tell(_own_limits(error) or _bug(error), as_json=as_json, quiet=quiet)


def _invoke(args: list[str]) -> int:
    if not args and {"_JWTCLI_COMPLETE", "COMP_WORDS", "COMP_CWORD"} <= os.environ.keys():
        from jwtcli.commands._completion import answer, understood

        if understood(os.environ):
            emit(answer(cli, os.environ))
            return 0
    with cli.make_context("jwtcli", list(args), terminal_width=_help_width()) as context:
        return int(cli.invoke(context) or 0)


def _help_width() -> int:
    """Return how wide help is written: as Click measures it, without the archives that ``shutil`` loads for that."""
    try:
        columns = int(os.environ.get("COLUMNS", "0")) or os.get_terminal_size(1).columns
    except (OSError, ValueError):
        columns = 0
    return max(min(columns if columns > 0 else 80, 80) - 2, 50)


def _tell(error: JwtcliError, *, as_json: bool, quiet: bool) -> int:
    if as_json and error.code != "output_lost":
        from jwtcli.core.as_json import error as shown

        try:
            emit(shown(error))
        except JwtcliError as lost:  # the one line of error is this one's
            error = lost
    if error.code == "output_lost":
        abandon_stdout()
    remark("error", error.message)
    if error.hint is not None and not quiet:
        remark("hint", error.hint)
    return error.status


def _discreet(error: JwtcliError, args: list[str]) -> JwtcliError:
    from jwtcli.core.mixups import untold

    error.message = untold(error.message, args)
    error.hint = None if error.hint is None else untold(error.hint, args)
    return error


def _own_limits(error: Exception) -> JwtcliError | None:
    """Name what can run out under any command; None where it is a bug."""
    if isinstance(error, MemoryError):
        return JwtcliError("there is too little memory", code="no_memory")
    if isinstance(error, OSError) and error.errno in (EMFILE, ENFILE):
        return JwtcliError("no more files can be opened (ulimit -n)", code="no_descriptors")
    if type(error).__name__ in _OPENSSL_FAILURES:
        hint = "OPENSSL_CONF, or the system's openssl.cnf, allows too little"
        return JwtcliError("OpenSSL, as it is configured here, cannot do what this takes", hint=hint, code="openssl")
    if isinstance(error, FileNotFoundError):
        try:
            os.getcwd()
        except FileNotFoundError:
            return JwtcliError("the current directory was removed", hint="cd to another one", code="no_directory")
    return None


def _bug(error: Exception) -> JwtcliError:
    if os.environ.get("JWTCLI_DEBUG") == "1":
        from jwtcli.bug import frames

        for frame in frames(error):
            remark("debug", frame)
    hint = "JWTCLI_DEBUG=1 shows where; please report that, without your keys"
    return JwtcliError(f"this is a bug in jwtcli ({type(error).__name__})", hint=hint, code="bug")


def _own_words(error: click.UsageError) -> UsageError:
    """Turn Click's sentence into one line of ours: lower case, no full stop, the way out as a hint."""
    message = error.format_message() if isinstance(error, click.BadParameter) else error.message
    if isinstance(error, click.MissingParameter):  # its second sentence lists the choices, a line each
        message = message.partition(". ")[0]
    elif message.startswith(_EXTRA):  # told back, it may be a secret
        message = f"{'several arguments' if 'arguments (' in message[:32] else 'one argument'} too many"
    elif isinstance(error, click.NoSuchOption) and _before_the_command(error):
        message = f"{message.rstrip('.')} before the command"  # -q itself would leave out the hint
    return UsageError(f"{message[:1].lower()}{message[1:].rstrip('.')}", hint=_way_out(error))


def _way_out(error: click.UsageError) -> str:
    if error.ctx is None:
        return "'jwtcli --help' shows the usage"
    params = error.ctx.command.params
    if isinstance(error, click.NoSuchOption):
        from jwtcli.commands._meant import instead, options

        other_way = instead(error.ctx.info_name, error.option_name)
        if other_way:
            return other_way
        if _before_the_command(error):
            return f"options stand behind the command: jwtcli COMMAND {error.option_name}"
        meant = options(error.option_name, (name for param in params for name in param.opts))
        if meant:
            return f"did you mean {' or '.join(meant)}?"
    if error.message.startswith(_EXTRA):
        from jwtcli.commands._meant import surplus

        meant_by_it = surplus(error.message.partition("(")[2][:-1], params)
        if meant_by_it:
            return meant_by_it
    shown = "lists the commands" if isinstance(error.ctx.command, click.Group) else "shows the usage"
    return f"'{error.ctx.command_path} --help' {shown}"


def _before_the_command(error: click.UsageError) -> bool:
    return error.ctx is not None and error.ctx.parent is None
