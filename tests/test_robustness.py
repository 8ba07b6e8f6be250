"""Any bytes as token, key, claims, arguments and environment: a documented status, one line of error, linear time."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jwtcli.cli import COMMANDS, cli, run
from jwtcli.core import as_json, as_text, keysets, reading
from jwtcli.core.errors import Status
from jwtcli.core.sources import KeyRequest, KeySource, Outside
from jwtcli.core.sources import find as find_source
from jwtcli.core.strict import base64url_encode
from jwtcli.core.text import find
from jwtcli.core.tokens import MAX_BYTES
from tests.conftest import AT, environment, within_reason, write_key_files

MANY = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
JUDGED = (Status.DONE, Status.MALFORMED, Status.SIGNATURE, Status.EXPIRED, Status.NOT_YET_VALID, Status.CLAIM)
UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
NAMES = [name for name, _, _ in COMMANDS if name != "serve"]  # a server ends only when it is told to


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own directory: what is drawn here may name files."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(home: Path, *args: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> tuple[int, str, str]:
    cleared: dict[str, str | None] = dict.fromkeys(os.environ)
    with CliRunner().isolation(stdin, env={**cleared, **environment(home, env)}) as (out, err, _):
        status = run(list(args))
        return status, out.getvalue().decode(), err.getvalue().decode()


def check(status: int, stdout: str, stderr: str) -> None:
    """Hold a run to the manners: its status, and clean lines on stderr, an error among them where it failed."""
    assert status in set(Status), status
    assert "this is a bug in jwtcli" not in stderr, stderr
    assert not UNCLEAN.search(stdout), stdout
    assert not UNCLEAN.search(stderr), stderr
    lines = stderr.splitlines()
    assert all(re.match(r"jwtcli: (error|hint|warning|note): \S", line) for line in lines), stderr
    assert sum(line.startswith("jwtcli: error: ") for line in lines) <= 1, stderr


TOKEN = b"eyJhbGciOiJIUzI1NiJ9.e30.AAAA"
ALMOST = st.sampled_from([TOKEN, b"a.b.c", b"{}", b"e30.e30.AAAA", b"Bearer ", b'"', b"~", b"."])
BYTES = st.one_of(st.binary(max_size=60), st.lists(st.one_of(ALMOST, st.binary(max_size=8)), max_size=6).map(b"".join))


@MANY
@given(token=BYTES, command=st.sampled_from(["decode", "verify"]), as_json=st.booleans())
def test_any_bytes_as_a_token(home: Path, token: bytes, command: str, as_json: bool) -> None:
    secret = {"JWTCLI_SECRET": "a secret of thirty-two bytes here"} if command == "verify" else {}
    result = call(home, command, *(["--json"] if as_json else []), stdin=token, env=secret)
    check(*result)
    assert result[0] in (*JUDGED, Status.USAGE)
    if as_json:
        assert isinstance(json.loads(result[1]), dict)
    if command == "verify":
        assert result[0] != Status.DONE


KEY_STARTS = st.sampled_from(
    [
        *(b"", b"-----BEGIN PRIVATE KEY-----\n", b"-----BEGIN CERTIFICATE-----\n", b"ssh-rsa AAAA"),
        *(b'{"kty":"', b'{"keys":[', b"0\x82"),
    ]
)


@MANY
@given(key=st.tuples(KEY_STARTS, BYTES).map(b"".join), option=st.sampled_from(["--key", "--secret-file", "--jwks"]))
def test_any_bytes_as_a_key(home: Path, key: bytes, option: str) -> None:
    file = home / "key"
    file.write_bytes(key)
    file.chmod(0o600)
    result = call(home, "verify", option, "key", stdin=TOKEN)
    check(*result)
    assert result[0] in (Status.SIGNATURE, Status.KEY)


@MANY
@given(claims=st.one_of(BYTES, st.binary(max_size=40).map(lambda inner: b'{"a":"' + inner + b'"}')))
def test_any_bytes_as_claims(home: Path, claims: bytes) -> None:
    result = call(home, "encode", "-", stdin=claims, env={"JWTCLI_SECRET": "a secret of thirty-two bytes here"})
    check(*result)
    assert result[0] in (Status.DONE, Status.USAGE)


def words() -> list[str]:
    """Every option of every command, and what may stand beside it."""
    found = {"-", "--", "@key", "now", "1h", "HS256", "a=b", "a:=1", "key", "", "-1", "a.b.c"}
    context = cli.make_context("jwtcli", ["--"], resilient_parsing=True)
    for name in NAMES:
        command = cli.get_command(context, name)
        assert command is not None
        found.update(option for param in command.params for option in (*param.opts, *param.secondary_opts))
    return sorted(found)


# No slash: what is drawn names no file outside the test's own directory.
ARGUMENT = st.one_of(st.sampled_from(words()), st.text(st.characters(exclude_characters="/\0"), max_size=12))


@MANY
@given(command=st.sampled_from(NAMES), args=st.lists(ARGUMENT, max_size=5), stdin=BYTES)
def test_any_arguments(home: Path, command: str, args: list[str], stdin: bytes) -> None:
    write_key_files(home, "HS256")
    status, stdout, stderr = call(home, command, *args, stdin=stdin, env={"JWTCLI_NO_INPUT": "1"})
    if command != "completion" and "-h" not in args and "--color" not in " ".join(args):
        check(status, stdout, stderr)
    assert status in set(Status)
    assert "this is a bug in jwtcli" not in stderr, stderr
    if command == "verify":
        assert status != Status.DONE or args in (["-h"], ["--help"])


VARIABLES = st.sampled_from(
    [
        *("JWTCLI_KEY", "JWTCLI_SECRET", "JWTCLI_SECRET_ENCODING", "JWTCLI_PASSPHRASE", "JWTCLI_KEY_FILE"),
        *("JWTCLI_JWKS", "NO_COLOR", "TERM", "COLUMNS"),
    ]
)
# Any bytes but NUL, as os.environ has them; no slash, so that none names a file elsewhere.
VALUES = st.binary(max_size=30).map(lambda octets: os.fsdecode(octets.translate(None, b"/\0")))


@MANY
@given(
    env=st.dictionaries(VARIABLES, VALUES, max_size=3),
    command=st.sampled_from(["encode", "verify", "decode"]),
)
def test_any_environment(home: Path, env: dict[str, str], command: str) -> None:
    result = call(home, command, stdin=TOKEN, env={**env, "JWTCLI_NO_INPUT": "1"})
    check(*result)


def compact(header: bytes, payload: bytes, signature: str = "AAAA") -> bytes:
    return f"{base64url_encode(header)}.{base64url_encode(payload)}.{signature}".encode()


HEADER = b'{"alg":"HS256"}'
ROOM = MAX_BYTES * 3 // 4 - 100
"""How many bytes of payload a token of the largest size holds."""

HUGE: dict[str, Callable[[], bytes]] = {
    "dots": lambda: b"." * MAX_BYTES,
    "tildes": lambda: b"~" * MAX_BYTES,
    "disclosures": lambda: compact(HEADER, b"{}") + b"~WyJhIiwxXQ" * (MAX_BYTES // 11 - 10) + b"~",
    "prefixes": lambda: b"Bearer " * (MAX_BYTES // 7),
    "quotes": lambda: b'"' * MAX_BYTES,
    "words": lambda: b"a.b " * (MAX_BYTES // 4),
    "padding": lambda: b"e30.e30." + b"=" * (MAX_BYTES - 8),
    "brackets": lambda: compact(HEADER, b'{"a":' + b"[" * ROOM),
    "braces": lambda: compact(HEADER, b'{"a":' * (ROOM // 5)),
    "names": lambda: compact(HEADER, b"{" + b'"a":1,' * (ROOM // 6) + b'"a":1}'),
    "members": lambda: compact(HEADER, json.dumps({f"{n:x}": n for n in range(ROOM // 17)}).encode()[:ROOM]),
    "digits": lambda: compact(HEADER, b'{"a":[' + (b"9" * 4300 + b",") * (ROOM // 4301 - 1) + b"1]}"),
    "escapes": lambda: compact(HEADER, b'{"a":"' + b"\\u202e" * (ROOM // 6 - 2) + b'"}'),
    "deep and wide": lambda: compact(
        HEADER, b'{"a":' + b"[" * 490 + b"1," * ((ROOM - 1000) // 2) + b"1" + b"]" * 490 + b"}"
    ),
    "nested": lambda: _nested(20),
    "json serialization": lambda: b'{"payload":"","signatures":[' + b"{}," * (MAX_BYTES // 3 - 20) + b"{}]}",
}


def _nested(levels: int) -> bytes:
    token = compact(HEADER, b'{"a":"' + b"x" * 4000 + b'"}')
    for _ in range(levels):
        token = compact(b'{"alg":"HS256","cty":"JWT"}', token)
    return token[:MAX_BYTES]


@pytest.mark.parametrize("name", HUGE)
def test_no_token_of_the_largest_size_takes_long_or_much(name: str) -> None:
    token = HUGE[name]()
    assert len(token) <= MAX_BYTES

    def shown() -> None:
        read = reading.read(find(token, mend=True).compact)
        assert len(as_text.reading(read, AT)) + len(as_json.reading(read, AT)) < 80 * MAX_BYTES

    within_reason(shown)


HUGE_KEYS: dict[str, bytes] = {
    "begins": b"-----BEGIN A-----" * 60_000,
    "begins of keys": b"-----BEGIN PRIVATE KEY-----\n" * 37_000,
    "ends": b"-----BEGIN A-----\n" + b"-----END B-----\n" * 60_000,
    "openssh": b"ssh-rsa " * 130_000,
    "openssh lines": b"ecdsa-sha2-\n" * 80_000,
    "spaces": b"A" + b" " * 1_000_000 + b"!",
    "dashes": b"-" * 1_000_000,
    "armour": b"-B" + b"A" * 1_000_000,
    "html": b"<" * 1_000_000,
    "digits": b"9" * 1_000_000,
    "brackets": b"[" * 1_000_000,
    "kids": b'{"keys":[' + b",".join(b'{"kty":"oct","k":"AA","kid":"%d"}' % n for n in range(25_000)) + b"]}",
    "members": b'{"keys":[' + b"1," * 400_000 + b"1]}",
    "escapes": b'{"a":"' + b"\\u0041" * 160_000 + b'"}',
    "hex": b"30" * 500_000,
    "nested armour": b"-----BEGIN A-----\n" * 20_000 + b"x\n" + b"-----END B-----\n" * 20_000,
}


@pytest.mark.parametrize("secret", [False, True])
@pytest.mark.parametrize("name", HUGE_KEYS)
def test_no_key_of_the_largest_size_takes_long(name: str, secret: bool) -> None:
    source = KeySource("test", HUGE_KEYS[name], secret=secret)
    within_reason(lambda: keysets.read(source))


def test_no_variable_of_the_largest_size_takes_long() -> None:
    around = Outside({"JWTCLI_KEY": "A" + " " * 130_000 + "!"}, lambda _: b"")
    within_reason(lambda: find_source(KeyRequest(), around, lambda: KeySource("none", b""), verifying=True))
