"""In a CI job: errors are annotations, tokens are masked, and text of others commands nothing."""

import io
import json
import os
import subprocess
import sys
import sysconfig
import time
from itertools import count
from pathlib import Path

import pytest

from jwtcli.commands import _ci
from jwtcli.commands._stdio import is_device, is_file
from jwtcli.core.edwards import is_on_curve
from jwtcli.core.moduli import has_small_factor
from jwtcli.core.strict import base64url_encode
from tests.conftest import AT, Run, environment

SCRIPT = str(Path(sysconfig.get_path("scripts")) / "jwtcli")
ACTIONS = {"GITHUB_ACTIONS": "true"}
SECRET = {"JWTCLI_SECRET": "a secret of thirty-two bytes ..."}
MINT = ("encode", "--sub", "alice", "--ttl", "1h", "--at", str(AT))


def test_an_error_is_also_an_annotation(jwtcli: Run) -> None:
    failed = jwtcli("decode", stdin="no token", env=ACTIONS)
    message = "this is not one token: white space stands between pieces that do not make one"
    assert (failed.status, failed.stdout) == (3, "")
    assert failed.stderr == f"jwtcli: error: {message}\n::error::{message}\n"


@pytest.mark.parametrize("option", [(), ("--json",), ("-q",), ("--claim", "sub")], ids="".join)
def test_a_refused_token_is_an_annotation_once(jwtcli: Run, option: tuple[str, ...]) -> None:
    token = jwtcli(*MINT, env=SECRET).stdout
    refused = jwtcli("verify", *option, "--at", str(AT + 7200), stdin=token, env={**SECRET, **ACTIONS})
    (annotation,) = [line for line in refused.stderr.splitlines() if line.startswith("::")]
    assert refused.status == 5
    assert annotation.startswith("::error::refused: exp: expired 1h ago")
    assert "::" not in refused.stdout


RUNNERS = {"GitHub": ACTIONS, "Azure": {"TF_BUILD": "True"}, "TeamCity": {"TEAMCITY_VERSION": "2025.11"}}
OBEYED = (
    "##teamcity[setParameter name='x' value='y']",
    "##vso[task.setvariable variable=x]y",
    "##[set-output name=environment]production",
    "x ##[add-mask]e",
    " ::stop-commands::x",
    "::error::x",
    "\ufeff::error::x",
    "::stop-commands:\u00ad:x",
    "\u115f:\u200b:error:\u0488:x",
    "\u2060\ufeff \u200b\u3000::error::x",
)


@pytest.mark.parametrize("text", OBEYED)
@pytest.mark.parametrize("command", ["verify", "decode"])
@pytest.mark.parametrize("runner", RUNNERS.values(), ids=RUNNERS)
def test_a_claim_that_the_runner_would_obey_is_not_printed_alone(
    jwtcli: Run, command: str, text: str, runner: dict[str, str]
) -> None:
    token = jwtcli(*MINT, "-c", f"role={text}", env=SECRET).stdout
    elsewhere = jwtcli(command, "-q", "--claim", "role", "--at", str(AT), stdin=token, env=SECRET)
    assert (elsewhere.status, elsewhere.stdout) == (0, f"{text}\n")
    refused = jwtcli(command, "-q", "--claim", "role", "--at", str(AT), stdin=token, env={**SECRET, **runner})
    assert (refused.status, refused.stdout) == (7, "")
    assert "the claim reads like a command to the CI runner" in refused.stderr
    as_json = jwtcli(command, "--json", "--claim", "role", "--at", str(AT), stdin=token, env={**SECRET, **runner})
    assert (as_json.json, "##[" in as_json.stdout) == (text, False)


@pytest.mark.parametrize("text", ["::1", "::ffff:10.0.0.1", "a::b", ":x:", "urn:a:b", "fe80::1", "#1", "##", "[x]"])
def test_a_claim_that_no_runner_obeys_is_printed_as_it_is(jwtcli: Run, text: str) -> None:
    token = jwtcli(*MINT, "-c", f"role={text}", env=SECRET).stdout
    shown = jwtcli("verify", "-q", "--claim", "role", "--at", str(AT), stdin=token, env={**SECRET, **ACTIONS})
    assert (shown.status, shown.stdout) == (0, f"{text}\n")


