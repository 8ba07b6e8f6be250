"""``--lines``: a stream of tokens gives the answers of single runs, in order, promptly, and ends with its reader."""

import json
import os
import select
import signal
import subprocess
import sysconfig
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests import vectors_adapter
from tests.conftest import AT, SHARED, Run, environment, write_key_files
from tests.core.test_workers import ended

SCRIPT = str(Path(sysconfig.get_path("scripts")) / "jwtcli")
CLOCK = ("--at", str(AT))


@pytest.fixture
def secret(tmp_path: Path) -> str:
    return write_key_files(tmp_path, "HS256").private


def minted(jwtcli: Run, key: str, *args: str) -> str:
    return jwtcli("encode", "--key", key, *(() if "--at" in args else CLOCK), *args).stdout


# One verdict code


@pytest.mark.skipif(not SHARED.exists(), reason="the conformance corpus is not beside this checkout")
def test_a_line_of_the_corpus_is_judged_as_it_is_alone_however_often_it_comes(jwtcli: Run, tmp_path: Path) -> None:
    compared = 0
    for number, (argv, tokens) in enumerate(corpus(tmp_path).items()):
        thrice = tokens * 3  # the second time its signature is remembered, the third time all but its times
        stream = jwtcli(*argv, "--lines", "--jobs", "1", "--full", stdin=b"\n".join(thrice) + b"\n")
        if stream.stdout.startswith('{"error"'):  # the key is refused before a line is read; alone, form comes first
            assert {jwtcli(*argv, stdin=token).status for token in tokens} <= {stream.status, 3}, number
            continue
        alone = {token: jwtcli(*argv, stdin=token).json for token in tokens}
        for told, token in zip(map(json.loads, stream.stdout.splitlines()), thrice, strict=True):
            if "error" in alone[token]:  # text that no token is in: an error alone, a refused line in a stream
                assert (told["status"], told["accepted"]) == (3, False)
                continue
            told.pop("line")
            assert told == alone[token]
            compared += 1
    assert compared > 2100


