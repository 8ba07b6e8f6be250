"""Key sets that someone publishes: at a URL, or where an issuer's OpenID Connect discovery says."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from jwtcli.core.errors import FetchError
from jwtcli.core.fetch import DEADLINE, Fetched, Web, document
from jwtcli.core.printable import cut
from jwtcli.core.urls import is_loopback, refusal, shown


def deadline(web: Web) -> float:
    """Return the moment of ``web.clock`` until which keys must be there."""
    return web.clock() + DEADLINE


def key_set(url: str | None, issuer: str | None, web: Web, *, until: float, fresh: bool = False) -> Fetched:
    """Return the JWK Set at ``url``, or the one of ``issuer``, all until one deadline; raises FetchError."""
    if url is not None:
        return document(url, web, _no_key_set, until=until, fresh=fresh)
    assert issuer is not None
    told, place = _discovered(issuer, web, until, fresh=fresh)
    found = document(place, web, _no_key_set, until=until, fresh=fresh, nearest=told.near)
    # The keys are no newer than what says where they are: by now they may stand elsewhere.
    kept = [one.cached_at for one in (told, found) if one.cached_at is not None]
    return replace(found, cached_at=min(kept, default=None), young_for=min(found.young_for, told.young_for))


def _discovered(issuer: str, web: Web, until: float, *, fresh: bool) -> tuple[Fetched, str]:
    """Ask an issuer where its keys are (OpenID Connect Discovery 1.0 section 4); it must name itself as asked.

    Returns what it told, and the URL in it: the keys may be no nearer to this machine than what says where they are.
    """
    place = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    told = document(place, web, _no_discovery, until=until, fresh=fresh)
    named, url = told.document["issuer"], told.document["jwks_uri"]
    if named != issuer:
        raise FetchError(
            f"{shown(place)} names another issuer than the one asked for",
            hint=f"it names '{cut(named)}': if that is the one, give it as --issuer-url",
            code="issuer_mismatch",
        )
    reason = refusal(url, allow_http=web.allow_http)
    if reason is not None:
        raise FetchError(f"{shown(place)} names a jwks_uri that is never fetched: {reason}", code="url_refused")
    if is_loopback(urlsplit(url).hostname or "") and not is_loopback(urlsplit(issuer).hostname or ""):
        raise FetchError(f"{shown(place)} names a jwks_uri on this machine, and is not on it", code="url_refused")
    return told, str(url)


def _no_key_set(found: dict[str, Any]) -> str | None:
    return None if isinstance(found.get("keys"), list) else "is no JWK Set: it has no list of keys"


def _no_discovery(found: dict[str, Any]) -> str | None:
    named = isinstance(found.get("issuer"), str) and isinstance(found.get("jwks_uri"), str)
    return None if named else "is no discovery document: it names no issuer or no jwks_uri"
