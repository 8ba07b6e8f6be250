"""Fetching a JSON document for its keys: https, capped in size, time and redirects, every failure in own words."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jwtcli.core.cache import Cached, forget, recall, remember
from jwtcli.core.errors import FetchError
from jwtcli.core.files import why
from jwtcli.core.strict import json_object
from jwtcli.core.urls import Near, is_loopback, redirected, shown

if TYPE_CHECKING:
    from jwtcli.core.remote import Watch

MAX_BYTES = 1024 * 1024
MAX_REDIRECTS = 3
DEADLINE = 10.0
DEFAULT_AGE, MAX_AGE = 300, 3600
_REDIRECTS = (301, 302, 303, 307, 308)

# On Linux the monotonic clock stands still while the machine sleeps, and a key would be trusted as long as that.
_STEADY = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
Unfit = Callable[[dict[str, Any]], str | None]
"""Says what is wrong with a document, or None: only a fit one is kept in the cache."""


def _steady() -> float:
    return time.monotonic() if _STEADY is None else time.clock_gettime(_STEADY)


@dataclass(frozen=True, slots=True)
class Web:
    """What a fetch may do and know, handed in as values.

    ``now`` is Unix time, for the age of what is cached; ``cache`` the directory of the cache or None;
    ``environ`` names the proxies; ``clock`` is monotonic seconds and the deadline runs by it.
    """

    now: int
    cache: Path | None = None
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    allow_http: bool = False
    offline: bool = False
    clock: Callable[[], float] = _steady


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document, since when it lay in the cache (Unix time; None where it came just now), and from how near.

    ``young_for`` is how many seconds it may still be used without asking again.
    """

    document: dict[str, Any]
    cached_at: int | None = None
    near: int = Near.ELSEWHERE
    young_for: int = 0


def document(
    url: str, web: Web, unfit: Unfit, *, until: float, fresh: bool = False, nearest: int = Near.LOOPBACK
) -> Fetched:
    """Return the JSON object at ``url``: from the cache while it is young, else by one request.

    ``until`` is a moment of ``web.clock``. With ``fresh`` the cache is not asked. The document
    may come from ``nearest`` and farther; what a proxy fetches is elsewhere. Raises FetchError.
    """
    kept = None if web.cache is None or fresh else recall(web.cache, url)
    if kept is not None and kept.near > nearest:  # somebody asked for it by itself
        kept = None
    if kept is not None and (web.offline or kept.is_young(web.now)) and unfit(kept.document) is None:
        return Fetched(kept.document, kept.fetched_at, kept.near, kept.fetched_at + kept.max_age - web.now)
    if web.offline:
        raise FetchError(f"{shown(url)} is not in the cache, and --offline forbids to fetch it", code="offline")
    from jwtcli.core.remote import Watch

    watch = Watch(nearest)
    body, age = _within(until, web, lambda: _download(url, web, until, watch), watch.end)
    near = watch.near
    try:
        found = json_object(body)
    except ValueError as error:
        hint = "a key set is meant; where this is an issuer, --issuer-url finds its key set"
        raise FetchError(f"{shown(url)} did not answer with JSON: {error}", hint=hint, code="not_json") from None
    reason = unfit(found)
    if reason is not None:
        raise FetchError(f"{shown(url)} {reason}", code="unfit_answer")
    if web.cache is not None and age > 0:
        remember(web.cache, Cached(url, web.now, age, found, near))
    elif web.cache is not None:
        forget(web.cache, url)
    return Fetched(found, None, near, age)


def _within(
    until: float, web: Web, work: Callable[[], tuple[bytes, int]], end: Callable[[], None]
) -> tuple[bytes, int]:
    """Wait for ``work`` until the deadline and no longer, and then ``end`` it.

    It runs in a thread, because looking up a name, a TLS handshake or headers that drip cannot be
    stopped from within; what is left behind then is a daemon thread, which ends with the process.
    """
    outcome: list[tuple[bytes, int] | FetchError] = []

    def attempt() -> None:
        try:
            outcome.append(work())
        except FetchError as error:
            outcome.append(error)
        except Exception as error:  # a hostile server has many ways to upset a library
            outcome.append(FetchError(f"the request failed ({type(error).__name__})"))

    thread = Thread(target=attempt, daemon=True)
    try:
        thread.start()
    except RuntimeError:
        raise FetchError("there is no room for another thread to fetch with") from None
    thread.join(max(0.0, until - web.clock()))
    if not outcome:
        end()
        raise _too_slow()
    if isinstance(outcome[0], FetchError):
        raise outcome[0]
    return outcome[0]


