"""``jwtcli decode``: show what is in a token, without verifying it."""

import click

from jwtcli.commands._command import Command
from jwtcli.commands._inputs import read_token
from jwtcli.commands._options import View, clock_option, refuse_empty, token_argument, view_options
from jwtcli.commands._sections import section
from jwtcli.commands._words import CLAIM
from jwtcli.core import as_json, as_text
from jwtcli.core.errors import ClaimError, UsageError
from jwtcli.core.lifetime import Moment, lifetime
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
@token_argument
@section(
    "What to print",
    click.option("--claim", type=CLAIM, metavar="NAME", help="This one claim and nothing else."),
    click.option("--header", "only_header", is_flag=True, help="The header and nothing else."),
)
@clock_option
@view_options
def decode(token: str | None, claim: str | None, only_header: bool, at: Moment, view: View) -> None:
    """Show what is in a token, without verifying it: anyone can write one that reads like this."""
    refuse_empty(("--claim", claim))
    if claim is not None and only_header:
        raise UsageError("--claim and --header do not go together")
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
        life = lifetime(parsed.claims, at)
        view.show(lambda: as_text.token(parsed, life, colour=view.colour), lambda: as_json.token(parsed, life))
