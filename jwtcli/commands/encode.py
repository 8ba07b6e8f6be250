"""``jwtcli encode``: make a signed token."""

import math
from typing import Any

import click

from jwtcli.commands._claim_options import ClaimFlags, claim_options
from jwtcli.commands._command import Command
from jwtcli.commands._inputs import load_keys, read_claims, refuse_stdin_twice
from jwtcli.commands._key_options import KeyOptions, key_options
from jwtcli.commands._options import View, running_clock_option, view_options
from jwtcli.commands._params import MEMBER
from jwtcli.commands._refusals import refuse_empty, refuse_together
from jwtcli.commands._sections import section
from jwtcli.commands._stream_options import StreamOptions, refuse_with_lines, stream_options
from jwtcli.commands._terminal import stdin_is_attached
from jwtcli.core import as_json, as_text
from jwtcli.core.breaks import BREAKS, Draft, broken
from jwtcli.core.choice import to_sign
from jwtcli.core.claims import DEFAULT_LIFETIME, Built, build, build_header, overruled
from jwtcli.core.errors import Status
from jwtcli.core.keys import algorithm_to_sign
from jwtcli.core.lifetime import Clock, duration
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
    help="A JSON object to start from; options add to it and override it. Without -, standard input is left unread.",
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
@stream_options(minting=True)
@running_clock_option
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
    stream: StreamOptions | None,
    clock: Clock,
    view: View,
) -> int:
    """Make a signed token and print it.

    What you leave out is filled in: iat, an expiry in one hour, typ JWT, the key's kid.

    A MOMENT is Unix seconds, RFC 3339 (2026-01-31T12:00:00Z), now, +1h or -5m.
    """
    refuse_empty(("--typ", typ))
    refuse_together((f"--as {form}", form != "token"), ("--json", view.json))
    if stream is not None:
        refuse_with_lines(("--break", way), ("--as", form != "token"), ("--mask", mask))
    lines = stream is not None and stream.copies is None
    refuse_stdin_twice("-" if lines and claims is None else claims, keys.request, verifying=False)
    at = math.floor(clock())
    base = {} if lines else read_claims(claims)
    built = build(flags.request(base, at), at)
    key_set = load_keys(keys, view, verifying=False)
    key = to_sign(key_set, keys.kid)
    alg = algorithm_to_sign(key, *keys.algs, allow_weak=keys.allow_weak)
    header = build_header(header_members, typ=typ, kid=keys.kid or key.kid)
    _tell(built, view, lines=lines)
    for note in overruled(header_members, typ=typ, kid=keys.kid):
        view.note(note)
    if not lines and claims is None and flags.only_times and stdin_is_attached():
        view.note("standard input was not read: - takes claims from there")
    if stream is not None:
        from jwtcli.commands._runs import mint_lines

        return mint_lines(claims, flags.request, base, (header, key, alg), clock, stream, view)
    _show(Draft(header, built.claims, key, alg, at), way, form, mask, view)
    return Status.DONE


def _tell(built: Built, view: View, *, lines: bool) -> None:
    """Say what should be known of the claims; of lines to come only what holds whichever claims they bring."""
    if not (lines and built.expiry_filled_in):  # a warning may rest on an expiry that a line brings itself
        for warning in built.warnings:
            view.warn(warning)
    for note in built.notes:
        view.note(note)
    if built.expiry_filled_in:
        lifetime = duration(DEFAULT_LIFETIME)
        view.note(
            f"a line without exp gets a lifetime of {lifetime} (--ttl sets another)"
            if lines
            else f"the token expires in {lifetime} (--ttl sets another lifetime)"
        )


def _show(draft: Draft, way: str | None, form: str, mask: bool, view: View) -> None:
    compact = draft.signed() if way is None else broken(draft, way)
    made = parse(compact)
    if way is not None:
        view.note(f"broken on purpose: {BREAKS[way].sentence}")
    if mask:
        _mask(compact, view)
    view.show(lambda: as_text.encoded(compact, form), lambda: as_json.encoded(compact, made.header, made.claims))


def _mask(compact: str, view: View) -> None:
    """Tell GitHub Actions what to keep out of its log; elsewhere nobody would read that but the log's readers."""
    from jwtcli.commands import _ci  # late: few ask for it

    if _ci.in_github_actions():
        _ci.mask(compact)
    else:
        view.note("there is no log to mask the token in: this is no GitHub Actions run")
