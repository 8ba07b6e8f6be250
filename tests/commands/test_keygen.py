"""``jwtcli keygen``: where keys go, what they are, and what is refused before anything is written."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.keyfiles import load
from tests.conftest import AT, Run


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_with_nothing_it_makes_the_default_key_file(jwtcli: Run, tmp_path: Path) -> None:
    made = jwtcli("keygen")
    path = tmp_path / "jwtcli" / "key.jwk"
    jwk = json.loads(path.read_text())
    assert made.status == 0
    assert made.stdout == f"{path}\n"
    assert made.stderr == f"jwtcli: note: made a secret of 256 bits for HS256, kid {jwk['kid']}, in {path}\n"
    assert list(jwk) == ["kty", "k", "kid", "use", "alg"]
    assert (jwk["kty"], jwk["use"], jwk["alg"], len(jwk["k"])) == ("oct", "sig", "HS256", 43)
    assert (mode(path.parent), mode(path)) == (0o700, 0o600)


def test_the_default_key_file_is_in_the_configuration_directory_of_the_user(jwtcli: Run, tmp_path: Path) -> None:
    made = jwtcli("keygen", env={"JWTCLI_HOME": "", "XDG_CONFIG_HOME": str(tmp_path / "config")})
    assert made.stdout == f"{tmp_path / 'config' / 'jwtcli' / 'key.jwk'}\n"


def test_the_three_lines_of_a_newcomer_work(jwtcli: Run) -> None:
    assert jwtcli("keygen").status == 0
    minted = jwtcli("encode", "--sub", "alice", "--ttl", "1h")
    assert (minted.status, minted.stderr) == (0, "")
    assert jwtcli("verify", stdin=minted.stdout).status == 0


def test_json_tells_of_the_key_and_never_shows_it(jwtcli: Run, tmp_path: Path) -> None:
    made = jwtcli("keygen", "--json", "-a", "ES256", "-o", "private.jwk", "--public", "public.jwk")
    private, public = (json.loads((tmp_path / name).read_text()) for name in ("private.jwk", "public.jwk"))
    assert made.json == {
        "path": "private.jwk",
        "public_path": "public.jwk",
        "kid": private["kid"],
        "thumbprint": private["kid"],
        "alg": "ES256",
    }
    assert {**public, "d": private["d"]} == private
    assert "d" not in public
    assert (mode(tmp_path / "private.jwk"), mode(tmp_path / "public.jwk")) == (0o600, 0o644)


def test_a_secret_has_a_random_kid_and_no_thumbprint(jwtcli: Run) -> None:
    first, second = (jwtcli("keygen", "--json", "--force").json for _ in range(2))
    assert first["thumbprint"] is second["thumbprint"] is None
    assert first["kid"] != second["kid"]


@pytest.mark.parametrize(("kid", "written"), [("none", None), ("2026-01", "2026-01")])
def test_the_kid_can_be_chosen_or_left_out(jwtcli: Run, tmp_path: Path, kid: str, written: str | None) -> None:
    made = jwtcli("keygen", "--json", "-a", "EdDSA", "--kid", kid, "-o", "key.jwk")
    assert made.json["kid"] == json.loads((tmp_path / "key.jwk").read_text()).get("kid") == written


@pytest.mark.parametrize("alg", list(ALGORITHMS))
def test_a_key_of_every_algorithm_signs_and_its_other_half_verifies(jwtcli: Run, tmp_path: Path, alg: str) -> None:
    pair = [] if alg.startswith("HS") else ["--public", "public.jwk"]
    assert jwtcli("keygen", "-q", "-a", alg, "-o", "key.jwk", *pair).stderr == ""
    minted = jwtcli("encode", "--json", "--key", "key.jwk")
    assert minted.json["header"]["alg"] == alg
    judge = "public.jwk" if pair else "key.jwk"
    assert jwtcli("verify", "--key", judge, stdin=minted.json["token"]).status == 0


@pytest.mark.parametrize(("alg", "form"), [("ES256", "pem"), ("EdDSA", "der"), ("HS256", "hex"), ("HS512", "base64")])
def test_other_forms_are_read_back(jwtcli: Run, alg: str, form: str) -> None:
    secret = form in ("hex", "base64")
    made = jwtcli("keygen", "-a", alg, "-f", form, "-o", "key")
    assert (made.status, made.stdout) == (0, "key\n")
    assert (f"--secret-encoding {form}" in made.stderr) == secret
    given = ["--secret-file", "key", "--secret-encoding", form] if secret else ["--key", "key"]
    minted = jwtcli("encode", "--alg", alg, *given)
    assert jwtcli("verify", *given, stdin=minted.stdout).status == 0


def test_a_dash_writes_the_key_and_nothing_else_to_stdout(jwtcli: Run, tmp_path: Path) -> None:
    made = jwtcli("keygen", "-a", "ES256", "-f", "pem", "-o", "-", "--public", "public.pem")
    assert (made.status, made.stderr) == (0, "")
    assert made.stdout.startswith("-----BEGIN PRIVATE KEY-----\n")
    assert made.stdout.endswith("-----END PRIVATE KEY-----\n")
    assert (tmp_path / "public.pem").read_text().startswith("-----BEGIN PUBLIC KEY-----\n")
    assert not (tmp_path / "jwtcli").exists()


def test_a_key_that_cannot_be_handed_over_leaves_no_public_half(tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        args = ("-m", "jwtcli", "keygen", "-a", "ES256", "-o", "-", "--public", "public.jwk")
        lost = subprocess.run([sys.executable, *args], stdout=full, stderr=subprocess.PIPE, cwd=tmp_path, check=False)
    assert lost.returncode == 1
    assert b"the result could not be written to standard output" in lost.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("output", ["secret.txt", "-"])
@pytest.mark.parametrize("form", ["hex", "base64"])
def test_how_an_encoded_secret_is_read_back_is_said(jwtcli: Run, form: str, output: str) -> None:
    args = ("keygen", "--force", "-f", form, "-o", output)
    note = f"jwtcli: note: read it back with --secret-encoding {form}, or JWTCLI_SECRET_ENCODING={form}\n"
    assert jwtcli(*args).stderr.endswith(note)
    assert jwtcli(*args, "-q").stderr == ""


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev//fd/../stdout"])
def test_every_name_of_stdout_is_the_same_as_a_dash(jwtcli: Run, name: str) -> None:
    assert jwtcli("keygen", "-o", name).json["kty"] == "oct"
    refused = jwtcli("keygen", "-a", "ES256", "--public", name)
    assert (refused.status, refused.stdout) == (2, "")
    assert refused.stderr.startswith("jwtcli: error: --public takes a file: standard output is for the private key")
    assert os.path.islink("/dev/stdout")


def test_an_encrypted_key_opens_with_its_passphrase_alone(jwtcli: Run, tmp_path: Path) -> None:
    (tmp_path / "phrase").write_text("correct horse\n")
    made = jwtcli("keygen", "-a", "ES256", "-f", "pem", "--encrypt", "--passphrase-file", "phrase", "-o", "key.pem")
    assert made.status == 0
    assert load((tmp_path / "key.pem").read_bytes(), lambda: b"correct horse").private
    assert jwtcli("encode", "--key", "key.pem", env={"JWTCLI_PASSPHRASE": "correct horse"}).status == 0
    wrong = jwtcli("encode", "--json", "--key", "key.pem", env={"JWTCLI_PASSPHRASE": "wrong"})
    assert (wrong.status, wrong.json["error"]["code"]) == (8, "wrong_passphrase")
    nobody = jwtcli("encode", "--json", "--key", "key.pem")
    assert (nobody.status, nobody.json["error"]) == (
        8,
        {
            "code": "no_passphrase",
            "message": "the key is encrypted and nobody is here to be asked for its passphrase",
            "hint": "use --passphrase-file FILE or JWTCLI_PASSPHRASE",
        },
    )


@pytest.mark.parametrize(
    ("status", "message", "args"),
    [
        (2, "unknown algorithm 'none'", ("-a", "none")),
        (2, "unknown algorithm 'hs256'", ("-a", "hs256")),
        (2, "-f pem needs a place to write to", ("-a", "ES256", "-f", "pem")),
        (2, "--encrypt needs a place to write to", ("--encrypt",)),
        (2, "--encrypt does not go with -f jwk", ("--encrypt", "-o", "k")),
        (2, "--encrypt does not go with -f hex", ("--encrypt", "-o", "k", "-f", "hex")),
        (2, "--passphrase-file is for --encrypt, without which", ("--passphrase-file", "k", "-o", "k")),
        (
            2,
            "an empty passphrase protects nothing",
            ["-a", "ES256", "-f", "pem", "--encrypt", "--passphrase-file", "/dev/null", "-o", "k"],
        ),
        (8, "the new key is to be encrypted and nobody is here", ("-a", "ES256", "-f", "pem", "--encrypt", "-o", "k")),
        (8, "JWTCLI_PASSPHRASE is set but empty", ("-a", "ES256", "-f", "pem", "--encrypt", "-o", "k")),
        (2, "--kid does not go with -f hex", ("--kid", "a", "-f", "hex", "-o", "k")),
        (2, "--json never shows a key", ("--json", "-o", "-")),
        (2, "-o is empty", ("-o", "")),
        (2, "--kid is empty", ("--kid", "")),
        (2, "--kid is no text of Unicode", ("--kid", "a\udcff")),
        (2, "--public is empty", ("-a", "ES256", "--public", "")),
        (2, "--public takes a file", ("-a", "ES256", "--public", "-")),
        (2, "--public does not go with HS256", ("--public", "p")),
        (2, "a secret has no pem form", ("-f", "pem", "-o", "k")),
        (2, "an RSA private key of 2048 bits has no base64 form", ("-a", "RS256", "-f", "base64", "-o", "k")),
        (2, "--bits for HS256 is a multiple of 8 from 256 to 8192", ("--bits", "128")),
        (2, "--bits for RS256 is a multiple of 8 from 2048 to 8192", ("-a", "RS256", "--bits", "1024")),
        (2, "--bits does not go with ES256", ("-a", "ES256", "--bits", "256")),
        (1, "cannot write missing/k: no such file or directory", ("-o", "missing/k")),
        (1, "cannot write .: it is a directory", ("-o", ".")),
        (1, "cannot write /dev/null: it is a device or pipe", ("--force", "-o", "/dev/null")),
        (1, "cannot write", ("-o", "n" * 5000)),
        (2, "the name of a new file must not hold control characters", ("-o", "a\0b")),
    ],
)
def test_nonsense_is_refused_and_nothing_is_written(
    jwtcli: Run, tmp_path: Path, status: int, message: str, args: tuple[str, ...]
) -> None:
    env = {"JWTCLI_PASSPHRASE": ""} if "JWTCLI_PASSPHRASE" in message else {}
    refused = jwtcli("keygen", *args, env=env)
    assert refused.status == status
    assert refused.stderr.startswith(f"jwtcli: error: {message}")
    assert refused.stdout == "" or "error" in refused.json
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("force", [[], ["--force"]])
@pytest.mark.parametrize(
    ("private", "public"), [("k", "./x/../k"), (None, "jwtcli/key.jwk"), ("folder/k", "link/k"), ("link/k", "folder/k")]
)
def test_both_halves_in_one_file_are_refused_by_whatever_names(
    jwtcli: Run, tmp_path: Path, private: str | None, public: str, force: list[str]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    output = [] if private is None else ["-o", private]
    refused = jwtcli("keygen", "--json", "-a", "ES256", *output, "--public", public, *force)
    assert (refused.status, refused.json["error"]["code"]) == (2, "same_file")
    assert refused.stderr.startswith("jwtcli: error: one file cannot hold both halves of a key: ")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_existing_file_stays_unless_forced(jwtcli: Run, tmp_path: Path) -> None:
    key = tmp_path / "k"
    key.write_text("mine")
    key.chmod(0o644)
    os.link(key, tmp_path / "other-name")
    refused = jwtcli("keygen", "-o", "k")
    assert (refused.status, key.read_text()) == (1, "mine")
    assert refused.stderr == (
        "jwtcli: error: k is already there and was left as it is\n"
        "jwtcli: hint: --force replaces it, or name another place\n"
    )
    assert jwtcli("keygen", "-o", "k", "--force").status == 0
    assert (mode(key), (tmp_path / "other-name").read_text()) == (0o600, "mine")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["k", "other-name"]


def test_bits_make_a_longer_secret(jwtcli: Run, tmp_path: Path) -> None:
    assert jwtcli("keygen", "--bits", "512", "-f", "hex", "-o", "k").status == 0
    assert len((tmp_path / "k").read_text()) == 129


def test_the_note_names_the_key_only_by_what_is_public(jwtcli: Run) -> None:
    made = jwtcli("keygen", "-a", "ES256", "-f", "pem", "-o", "k.pem")
    assert made.stderr == "jwtcli: note: made a P-256 private key for ES256, in k.pem\n"
    assert jwtcli("keygen", "-q", "-a", "ES256", "-f", "pem", "-o", "q.pem").stderr == ""


def test_a_key_made_now_mints_a_token_that_another_clock_finds_expired(jwtcli: Run) -> None:
    jwtcli("keygen")
    minted = jwtcli("encode", "--at", str(AT))
    assert jwtcli("verify", "--at", str(AT + 3600), stdin=minted.stdout).status == 5


def test_long_work_is_told_to_a_person_alone(jwtcli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    args = ("keygen", "-a", "RS256", "--bits", "3200", "--force", "-o", "key.jwk")
    said = "jwtcli: note: looking for the primes of an RSA key of 3200 bits"
    assert said not in jwtcli(*args).stderr
    monkeypatch.setattr("jwtcli.commands.keygen.is_terminal", bool)
    assert said in jwtcli(*args).stderr
    assert said not in jwtcli(*args, "-q").stderr
