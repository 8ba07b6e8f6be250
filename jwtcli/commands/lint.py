"""``jwtcli lint``: say what is unwise about a token, without a key."""

import click
from click.core import ParameterSource

from jwtcli.commands._command import Command
from jwtcli.commands._inputs import read_token
from jwtcli.commands._options import View, clock_option, token_argument, view_options
from jwtcli.commands._params import DURATION
from jwtcli.commands._refusals import in_company, refuse_together
from jwtcli.commands._stdio import emit
from jwtcli.core import as_json, as_sarif, as_text
from jwtcli.core.errors import Status
from jwtcli.core.flaws import Severity
from jwtcli.core.lifetime import Moment
from jwtcli.core.lint import lint as judge

_NEVER = "never"


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  jwtcli lint < token.txt
  jwtcli lint --max-lifetime 1h --fail-on medium < token.txt
  jwtcli lint --sarif @token.txt > lint.sarif
  jwtcli lint --rules
""",
)
@token_argument
@click.option(
    "--fail-on",
    type=click.Choice([*map(str, Severity), _NEVER]),
    default=str(Severity.HIGH),
    help="Exit with status 7 from this severity on (default: high).",
)
@click.option("--max-lifetime", type=DURATION, default="1d", metavar="DURATION", help="Longest lifetime (default: 1d).")
@click.option("--sarif", is_flag=True, help="Print SARIF 2.1.0, for code scanning.")
@click.option("--rules", is_flag=True, help="Alone or with --json: list the rules, judge no token.")
@clock_option
@view_options
@click.pass_context
def lint(
    context: click.Context,
    token: str | None,
    fail_on: str,
    max_lifetime: int,
    sarif: bool,
    rules: bool,
    at: Moment,
    view: View,
) -> int:
    """Say what is unwise about a token: RFC 8725, RFC 7519, no key needed.

    Nothing is verified: a token without findings may still be forged.
    """
    if rules:
        _refuse_company(context)
        view.show(lambda: as_text.rules(colour=view.colour), as_json.rules)
        return Status.DONE
    refuse_together(("--json", view.json), ("--sarif", sarif))
    threshold = None if fail_on == _NEVER else Severity(fail_on)
    report = judge(read_token(token, view, mend=True), max_lifetime, at, threshold)
    if sarif:
        emit(as_sarif.lint(report, token[1:] if token is not None and token[:1] == "@" else None))
    else:
        view.show(lambda: as_text.lint(report, colour=view.colour), lambda: as_json.lint(report))
    return Status.CLAIM if report.failed else Status.DONE


def _refuse_company(context: click.Context) -> None:
    """Refuse ``--rules`` beside all but ``--json``, as ``--help`` is: no exit 0 by a token in disguise."""
    sources = (context.get_parameter_source(name) for name in context.params if name not in ("rules", "as_json"))
    if ParameterSource.COMMANDLINE in sources:
        raise in_company("--rules", context.command_path, takes_token=True)
