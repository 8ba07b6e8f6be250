"""``jwtcli decode``: show what is in a token, without verifying it."""

import click

from jwtcli.commands._ci import not_a_command
from jwtcli.commands._command import Command
from jwtcli.commands._inputs import read_token
from jwtcli.commands._options import View, running_clock_option, token_argument, view_options
from jwtcli.commands._refusals import refuse_empty, refuse_together
from jwtcli.commands._sections import section
from jwtcli.commands._stdio import remark
from jwtcli.commands._stream_options import StreamOptions, refuse_with_lines, stream_options
from jwtcli.commands._words import CLAIM
from jwtcli.core import views
from jwtcli.core.errors import Status
from jwtcli.core.lifetime import Clock
from jwtcli.core.reading import caveats, claim_of, header_of, read, unreadable


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
@stream_options()
@running_clock_option
@view_options
def decode(
    token: str | None, claim: str | None, only_header: bool, clock: Clock, stream: StreamOptions | None, view: View
) -> int:
    """Show what is in a token, without verifying it: anyone can write one that reads like this."""
    refuse_empty(("--claim", claim))
    refuse_together(("--claim", claim), ("--header", only_header))
    if stream is not None:
        refuse_with_lines(("--claim", claim), ("--header", only_header))
        view.warn("not verified: anyone can write tokens that read like these")
        from jwtcli.commands._runs import read_lines

        return read_lines(token, clock, stream, view)
    reading = read(read_token(token, view, mend=True))
    view.warn("not verified: anyone can write a token that reads like this")
    for caveat in caveats(reading):
        view.warn(caveat)
    if only_header:
        header = header_of(reading)
        view.show(lambda: views.as_text.header(header, colour=view.colour), lambda: views.as_json.header(header))
    elif claim is not None:
        value = claim_of(reading, claim)
        view.show(lambda: not_a_command(views.as_text.claim(value)), lambda: views.as_json.claim(value))
    else:
        at = clock()
        view.show(
            lambda: views.as_text.reading(reading, at, colour=view.colour), lambda: views.as_json.reading(reading, at)
        )
    error = unreadable(reading)
    if error is not None:
        remark("error", error.message)
    return Status.DONE if error is None else error.status
