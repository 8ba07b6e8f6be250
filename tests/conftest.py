"""What every test stands on: one callable that runs a command line, the installed command, and keys of every kind."""

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from click.testing import CliRunner

from jwtcli.cli import run
from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.errors import JwtcliError
from jwtcli.core.jwk import with_kid
from jwtcli.core.keyfiles import to_bytes
from jwtcli.core.keys import Key, public_half
from jwtcli.core.new_keys import generate

AT = 1_700_000_000
"""The clock of the tests: 2023-11-14T22:13:20Z."""

ROOT = Path(__file__).parent.parent

SHARED = ROOT.parent / "shared" / "vectors"
"""The conformance corpus, where this checkout has it beside it."""


@dataclass(frozen=True)
class Result:
    """What a command line left behind."""

    status: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.stdout)


Run = Callable[..., Result]


def pytest_configure() -> None:
    """Heed what ends a process, though it be ignored where the tests run: by nohup, or behind a script."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


def environment(home: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """A fixed environment: no variable of the machine but PATH, an empty home, no terminal."""
    fixed = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "JWTCLI_HOME": str(home / "jwtcli"),
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "80",
        "TERM": "dumb",
    }
    return {**fixed, **(extra or {})}


@pytest.fixture
def jwtcli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line in this process: ``jwtcli("decode", "--json", stdin=token)``."""
    monkeypatch.chdir(tmp_path)

    def call(*args: str, stdin: str | bytes = b"", env: Mapping[str, str] | None = None) -> Result:
        fixed = environment(tmp_path, env)
        cleared: dict[str, str | None] = dict.fromkeys(os.environ)
        with CliRunner().isolation(stdin, env={**cleared, **fixed}) as (out, err, _):
            status = run(list(args))
            sys.stdout.flush()
            return Result(status, out.getvalue().decode(), err.getvalue().decode())

    return call


@pytest.fixture
def installed(tmp_path: Path) -> Run:
    """Run the installed command as a process: exit statuses, pipes and encodings are the real ones."""
    script = Path(sysconfig.get_path("scripts")) / "jwtcli"

    def call(
        *args: str | bytes, stdin: str | bytes = b"", env: Mapping[str, str] | None = None, **options: Any
    ) -> Result:
        done = subprocess.run(
            [script, *args],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            env=environment(tmp_path, env),
            cwd=tmp_path,
            timeout=60,
            check=False,
            **options,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


def need(program: str) -> str:
    """Find a program that a test runs; without it the test is skipped, but never where everything is installed."""
    found = shutil.which(program)
    if found is None and os.environ.get("NO_SKIP") != "1":
        pytest.skip(f"{program} is not installed")
    assert found is not None, f"{program} is not installed, and NO_SKIP=1 says that it is"
    return found


def within_reason(attempt: Callable[[], object]) -> None:
    """Assert that something ends soon, with a short message of ours if it fails: it is stopped where it does not."""
    before = signal.signal(signal.SIGPROF, _too_long)
    signal.setitimer(signal.ITIMER_PROF, 30)  # of this process's own time; the square of a large input takes hours
    said = ""
    try:
        attempt()
    except JwtcliError as error:
        said = error.message
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    assert len(said) < 400


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise AssertionError("it takes longer than its input is large")


_made: dict[str, Key] = {}


def key_for(alg: str) -> Key:
    """A private key (or secret) for an algorithm, made once a run, with a kid."""
    if alg not in _made:
        _made[alg] = with_kid(generate(alg), "auto")
    return _made[alg]


@dataclass(frozen=True)
class KeyFiles:
    """A key of one algorithm as files: ``private`` signs, ``public`` verifies (one file for a secret)."""

    alg: str
    private: str
    public: str


@pytest.fixture(params=tuple(ALGORITHMS))
def key_files(request: pytest.FixtureRequest, tmp_path: Path) -> KeyFiles:
    """A JWK file, and its public half, for each algorithm in turn."""
    alg: str = request.param
    return write_key_files(tmp_path, alg)


def write_key_files(folder: Path, alg: str) -> KeyFiles:
    """Write a JWK for an algorithm and its public half, as ``keygen`` would."""
    key = key_for(alg)
    private = folder / f"{alg}.jwk"
    private.write_bytes(to_bytes(key, "jwk"))
    private.chmod(0o600)
    public = private
    if not key.symmetric:
        public = folder / f"{alg}.public.jwk"
        public.write_bytes(to_bytes(public_half(key), "jwk"))
    return KeyFiles(alg, str(private), str(public))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive, and the wheel built from this checkout."""
    folder = tmp_path_factory.mktemp("built")
    build(ROOT, folder, "--sdist", "--wheel")
    return folder


def build(source: Path, folder: Path, *what: str) -> None:
    """Build distributions with the installed hatchling: no network, no environment of its own."""
    command = [sys.executable, "-m", "build", "--no-isolation", *what, "--outdir", str(folder), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def prefix(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prefix with nothing in it but the installed wheel."""
    folder = tmp_path_factory.mktemp("prefix")
    (wheel,) = built.glob("*.whl")
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--prefix",
        str(folder),
        str(wheel),
    ]
    subprocess.run([*command, "--no-warn-script-location", "--ignore-installed"], check=True, timeout=120)
    return folder
