"""``jwtcli verify``: accept or refuse a token, and say why."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from jwtcli.commands._claim_options import expectation_options
from jwtcli.commands._command import Command
from jwtcli.commands._inputs import load_keys, read_token, refuse_stdin_twice
from jwtcli.commands._options import KeyOptions, View, clock_option, key_options, refuse_empty, view_options
from jwtcli.commands._streams import remark
from jwtcli.core import as_json, as_text
from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.keysets import KeySet
from jwtcli.core.lifetime import Moment
from jwtcli.core.tokens import parse
from jwtcli.core.verdict import Expectations, Verdict
from jwtcli.core.verdict import verify as judge

if TYPE_CHECKING:
    from jwtcli.core.findings import Finding


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  jwtcli verify < token.txt
  jwtcli verify --key public.pem --aud api < token.txt
  jwtcli verify --explain --secret-file secret.txt < token.txt
  user=$(jwtcli verify --claim sub < token.txt) || exit 1
""",
)
@click.argument("token", required=False, metavar="[TOKEN|-|@FILE]")
@expectation_options
@click.option("--claim", metavar="NAME", help="Print this one claim of an accepted token and nothing else.")
@click.option("--explain", "explained", is_flag=True, help="Look for the cause of a refusal, and for its remedy.")
@key_options(verifying=True)
@clock_option
@view_options
def verify(
    token: str | None,
    demands: Expectations,
    claim: str | None,
    explained: bool,
    keys: KeyOptions,
    at: Moment,
    view: View,
) -> int:
    """Accept or refuse a token, and show every check with its reason.

    The token comes from standard input, from @FILE or from the argument. The exit status is 0 if and
    only if it is accepted.

    The key comes from an option, else from JWTCLI_KEY, JWTCLI_KEY_FILE, JWTCLI_SECRET,
    JWTCLI_SECRET_FILE or JWTCLI_JWKS, else from the file that keygen made.
    """
    refuse_empty(("--claim", claim))
    if claim is not None:
        demands = replace(demands, require=(*demands.require, claim))
    refuse_stdin_twice("-" if token is None else token, keys.request)
    compact = read_token(token, view, mend=False, as_is=explained)
    key_set = _load(keys, compact, view)
    verdict = judge(compact, key_set, demands, at)
    findings = _explain(compact, key_set, demands, verdict) if explained else None
    for note in verdict.notes:
        view.note(note)
    if claim is not None and verdict.accepted and verdict.token is not None:
        value = verdict.token.claims[claim]
        view.show(lambda: as_text.claim(value), lambda: as_json.claim(value))
    elif view.json or not (view.quiet or claim is not None):
        view.show(
            lambda: as_text.verdict(verdict, findings, colour=view.colour), lambda: as_json.verdict(verdict, findings)
        )
    elif not verdict.accepted:
        remark("error", as_text.refusal(verdict))
        for finding in () if view.quiet else findings or ():
            remark("hint", str(finding))
    return verdict.status


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