def corpus(folder: Path) -> dict[tuple[str, ...], list[bytes]]:
    """Read the cases, those with the same key and demands together; a token with a line break is no line."""
    groups: dict[tuple[str, ...], list[bytes]] = defaultdict(list)
    files: dict[bytes, str] = {}
    for line in (SHARED / "verify.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        token, content = token_of(case), key_of(case["key"])
        if not token or token is None or len(token.split()) != 1 or token != token.strip():
            continue
        if content not in files:
            file = folder / f"key{len(files)}"
            file.write_bytes(content)
            file.chmod(0o600)
            files[content] = str(file)
        _, *argv = vectors_adapter.verify(case, files[content])
        groups[tuple(argv) if "--at" in argv else (*argv, *CLOCK)].append(token)
    return groups


def token_of(case: dict[str, Any]) -> bytes | None:
    token = case.get("token")
    return token.encode("utf-8", "surrogatepass") if token is not None else None


def key_of(key: dict[str, Any]) -> bytes:
    names = {"jwk": "jwk", "jwks": "jwks", "pem": "pem", "text": "text", "secret": "value"}
    content = key[names[key["format"]]]
    return (content if isinstance(content, str) else json.dumps(content)).encode("utf-8", "surrogatepass")


# What a line says


def test_each_line_has_its_slim_object(jwtcli: Run, secret: str) -> None:
    good = minted(jwtcli, secret, "--sub", "alice", "--ttl", "1h")
    old = minted(jwtcli, secret, "--sub", "bob", "--at", str(AT - 7200), "--ttl", "1h")
    told = jwtcli("verify", "--lines", "--json", "--key", secret, *CLOCK, stdin=f"{good}\n{old}rubbish\n")
    kid = json.loads(Path(secret).read_text(encoding="utf-8"))["kid"]
    assert list(map(json.loads, told.stdout.splitlines())) == [
        {"line": 1, "accepted": True, "status": 0, "reason": "ok", "failed": []}
        | {"kid": kid, "sub": "alice", "exp": AT + 3600},
        {"line": 3, "accepted": False, "status": 5, "reason": "expired", "failed": ["exp"]}
        | {"kid": kid, "sub": "bob", "exp": AT - 3600},
        {"line": 4, "accepted": False, "status": 3, "reason": "malformed", "failed": ["form"]}
        | {"kid": None, "sub": None, "exp": None},
    ]
    assert told.status == 3
    assert told.stderr.startswith("jwtcli: note: 3 tokens: 1 accepted, 2 refused (1 expired, 1 malformed); ")


def test_without_json_a_line_is_short_and_nothing_in_it_steers_a_terminal(jwtcli: Run, secret: str) -> None:
    good = minted(jwtcli, secret, "--sub", "alice", "--ttl", "1h")
    odd = minted(jwtcli, secret, "-c", "sub=\x1b[31mred", "--at", str(AT - 7392), "--ttl", "2h")
    long = minted(jwtcli, secret, "--sub", "x" * 100, "--ttl", "1h")
    nobody = minted(jwtcli, secret, "-c", "role=admin")
    stream = good + odd + long + nobody + "rubbish\n"
    told = jwtcli("verify", "--lines", "-q", "--key", secret, *CLOCK, stdin=stream)
    assert told.stdout.splitlines() == [
        "1 accepted sub=alice",
        "2 refused expired 3m 12s ago sub=\\u001b[31mred",
        f"3 accepted sub={'x' * 77}...",
        "4 accepted",
        "5 refused a signed token has three parts joined by dots, this text has one part",
    ]
    assert (told.status, told.stderr) == (3, "")


def test_only_accepted_or_only_refused_lines_are_shown_and_all_are_judged(jwtcli: Run, secret: str) -> None:
    stream = minted(jwtcli, secret, "--sub", "alice", "--ttl", "1h") + "rubbish\n"
    for only, line in (("accepted", "1 accepted sub=alice"), ("refused", "2 refused a signed token")):
        told = jwtcli("verify", "--lines", "--only", only, "--key", secret, *CLOCK, stdin=stream)
        assert told.stdout.startswith(line)
        assert len(told.stdout.splitlines()) == 1
        assert told.status == 3


def test_find_takes_tokens_out_of_a_log_and_skips_the_rest(jwtcli: Run, secret: str) -> None:
    token = minted(jwtcli, secret, "--sub", "alice", "--ttl", "1h").strip()
    log = f"started\nGET / cookie: a=1; session={token}; b=2\n> Authorization: Bearer {token}\n"
    told = jwtcli("verify", "--lines", "--find", "--key", secret, *CLOCK, stdin=log)
    assert (told.status, told.stdout) == (0, "2 accepted sub=alice\n3 accepted sub=alice\n")
    assert jwtcli("verify", "--lines", "--find", "--key", secret, stdin="nothing here\n").status == 3


def test_decode_shows_each_line_and_names_the_broken_ones(jwtcli: Run, secret: str) -> None:
    token = minted(jwtcli, secret, "--sub", "alice", "--ttl", "1h")
    told = jwtcli("decode", "--lines", "--json", *CLOCK, stdin=f"{token}rubbish\n")
    first, second = map(json.loads, told.stdout.splitlines())
    alone = jwtcli("decode", "--json", *CLOCK, stdin=token).json
    assert first == {"line": 1, **alone}
    assert (second["line"], second["status"], second["error"]["code"]) == (2, 3, "malformed")
    warned, summed = told.stderr.splitlines()
    assert warned == "jwtcli: warning: not verified: anyone can write tokens that read like these"
    assert summed.startswith("jwtcli: note: 2 lines: 1 decoded, not verified, 1 not read (1 malformed); ")
    text = jwtcli("decode", "--lines", *CLOCK, stdin=f"{token}a b\n").stdout.splitlines()
    assert text[0] == "1 active: expires in 1h sub=alice"
    assert text[1].startswith("2 malformed this is not one token")


# encode


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ((), ["jwtcli: note: a line without exp gets a lifetime of 1h (--ttl sets another)"]),
        (("--nbf", "+2h"), ["jwtcli: note: a line without exp gets a lifetime of 1h (--ttl sets another)"]),
        (("--ttl", "2h"), []),
        (
            ("--nbf", "+2h", "--ttl", "1h"),
            ["jwtcli: warning: nbf is not before exp: the token will never be valid"],
        ),
        (("--ttl", "2h", "-c", "a=true"), ['jwtcli: note: a is the text "true" (a:=true makes it JSON)']),
        (("--no-exp", "-c", "a=true"), ['jwtcli: note: a is the text "true" (a:=true makes it JSON)']),
        (
            ("-c", "a=true"),
            [
                'jwtcli: note: a is the text "true" (a:=true makes it JSON)',
                "jwtcli: note: a line without exp gets a lifetime of 1h (--ttl sets another)",
            ],
        ),
    ],
)
def test_of_lines_to_come_only_what_holds_for_each_is_told(
    jwtcli: Run, secret: str, args: tuple[str, ...], told: list[str]
) -> None:
    made = jwtcli("encode", "--lines", "--key", secret, *args, *CLOCK, stdin=json.dumps({"exp": AT + 9999}))
    *said, summed = made.stderr.splitlines()
    assert (made.status, said, summed[:32]) == (0, told, "jwtcli: note: 1 token: 1 minted;")


