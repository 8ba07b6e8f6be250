"""Connections that are looked at: what a stranger's document names may be this machine, by whatever name."""

from collections.abc import Callable
from errno import EADDRNOTAVAIL
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from socket import SOCK_DGRAM, socket
from ssl import SSLContext
from typing import Any
from urllib.request import BaseHandler, HTTPHandler, HTTPSHandler, Request

from jwtcli.core.urls import Look, Near, is_loopback


def handler(trust: SSLContext | None, look: Look, direct: str) -> BaseHandler:
    """Return what opens https URLs with this ``trust``, http URLs without one, and hands each address to ``look``.

    What counts is the address that was connected to, before a byte is sent: a name tells nothing of it. What ``look``
    raises ends the connection. A request for another host than ``direct`` goes to a proxy by now, and what the proxy
    connects to cannot be seen from here.
    """
    return _Plain(look, direct) if trust is None else _Secure(trust, look, direct)


class _Connection(HTTPConnection):
    look: Look

    def connect(self) -> None:
        super().connect()
        try:
            self.look(_near(self.sock))
        except BaseException:
            self.close()
            raise


class _SecureConnection(HTTPSConnection, _Connection):
    """TLS over a connection that was looked at: HTTPSConnection connects by way of the next class."""


class _Plain(HTTPHandler):
    def __init__(self, look: Look, direct: str) -> None:
        super().__init__()
        self._look, self._direct = look, direct

    def http_open(self, req: Request) -> HTTPResponse:
        kind = _looked_at(_Connection, self._look) if req.host == self._direct else HTTPConnection
        return self.do_open(kind, req)


class _Secure(HTTPSHandler):
    def __init__(self, trust: SSLContext, look: Look, direct: str) -> None:
        super().__init__(context=trust)
        self._trust, self._look, self._direct = trust, look, direct

    def https_open(self, req: Request) -> HTTPResponse:
        kind = _looked_at(_SecureConnection, self._look) if req.host == self._direct else HTTPSConnection
        return self.do_open(kind, req, context=self._trust)


def _looked_at(kind: type[_Connection], look: Look) -> Callable[..., HTTPConnection]:
    def made(host: str, **how: Any) -> HTTPConnection:
        connection = kind(host, **how)
        connection.look = look
        return connection

    return made


def _near(connected: socket) -> Near:
    there = connected.getpeername()
    if is_loopback(there[0]):
        return Near.LOOPBACK
    return Near.OWN_ADDRESS if _is_own(connected.family, there) else Near.ELSEWHERE


def _is_own(family: int, there: tuple[Any, ...]) -> bool:
    """Ask the kernel, by binding to the address: a machine with several may connect to one of them from another."""
    with socket(family, SOCK_DGRAM) as trial:
        try:
            trial.bind((there[0], 0, *there[2:]))
        except OSError as error:
            return error.errno != EADDRNOTAVAIL
    return True
