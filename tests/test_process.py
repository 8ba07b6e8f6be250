"""The installed command as a process: streams that close, fill or break, signals, and locales of every kind."""

import os
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Result, Run, environment
from tests.forge import ENV, SECRET, token

SCRIPT = str(Path(sysconfig.get_path("scripts")) / "jwtcli")
TOKEN = token({"sub": "müller 🙂", "exp": 9999999999})
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
LOST = "jwtcli: error: the result could not be written to standard output: {}\n"


@pytest.fixture
def shell(tmp_path: Path) -> Run:
    """Run a line of sh in which ``jwtcli`` is the installed command."""

    def call(line: str, *, stdin: str | bytes = b"", env: dict[str, str] | None = None) -> Result:
        path = {"PATH": f"{Path(SCRIPT).parent}{os.pathsep}{os.environ['PATH']}"}
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            env={**environment(tmp_path, ENV), **path, **(env or {})},
            cwd=tmp_path,
            timeout=60,
            check=False,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


def start(tmp_path: Path, *args: str, **options: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [SCRIPT, *args], stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(tmp_path, ENV), **options
    )


def test_python_m_is_the_same_command(installed: Run, tmp_path: Path) -> None:
    module = subprocess.run(
        [sys.executable, "-m", "jwtcli", "decode", "--help"],
        capture_output=True,
        env=environment(tmp_path),
        check=True,
    )
    assert module.stdout.decode() == installed("decode", "--help").stdout


def test_the_statuses_are_those_of_the_process(installed: Run) -> None:
    assert installed("verify", stdin=TOKEN, env=ENV).status == 0
    assert installed("verify", "--key", "missing", stdin=TOKEN).status == 1
    assert installed("verify", "--no-such", stdin=TOKEN).status == 2
    assert installed("verify", stdin="", env=ENV).status == 3
    assert installed("verify", stdin=token({}, secret="x"), env=ENV).status == 4
    assert installed("verify", stdin=token({"exp": 1}), env=ENV).status == 5
    assert installed("verify", stdin=token({"nbf": 9999999999}), env=ENV).status == 6
    assert installed("verify", "--sub", "x", stdin=token({}), env=ENV).status == 7
    assert installed("verify", stdin=TOKEN).status == 8


def test_an_interrupt_is_silent_and_exits_130(tmp_path: Path) -> None:
    process = start(tmp_path, "verify", stdout=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(b"x" * 100_000)  # more than a pipe holds: once it is written, the command is reading
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"")