def test_count_mints_so_many_tokens_that_verify(jwtcli: Run, secret: str) -> None:
    tokens = jwtcli(
        "encode", "--count", "2500", "--new-jti", "--ttl", "1h", "--key", secret, *CLOCK, '{"sub": "alice"}'
    )
    told = jwtcli("verify", "--lines", "--json", "--key", secret, *CLOCK, stdin=tokens.stdout)
    assert len(set(tokens.stdout.split())) == 2500
    assert (told.status, len(told.stdout.splitlines())) == (0, 2500)
    assert tokens.stderr.startswith("jwtcli: note: 2500 tokens: 2500 minted; ")


def test_each_line_of_claims_becomes_a_token_and_options_override_it(jwtcli: Run, secret: str) -> None:
    lines = '{"sub": "alice", "role": "a"}\n\n{"sub": "bob"}\n'
    made = jwtcli("encode", "--lines", "--json", "-c", "role=b", "--ttl", "1h", "--key", secret, *CLOCK, stdin=lines)
    told = [json.loads(line)["claims"] for line in made.stdout.splitlines()]
    times = {"exp": AT + 3600, "iat": AT}
    assert told == [{"sub": "alice", "role": "b", **times}, {"sub": "bob", "role": "b", **times}]


def test_a_line_of_claims_that_cannot_be_used_ends_the_stream_there(jwtcli: Run, secret: str) -> None:
    made = jwtcli("encode", "--lines", "--key", secret, *CLOCK, stdin='{"sub": "alice"}\n{"sub": 1}\n{"sub": "bob"}\n')
    assert (made.status, len(made.stdout.splitlines())) == (2, 1)
    assert "jwtcli: error: line 2: the claim 'sub' must be text, not a number" in made.stderr


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("line", ['{"exp": 1}', '{"sub": 1}', '{"exp": "1"}', '{"cnf": {"kty": "oct", "k": "AAAA"}}'])
def test_what_ends_a_stream_of_claims_is_told_as_it_is_alone(jwtcli: Run, secret: str, jobs: str, line: str) -> None:
    alone = jwtcli("encode", "--json", "--key", secret, *CLOCK, line).json
    lines = "{}\n" * 2500 + line
    told = jwtcli("encode", "--json", "-q", "--lines", "--jobs", jobs, "--key", secret, *CLOCK, stdin=lines)
    assert (told.status, len(told.stdout.splitlines())) == (2, 2501)
    error = json.loads(told.stdout.splitlines()[-1])
    alone["error"]["message"] = f"line 2501: {alone['error']['message']}"
    assert error == alone