@pytest.mark.parametrize("text", OBEYED)
@pytest.mark.parametrize(
    "args", [("decode",), ("verify", "--aud", "api"), ("lint",), ("verify", "--lines")], ids=" ".join
)
def test_nothing_of_a_token_is_a_command_to_the_runner(jwtcli: Run, args: tuple[str, ...], text: str) -> None:
    token = jwtcli("encode", "--kid", text, "--aud", text, "--sub", text, "-c", f"{text}=1", env=SECRET).stdout
    for form in ((), ("--json",)):
        said = jwtcli(*args, *form, stdin=token, env={**SECRET, **ACTIONS})
        for line in (said.stdout + said.stderr).splitlines():
            assert "##[" not in line
            assert not line.lstrip().startswith("::") or line.startswith("::error::refused: ")


@pytest.mark.parametrize("runner", RUNNERS.values(), ids=RUNNERS)
@pytest.mark.parametrize(
    "command",
    [
        b"##vso[task.setvariable variable=PATH]/tmp/evil",
        b"\n::error::x\n",
        b"\r::error::x",
        b"\n\xe2\x80\x83::error::x",
        b"\n\xef\xbb\xbf::error::x",
    ],
)
def test_a_keys_bytes_command_no_runner(jwtcli: Run, tmp_path: Path, runner: dict[str, str], command: bytes) -> None:
    modulus = b"\xc1" + command.ljust(250, b"x") + b"\0\0\0\0\x15"
    while has_small_factor(int.from_bytes(modulus)):
        modulus = modulus[:-5] + (int.from_bytes(modulus[-5:]) + 2).to_bytes(5)
    jwk = {"kty": "RSA", "e": "AQAB", "n": base64url_encode(modulus)}
    (tmp_path / "key.jwk").write_text(json.dumps(jwk))
    line = ("key", "convert", "--to", "der", "key.jwk")
    refused = jwtcli(*line, env=runner)
    assert (refused.status, refused.stdout) == (2, "")
    assert "error: the key reads like a command to the CI runner" in refused.stderr
    assert jwtcli(*line, "-o", "key.der", env=runner).status == 0
    assert command in (tmp_path / "key.der").read_bytes()


@pytest.mark.parametrize(("curve", "size"), [("Ed25519", 32), ("Ed448", 57)])
@pytest.mark.parametrize("runner", RUNNERS.values(), ids=RUNNERS)
def test_a_key_whose_every_byte_is_ascii_commands_no_runner(
    jwtcli: Run, tmp_path: Path, runner: dict[str, str], curve: str, size: int
) -> None:
    points = (b"\n##vso[task.x]/%d" % number for number in count())
    point = next(point for text in points if is_on_curve(curve, point := text.ljust(size - 1) + b"\0"))
    (tmp_path / "key.jwk").write_text(json.dumps({"kty": "OKP", "crv": curve, "x": base64url_encode(point)}))
    refused = jwtcli("key", "convert", "--to", "der", "key.jwk", env=runner)
    assert (refused.status, refused.stdout) == (2, "")
    for form in ("jwk", "pem", *(["openssh"] if curve == "Ed25519" else [])):
        assert "##vso[" not in jwtcli("key", "convert", "--to", form, "key.jwk", env=runner).stdout


def test_elsewhere_there_is_no_annotation(jwtcli: Run) -> None:
    for env in ({}, {"GITHUB_ACTIONS": ""}, {"GITHUB_ACTIONS": "false"}):
        assert "::" not in jwtcli("decode", stdin="no token", env=env).stderr


def test_notes_hints_and_warnings_are_no_annotations(jwtcli: Run) -> None:
    minted = jwtcli("encode", "--sub", "alice", "--at", str(AT), env={**SECRET, **ACTIONS})
    decoded = jwtcli("decode", stdin=minted.stdout, env=ACTIONS)
    assert minted.stderr.startswith("jwtcli: note: ")
    assert decoded.stderr.startswith("jwtcli: warning: ")
    assert "::" not in minted.stderr + decoded.stderr


