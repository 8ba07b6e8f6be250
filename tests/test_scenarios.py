"""The situations of the shared corpus (scenarios.jsonl), each by its number, but for fetched key sets."""

import base64
import json
import os
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AT, SHARED, Result, Run, environment, write_key_files
from tests.forge import ENV, SECRET, raw, segment, token

SCRIPT = str(Path(sysconfig.get_path("scripts")) / "jwtcli")
TOKEN = token({"sub": "alice", "exp": 9999999999})
NOT_VERIFIED = "jwtcli: warning: not verified: anyone can write a token that reads like this\n"
ELSEWHERE = {*(f"S-{number:03}" for number in range(40, 46)), "S-060"}
"""Key sets from a network, and how releases are attested."""


def shell(line: str, folder: Path, *, stdin: str | bytes = b"", **env: str) -> Result:
    """Run a line of sh in which ``jwtcli`` is the installed command."""
    path = f"{Path(SCRIPT).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/sh", "-c", line],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        env={**environment(folder, env), "PATH": path},
        cwd=folder,
        timeout=60,
        check=False,
    )
    return Result(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def assert_one_line_error(failed: Result, status: int) -> None:
    assert (failed.status, failed.stdout) == (status, "")
    assert failed.stderr.startswith("jwtcli: error: ")
    assert len([line for line in failed.stderr.splitlines() if not line.startswith("jwtcli: hint: ")]) == 1


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared corpus is not beside this checkout")
def test_every_situation_of_the_corpus_has_its_test_here() -> None:
    known = {json.loads(line)["id"] for line in (SHARED / "scenarios.jsonl").read_text().splitlines()}
    tested = {f"S-{name.split('_')[2]}" for name in globals() if name.startswith("test_s_")}
    assert known - ELSEWHERE == tested


@pytest.mark.parametrize("injected", ["--help", "-h", "-qh"])
def test_s_001_a_token_that_reads_like_help_is_not_accepted(jwtcli: Run, injected: str) -> None:
    for args in ((injected,), ("--json", injected), ("-q", injected)):
        refused = jwtcli("verify", "--key", "K", *args)
        assert refused.status == 2
        assert "accepted" not in refused.stdout.replace('"accepted": false', "")


@pytest.mark.parametrize("injected", ["--version", "-V", "-h", "--install-completion", "--show-completion", "--json=1"])
def test_s_002_a_token_that_reads_like_an_eager_flag_is_not_accepted(jwtcli: Run, injected: str) -> None:
    assert jwtcli("verify", "--key", "K", injected).status == 2
    assert jwtcli("verify", injected, env=ENV).status == (0 if injected == "-h" else 2)


def test_s_003_an_empty_token_argument_is_an_error_not_a_wait(installed: Run) -> None:
    assert_one_line_error(installed("verify", "", stdin=TOKEN, env=ENV), 3)


def test_s_004_no_token_on_a_terminal_is_a_visible_prompt_or_an_error(tmp_path: Path) -> None:
    keyboard, screen = os.openpty()
    done = subprocess.run(
        [SCRIPT, "verify"], stdin=screen, capture_output=True, env=environment(tmp_path, ENV), timeout=60, check=False
    )
    os.close(keyboard)
    os.close(screen)
    assert (done.returncode, done.stdout) == (3, b"")
    assert done.stderr == b"jwtcli: error: there is no token: standard input is a terminal and nobody is asked\n"


def test_s_005_bad_tokens_wrong_usage_and_broken_files_are_told_apart(jwtcli: Run) -> None:
    outcomes = {
        "expired": jwtcli("verify", stdin=token({"exp": 1}), env=ENV).status,
        "signature": jwtcli("verify", stdin=token({}, secret="other"), env=ENV).status,
        "malformed": jwtcli("verify", stdin="x", env=ENV).status,
        "claim": jwtcli("verify", "--sub", "bob", stdin=TOKEN, env=ENV).status,
        "usage": jwtcli("verify", "--leeway", "x", stdin=TOKEN, env=ENV).status,
        "file": jwtcli("verify", "--key", "missing", stdin=TOKEN).status,
    }
    assert outcomes == {"expired": 5, "signature": 4, "malformed": 3, "claim": 7, "usage": 2, "file": 1}


def test_s_006_decode_says_not_verified_in_both_forms(jwtcli: Run) -> None:
    forged = token({"admin": True}, secret="forger")
    for args in ((), ("--json",), ("--claim", "admin"), ("--header",), ("-q",)):
        shown = jwtcli("decode", *args, stdin=forged)
        assert (shown.status, shown.stderr) == (0, NOT_VERIFIED)
    assert jwtcli("decode", "--json", stdin=forged).json["verified"] is False


def test_s_007_an_interrupt_while_a_key_is_made_leaves_no_file(jwtcli: Run, tmp_path: Path) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("os.fsync", interrupted)
        assert jwtcli("keygen", "-o", "k") == Result(130, "", "")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("jwtcli.commands.keygen.Passphrases", interrupted)
        assert jwtcli("keygen", "-a", "ES256", "-f", "pem", "--encrypt", "-o", "k") == Result(130, "", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["verify", "decode", "encode -"])
def test_s_008_a_closed_stdin_is_one_line(tmp_path: Path, command: str) -> None:
    assert_one_line_error(shell(f"jwtcli {command} <&-", tmp_path, **ENV), 1)


def test_s_009_stdin_that_is_a_directory_is_an_error(tmp_path: Path) -> None:
    assert shell("jwtcli decode < /", tmp_path).status == 1


def test_s_010_stdin_that_is_not_utf_8_is_no_token(installed: Run) -> None:
    assert_one_line_error(installed("decode", stdin=b"\xff"), 3)


def test_s_011_an_argument_that_is_not_utf_8_is_no_token(installed: Run) -> None:
    assert_one_line_error(installed("decode", b"a\xffb"), 3)


@pytest.mark.parametrize("command", ["encode -q", "keygen -q", "decode -q", "verify"])
def test_s_012_a_closed_stdout_is_a_failure(tmp_path: Path, command: str) -> None:
    failed = shell(f"jwtcli {command} >&-", tmp_path, stdin=TOKEN, **ENV)
    assert_one_line_error(Result(failed.status, failed.stdout, failed.stderr.removeprefix(NOT_VERIFIED)), 1)


def test_s_013_a_full_stdout_is_a_failure(tmp_path: Path) -> None:
    assert_one_line_error(shell("jwtcli encode -q > /dev/full", tmp_path, **ENV), 1)


def test_s_014_a_broken_pipe_is_silent(tmp_path: Path) -> None:
    large = token({"a": "x" * 300_000})
    line = "{ jwtcli decode -q; echo status=$? >&2; } | head -c 1"
    assert shell(line, tmp_path, stdin=large) == Result(0, "H", f"{NOT_VERIFIED}status=141\n")


def test_s_015_a_closed_stderr_keeps_the_status(tmp_path: Path) -> None:
    for compact, status in ((TOKEN, 0), (token({"exp": 1}), 5), ("x", 3)):
        assert shell("jwtcli verify 2>&-", tmp_path, stdin=compact, **ENV).status == status


@pytest.mark.parametrize("args", [(), ("--json",), ("--claim", "sub")])
def test_s_016_an_ascii_locale_shows_every_letter(installed: Run, args: tuple[str, ...]) -> None:
    ascii_locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    compact = token({"sub": "mü🙂"})
    command = ("decode", "--at", str(AT), *args)
    shown = installed(*command, stdin=compact, env=ascii_locale)
    assert (shown.status, shown.stdout) == (0, installed(*command, stdin=compact).stdout)


@pytest.mark.parametrize("args", [(), ("--json",), ("--claim", "sub")])
def test_s_017_an_ascii_stdout_shows_every_letter(installed: Run, args: tuple[str, ...]) -> None:
    compact = token({"sub": "mü🙂"})
    line = ("decode", *args, "--at", str(AT))
    shown = installed(*line, stdin=compact, env={"PYTHONIOENCODING": "ascii"})
    assert (shown.status, shown.stdout) == (0, installed(*line, stdin=compact).stdout)


def test_s_018_a_lone_surrogate_is_an_escape_or_an_error(jwtcli: Run) -> None:
    broken = raw(b'{"alg":"HS256","\\ud800":1}', b'{"a":"\\ud800"}')
    for args in ((), ("--json",), ("--color", "always"), ("--claim", "a", "--json")):
        shown = jwtcli("decode", *args, stdin=broken)
        assert shown.status == 0
        assert "\\ud800" in shown.stdout
    assert jwtcli("decode", "--claim", "a", stdin=broken).status == 7
    assert jwtcli("verify", stdin=broken, env=ENV).status == 0


def test_s_019_colour_obeys_the_environment_and_the_pipe(installed: Run) -> None:
    coloured: list[dict[str, str]] = [{"FORCE_COLOR": "1"}, {"CLICOLOR_FORCE": "1", "TERM": "dumb"}]
    plain: list[dict[str, str]] = [{}, {"TERM": "xterm"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"TERM": "dumb"}]
    assert all("\x1b[" in installed("decode", stdin=TOKEN, env=env).stdout for env in coloured)
    assert not any("\x1b" in installed("decode", stdin=TOKEN, env=env).stdout for env in plain)


def test_s_020_json_is_never_wrapped(jwtcli: Run) -> None:
    long = token({"a": "word " * 100})
    shown = jwtcli("decode", "--json", stdin=long, env={"COLUMNS": "20"})
    assert shown.stdout.count("\n") == 1
    assert shown.json["claims"] == {"a": "word " * 100}


def test_s_021_json_is_one_document_and_remarks_go_to_stderr(jwtcli: Run) -> None:
    shown = jwtcli("decode", "--json", stdin=f"Bearer {TOKEN}")
    assert shown.json["claims"]["sub"] == "alice"
    assert shown.stderr.count("jwtcli: ") == 2


def test_s_022_no_warning_of_a_library_is_shown(installed: Run) -> None:
    weak = {"JWTCLI_SECRET": "sixteen bytes!!!", "PYTHONWARNINGS": "always"}
    minted = installed("encode", "-q", "--allow-weak-key", env=weak)
    assert installed("verify", "--allow-weak-key", "-q", stdin=minted.stdout, env=weak) == Result(0, "", "")
    assert minted.stderr == ""


def test_s_023_a_secret_on_the_command_line_is_not_offered(jwtcli: Run) -> None:
    refused = jwtcli("encode", "--secret", SECRET)
    assert (refused.status, refused.stdout) == (2, "")
    assert "--secret-file FILE, JWTCLI_SECRET in the environment, or --secret-prompt" in refused.stderr
    assert SECRET not in refused.stderr


@pytest.mark.parametrize("command", ["encode", "verify"])
@pytest.mark.parametrize(
    "change",
    [
        {"kty": "none"},
        {"kty": None},
        {"d": "hunter2hunter2!"},
        {"d": 5},
        {"crv": "P-999"},
        {"x": "AAAA"},
        {"alg": "ES999"},
        {"alg": 5},
        {"use": "enc"},
        {"key_ops": "sign"},
        {"key_ops": []},
        {"kid": 5},
    ],
)
def test_s_024_no_error_shows_key_material(jwtcli: Run, tmp_path: Path, change: dict[str, Any], command: str) -> None:
    jwk = json.loads(Path(write_key_files(tmp_path, "ES256").private).read_text())
    damaged = {**jwk, **change}
    failed = jwtcli(command, "--json", stdin=TOKEN, env={"JWTCLI_KEY": json.dumps(damaged), "JWTCLI_DEBUG": "1"})
    assert failed.status in (4, 8)
    for member in ("d", "x", "y"):
        for value in (str(jwk[member]), str(damaged[member])):
            assert len(value) < 8 or value not in failed.stdout + failed.stderr


def test_s_024_no_error_shows_a_damaged_secret(jwtcli: Run) -> None:
    for key in (
        '{"kty":"oct","k":"aHVudGVyMg=="}',
        '{"kty":"oct","k":["hunter2"]}',
        '{"k":"aHVudGVyMg"}',
        '{"k":"hunter2',
    ):
        failed = jwtcli("encode", "--json", env={"JWTCLI_KEY": key, "JWTCLI_DEBUG": "1"})
        assert failed.status == 8
        assert "hunter2" not in failed.stdout + failed.stderr
        assert "aHVudGVyMg" not in failed.stdout + failed.stderr


@pytest.mark.parametrize("debug", ["", "0", "1"])
def test_s_025_a_bug_shows_no_locals_and_no_message(jwtcli: Run, monkeypatch: pytest.MonkeyPatch, debug: str) -> None:
    def fail(header: object, claims: object, key: Any, alg: str) -> str:
        raise RuntimeError(key.native)

    monkeypatch.setattr("jwtcli.core.breaks.sign", fail)
    failed = jwtcli("encode", env={**ENV, "JWTCLI_DEBUG": debug})
    assert failed.status == 1
    assert ("jwtcli: debug: builtins.RuntimeError" in failed.stderr) is (debug == "1")
    assert "Traceback" not in failed.stderr
    assert SECRET not in failed.stderr


def test_s_026_a_secret_file_that_others_can_read_draws_a_warning(jwtcli: Run, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "secret").chmod(0o644)
    warned = jwtcli("encode", "-q", "--secret-file", "secret")
    assert (warned.status, warned.stderr) == (
        0,
        "jwtcli: warning: others can read secret (mode 0644): chmod 600 it\n",
    )


def test_s_027_a_passphrase_is_never_waited_for_without_a_terminal(jwtcli: Run, tmp_path: Path) -> None:
    jwtcli("keygen", "-a", "RS256", "-f", "pem", "--encrypt", "-o", "k.pem", env={"JWTCLI_PASSPHRASE": "p q"})
    (tmp_path / "phrase").write_text("p q\n")
    (tmp_path / "phrase").chmod(0o600)
    assert jwtcli("encode", "--key", "k.pem").status == 8
    assert jwtcli("encode", "--key", "k.pem", "--passphrase-file", "phrase").status == 0
    assert jwtcli("encode", "--key", "k.pem", "--passphrase-file", "-", stdin="p q").status == 0
    assert jwtcli("encode", "--key", "k.pem", env={"JWTCLI_PASSPHRASE": "p q"}).status == 0


CORE_LIMITS = """
import resource, sys
from jwtcli.__main__ import main
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
sys.argv = ["jwtcli", "--version"]
main()
print(resource.getrlimit(resource.RLIMIT_CORE))
"""


def test_s_028_a_crash_leaves_no_core_with_a_key_in_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CORE_LIMITS], capture_output=True, env=environment(tmp_path), check=True
    )
    assert done.stdout.splitlines()[-1] == b"(0, 0)"