def test_a_line_of_claims_that_is_too_long_is_not_taken_for_its_beginning(jwtcli: Run, secret: str) -> None:
    line = '{"sub": "alice"}' + " " * 3 * 1024 * 1024 + ', "exp": 1}'
    made = jwtcli("encode", "-q", "--lines", "--key", secret, *CLOCK, stdin=line)
    assert (made.status, made.stdout) == (2, "")
    assert made.stderr.startswith("jwtcli: error: line 1: the line is longer than 2 MiB\n")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_token_too_large_to_be_read_back_ends_the_stream_there(jwtcli: Run, secret: str, jobs: str) -> None:
    lines = "{}\n" * 2500 + json.dumps({"x": "a" * 1_600_000}) + "\n{}\n"
    made = jwtcli("encode", "-q", "--lines", "--jobs", jobs, "--key", secret, *CLOCK, stdin=lines)
    assert (made.status, len(made.stdout.splitlines())) == (2, 2500)
    reason = "the token would be larger than 2 MiB, which is more than is ever read"
    assert made.stderr == f"jwtcli: error: line 2501: {reason}\n"


# Usage


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("verify", "--jobs", "2"), "--jobs goes with --lines"),
        (("verify", "--only", "refused"), "--only goes with --lines"),
        (("decode", "--find"), "--find goes with --lines"),
        (("verify", "--lines", "--claim", "sub"), "--claim is about one token and does not go with --lines"),
        (("decode", "--lines", "--header"), "--header is about one token and does not go with --lines"),
        (("verify", "--lines", "--full", "-k", "KEY"), "--full goes with --json"),
        (("verify", "--lines", "-k", "KEY", "a.b.c"), "--lines reads standard input or @FILE, not an argument"),
        (("encode", "--lines", "--count", "3", "-k", "KEY"), "--lines and --count do not go together"),
    ],
)
def test_options_that_make_no_sense_together_are_refused(
    jwtcli: Run, secret: str, args: tuple[str, ...], message: str
) -> None:
    told = jwtcli(*(secret if arg == "KEY" else arg for arg in args))
    assert (told.status, told.stderr.splitlines()[0]) == (2, f"jwtcli: error: {message}")


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (("decode", "--find"), "--lines --find takes one token, too"),
        (
            ("verify", "--lines", "--claim", "sub"),
            "--json prints every claim of each token (verify: with --full), for jq '.claims' to choose from",
        ),
        (("verify", "--lines", "--explain"), "give it the one token that was refused"),
    ],
)
def test_what_does_it_in_a_stream_is_told(jwtcli: Run, args: tuple[str, ...], hint: str) -> None:
    assert jwtcli(*args).stderr.splitlines()[1:] == [f"jwtcli: hint: {hint}"]


@pytest.mark.parametrize("option", [("--mask",), ("--break", "expired"), ("--as", "bearer")])
def test_wrong_usage_of_a_stream_is_told_before_a_key_is_sought(jwtcli: Run, option: tuple[str, ...]) -> None:
    told = jwtcli("encode", "--lines", *option, stdin="{}")
    assert (told.status, told.stderr) == (
        2,
        f"jwtcli: error: {option[0]} is about one token and does not go with --lines\n",
    )


def test_a_stream_without_a_token_never_exits_0(jwtcli: Run, secret: str) -> None:
    for nothing in ("", "\n \n"):
        told = jwtcli("verify", "--lines", "--json", "--key", secret, stdin=nothing)
        assert (told.status, told.json["error"]["code"]) == (3, "no_token")


