"""``jwtcli encode``: make a signed token."""

import math
from typing import Any

import click

from jwtcli.commands._claim_options import ClaimFlags, claim_options
from jwtcli.commands._command import Command
from jwtcli.commands._inputs import load_keys, read_claims, refuse_stdin_twice
from jwtcli.commands._lines import StreamOptions, stream_options
from jwtcli.commands._options import KeyOptions, View, key_options, refuse_empty, running_clock_option, view_options
from jwtcli.commands._params import MEMBER
from jwtcli.core import as_json, keysets
from jwtcli.core.claims import build, build_header
from jwtcli.core.errors import Status
from jwtcli.core.keys import algorithm_to_sign
from jwtcli.core.lifetime import Clock
from jwtcli.core.signatures import sign


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
@click.option("--typ", metavar="T", help="Type in the header (default: JWT).")
@key_options(verifying=False)
@stream_options(minting=True)
@running_clock_option
@view_options
def encode(
    claims: str | None,
    flags: ClaimFlags,
    header_members: tuple[tuple[str, Any], ...],
    typ: str | None,
    keys: KeyOptions,
    stream: StreamOptions | None,
    clock: Clock,
    view: View,
) -> int:
    """Make a signed token and print it.

    CLAIMS is a JSON object; options add to it and override it. What you leave out is filled in: iat,
    an expiry in one hour, typ JWT, the key's kid.

    A MOMENT is Unix seconds, RFC 3339 (2026-01-31T12:00:00Z), now, +1h or -5m. A MEMBER is NAME=TEXT
    or NAME:=JSON.

    The key comes from an option, else from JWTCLI_KEY, JWTCLI_KEY_FILE, JWTCLI_SECRET or
    JWTCLI_SECRET_FILE, else from the file that keygen made.
    """
    refuse_empty(("--typ", typ))
    lines = stream is not None and stream.copies is None
    refuse_stdin_twice("-" if lines and claims is None else claims, keys.request)
    at = math.floor(clock())
    base = {} if lines else read_claims(claims)
    built = build(flags.request(base, at), at)
    key_set = load_keys(keys, view, verifying=False)
    key = keysets.to_sign(key_set, keys.kid)
    alg = algorithm_to_sign(key, *keys.algs, allow_weak=keys.allow_weak)
    header = build_header(header_members, typ=typ, kid=keys.kid or key.kid)
    for warning in built.warnings:
        view.warn(warning)
    for note in built.notes:
        view.note(note)
    if stream is not None:
        from jwtcli.commands._runs import mint_lines

        return mint_lines(claims, flags.request, base, (header, key, alg), clock, stream, view)
    compact = sign(header, built.claims, key, alg)
    full_header = {"alg": alg, **header}
    view.show(lambda: compact, lambda: as_json.encoded(compact, full_header, built.claims))
    return Status.DONE
