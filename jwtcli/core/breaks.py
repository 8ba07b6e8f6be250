"""Tokens for negative tests: a good one, and one that is wrong in exactly one way for each way there is."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from jwtcli.core.errors import Status, UsageError
from jwtcli.core.keys import Key
from jwtcli.core.lifetime import Moment
from jwtcli.core.new_keys import generate
from jwtcli.core.signatures import sign
from jwtcli.core.strict import base64url_decode, base64url_encode

ELSEWHERE = "https://elsewhere.invalid"
"""The issuer and audience of tokens that name the wrong one (RFC 2606: it can be nobody's)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A token before it is signed: what goes in, the key, and the moment of issue."""

    header: dict[str, Any]
    claims: dict[str, Any]
    key: Key
    alg: str
    at: Moment

    def signed(self) -> str:
        """Return the compact serialization."""
        return sign(self.header, self.claims, self.key, self.alg)


@dataclass(frozen=True, slots=True)
class Break:
    """One way to be wrong, and the verdict that it must get.

    ``status`` and ``code`` are those of ``jwtcli verify`` with the JWK Set, the issuer and the
    audience demanded and ``exp`` required, at the moment of issue.
    """

    name: str
    sentence: str
    status: Status
    code: str
    make: Callable[[Draft], str]


def broken(draft: Draft, name: str) -> str:
    """Return the draft as a token that is wrong in the way ``name``; raises UsageError for an unknown one."""
    if name not in BREAKS:
        raise UsageError(f"there is no way '{name}' to break a token", hint=f"it is one of {', '.join(BREAKS)}")
    try:
        return BREAKS[name].make(draft)
    except (OverflowError, ValueError):
        raise UsageError(f"the token's times are too far away to make it {name}", code="bad_claims") from None


def _expired(draft: Draft) -> str:
    """Move the whole lifetime into the past: it ended a minute ago."""
    claims = draft.claims
    end = claims.get("exp", draft.at + 3600)
    back = end - draft.at + 60
    times: dict[str, Any] = {name: claims[name] - back for name in ("iat", "nbf") if name in claims}
    return replace(draft, claims={**claims, **times, "exp": end - back}).signed()


def _not_yet(draft: Draft) -> str:
    """Start in an hour, and end an hour later than it would have."""
    times: dict[str, Any] = {"nbf": draft.at + 3600}
    if "exp" in draft.claims:
        times["exp"] = draft.claims["exp"] + 3600
    return replace(draft, claims={**draft.claims, **times}).signed()


def _bad_signature(draft: Draft) -> str:
    """Turn one bit of the signature."""
    signing_input, _, encoded = draft.signed().rpartition(".")
    signature = bytearray(base64url_decode(encoded.encode("ascii")))
    signature[len(signature) // 2] ^= 1
    return f"{signing_input}.{base64url_encode(bytes(signature))}"


def _wrong_key(draft: Draft) -> str:
    """Sign with another key of the same kind that claims to be this one."""
    ed448 = draft.alg == "EdDSA" and draft.key.curve == "Ed448"
    return replace(draft, key=generate("Ed448" if ed448 else draft.alg)).signed()


def _unknown_kid(draft: Draft) -> str:
    """Name another key than the one that there is."""
    kid = "no-such-key"
    while kid == draft.key.kid:
        kid += "-either"
    return replace(draft, header={**draft.header, "kid": kid}).signed()


def _alg_none(draft: Draft) -> str:
    """Say alg none and leave the signature empty (RFC 7519 section 6), the oldest forgery."""
    payload = draft.signed().split(".")[1]
    header = json.dumps({"alg": "none", **draft.header}, separators=(",", ":"))
    return f"{base64url_encode(header.encode('ascii'))}.{payload}."


def _wrong_aud(draft: Draft) -> str:
    return _elsewhere(draft, "aud")


def _wrong_iss(draft: Draft) -> str:
    return _elsewhere(draft, "iss")


def _elsewhere(draft: Draft, name: str) -> str:
    """Put another place into a claim than the one, or the several, that stand there."""
    place, named = ELSEWHERE, draft.claims.get(name)
    while place in (named if isinstance(named, list) else [named]):
        place += "/elsewhere"
    return replace(draft, claims={**draft.claims, name: place}).signed()


def _no_exp(draft: Draft) -> str:
    return replace(draft, claims={name: value for name, value in draft.claims.items() if name != "exp"}).signed()


BREAKS = {
    way.name: way
    for way in (
        Break("expired", "its lifetime ended a minute ago", Status.EXPIRED, "expired", _expired),
        Break("not-yet", "it starts in an hour", Status.NOT_YET_VALID, "not_yet_valid", _not_yet),
        Break("bad-signature", "one bit of the signature is turned", Status.SIGNATURE, "bad_signature", _bad_signature),
        Break("wrong-key", "another key signed it under this kid", Status.SIGNATURE, "bad_signature", _wrong_key),
        Break("unknown-kid", "its kid is not in the key set", Status.KEY, "unknown_kid", _unknown_kid),
        Break("alg-none", "it says alg none and is not signed", Status.SIGNATURE, "alg_not_allowed", _alg_none),
        Break("wrong-aud", "it is for another audience", Status.CLAIM, "aud_mismatch", _wrong_aud),
        Break("wrong-iss", "it comes from another issuer", Status.CLAIM, "iss_mismatch", _wrong_iss),
        Break("no-exp", "it never expires", Status.CLAIM, "missing", _no_exp),
    )
}
