"""The door of the server: foreign hosts and origins get nothing, and no answer with a token is kept."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, request

MAX_BODY = 2 * 1024 * 1024 + 65_536
"""Bytes of a request's body: the largest token there is, and a form around it."""


def guard(app: Flask, own: Iterable[str]) -> None:
    """Answer only requests that name this server, as ``host[:port]`` in ``own``.

    A page elsewhere can make a browser send requests here: by a name of its own that resolves to
    this machine (DNS rebinding), which is 421, or across origins, which for a POST is 403.
    """
    hosts = frozenset(host.lower() for host in own)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY

    @app.before_request
    def refuse_strangers() -> None:
        if request.headers.get("Host", "").lower() not in hosts:
            abort(421)
        if request.method not in ("GET", "HEAD", "OPTIONS") and not _from_here(request, hosts):
            abort(403)

    @app.after_request
    def keep_nothing(response: Response) -> Response:
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


def host_of(url: str) -> str:
    """Return ``host[:port]`` of a URL as a Host header says it."""
    return urlsplit(url).netloc.lower()


def _from_here(incoming: Request, hosts: frozenset[str]) -> bool:
    origin = incoming.headers.get("Origin")
    if origin is None:
        return incoming.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")
    return host_of(origin) in hosts
