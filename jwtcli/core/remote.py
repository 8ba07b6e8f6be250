"""Connections to what a stranger's document names: none is made to this machine, by whatever name."""

from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from ssl import SSLContext
from urllib.request import BaseHandler, HTTPHandler, HTTPSHandler, Request

from jwtcli.core.errors import FetchError
from jwtcli.core.urls import is_loopback


def handler(trust: SSLContext | None) -> BaseHandler:
    """Return what opens https URLs with this ``trust``, http URLs without one; on this machine it raises FetchError.

    What counts is the address that was connected to, before a byte is sent: a name tells nothing of it.
    """
    return _Plain() if trust is None else _Secure(trust)


class _Connection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        if is_loopback(self.sock.getpeername()[0]):
            self.close()
            raise FetchError("a key set is said to be on this machine, by a document that is not", code="url_refused")


class _SecureConnection(HTTPSConnection, _Connection):
    """TLS over a connection that was looked at: HTTPSConnection connects by way of the next class."""


class _Plain(HTTPHandler):
    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_Connection, req)


class _Secure(HTTPSHandler):
    def __init__(self, trust: SSLContext) -> None:
        super().__init__(context=trust)
        self._trust = trust

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_SecureConnection, req, context=self._trust)
