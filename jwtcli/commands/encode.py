"""``jwtcli encode``: make a signed token."""

import math
from typing import Any

import click

from jwtcli.commands._claim_options import ClaimFlags, claim_options
from jwtcli.commands._command import Command
from jwtcli.commands._inputs import load_keys, read_claims, refuse_stdin_twice
from jwtcli.commands._options import KeyOptions, View, clock_option, key_options, refuse_empty, view_options
from jwtcli.commands._params import MEMBER
from jwtcli.commands._sections import section
from jwtcli.commands._streams import in_github_actions, workflow_command
from jwtcli.core import as_json, as_text, keysets
from jwtcli.core.breaks import BREAKS, Draft, broken
from jwtcli.core.claims import build, build_header
from jwtcli.core.errors import UsageError
from jwtcli.core.keys import algorithm_to_sign
from jwtcli.core.lifetime import Moment
from jwtcli.core.tokens import parse


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  jwtcli encode --sub alice --ttl 1h
  jwtcli encode --sub alice --aud api -c role=admin -c admin:=true
  echo '{"sub": "alice"}' | jwtcli encode --key private.pem -
""",
)
@click.argument(
    "claims",
    required=False,
    metavar="[CLAIMS|-|@FILE]",
    help="A JSON object to start from; options add to it and override it.",
)
@claim_options
@section(
    "Header",
    click.option(
        "-H",
        "header_members",
        type=MEMBER,
        multiple=True,
        metavar="MEMBER",
        help="Any header parameter: NAME=TEXT or NAME:=JSON (repeatable).",
    ),
    click.option("--typ", metavar="T", help="Type in the header (default: JWT)."),
)
@key_options(verifying=False)
@section(
    "For tests",
    click.option(
        "--break",
        "way",
        type=click.Choice(tuple(BREAKS)),
        metavar="WHAT",
        help=f"Make it wrong in one way: {', '.join(BREAKS)}.",
    ),
)
@section(
    "What to print",
    click.option(
        "--as",
        "form",
        type=click.Choice(tuple(as_text.FORMS)),
        default="token",
        help="Form of the token: alone, as the value of a header, a header, a line for curl -K -, or NAME=VALUE.",
    ),
    click.option("--mask", is_flag=True, help="In GitHub Actions, have the token masked in the log of the run."),
)
@clock_option
@view_options
def encode(
    claims: str | None,
    flags: ClaimFlags,
    header_members: tuple[tuple[str, Any], ...],
    way: str | None,
    typ: str | None,
    keys: KeyOptions,
    form: str,
    mask: bool,
    at: Moment,
    view: View,
) -> None:
    """Make a signed token and print it.

    What you leave out is filled in: iat, an expiry in one hour, typ JWT, the key's kid.

    A MOMENT is Unix seconds, RFC 3339 (2026-01-31T12:00:00Z), now, +1h or -5m.
    """
    refuse_empty(("--typ", typ))
    refuse_stdin_twice(claims, keys.request)
    if view.json and form != "token":
        raise UsageError(f"--as {form} and --json do not go together")
    at = math.floor(at)
    built = build(flags.request(read_claims(claims), at), at)
    key_set = load_keys(keys, view, verifying=False)
    key = keysets.to_sign(key_set, keys.kid)
    alg = algorithm_to_sign(key, *keys.algs, allow_weak=keys.allow_weak)
    header = build_header(header_members, typ=typ, kid=keys.kid or key.kid)
    draft = Draft(header, built.claims, key, alg, at)
    compact = draft.signed() if way is None else broken(draft, way)
    for warning in built.warnings:
        view.warn(warning)
    for note in built.notes:
        view.note(note)
    full_header, claims_set = {"alg": alg, **header}, built.claims
    if way is not None:
        made = parse(compact)
        full_header, claims_set = made.header, made.claims
        view.note(f"broken on purpose: {BREAKS[way].sentence}")
    if mask:
        _mask(compact, view)
    view.show(lambda: as_text.encoded(compact, form), lambda: as_json.encoded(compact, full_header, claims_set))


def _mask(compact: str, view: View) -> None:
    """Tell GitHub Actions what to keep out of its log; elsewhere nobody would read that but the log's readers."""
    if in_github_actions():
        workflow_command("add-mask", compact)
    else:
        view.note("there is no log to mask the token in: this is no GitHub Actions run")
