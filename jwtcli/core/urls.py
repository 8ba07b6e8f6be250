"""Which URLs may be fetched, and which a redirect may lead to; none is quoted with what it may hide."""

import re
from enum import IntEnum
from urllib.parse import SplitResult, urljoin, urlsplit

from jwtcli.core.errors import FetchError, UsageError
from jwtcli.core.printable import cut

_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]+:"  # two letters and more: C: is a drive
_PLAIN_HTTP = "plain http lets anyone on the way swap the keys: use https"


def is_url(text: str) -> bool:
    """Tell a URL, of whatever scheme, from the name of a file."""
    return re.match(_SCHEME, text) is not None


def check_asked(url: str, option: str, *, allow_http: bool) -> None:
    """Refuse a URL that the user gave and that is never fetched; raises UsageError."""
    reason = refusal(url, allow_http=allow_http)
    if reason is not None:
        hint = "--allow-http takes plain http all the same" if reason == _PLAIN_HTTP else None
        hint = hint if "://" in url else "a URL begins with https://"
        raise UsageError(f"{option}: {reason}", hint=hint, code="url_refused")


def redirected(first: str, url: str, location: str | None, *, allow_http: bool) -> str:
    """Return where a redirect leads: to the first URL's host, or from http to https on it; raises FetchError."""
    target = urljoin(url, location or "")
    reason = "a redirect that names no place" if not location else refusal(target, allow_http=allow_http)
    if reason is None:
        here, there = urlsplit(first), urlsplit(target)
        if (there.hostname, _port(there)) != (here.hostname, _port(here)) and not _upgrades(here, there):
            reason = "a redirect to another host, which is never followed"
        elif urlsplit(url).scheme == "https" and there.scheme != "https":
            reason = "a redirect from https to http, which is never followed"
    if reason is not None:
        raise FetchError(f"{shown(url)}: {reason}", code="redirect")
    return target


def refusal(url: str, *, allow_http: bool) -> str | None:
    """Say why a URL is never fetched, without quoting it: it may hold a password."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "this URL cannot be read"
    if re.search(r"[^@]\[|\](?!:|$)", parts.netloc):  # [::1].example, x[::1]: Python before 3.13.1 takes them for ::1
        return "this URL cannot be read"
    if parts.scheme not in ("https", "http"):
        return "only https URLs are fetched"
    if not host or "%" in host or any(char <= " " or char >= "\x7f" for char in url):
        return "this URL has no host, or characters that have no place there"
    if parts.username is not None or parts.password is not None:
        return "this URL holds a user name or password, which has no place there"
    if parts.scheme == "http" and not allow_http and not is_loopback(host):
        return _PLAIN_HTTP
    return None


class Near(IntEnum):
    """How near an address is: what listens on loopback may tell this machine what it would tell no other."""

    ELSEWHERE = 0
    OWN_ADDRESS = 1
    LOOPBACK = 2


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine; a name that only resolves to it is not."""
    from ipaddress import ip_address

    try:
        address = ip_address(host)
        return (getattr(address, "ipv4_mapped", None) or address).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def shown(url: str) -> str:
    """Show a URL without its query, which may hold an access key, and cut short: a document may have named it."""
    parts = urlsplit(url)
    return cut(f"{parts.scheme}://{parts.netloc}{parts.path}", 300)


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _upgrades(first: SplitResult, there: SplitResult) -> bool:
    usual = (first.scheme, _port(first), there.scheme, _port(there)) == ("http", 80, "https", 443)
    return usual and first.hostname == there.hostname