def test_a_file_that_cannot_be_read_is_told(jwtcli: Run, secret: str, tmp_path: Path) -> None:
    for name in ("missing", "."):
        told = jwtcli("verify", "--lines", "--key", secret, f"@{tmp_path / name}")
        assert told.status == 1
        assert "jwtcli: error: cannot read" in told.stderr


# Processes


def test_several_processes_print_what_one_prints(installed: Run, jwtcli: Run, secret: str, tmp_path: Path) -> None:
    tokens = jwtcli("encode", "--count", "6000", "--new-jti", "--ttl", "1h", "--key", secret, *CLOCK).stdout
    file = tmp_path / "tokens"
    file.write_text(tokens + "rubbish\n" + tokens, encoding="ascii")
    args = ("verify", "--lines", "--json", "-q", "--key", secret, *CLOCK, f"@{file}")
    one, three = (installed(*args, "--jobs", jobs) for jobs in ("1", "3"))
    assert one == three
    assert len(one.stdout.splitlines()) == 12_001
    assert one.status == 3


def test_a_slow_stream_is_answered_as_it_comes(jwtcli: Run, secret: str, tmp_path: Path) -> None:
    token = minted(jwtcli, secret, "--sub", "alice", "--ttl", "1h").encode()
    with running(tmp_path, "--key", secret, *CLOCK) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in (1, 2, 3):
            process.stdin.write(token)
            process.stdin.flush()
            assert process.stdout.readline() == f"{number} accepted sub=alice\n".encode()
        process.stdin.write(token.strip())  # a last line without its line break
        process.stdin.close()
        assert process.stdout.readline() == b"4 accepted sub=alice\n"
        assert process.wait(10) == 0


def test_a_slow_stream_is_answered_by_several_processes_too(jwtcli: Run, secret: str, tmp_path: Path) -> None:
    token = minted(jwtcli, secret, "--sub", "alice", "--ttl", "1h").encode()
    with running(tmp_path, "--jobs", "2", "--key", secret, *CLOCK) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        begun(process, token)
        for number in (2501, 2502):
            process.stdin.write(token)
            process.stdin.flush()
            assert process.stdout.readline() == f"{number} accepted sub=alice\n".encode()
        workers = children(process.pid)
        assert len(workers) == 2
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert ended(workers)


def test_an_end_that_comes_after_the_last_answer_ends_several_processes(
    jwtcli: Run, secret: str, tmp_path: Path
) -> None:
    token = minted(jwtcli, secret, "--sub", "alice", "--ttl", "1h").encode()
    with running(tmp_path, "--jobs", "2", "--key", secret, *CLOCK) as process:
        assert process.stdin is not None
        begun(process, token)
        workers = children(process.pid)
        process.stdin.close()
        assert process.wait(10) == 0
        assert ended(workers)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_when_the_reader_goes_everything_ends(jwtcli: Run, secret: str, tmp_path: Path, jobs: str) -> None:
    token = minted(jwtcli, secret, "--sub", "alice", "--ttl", "1h").encode()
    with running(tmp_path, "--jobs", jobs, "--key", secret, *CLOCK) as process:
        assert process.stdout is not None
        begun(process, token)
        workers = children(process.pid)
        process.stdout.close()  # nothing more is written: only waiting can notice
        assert process.wait(10) == 141
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert ended(workers)


