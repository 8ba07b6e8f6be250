"""A server on loopback that answers byte for byte what a test tells it, however rude."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socket import socket
from typing import Any

Answer = bytes | Callable[[socket], None]
"""The bytes of a whole response, or what to do with the connection."""


@dataclass
class Site:
    """The pages of a running server, and the paths that were asked for."""

    url: str
    pages: dict[str, Answer]
    asked: list[str] = field(default_factory=list)


def response(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A response with a Content-Length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def json_response(document: Any, *headers: str) -> bytes:
    """A response that is a JSON document."""
    return response(json.dumps(document).encode(), *headers)


@contextmanager
def serve(wrap: Callable[[socket], socket] | None = None) -> Iterator[Site]:
    """Run a server until the block ends; ``wrap`` puts TLS around each connection."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with self.request if wrap is None else wrap(self.request) as connection:
                request = b""
                while b"\r\n\r\n" not in request:
                    chunk = connection.recv(4096)
                    if not chunk:
                        return
                    request += chunk
                path = request.split(b" ", 2)[1].decode()
                site.asked.append(path)
                answer = site.pages.get(path, response(b"no such page", status="404 Not Found"))
                if isinstance(answer, bytes):
                    connection.sendall(answer)
                else:
                    answer(connection)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        allow_reuse_address = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Say nothing: a client that hangs up is what the tests are about."""

    with Server(("127.0.0.1", 0), Handler) as server:
        scheme = "http" if wrap is None else "https"
        site = Site(f"{scheme}://127.0.0.1:{server.server_address[1]}", {})
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