def test_a_number_of_too_many_digits_is_refused_whatever_python_would_allow(tmp_path: Path) -> None:
    header = segment(b'{"alg":"HS256","x":' + b"9" * 4301 + b"}")
    refused = shell("jwtcli decode", tmp_path, stdin=f"{header}.e30.", PYTHONINTMAXSTRDIGITS="0")
    assert_one_line_error(refused, 3)
    assert "it has an integer of more than 4300 digits" in refused.stderr


@pytest.mark.parametrize("umask", ["000", "077", "177"])
def test_s_029_a_private_key_is_private_whatever_the_umask(tmp_path: Path, umask: str) -> None:
    made = shell(f"umask {umask}; jwtcli keygen -q -o k; stat -c %a k", tmp_path)
    assert made == Result(0, "k\n600\n", "")


def test_s_030_an_existing_file_is_not_overwritten(jwtcli: Run, tmp_path: Path) -> None:
    (tmp_path / "k").write_text("mine")
    assert_one_line_error(jwtcli("keygen", "-o", "k"), 1)
    assert (tmp_path / "k").read_text() == "mine"
    assert jwtcli("keygen", "-o", "k", "--force").status == 0


@pytest.mark.parametrize("force", [(), ("--force",)])
def test_s_031_a_link_is_not_followed(jwtcli: Run, tmp_path: Path, force: tuple[str, ...]) -> None:
    (tmp_path / "victim").write_text("mine")
    (tmp_path / "k").symlink_to("victim")
    assert jwtcli("keygen", "-o", "k", *force).status == (0 if force else 1)
    assert (tmp_path / "victim").read_text() == "mine"
    assert (tmp_path / "k").is_symlink() is not bool(force)


