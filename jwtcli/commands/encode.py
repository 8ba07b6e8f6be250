"""``jwtcli encode``: make a signed token."""

import math
from typing import Any

import click

from jwtcli.commands._claim_options import ClaimFlags, claim_options
from jwtcli.commands._command import Command
from jwtcli.commands._inputs import load_keys, read_claims, refuse_stdin_twice
from jwtcli.commands._options import KeyOptions, View, clock_option, key_options, refuse_empty, view_options
from jwtcli.commands._params import MEMBER
from jwtcli.core import as_json, keysets
from jwtcli.core.breaks import BREAKS, Draft, broken
from jwtcli.core.claims import build, build_header
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
@click.argument("claims", required=False, metavar="[CLAIMS|-|@FILE]")
@claim_options
@click.option(
    "-H", "header_members", type=MEMBER, multiple=True, metavar="MEMBER", help="Any header parameter (repeatable)."
)
@click.option(
    "--break",
    "way",
    type=click.Choice(tuple(BREAKS)),
    metavar="WHAT",
    help=f"For tests, make it wrong in one way: {', '.join(BREAKS)}.",
)
@click.option("--typ", metavar="T", help="Type in the header (default: JWT).")
@key_options(verifying=False)
@clock_option
@view_options
def encode(
    claims: str | None,
    flags: ClaimFlags,
    header_members: tuple[tuple[str, Any], ...],
    way: str | None,
    typ: str | None,
    keys: KeyOptions,
    at: Moment,
    view: View,
) -> None:
    """Make a signed token and print it.

    CLAIMS is a JSON object; options add to it and override it. What you leave out is filled in: iat,
    an expiry in one hour, typ JWT, the key's kid.

    A MOMENT is Unix seconds, RFC 3339 (2026-01-31T12:00:00Z), now, +1h or -5m. A MEMBER is NAME=TEXT
    or NAME:=JSON.

    The key comes from an option, else from JWTCLI_KEY, JWTCLI_KEY_FILE, JWTCLI_SECRET or
    JWTCLI_SECRET_FILE, else from the file that keygen made.
    """
    refuse_empty(("--typ", typ))
    refuse_stdin_twice(claims, keys.request)
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
    view.show(lambda: compact, lambda: as_json.encoded(compact, full_header, claims_set))
