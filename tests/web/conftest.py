"""An issuer with a fixed clock behind Flask's test client, and real servers as processes."""

import json
import signal
import subprocess
import sysconfig
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from jwtcli.core.keys import public_half
from jwtcli.web.app import create_app
from jwtcli.web.issuer import Issuer
from tests.conftest import AT, environment, key_for

URL = "http://127.0.0.1:8000"
HOSTS = ["127.0.0.1:8000", "localhost:8000"]


class Clock:
    """A clock that a test turns by hand."""

    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def issuer(clock: Clock) -> Issuer:
    return Issuer(URL, (key_for("ES256"),), clock)


@pytest.fixture
def client(issuer: Issuer) -> FlaskClient:
    app = create_app(issuer, HOSTS)
    return app.test_client()


@pytest.fixture(autouse=True)
def base_url(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request of the test client names the server by its address."""
    plain = FlaskClient.open

    def named(self: FlaskClient, *args: Any, **options: Any) -> Any:
        options.setdefault("base_url", URL)
        return plain(self, *args, **options)

    monkeypatch.setattr(FlaskClient, "open", named)


Urls = dict[str, str]
Serve = Callable[..., tuple[Urls, "subprocess.Popen[str]"]]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start ``jwtcli serve --json`` as a process; whatever a test left running ends with it."""
    yield from _servers(tmp_path)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Urls]:
    """The URLs of one server that the tests of a module share."""
    servers = _servers(tmp_path_factory.mktemp("running"))
    urls, _ = next(servers)()
    yield urls
    servers.close()


def _servers(folder: Path) -> Generator[Serve]:
    script = Path(sysconfig.get_path("scripts")) / "jwtcli"
    started: list[subprocess.Popen[str]] = []

    def start(*args: str, env: dict[str, str] | None = None) -> tuple[Urls, subprocess.Popen[str]]:
        process = subprocess.Popen(
            [script, "serve", "--json", *args],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(folder, env),
            cwd=folder,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        assert line, process.stderr.read()
        return json.loads(line), process

    try:
        yield start
    finally:
        for process in started:
            _end(process)


def _end(process: "subprocess.Popen[str]") -> None:
    """End a server that still runs, by force where it does not listen; its pipes are read to their end."""
    process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise


def public_set(alg: str = "ES256") -> dict[str, Any]:
    """The JWK Set that the server must publish for its key."""
    from jwtcli.core.jwk import to_jwk

    return {"keys": [to_jwk(public_half(key_for(alg)))]}
