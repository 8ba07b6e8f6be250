"""Connections that are looked at: what a stranger's document names may be this machine, by whatever name."""

import socket
from collections.abc import Callable
from contextlib import suppress
from errno import EADDRNOTAVAIL
from functools import partial
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from ssl import SSLContext
from typing import Any
from urllib.request import BaseHandler, HTTPHandler, HTTPSHandler, Request

from jwtcli.core.errors import FetchError
from jwtcli.core.urls import Near, is_loopback


class Watch:
    """Keeps an eye on the connections of one fetch: how near they went, and when it is over.

    What counts is the address that was connected to, before a byte is sent: a name tells nothing of it. One that is
    nearer than ``nearest`` is closed, with a FetchError. What a proxy connects to cannot be seen from here.
    """

    def __init__(self, nearest: int) -> None:
        self._nearest = nearest
        self._reached: list[Near] = []
        self._answering: list[socket.socket] = []
        self.over = False

    def connected(self, found: socket.socket, *, direct: bool) -> None:
        """Learn of a connection, which may lead to a proxy instead of ``direct`` to its host."""
        near = _near(found) if direct else Near.ELSEWHERE
        if near > self._nearest:
            raise FetchError("a key set is said to be on this machine, by a document that is not", code="url_refused")
        self._reached.append(near)

    @property
    def near(self) -> Near:
        """Tell how near the farthest connection went."""
        return min(self._reached, default=Near.ELSEWHERE)

    def answering(self, connected: socket.socket) -> None:
        """Learn of a connection by which an answer comes."""
        self._answering.append(connected)

    def end(self) -> None:
        """Have nothing more read: what a server says without end another thread would read without end.

        One line that drips is read by a single call, which ends with its connection.
        """
        self.over = True
        for connected in self._answering:
            with suppress(OSError):
                socket.socket.shutdown(connected, socket.SHUT_RDWR)  # past TLS, which another thread is reading


def handler(trust: SSLContext | None, watch: Watch, direct: str) -> BaseHandler:
    """Return what opens https URLs with this ``trust``, http URLs without one, all of them under ``watch``.

    A request for another host than ``direct`` goes to a proxy by now.
    """
    return _Plain(watch, direct) if trust is None else _Secure(trust, watch, direct)


class _Connection(HTTPConnection):
    watch: Watch
    direct: bool

    def connect(self) -> None:
        super().connect()
        try:
            self.watch.connected(self.sock, direct=self.direct)
        except BaseException:
            self.close()
            raise


class _SecureConnection(HTTPSConnection, _Connection):
    """TLS over a connection that was looked at: HTTPSConnection connects by way of the next class."""


class _Response(HTTPResponse):
    def __init__(self, watch: Watch, connected: socket.socket, *rest: Any, **how: Any) -> None:
        super().__init__(connected, *rest, **how)
        watch.answering(connected)
        self.fp = _Heeding(self.fp, watch)  # type: ignore[assignment]  # it reads like the file that it stands for


class _Heeding:
    """A file that is read until its watch is over."""

    def __init__(self, file: Any, watch: Watch) -> None:
        self._file, self._watch = file, watch

    def __getattr__(self, name: str) -> Any:
        if self._watch.over and name.startswith("read"):
            raise ConnectionAbortedError
        return getattr(self._file, name)


class _Plain(HTTPHandler):
    def __init__(self, watch: Watch, direct: str) -> None:
        super().__init__()
        self._watch, self._direct = watch, direct

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_watched(_Connection, self._watch, direct=req.host == self._direct), req)


class _Secure(HTTPSHandler):
    def __init__(self, trust: SSLContext, watch: Watch, direct: str) -> None:
        super().__init__(context=trust)
        self._trust, self._watch, self._direct = trust, watch, direct

    def https_open(self, req: Request) -> HTTPResponse:
        kind = _watched(_SecureConnection, self._watch, direct=req.host == self._direct)
        return self.do_open(kind, req, context=self._trust)


def _watched(kind: type[_Connection], watch: Watch, *, direct: bool) -> Callable[..., HTTPConnection]:
    def made(host: str, **how: Any) -> HTTPConnection:
        connection = kind(host, **how)
        connection.watch, connection.direct = watch, direct
        vars(connection)["_create_connection"] = partial(_connected, watch)
        connection.response_class = partial(_Response, watch)  # type: ignore[assignment]  # it is called, and no more
        return connection

    return made


def _connected(watch: Watch, place: tuple[str, int], timeout: float, _source: object = None) -> socket.socket:
    """Connect to the first address of a host that answers, until the watch is over: a name may have thousands."""
    failure = OSError("the host has no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(*place, type=socket.SOCK_STREAM):
        if watch.over:
            raise ConnectionAbortedError
        try:
            connection = socket.socket(family, kind, protocol)
        except OSError as error:  # a family of addresses that is switched off here
            failure = error
            continue
        try:
            connection.settimeout(timeout)
            connection.connect(address)
            return connection
        except OSError as error:
            failure = error
            connection.close()
    raise failure


def _near(connected: socket.socket) -> Near:
    there = connected.getpeername()
    if is_loopback(there[0]):
        return Near.LOOPBACK
    return Near.OWN_ADDRESS if _is_own(connected.family, there) else Near.ELSEWHERE


def _is_own(family: int, there: tuple[Any, ...]) -> bool:
    """Ask the kernel, by binding to the address: a machine with several may connect to one of them from another."""
    with socket.socket(family, socket.SOCK_DGRAM) as trial:
        try:
            trial.bind((there[0], 0, *there[2:]))
        except OSError as error:
            return error.errno != EADDRNOTAVAIL
    return True