def test_s_032_a_dangling_link_is_not_followed(jwtcli: Run, tmp_path: Path) -> None:
    (tmp_path / "k").symlink_to("missing")
    assert_one_line_error(jwtcli("keygen", "-o", "k"), 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["k"]


@pytest.mark.parametrize("public", ["exists", "missing/p", "folder"])
def test_s_033_half_a_pair_is_not_left_behind(jwtcli: Run, tmp_path: Path, public: str) -> None:
    (tmp_path / "exists").write_text("mine")
    (tmp_path / "folder").mkdir()
    assert_one_line_error(jwtcli("keygen", "-a", "ES256", "-o", "k", "--public", public), 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["exists", "folder"]
    assert (tmp_path / "exists").read_text() == "mine"


def test_s_034_a_place_that_takes_no_file_is_told(jwtcli: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (".", "missing/k", "file/k", "/proc/k"):
        assert_one_line_error(jwtcli("keygen", "-o", place), 1)
        assert_one_line_error(jwtcli("keygen", "--force", "-o", place), 1)


def test_s_035_force_makes_a_new_private_file_by_a_rename(jwtcli: Run, tmp_path: Path) -> None:
    (tmp_path / "k").write_text("old")
    (tmp_path / "k").chmod(0o644)
    os.link(tmp_path / "k", tmp_path / "other")
    inode = (tmp_path / "k").stat().st_ino
    assert jwtcli("keygen", "--force", "-o", "k").status == 0
    assert (tmp_path / "k").stat().st_ino != inode
    assert (tmp_path / "k").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "other").read_text() == "old"


@pytest.mark.parametrize("output", ["-", "/dev/stdout"])
def test_s_036_a_key_for_stdout_goes_there(installed: Run, output: str) -> None:
    made = installed("keygen", "--force", "-o", output)
    assert (made.status, made.stderr, made.json["kty"]) == (0, "", "oct")


def test_s_037_a_key_is_read_once_from_a_fifo_or_a_descriptor(tmp_path: Path) -> None:
    made = "jwtcli keygen -q -o k > /dev/null; mkfifo f"
    used = "cat k > f & jwtcli encode -q -k f | jwtcli verify -q -k /dev/fd/3 3<k"
    assert shell(f"{made}; {used}", tmp_path) == Result(0, "", "")


@pytest.mark.parametrize("option", ["--key", "--secret-file"])
def test_s_038_an_endless_key_is_read_to_a_bound(installed: Run, option: str) -> None:
    started = time.monotonic()
    assert_one_line_error(installed("encode", option, "/dev/zero"), 8)
    assert time.monotonic() - started < 20


def test_s_039_a_key_file_that_cannot_be_read_is_named(jwtcli: Run, tmp_path: Path) -> None:
    for path in ("missing", ".", "a/b"):
        failed = jwtcli("encode", "--key", path)
        assert_one_line_error(failed, 1)
        assert f"cannot read {path}: " in failed.stderr


def test_s_046_an_endless_token_is_read_to_a_bound(installed: Run) -> None:
    failed = installed("verify", stdin=b"a" * 50_000_000, env=ENV)
    assert failed.stderr == "jwtcli: error: the input is larger than 2 MiB\n"
    assert failed.status == 3


@pytest.mark.parametrize("depth", [400, 498, 985, 100_000])
def test_s_047_deep_json_meets_every_printer(jwtcli: Run, depth: int) -> None:
    deep = raw(b'{"alg":"HS256"}', b'{"a":' + b"[" * depth + b"]" * depth + b"}")
    for args in ((), ("--json",), ("--color", "always"), ("--claim", "a"), ("--claim", "a", "--json")):
        assert jwtcli("decode", *args, stdin=deep).status == (0 if depth < 500 else 3)
        assert jwtcli("verify", *args, stdin=deep, env=ENV).status == (0 if depth < 500 else 3)


@pytest.mark.parametrize("leeway", ["nan", "inf", "-inf", "1e12", "-1", "-1s", "86401", "2d", "999999999999", ""])
def test_s_048_a_leeway_is_finite_and_small(jwtcli: Run, leeway: str) -> None:
    assert_one_line_error(jwtcli("verify", "--leeway", leeway, stdin=token({"exp": 1}), env=ENV), 2)


def test_s_049_an_expired_token_names_both_times(jwtcli: Run) -> None:
    judged = jwtcli("verify", "--at", str(AT), stdin=token({"exp": AT - 192}), env=ENV)
    assert "expired 3m 12s ago (exp 2023-11-14T22:10:08Z, now 2023-11-14T22:13:20Z)" in judged.stdout


def test_s_050_the_key_decides_the_algorithm(jwtcli: Run, tmp_path: Path) -> None:
    jwk = json.loads(Path(write_key_files(tmp_path, "RS256").private).read_text())
    bare = {"JWTCLI_KEY": json.dumps({name: jwk[name] for name in jwk if name != "alg"})}
    for alg in ("RS256", "RS512", "PS384"):
        minted = jwtcli("encode", "--alg", alg, env=bare).stdout
        assert jwtcli("verify", stdin=minted, env=bare).status == 0
        assert jwtcli("verify", stdin=minted, env={"JWTCLI_KEY": json.dumps(jwk)}).status == (
            0 if alg == "RS256" else 4
        )
    assert jwtcli("verify", stdin=token({}, header={"alg": "none"}), env=bare).status == 4
    assert jwtcli("verify", stdin=token({}), env=bare).status == 4


@pytest.mark.parametrize("shape", ["pem", "space", "cut", "der", "base64", "hex", "ssh", "jwk"])
def test_s_051_a_public_key_is_never_a_secret(jwtcli: Run, tmp_path: Path, shape: str) -> None:
    files = write_key_files(tmp_path, "RS256")
    jwtcli("keygen", "-a", "RS256", "-f", "pem", "-o", "k.pem", "--public", "p.pem")
    pem = (tmp_path / "p.pem").read_bytes()
    der = base64.b64decode(b"".join(pem.splitlines()[1:-1]))
    (tmp_path / "shape").write_bytes(
        {
            "pem": pem,
            "space": b" " + pem,
            "cut": pem[:100],
            "der": der + b"\n",
            "base64": base64.b64encode(der),
            "hex": der.hex().encode(),
            "ssh": b" ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ me",
            "jwk": segment(Path(files.public).read_bytes()).encode(),
        }[shape]
    )
    given = ("--secret-file", "shape", "--secret-encoding", "raw")
    assert jwtcli("encode", *given).status == 8
    assert jwtcli("verify", *given, stdin=TOKEN).status == 8
    assert_one_line_error(jwtcli("verify", "--alg", "HS256", "--alg", "RS256", "--key", "p.pem", stdin=TOKEN), 2)


@pytest.mark.parametrize("member", ["alg=none", "alg:=null", "b64:=false", "crit:=[]"])
def test_s_052_a_header_cannot_override_the_algorithm(jwtcli: Run, member: str) -> None:
    assert_one_line_error(jwtcli("encode", "--alg", "HS256", "-H", member, env=ENV), 2)


@pytest.mark.parametrize("alg", ["none", "None", "NONE", ""])
def test_s_053_no_unsigned_token_is_minted(jwtcli: Run, alg: str) -> None:
    assert_one_line_error(jwtcli("encode", "--alg", alg, env=ENV), 2)


@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
def test_s_054_a_public_key_signs_nothing(jwtcli: Run, tmp_path: Path, alg: str) -> None:
    refused = jwtcli("encode", "--alg", alg, "--key", write_key_files(tmp_path, alg).public)
    assert_one_line_error(refused, 8)
    assert "only the private key can sign" in refused.stderr


def test_s_055_es521_is_no_registered_name(jwtcli: Run, tmp_path: Path) -> None:
    refused = jwtcli("encode", "--alg", "ES521", "--key", write_key_files(tmp_path, "ES512").private)
    assert_one_line_error(refused, 2)
    assert "did you mean ES512?" in refused.stderr


@pytest.mark.parametrize(
    "claims",
    [b'{"a": NaN}', b'{"a": -Infinity}', b'{"a":1,"a":2}', b'{"a":"\xff"}', b'{"a":"\\ud800"}', b'{"a":1e999}'],
)
def test_s_056_claims_that_are_no_json_are_refused_before_signing(jwtcli: Run, claims: bytes) -> None:
    assert_one_line_error(jwtcli("encode", "-", stdin=claims, env=ENV), 2)


def test_s_057_numbers_survive_encode_and_decode(jwtcli: Run) -> None:
    numbers = {"a": 12345678901234567890123, "b": 0.1, "c": 1e300, "d": -0.0, "e": 9007199254740993}
    minted = jwtcli("encode", "-", stdin=json.dumps(numbers), env=ENV)
    shown = jwtcli("decode", "--json", stdin=minted.stdout).json["claims"]
    assert json.dumps({name: shown[name] for name in numbers}) == json.dumps(numbers)


def test_s_058_an_expiry_in_milliseconds_draws_a_warning(jwtcli: Run) -> None:
    minted = jwtcli("encode", "--exp", "1700000000000", "--at", str(AT), env=ENV)
    assert minted.status == 0
    assert minted.stderr == (
        "jwtcli: warning: exp lies more than 9999 years ahead: is it in milliseconds? RFC 7519 counts seconds\n"
    )
    assert_one_line_error(jwtcli("encode", "--exp", "1600000000", "--at", str(AT), env=ENV), 2)


def test_s_059_a_token_is_one_line(installed: Run) -> None:
    for env in (ENV, {**ENV, "COLUMNS": "20", "FORCE_COLOR": "1"}):
        minted = installed("encode", "-q", "-c", f"a={'x' * 5000}", env=env).stdout
        assert minted.endswith("\n")
        assert set(minted[:-1]) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
