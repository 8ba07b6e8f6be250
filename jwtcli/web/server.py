"""From settings to a running server: the issuer on an address, behind waitress, until it is told to stop."""

import gc
import logging
import re
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from waitress.server import create_server

from jwtcli.core.errors import FileError, UsageError
from jwtcli.core.files import why
from jwtcli.core.keys import Key
from jwtcli.core.lifetime import Clock
from jwtcli.web.app import create_app
from jwtcli.web.guard import MAX_BODY, host_of
from jwtcli.web.issuer import Issuer
from jwtcli.web.metadata import urls

THREADS = 16
CONNECTIONS = 500
_IN_MEMORY = 1 << 40  # bytes: more than ever pass through, so that no key or token is written to a disk on its way
_WILDCARDS = ("0.0.0.0", "::")  # noqa: S104  # named to be told apart, not to listen on
_ISSUER = re.compile(r"https?://[^/?#@\s]+(?:/[A-Za-z0-9._~-]+)*/*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a server is to be. ``port`` 0 means a free one, ``lifetime`` of tokens is in seconds."""

    host: str
    port: int
    keys: Sequence[Key] = field(repr=False)
    alg: str | None = None
    issuer: str | None = None
    lifetime: int = 3600
    extra: Mapping[str, Any] = field(default_factory=dict)
    users: Mapping[str, str] | None = field(default=None, repr=False)


def serve(settings: Settings, clock: Clock, ready: Callable[[dict[str, str]], None]) -> None:
    """Answer until SIGINT or SIGTERM; ``ready`` gets every URL by name once answers would come.

    Raises FileError where the address cannot be had and UsageError for an issuer that is no URL.
    """
    named = None if settings.issuer is None else _checked_issuer(settings.issuer)
    host = settings.host.removeprefix("[").removesuffix("]")
    listener = _listen(host, settings.port)
    address = _base_url(host, listener.getsockname()[1])
    url = named or address
    issuer = Issuer(
        url,
        settings.keys,
        clock,
        lifetime=settings.lifetime,
        alg=settings.alg,
        extra=settings.extra,
        users=settings.users,
    )
    app = create_app(issuer, own_hosts(address, url))
    gc.enable()  # the entry point switched it off, which suits one token and no server
    _run(app, listener, lambda: ready({**urls(url), "address": address}))


def own_hosts(address: str, issuer: str) -> list[str]:
    """Name the server as a Host header may: its address, localhost, and the host of its issuer."""
    port = urlsplit(address).port
    return [host_of(address), f"localhost:{port}", f"127.0.0.1:{port}", host_of(issuer)]


def _checked_issuer(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = url.isprintable() and _ISSUER.fullmatch(url) and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise UsageError("--issuer must be an http or https URL without user, query or fragment")
    return url.rstrip("/")


def _base_url(host: str, port: int) -> str:
    if host in _WILDCARDS:
        return f"http://localhost:{port}"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
        return socket.create_server((host, port), family=family, backlog=128)
    except (socket.gaierror, UnicodeError, TypeError):  # the last for what is no text
        raise FileError(f"cannot listen on {host}: it is no address of this machine", code="cannot_listen") from None
    except OSError as error:
        raise FileError(f"cannot listen on {host} port {port}: {why(error)}", code="cannot_listen") from None


def _run(app: Flask, listener: socket.socket, ready: Callable[[], None]) -> None:
    logging.getLogger("waitress").setLevel(logging.CRITICAL)  # it would log paths and tracebacks
    server = create_server(
        app,
        sockets=[listener],
        threads=THREADS,
        connection_limit=CONNECTIONS,
        max_request_body_size=2 * MAX_BODY,  # what is a little too large gets our own answer
        inbuf_overflow=_IN_MEMORY,
        outbuf_overflow=_IN_MEMORY,
        ident=None,
    )
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        ready()
        server.run()
    except KeyboardInterrupt:  # a signal outside the server's own loop, which takes it for the end too
        server.task_dispatcher.shutdown()
    finally:
        signal.signal(signal.SIGTERM, before)
        server.close()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
