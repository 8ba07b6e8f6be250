"""``jwtcli verify``: accept or refuse a token, and say why."""

from typing import TYPE_CHECKING

import click

from jwtcli.commands._ci import not_a_command
from jwtcli.commands._claim_options import expectation_options
from jwtcli.commands._command import Command
from jwtcli.commands._inputs import load_keys, read_token, refuse_stdin_twice
from jwtcli.commands._key_options import KeyOptions, key_options
from jwtcli.commands._options import View, running_clock_option, token_argument, view_options
from jwtcli.commands._refusals import refuse_empty
from jwtcli.commands._sections import section
from jwtcli.commands._stdio import annotate, remark
from jwtcli.commands._stream_options import StreamOptions, refuse_with_lines, stream_options
from jwtcli.commands._terminal import stdin_is_terminal
from jwtcli.commands._words import CLAIM
from jwtcli.core import views
from jwtcli.core.choice import newest
from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.keysets import KeySet
from jwtcli.core.lifetime import Clock
from jwtcli.core.tokens import parse
from jwtcli.core.verdict import Expectations, Verdict
from jwtcli.core.verifier import verify as judge

if TYPE_CHECKING:
    from jwtcli.core.findings import Finding


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  jwtcli verify < token.txt
  jwtcli verify --key public.pem --aud api --max-age 1h < token.txt
  jwtcli verify --explain --secret-file secret.txt < token.txt
  user=$(jwtcli verify --claim sub < token.txt) || exit 1
""",
)
@token_argument
@expectation_options
@section(
    "What to print",
    click.option("--claim", type=CLAIM, metavar="NAME", help="This one claim of an accepted token and nothing else."),
    click.option("--explain", "explained", is_flag=True, help="Look for the cause of a refusal, and for its remedy."),
)
@key_options(verifying=True)
@stream_options(judging=True)
@running_clock_option
@view_options
def verify(
    token: str | None,
    demands: Expectations,
    claim: str | None,
    explained: bool,
    keys: KeyOptions,
    stream: StreamOptions | None,
    clock: Clock,
    view: View,
) -> int:
    """Accept or refuse a token, and show every check with its reason.

    The exit status is 0 if and only if it is accepted; 'jwtcli --help' lists the others.

    With -q an accepted token prints nothing, and a refused one the error alone.
    """
    refuse_empty(("--claim", claim))
    if claim is not None:
        demands = demands._replace(require=(*demands.require, claim))
    refuse_stdin_twice("-" if token is None else token, keys.request, verifying=True)
    if stream is not None:
        refuse_with_lines(("--claim", claim), ("--explain", explained))
        from jwtcli.commands._runs import judge_lines

        return judge_lines(token, load_keys(keys, view, verifying=True), demands, clock, stream, view)
    # Asked for behind the token, a secret would be what was pasted along with that.
    known = load_keys(keys, view, verifying=True) if token in (None, "-") and stdin_is_terminal() else None
    compact = read_token(token, view, mend=False, as_is=explained)
    key_set = known or _load(keys, compact, view)
    verdict = judge(compact, key_set, demands, clock())
    findings = _explain(compact, key_set, demands, verdict) if explained else None
    _tell_newer(key_set, view)
    for note in verdict.notes:
        view.note(note)
    _show(verdict, findings, claim, view)
    if verdict.explicable and not (explained or view.quiet or view.json):
        remark("hint", "--explain looks for the cause")
    return verdict.status


def _tell_newer(keys: KeySet, view: View) -> None:
    """Say what should be known of a key set that was fetched in place of the one that was loaded."""
    newer = newest(keys)
    if newer is not keys:
        for warning in newer.warnings:
            view.warn(warning)
        for note in newer.notes:
            view.note(note)


def _show(verdict: Verdict, findings: "tuple[Finding, ...] | None", claim: str | None, view: View) -> None:
    """Print the one claim, the list of checks, or of a refusal the error alone, as was asked for."""
    if claim is not None and verdict.accepted and verdict.token is not None:
        value = verdict.token.claims[claim]
        view.show(lambda: not_a_command(views.as_text.claim(value)), lambda: views.as_json.claim(value))
    elif view.json or not (view.quiet or claim is not None):
        view.show(
            lambda: views.as_text.verdict(verdict, findings, colour=view.colour),
            lambda: views.as_json.verdict(verdict, findings),
        )
        if not verdict.accepted:
            annotate(views.as_text.refusal(verdict))
    elif not verdict.accepted:
        remark("error", views.as_text.refusal(verdict))
        for finding in () if view.quiet else findings or ():
            remark("hint", str(finding))


def _explain(compact: bytes, keys: KeySet, demands: Expectations, verdict: Verdict) -> "tuple[Finding, ...]":
    from jwtcli.core.explain import explain  # late: who does not ask does not wait for it

    return explain(compact, keys, demands, verdict)


def _load(keys: KeyOptions, compact: bytes, view: View) -> KeySet:
    """Load the keys; where they are refused and the text is no token either, the token's form is told first."""
    try:
        return load_keys(keys, view, verifying=True)
    except UnusableKeyError:
        parse(compact)
        raise