def _download(url: str, web: Web, until: float, watch: Watch) -> tuple[bytes, int]:
    """Return the body and how many seconds it may be kept, following a few redirects on one host."""
    first = url
    for _ in range(MAX_REDIRECTS + 1):
        with _opened(url, web, until, watch) as answer:
            if answer.status in _REDIRECTS:
                url = redirected(first, url, answer.headers.get("Location"), allow_http=web.allow_http)
                continue
            if answer.status != 200:
                raise FetchError(f"{shown(url)} answered with status {answer.status}", code="http_status")
            return _body(answer, url, web, until), _young_for(answer.headers)
    raise FetchError(f"{shown(url)}: more than {MAX_REDIRECTS} redirects", code="redirect")


@contextmanager
def _opened(url: str, web: Web, until: float, watch: Watch) -> Iterator[Any]:
    from urllib.request import OpenerDirector, ProxyHandler, Request

    from jwtcli.core.remote import handler

    opener = OpenerDirector()  # and nothing else: no file:, no ftp:, no redirects of its own
    parts = urlsplit(url)
    request = Request(url, headers={"Accept": "application/jwk-set+json, application/json", "User-Agent": "jwtcli"})  # noqa: S310 - the scheme was checked
    opener.add_handler(ProxyHandler({} if is_loopback(parts.hostname or "") else _proxies(web.environ)))
    opener.add_handler(handler(_trust() if parts.scheme == "https" else None, watch, request.host))
    try:
        with opener.open(request, timeout=max(0.05, until - web.clock())) as answer:
            yield answer
    except FetchError:
        raise
    except Exception as error:  # own words only
        raise _failure(url, error) from None


def _trust() -> Any:
    """Trust what the operating system trusts, proxies of a company and their own authorities among it."""
    import ssl

    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.hostname_checks_common_name = False  # RFC 9525 section 2: a name that is not in subjectAltName is none
    return context


def _body(answer: Any, url: str, web: Web, until: float) -> bytes:
    if (answer.length or 0) > MAX_BYTES:
        raise _too_large(url)
    body = bytearray()
    while chunk := answer.read1(65536):
        body += chunk
        if len(body) > MAX_BYTES:
            raise _too_large(url)
        if web.clock() > until:
            raise _too_slow()
    if answer.length:
        raise FetchError(f"{shown(url)}: the answer was cut short", code="unreachable")
    return bytes(body)


def _proxies(environ: Mapping[str, str]) -> dict[str, str]:
    named = {
        "https": environ.get("https_proxy") or environ.get("HTTPS_PROXY"),
        "http": environ.get("http_proxy"),  # in capitals a CGI client could set it (httpoxy)
    }
    return {scheme: proxy for scheme, proxy in named.items() if proxy}


def _young_for(headers: Any) -> int:
    """Return how many seconds an answer may be kept (RFC 9111 section 4.2): at most one hour, less what it is old."""
    said = ", ".join(headers.get_all("Cache-Control", ())).lower()
    if re.search(r"\bno-(?:store|cache)\b", said):
        return 0
    found = re.search(r"\bmax-age\s*=\s*\"?([^\s,;\"]*)", said)
    young, old = _seconds(found[1]) if found else DEFAULT_AGE, _seconds(headers.get("Age", "0").partition(",")[0])
    return 0 if young is None or old is None else max(0, min(young, MAX_AGE) - old)


def _seconds(text: str) -> int | None:
    """Read a number of seconds, more than a year as one (RFC 9111 section 1.2.2); None where it is none."""
    digits = re.fullmatch(r"\s*(\d+)\s*", text, re.ASCII)
    return None if digits is None else int(digits[1][:12]) if len(digits[1]) < 9 else MAX_AGE * 10_000


def _failure(url: str, error: Exception) -> FetchError:
    import http.client
    import socket
    import ssl

    reason = getattr(error, "reason", error)
    if isinstance(reason, TimeoutError):
        return _too_slow()
    known: tuple[tuple[type[Exception], str], ...] = (
        (socket.gaierror, "its host name is not known"),
        (ssl.SSLCertVerificationError, "its certificate is not one that this machine trusts"),
        (ssl.SSLError, "the TLS handshake failed"),
        (ConnectionRefusedError, "the connection was refused"),
        (ConnectionError, "the connection was cut"),
        (http.client.HTTPException, "it does not speak HTTP as it should"),
    )
    words = next((said for kind, said in known if isinstance(reason, kind)), None) or why(reason, "the request failed")
    return FetchError(f"{shown(url)}: {words}", hint="it may be worth another try", code="unreachable")


def _too_slow() -> FetchError:
    return FetchError(
        f"no whole answer within {DEADLINE:.0f} seconds", hint="it may be worth another try", code="too_slow"
    )


def _too_large(url: str) -> FetchError:
    return FetchError(f"{shown(url)}: the answer is larger than 1 MiB, which no key set is", code="too_large")