def test_an_annotation_stays_one_command_whatever_stands_in_it(jwtcli: Run) -> None:
    """Percent signs and line breaks in the form that the runner reads, everything else that steers made visible."""
    failed = jwtcli("5%\r\n::stop-a::x\x1b[1m", env=ACTIONS)
    annotation = failed.stderr.splitlines()[1]
    assert annotation == "::error::there is no command '5%25%0D%0A::stop-a::x\\u001b[1m'"
    assert [line for line in failed.stderr.splitlines() if line.startswith("::")] == [annotation]


def test_mask_tells_the_run_to_keep_the_token_out_of_its_log(jwtcli: Run) -> None:
    minted = jwtcli(*MINT, "--mask", env={**SECRET, **ACTIONS})
    token = minted.stdout.rstrip("\n")
    assert token.count(".") == 2
    assert minted.stderr == f"::add-mask::{token}\n"


@pytest.mark.parametrize(("to_file", "slept"), [(False, [_ci._HEARD]), (True, [])])
def test_a_token_follows_its_mask_when_the_runner_has_read_that(
    jwtcli: Run, monkeypatch: pytest.MonkeyPatch, to_file: bool, slept: list[float]
) -> None:
    """Its stdout and stderr are read apart from each other; of a file nothing reaches the log."""
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    monkeypatch.setattr(_ci, "is_file", lambda stream: to_file and stream is sys.stdout)
    assert jwtcli(*MINT, "--mask", env={**SECRET, **ACTIONS}).status == 0
    assert waited == slept


@pytest.mark.parametrize("note", ["--ttl 1h", ""])  # one that is lost before leaves nothing to tell by
@pytest.mark.parametrize("lost", ["2>&-", "2>/dev/full", "2>/dev/null", "2>errors.txt"])
def test_no_token_is_printed_whose_mask_nobody_heard(tmp_path: Path, lost: str, note: str) -> None:
    env = environment(tmp_path, {**SECRET, **ACTIONS})
    line = f"cd {tmp_path} && {SCRIPT} encode --sub alice {note} --mask {lost}"
    done = subprocess.run(["/bin/sh", "-c", line], env=env, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")


def test_a_mask_that_was_not_taken_is_told_with_its_cause(jwtcli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_ci, "say", lambda _: False)
    told = jwtcli(*MINT, "--mask", "--json", env={**SECRET, **ACTIONS})
    assert (told.status, told.json["error"]["code"], "token" in told.json) == (1, "no_mask", False)


def test_a_file_and_a_device_are_told_from_what_somebody_reads(tmp_path: Path) -> None:
    keyboard, screen = os.openpty()
    with (tmp_path / "x").open("w") as file, open(os.devnull, "w") as device, open(screen, "w") as terminal:
        descriptor = os.dup(file.fileno())
        with open(descriptor, "w", closefd=False) as gone:
            os.close(descriptor)
            streams = (file, device, terminal, io.StringIO(), None, gone)
            assert list(map(is_file, streams)) == [True, False, False, False, False, False]
            assert list(map(is_device, streams)) == [False, True, False, False, False, False]
    os.close(keyboard)


def test_mask_says_nothing_of_the_token_where_nobody_would_mask_it(jwtcli: Run) -> None:
    minted = jwtcli(*MINT, "--mask", env=SECRET)
    assert minted.stderr == "jwtcli: note: there is no log to mask the token in: this is no GitHub Actions run\n"
    assert jwtcli(*MINT, "--mask", "-q", env=SECRET).stderr == ""


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("token", "{}"),
        ("bearer", "Bearer {}"),
        ("header", "Authorization: Bearer {}"),
        ("curl", 'header = "Authorization: Bearer {}"'),
        ("env", "TOKEN={}"),
    ],
)
def test_a_token_is_handed_over_in_the_form_that_was_asked_for(jwtcli: Run, form: str, expected: str) -> None:
    token = jwtcli(*MINT, env=SECRET).stdout.rstrip("\n")
    assert jwtcli(*MINT, "--as", form, env=SECRET).stdout == expected.format(token) + "\n"


def test_json_has_one_form(jwtcli: Run) -> None:
    refused = jwtcli(*MINT, "--as", "curl", "--json", env=SECRET)
    assert (refused.status, refused.json["error"]["code"]) == (2, "usage")
    assert jwtcli(*MINT, "--as", "token", "--json", env=SECRET).status == 0
