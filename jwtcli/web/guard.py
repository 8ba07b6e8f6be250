"""The door of the server: foreign hosts and origins get nothing, and no answer with a token is kept."""

import re
from collections.abc import Iterable
from io import BytesIO
from typing import IO
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, request

MAX_BODY = 2 * 1024 * 1024 + 65_536
"""Bytes of a request's body: the largest token there is, and a form around it."""
_POLICY = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
_OTHER_NAME = "this server goes by another name: start it with --issuer URL to have it answer to the host of that"
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?", re.ASCII | re.IGNORECASE)

# Headers with a date, which werkzeug takes for a bug where no calendar has it; our files have an ETag.
_DATES = ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE")


class InMemory(Request):
    """A request whose files stay in memory, as its fields do: neither is longer than its body may be."""

    def _get_file_stream(self, *_: object, **__: object) -> IO[bytes]:
        return BytesIO()


def guard(app: Flask, own: Iterable[str]) -> None:
    """Answer only requests that name this server, as one of ``own`` (``host[:port]``).

    A page elsewhere can make a browser send requests here: by a name of its own that resolves to
    this machine (DNS rebinding), which is 421, or across origins, which is 403. A rebound name
    differs in the name, so the port of Host, which a container may map to another, is not compared.
    """
    hosts = frozenset(host.lower() for host in own)
    names = frozenset(map(_name, hosts)) - {None}  # a host that is none names nobody
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY

    @app.before_request
    def refuse_strangers() -> None:
        host = request.headers.get("Host", "").lower()
        if _name(host) not in names:
            abort(421, _OTHER_NAME)
        if not _from_here(request, hosts | {host}):
            abort(403)

    @app.before_request
    def forget_dates() -> None:
        for name in _DATES:
            request.environ.pop(name, None)

    @app.after_request
    def keep_nothing(response: Response) -> Response:
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Pragma", "no-cache")  # RFC 6749 section 5.1
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        # Not no-referrer: with that, browsers send "Origin: null" with a form of our own.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


def host_of(url: str) -> str:
    """Return ``host[:port]`` of a URL as a Host header says it, or nothing for what is no URL."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def _name(host: str) -> str | None:
    found = _HOST.fullmatch(host)
    return found[1].lower() if found else None


def _from_here(incoming: Request, hosts: frozenset[str]) -> bool:
    origin = incoming.headers.get("Origin")
    if origin is not None:
        return origin.startswith(("http://", "https://")) and host_of(origin) in hosts
    if incoming.method in ("GET", "HEAD", "OPTIONS"):
        return True
    return incoming.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")
