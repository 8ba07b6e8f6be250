"""Bundles of options about claims: those to mint into a token, and those to demand of one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from jwtcli.commands._options import bundle
from jwtcli.commands._params import DURATION, MEMBER, MOMENT, When
from jwtcli.commands._refusals import refuse_empty, refuse_together
from jwtcli.commands._words import CLAIM
from jwtcli.core.errors import UsageError
from jwtcli.core.lifetime import Moment
from jwtcli.core.verdict import MAX_LEEWAY, Expectations

if TYPE_CHECKING:  # verify mints nothing
    from jwtcli.core.claims import ClaimsRequest


class ClaimFlags(NamedTuple):
    """The claims that were asked for by flags; their moments wait for the clock of the run."""

    members: tuple[tuple[str, Any], ...]
    texts: tuple[tuple[str, Any], ...]
    moments: tuple[tuple[str, When], ...]
    lifetime: int | None
    without: tuple[str, ...]
    new_jti: bool

    @property
    def only_times(self) -> bool:
        """Tell whether nothing was asked for that a token says of anybody."""
        return not (self.members or self.texts or self.new_jti)

    def request(self, base: dict[str, Any], at: Moment) -> "ClaimsRequest":
        """Return the request for a claims set issued at ``at``, on top of a JSON object."""
        from jwtcli.core.claims import ClaimsRequest

        times = tuple((name, when.seen_at(at)) for name, when in self.moments)
        return ClaimsRequest(base, self.members, (*self.texts, *times), self.lifetime, self.without, self.new_jti)


def claim_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the claims that ``encode`` can be asked for; delivers ``flags``."""
    return bundle(
        "flags",
        _make_flags,
        click.option("--sub", metavar="S", help="Subject: whom the token is about."),
        click.option("--iss", metavar="S", help="Issuer: who makes the token."),
        click.option("--aud", multiple=True, metavar="S", help="Audience: whom it is for (repeatable)."),
        click.option(
            "--ttl",
            "lifetime",
            type=DURATION,
            metavar="DURATION",
            help="Lifetime, such as 90s, 15m, 1h30m, 7d (default: 1h).",
        ),
        click.option("--exp", type=MOMENT, metavar="MOMENT", help="Moment of expiry, instead of --ttl."),
        click.option("--no-exp", is_flag=True, help="Make a token that never expires."),
        click.option("--nbf", type=MOMENT, metavar="MOMENT", help="Moment from which it is valid."),
        click.option("--iat", type=MOMENT, metavar="MOMENT", help="Moment of issue (default: now)."),
        click.option("--no-iat", is_flag=True, help="Leave iat out."),
        click.option("--jti", metavar="ID", help="ID of the token."),
        click.option("--new-jti", is_flag=True, help="Make a random ID."),
        click.option(
            "-c",
            "--set",
            "members",
            type=MEMBER,
            multiple=True,
            metavar="MEMBER",
            help="Any claim: NAME=TEXT or NAME:=JSON (repeatable).",
        ),
        title="Claims",
    )(command)


def expectation_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what a verifier can demand of a token's claims; delivers ``demands``."""
    return bundle(
        "demands",
        _make_expectations,
        click.option("--iss", multiple=True, metavar="S", help="Accept only this issuer (repeatable: any of them)."),
        click.option("--aud", multiple=True, metavar="S", help="Accept only this audience (repeatable: any of them)."),
        click.option("--any-aud", is_flag=True, help="Accept any audience."),
        click.option("--sub", metavar="S", help="Accept only this subject."),
        click.option("--typ", metavar="T", help="Accept only this type, such as at+jwt."),
        click.option(
            "--expect",
            type=MEMBER,
            multiple=True,
            metavar="MEMBER",
            help="Accept only this claim, NAME=TEXT or NAME:=JSON (repeatable: all of them).",
        ),
        click.option(
            "--require",
            type=CLAIM,
            multiple=True,
            metavar="NAME",
            help="Accept only with this claim (repeatable: all of them).",
        ),
        click.option(
            "--leeway",
            type=DURATION,
            default=0,
            metavar="DURATION",
            help="Let clocks differ by this much, such as 30s (default: 0).",
        ),
        click.option(
            "--max-age", type=DURATION, metavar="DURATION", help="Accept only if issued within this time, such as 1h."
        ),
        title="Demands",
    )(command)


def _make_flags(
    sub: str | None,
    iss: str | None,
    aud: tuple[str, ...],
    lifetime: int | None,
    exp: When | None,
    no_exp: bool,
    nbf: When | None,
    iat: When | None,
    no_iat: bool,
    jti: str | None,
    new_jti: bool,
    members: tuple[tuple[str, Any], ...],
) -> ClaimFlags:
    refuse_empty(("--sub", sub), ("--iss", iss), ("--aud", aud), ("--jti", jti))
    refuse_together(("--ttl", lifetime), ("--exp", exp), ("--no-exp", no_exp))
    refuse_together(("--iat", iat), ("--no-iat", no_iat))
    refuse_together(("--jti", jti), ("--new-jti", new_jti))
    audience = aud[0] if len(aud) == 1 else list(aud)
    texts = (("iss", iss), ("sub", sub), ("aud", audience or None), ("jti", jti))
    moments = (("iat", iat), ("nbf", nbf), ("exp", exp))
    return ClaimFlags(
        members=members,
        texts=tuple((name, value) for name, value in texts if value is not None),
        moments=tuple((name, when) for name, when in moments if when is not None),
        lifetime=lifetime,
        without=tuple(name for name, left_out in (("exp", no_exp), ("iat", no_iat)) if left_out),
        new_jti=new_jti,
    )


def _make_expectations(
    iss: tuple[str, ...],
    aud: tuple[str, ...],
    any_aud: bool,
    sub: str | None,
    typ: str | None,
    expect: tuple[tuple[str, Any], ...],
    require: tuple[str, ...],
    leeway: int,
    max_age: int | None,
) -> Expectations:
    refuse_together(("--aud", aud), ("--any-aud", any_aud))
    if leeway > MAX_LEEWAY:
        raise UsageError("--leeway is at most 1d: more than that is not a clock that is off")
    refuse_empty(("--iss", iss), ("--aud", aud), ("--sub", sub), ("--typ", typ), ("--require", require))
    return Expectations(
        iss=iss,
        aud=aud,
        any_aud=any_aud,
        sub=sub,
        typ=typ,
        expect=expect,
        require=require,
        leeway=leeway,
        max_age=max_age,
    )
