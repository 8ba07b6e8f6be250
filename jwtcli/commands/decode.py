"""``jwtcli decode``: show what is in a token, without verifying it."""

import click

from jwtcli.commands._command import Command
from jwtcli.commands._inputs import read_token
from jwtcli.commands._lines import StreamOptions, refuse_with_lines, stream_options
from jwtcli.commands._options import View, refuse_empty, running_clock_option, view_options
from jwtcli.core import as_json, as_text
from jwtcli.core.errors import ClaimError, Status, UsageError
from jwtcli.core.lifetime import Clock, lifetime
from jwtcli.core.tokens import parse


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  jwtcli decode < token.txt
  jwtcli decode --claim sub < token.txt
  jwtcli decode --json < token.txt | jq .lifetime
""",
)
@click.argument("token", required=False, metavar="[TOKEN|-|@FILE]")
@click.option("--claim", metavar="NAME", help="Print this one claim and nothing else.")
@click.option("--header", "only_header", is_flag=True, help="Print the header and nothing else.")
@stream_options()
@running_clock_option
@view_options
def decode(
    token: str | None, claim: str | None, only_header: bool, clock: Clock, stream: StreamOptions | None, view: View
) -> int:
    """Show what is in a token, without verifying it: anyone can write one that reads like this.

    The token comes from standard input, from @FILE or from the argument.
    """
    refuse_empty(("--claim", claim))
    if claim is not None and only_header:
        raise UsageError("--claim and --header do not go together")
    if stream is not None:
        refuse_with_lines(("--claim", claim), ("--header", only_header))
        view.warn("not verified: anyone can write tokens that read like these")
        from jwtcli.commands._runs import read_lines

        return read_lines(token, clock, stream, view)
    parsed = parse(read_token(token, view, mend=True))
    view.warn("not verified: anyone can write a token that reads like this")
    if only_header:
        view.show(lambda: as_text.header(parsed, colour=view.colour), lambda: as_json.header(parsed))
    elif claim is not None:
        if claim not in parsed.claims:
            raise ClaimError(f"the token has no claim '{claim}'", code="missing")
        value = parsed.claims[claim]
        view.show(lambda: as_text.claim(value), lambda: as_json.claim(value))
    else:
        life = lifetime(parsed.claims, clock())
        view.show(lambda: as_text.token(parsed, life, colour=view.colour), lambda: as_json.token(parsed, life))
    return Status.DONE