def test_when_the_parent_is_killed_no_worker_stays(jwtcli: Run, secret: str, tmp_path: Path) -> None:
    token = minted(jwtcli, secret, "--sub", "alice", "--ttl", "1h").encode()
    with running(tmp_path, "--jobs", "2", "--key", secret, *CLOCK) as process:
        begun(process, token)
        workers = children(process.pid)
        assert len(workers) == 2
        process.kill()
        process.wait(10)
        assert ended(workers)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_ends_a_stream_that_nobody_reads(jwtcli: Run, secret: str, tmp_path: Path, jobs: str) -> None:
    token = minted(jwtcli, secret, "--sub", "alice", "--ttl", "1h")
    file = tmp_path / "tokens"
    file.write_text(token * 20_000, encoding="ascii")
    with running(tmp_path, "--jobs", jobs, "--key", secret, *CLOCK, f"@{file}") as process:
        filled(process)
        workers = children(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert ended(workers)


def test_an_interrupt_leaves_no_line_unanswered_that_was_read(jwtcli: Run, secret: str, tmp_path: Path) -> None:
    token = minted(jwtcli, secret, "--sub", "alice", "--ttl", "1h").encode()
    with running(tmp_path, "--jobs", "2", "--key", secret, *CLOCK) as process:
        begun(process, token)
        process.send_signal(signal.SIGINT)
        told, said = process.communicate(timeout=10)
        assert (process.returncode, told, said) == (130, b"", b"")


# The terminal


def test_a_file_has_a_progress_bar_on_a_terminal(jwtcli: Run, secret: str, tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text(minted(jwtcli, secret, "--ttl", "1h") * 20_000, encoding="ascii")
    args = ["verify", "--lines", "--jobs", "1", "--key", secret, *CLOCK, f"@{file}"]
    command = f"{SCRIPT} {' '.join(args)} > {tmp_path / 'out'}"
    shown, status = on_a_terminal(f"sh -c '{command}'", terminal(tmp_path))
    assert status == 0
    assert b"tokens" in shown
    assert b"[#" in shown
    assert b"20000 tokens: 20000 accepted; " in shown.rpartition(b"\r\x1b[K")[2]
    assert on_a_terminal(f"sh -c '{command} -q'", terminal(tmp_path)) == (b"", 0)


def test_on_a_terminal_a_stream_says_what_it_waits_for(secret: str, tmp_path: Path) -> None:
    child = pexpect.spawn(SCRIPT, ["decode", "--lines"], env=terminal(tmp_path), timeout=20)
    child.expect("jwtcli: note: reading from the terminal, one a line")
    child.sendline("rubbish")
    child.expect("1 malformed")
    child.sendeof()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 3
    shown, status = on_a_terminal(f"{SCRIPT} decode --lines", {**terminal(tmp_path), "CI": "true"})
    assert status == 3
    assert b"nobody is asked" in shown


# Helpers


@contextmanager
def running(folder: Path, *args: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``verify --lines -q`` with pipes at both ends; killed at the end if it is still there."""
    pipe = subprocess.PIPE
    command = [SCRIPT, "verify", "--lines", "-q", *args]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment(folder)) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None and not stream.closed:
                    stream.close()


def begun(process: subprocess.Popen[bytes], token: bytes) -> None:
    """Send more tokens than one process answers alone, and read all the answers."""
    assert process.stdin is not None
    assert process.stdout is not None
    for _ in range(25):
        process.stdin.write(token * 100)
        process.stdin.flush()
        for _ in range(100):
            assert process.stdout.readline().endswith(b" accepted sub=alice\n")


def filled(process: subprocess.Popen[bytes]) -> None:
    """Wait until the pipe, which nobody reads, takes no more of the answers."""
    assert process.stdout is not None
    entrance = os.open(f"/proc/self/fd/{process.stdout.fileno()}", os.O_WRONLY)
    taking = select.poll()
    taking.register(entrance, select.POLLOUT)
    while taking.poll(0):
        assert process.poll() is None
        time.sleep(0.01)
    os.close(entrance)


def on_a_terminal(command: str, env: Any) -> tuple[bytes, int | None]:
    """Run a command on a terminal; return what it showed and its exit status."""
    child = pexpect.spawn(command, env=env, timeout=60)
    child.expect(pexpect.EOF)
    child.close()
    assert isinstance(child.before, bytes)
    return child.before, child.exitstatus


def children(process: int) -> list[int]:
    return list(map(int, Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()))


def terminal(folder: Path) -> Any:
    return {**environment(folder), "TERM": "xterm", "PATH": os.environ["PATH"]}