@pytest.mark.parametrize(
    "args", [("decode", "--color", "never"), ("decode", "--json"), ("completion", "bash"), ("--help",)]
)
def test_a_reader_that_goes_away_is_silent_and_exits_141(tmp_path: Path, args: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = start(tmp_path, *args, stdout=writer)
    os.close(writer)
    _, err = process.communicate(token({"a": "x" * 200_000}).encode(), timeout=60)
    assert process.returncode == 141
    assert err in (b"", b"jwtcli: warning: not verified: anyone can write a token that reads like this\n")


@pytest.mark.parametrize(
    "args",
    [
        "encode -q",
        "encode -q --json",
        "keygen -q",
        "keygen -o -",
        "decode -q",
        "verify",
        "verify --claim sub",
        "--help",
        "verify -h",
        "--version",
    ],
)
@pytest.mark.parametrize(("where", "why"), [(">&-", "it is closed"), (">/dev/full", "no space left on device")])
def test_a_product_that_is_lost_is_a_failure_in_one_line(shell: Run, args: str, where: str, why: str) -> None:
    lost = shell(f"jwtcli {args} {where}", stdin=TOKEN)
    errors = [line for line in lost.stderr.splitlines(keepends=True) if "warning" not in line]
    assert (lost.status, errors) == (1, [LOST.format(why)])


def test_an_answer_to_a_completion_that_is_lost_is_a_failure_in_one_line(shell: Run) -> None:
    asked = {"_JWTCLI_COMPLETE": "bash_complete", "COMP_WORDS": "jwtcli ver", "COMP_CWORD": "1"}
    assert shell("jwtcli >/dev/full", env=asked) == Result(1, "", LOST.format("no space left on device"))


@pytest.mark.parametrize("args", ["decode --json ''", "nosuch --json", "verify --json --key nope"])
@pytest.mark.parametrize(("where", "why"), [(">&-", "it is closed"), (">/dev/full", "no space left on device")])
def test_an_error_object_that_is_lost_is_a_failure_in_one_line(shell: Run, args: str, where: str, why: str) -> None:
    assert shell(f"jwtcli {args} {where}", stdin=TOKEN) == Result(1, "", LOST.format(why))


@pytest.mark.parametrize("args", [("verify", "--json", "--key", "nope"), ("nosuch", "--json")])
def test_an_error_object_that_nobody_reads_is_silent_and_exits_141(tmp_path: Path, args: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = start(tmp_path, *args, stdout=writer)
    os.close(writer)
    _, err = process.communicate(TOKEN.encode(), timeout=60)
    assert (process.returncode, err) == (141, b"")


@pytest.mark.parametrize(
    "args", ["verify", "verify -q", "decode", "encode", "decode ''", "verify --no-such", "verify x"]
)
def test_a_closed_stderr_changes_no_status(shell: Run, args: str) -> None:
    assert shell(f"jwtcli {args} 2>&-", stdin=TOKEN).status == shell(f"jwtcli {args}", stdin=TOKEN).status
    assert shell(f"jwtcli {args} 2>/dev/full", stdin=TOKEN).status == shell(f"jwtcli {args}", stdin=TOKEN).status


@pytest.mark.parametrize("args", ["verify", "decode", "encode -", "encode --key -"])
def test_a_closed_stdin_is_a_failure_in_one_line(shell: Run, args: str) -> None:
    assert shell(f"jwtcli {args} <&-") == Result(1, "", "jwtcli: error: standard input is closed\n")


@pytest.mark.parametrize(
    ("args", "pieces"),
    [
        (("verify", "--claim", "iss"), (None, token({"iss": "me"}).encode())),
        (("verify", "--claim", "iss"), (token({"iss": "me"}).encode()[:50], token({"iss": "me"}).encode()[50:])),
        (("verify", "--claim", "iss", "--secret-file", "-", token({"iss": "me"})), (SECRET[:8], SECRET[8:])),
    ],
)
def test_a_stdin_that_does_not_wait_is_read_to_its_end(
    tmp_path: Path, args: tuple[str, ...], pieces: tuple[str | bytes | None, str | bytes]
) -> None:
    reader, writer = os.pipe()
    os.set_blocking(reader, False)  # as somebody who had the pipe before may have left it
    env = environment(tmp_path, {} if "--secret-file" in args else ENV)
    process = subprocess.Popen([SCRIPT, *args], stdin=reader, stdout=subprocess.PIPE, env=env)
    os.close(reader)
    for number, piece in enumerate(pieces):
        if number:
            time.sleep(1)  # what was there is read, and found to be all for now
        os.write(writer, piece.encode() if isinstance(piece, str) else piece or b"")
    os.close(writer)
    assert (process.communicate(timeout=60)[0], process.returncode) == (b"me\n", 0)


def test_everything_closed_still_has_its_status(shell: Run) -> None:
    assert shell("jwtcli verify <&- >&- 2>&-").status == 1
    assert shell(f"jwtcli verify -q -- {TOKEN} <&- >&- 2>&-").status == 0
    assert shell(f"jwtcli verify -q -- {TOKEN}x <&- >&- 2>&-").status != 0


@pytest.mark.parametrize(
    "env", [ASCII, {"PYTHONIOENCODING": "ascii"}, {**ASCII, "PYTHONIOENCODING": "latin-1"}, {"LC_ALL": "tlh_QO"}]
)
def test_letters_come_through_in_every_locale(installed: Run, env: dict[str, str]) -> None:
    for args in (("decode", "--at", "0"), ("decode", "--json", "--at", "0"), ("decode", "--claim", "sub")):
        assert installed(*args, stdin=TOKEN, env=env) == installed(*args, stdin=TOKEN)
    assert installed("verify", "--claim", "sub", stdin=TOKEN, env={**ENV, **env}).stdout == "müller 🙂\n"


@pytest.mark.parametrize("env", [{}, ASCII])
def test_a_path_that_is_no_text_is_printed_as_its_bytes(tmp_path: Path, env: dict[str, str]) -> None:
    path = b"key-\xff\xc3\xbc"
    done = subprocess.run(
        [SCRIPT, "keygen", "-q", "-o", path],
        capture_output=True,
        env=environment(tmp_path, env),
        cwd=tmp_path,
        check=True,
    )
    assert done.stdout == path + b"\n"
    assert os.path.exists(os.path.join(os.fsencode(tmp_path), path))


@pytest.mark.parametrize("env", [{}, ASCII])
@pytest.mark.parametrize("given", [b"a\xffb", b"\xff.\xff.\xff", b"@\xff"])
def test_bytes_that_are_no_text_are_no_token_and_no_bug(installed: Run, given: bytes, env: dict[str, str]) -> None:
    expected = 1 if given.startswith(b"@") else 3
    assert installed("decode", b"--", given, env=env).status == expected
    assert installed("verify", b"--", given, env={**ENV, **env}).status == expected
    assert installed("decode", stdin=given, env=env).status == 3


@pytest.mark.parametrize("option", ["--sub", "--iss", "--aud", "--jti", "--kid", "--typ"])
def test_an_option_that_is_no_text_is_wrong_usage(installed: Run, option: str) -> None:
    refused = installed("encode", option, b"a\xffb", env=ENV)
    assert (refused.status, refused.stdout) == (2, "")
    assert "not Unicode" in refused.stderr


def test_a_secret_may_be_any_bytes(shell: Run) -> None:
    line = "export JWTCLI_SECRET=$(printf '%032d\\377' 1); jwtcli encode -q | jwtcli verify -q"
    assert shell(line, env={"JWTCLI_SECRET_ENCODING": "raw"}) == Result(0, "", "")


def test_a_key_is_read_from_a_fifo_and_a_descriptor_in_one_go(shell: Run, tmp_path: Path) -> None:
    shell("jwtcli keygen -q -a ES256 -f pem -o key.pem --public public.pem")
    minted = shell("mkfifo fifo; cat key.pem > fifo & jwtcli encode -q --key fifo")
    assert minted.status == 0, minted.stderr
    judged = shell("jwtcli verify -q --key /dev/fd/3 3<public.pem", stdin=minted.stdout)
    assert judged == Result(0, "", "")


FILES = ("--key", "--secret-file", "--jwks", "JWTCLI_KEY_FILE", "JWTCLI_SECRET_FILE", "JWTCLI_JWKS")


@pytest.mark.parametrize(
    ("name", "place", "carrier"),
    [
        *((name, "/dev/stdin", "--lines --find") for name in FILES),
        *((FILES[3], place, "--lines --find") for place in ("-", "/dev/fd/0", "/proc/self/fd/3", "both.txt")),
        *((FILES[0], "/dev/stdin", carrier) for carrier in ("--lines @/dev/stdin", "@/dev/fd/0", "-", "")),
    ],
)
def test_no_token_brings_its_own_key(shell: Run, tmp_path: Path, name: str, place: str, carrier: str) -> None:
    secret = "chosen by whoever wrote the token"
    (tmp_path / "both.txt").write_text(f"{secret}\n{token({'sub': 'admin'}, secret=secret)}\n")
    option, variable = (f"{name} {place}", "") if name.startswith("--") else ("", f"{name}={place}")
    refused = shell(f"unset JWTCLI_SECRET; {variable} jwtcli verify {carrier} {option} 3< both.txt <&3")
    message = f"standard input is asked for the command's input and {name}: it can only be one of them"
    assert refused == Result(2, "", f"jwtcli: error: {message}\n")


@pytest.mark.parametrize("place", ["/dev/stdin", "/dev/fd/0", "-"])
def test_a_key_may_come_from_stdin_where_the_token_does_not(shell: Run, tmp_path: Path, place: str) -> None:
    (tmp_path / "token.txt").write_text(TOKEN)
    for where in (f"-- {TOKEN}", "@token.txt"):
        assert shell(f"unset JWTCLI_SECRET; jwtcli verify -q --secret-file {place} {where}", stdin=SECRET).status == 0
    line = f"unset JWTCLI_SECRET; JWTCLI_SECRET_FILE={place} jwtcli encode -q --sub a"
    assert shell(line, stdin=SECRET).status == 0
    twice = shell(f"jwtcli key show --passphrase-file {place} {place}", stdin=SECRET).stderr
    assert "standard input is asked for FILE and --passphrase-file" in twice


@pytest.mark.parametrize("args", ["keygen -o k", "keygen -a ES256 -o k --public p", "key convert {}/key -o k"])
def test_a_directory_that_is_gone_is_told(shell: Run, tmp_path: Path, args: str) -> None:
    shell("jwtcli keygen -q -o key")
    gone = shell(f"mkdir gone; cd gone; rmdir ../gone; jwtcli {args.format(tmp_path)}")
    said = "jwtcli: error: the current directory was removed\njwtcli: hint: cd to another one\n"
    assert gone == Result(1, "", said)


def test_too_many_processes_for_the_descriptors_there_are_is_told(shell: Run, tmp_path: Path) -> None:
    (tmp_path / "many").write_text(f"{TOKEN}\n" * 3000)
    refused = shell("ulimit -n 40; jwtcli verify --lines --jobs 100 < many > answers")
    assert (refused.status, refused.stderr.splitlines()) == (
        1,
        [
            "jwtcli: error: too few processes can be started: too many open files",
            "jwtcli: hint: --jobs N asks for fewer of them, and --jobs 1 for none",
        ],
    )


def test_descriptors_may_have_high_numbers(tmp_path: Path) -> None:
    holding = (
        "import os, resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))\n"
        "for _ in range(1100): os.set_inheritable(os.open(os.devnull, os.O_RDONLY), True)\n"
        "os.execv(sys.argv[1], sys.argv[1:])\n"
    )
    minting = [sys.executable, "-c", holding, SCRIPT, "encode", "-q", "--count", "5000", "--jobs", "2"]
    done = subprocess.run(minting, env=environment(tmp_path, ENV), capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout.count(b"\n"), done.stderr) == (0, 5000, b"")


def test_python_warnings_of_libraries_are_not_shown(installed: Run) -> None:
    weak = {"JWTCLI_SECRET": "short", "PYTHONWARNINGS": "always"}
    minted = installed("encode", "-q", "--allow-weak-key", env=weak)
    judged = installed("verify", "-q", "--allow-weak-key", stdin=minted.stdout, env=weak)
    assert (minted.stderr, judged) == ("", Result(0, "", ""))


def test_the_secret_is_in_no_process_list_and_no_output(installed: Run) -> None:
    for args in (("encode", "--json"), ("encode", "--alg", "RS256"), ("verify", "--json")):
        done = installed(*args, stdin=TOKEN, env=ENV)
        assert SECRET not in done.stdout + done.stderr


LIGHT = """
import sys
from jwtcli.cli import run
status = run(sys.argv[2:])
loaded = {name.partition(".")[0] for name in sys.modules} & set(sys.argv[1].split(","))
sys.exit(f"loaded {loaded}" if loaded else int(status))
"""


KEYLESS = "jwt,cryptography,ssl,rich,platformdirs,shutil,pathlib"


@pytest.mark.parametrize(
    ("args", "heavy"),
    [
        (("--help",), KEYLESS),
        (("--version",), KEYLESS),
        (("decode",), KEYLESS),
        (("decode", "--json"), KEYLESS),
        (("verify", "--help"), KEYLESS),
        (("verify",), "rich,platformdirs,pathlib"),
    ],
)
def test_the_start_pays_for_no_heavy_library(tmp_path: Path, args: tuple[str, ...], heavy: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIGHT, heavy, *args],
        input=TOKEN.encode(),
        capture_output=True,
        env=environment(tmp_path, ENV),
        check=False,
    )
    assert done.returncode == 0, done.stderr
