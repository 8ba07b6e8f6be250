"""``jwtcli fixtures``: a folder of tokens, the keys to verify them by, and the verdicts that are due."""

import json
from pathlib import Path
from typing import Any

import pytest

from jwtcli.core.breaks import BREAKS
from tests.conftest import AT, Run, write_key_files

NAMES = ["jwks.json", "good.jwt", *(f"{way}.jwt" for way in BREAKS), "manifest.json"]


def manifest(folder: Path) -> Any:
    return json.loads((folder / "manifest.json").read_text())


def test_verify_agrees_with_the_manifest_for_every_token(jwtcli: Run, tmp_path: Path) -> None:
    made = jwtcli("fixtures", "made", "--at", str(AT))
    told = "jwtcli: note: wrote 12 files into made; manifest.json tells what each token must get\n"
    assert (made.status, made.stdout.split(), made.stderr) == (0, [f"made/{name}" for name in NAMES], told)
    folder = tmp_path / "made"
    options = [str(folder / "jwks.json") if word == "jwks.json" else word for word in manifest(folder)["verify"]]
    for token in manifest(folder)["tokens"]:
        judged = jwtcli("verify", "--json", *options, stdin=(folder / token["file"]).read_text())
        due = (token["status"], token["code"], token["accepted"])
        assert (judged.status, judged.json["reason"], judged.json["accepted"]) == due


def test_json_names_the_files_and_the_key(jwtcli: Run, tmp_path: Path) -> None:
    made = jwtcli("fixtures", "--json", "made").json
    (key,) = json.loads((tmp_path / "made" / "jwks.json").read_text())["keys"]
    assert made == {"files": [f"made/{name}" for name in NAMES], "kid": key["kid"], "alg": "ES256"}


def test_a_key_of_ones_own_signs_and_stays_where_it_is(jwtcli: Run, tmp_path: Path) -> None:
    private = write_key_files(tmp_path, "RS256").private
    demands = ("--iss", "https://i.example", "--aud", "a", "--ttl", "1h")
    jwtcli("fixtures", "made", "--key", private, "--alg", "RS256", *demands, "--at", str(AT))
    written = manifest(tmp_path / "made")
    assert (written["alg"], written["issuer"], written["audience"], written["at"]) == (
        "RS256",
        "https://i.example",
        "a",
        AT,
    )
    (key,) = json.loads((tmp_path / "made" / "jwks.json").read_text())["keys"]
    assert not {"d", "p", "q"} & set(key)


def test_a_key_without_kid_gets_its_thumbprint(jwtcli: Run, tmp_path: Path) -> None:
    jwtcli("keygen", "--alg", "Ed25519", "-f", "pem", "-o", "key.pem")
    made = jwtcli("fixtures", "--json", "--key", "key.pem", "made").json
    assert (made["alg"], len(made["kid"])) == ("EdDSA", 43)


def test_what_is_there_already_stays_unless_told(jwtcli: Run, tmp_path: Path) -> None:
    jwtcli("fixtures", "made")
    before = (tmp_path / "made" / "good.jwt").read_text()
    again = jwtcli("fixtures", "--json", "made")
    assert (again.status, again.json["error"]["code"]) == (1, "exists")
    assert (tmp_path / "made" / "good.jwt").read_text() == before
    assert jwtcli("fixtures", "--force", "made").status == 0
    assert (tmp_path / "made" / "good.jwt").read_text() != before


@pytest.mark.parametrize("named", ["https://elsewhere.invalid", "https://elsewhere.invalid/elsewhere"])
def test_the_wrong_issuer_and_audience_are_never_the_right_ones(jwtcli: Run, tmp_path: Path, named: str) -> None:
    jwtcli("fixtures", "made", "--iss", named, "--aud", named, "--at", str(AT))
    options = ["--jwks", "made/jwks.json", *manifest(tmp_path / "made")["verify"][2:]]
    for name in ("iss", "aud"):
        judged = jwtcli("verify", "--json", *options, f"@made/wrong-{name}.jwt")
        assert (judged.status, judged.json["reason"]) == (7, f"{name}_mismatch")
    wrong = ("--break", "wrong-aud", "--aud", "https://elsewhere.invalid", "--aud", named)
    listed = jwtcli("encode", "--json", *wrong, env={"JWTCLI_SECRET": "s" * 32}).json["claims"]["aud"]
    assert listed not in ("https://elsewhere.invalid", named)


@pytest.mark.parametrize(
    ("args", "status", "code"),
    [
        (["--alg", "HS256", "made"], 8, "symmetric_key"),
        (["--key", "HS256.jwk", "made"], 8, "symmetric_key"),
        (["--key", "ES256.public.jwk", "made"], 8, "public_key"),
        (["--alg", "nonsense", "made"], 2, "unknown_alg"),
        (["--key", "-", "--passphrase-file", "-", "made"], 2, "usage"),
        ([""], 2, "empty_option"),
        (["--iss", "", "made"], 2, "empty_option"),
        (["--aud", "", "made"], 2, "empty_option"),
        (["--ttl", "0", "made"], 2, "usage"),
        (["--passphrase-file", "p", "made"], 2, "usage"),
        (["ES256.jwk/made"], 1, "unwritable"),
    ],
)
def test_refused_before_anything_is_written(
    jwtcli: Run, tmp_path: Path, args: list[str], status: int, code: str
) -> None:
    for alg in ("HS256", "ES256"):
        write_key_files(tmp_path, alg)
    result = jwtcli("fixtures", "--json", *args)
    assert (result.status, result.json["error"]["code"]) == (status, code)
    assert not (tmp_path / "made").exists()


def test_encode_breaks_a_token_of_ones_own(jwtcli: Run) -> None:
    env = {"JWTCLI_SECRET": "s" * 32}
    made = jwtcli("encode", "--json", "--break", "expired", "--sub", "a", "--ttl", "1h", "--at", str(AT), env=env)
    assert made.json["claims"] == {"sub": "a", "exp": AT - 60, "iat": AT - 3660}
    assert made.stderr == "jwtcli: note: broken on purpose: its lifetime ended a minute ago\n"
    assert jwtcli("verify", "--at", str(AT), stdin=made.json["token"], env=env).status == 5
    unsigned = jwtcli("encode", "-q", "--json", "--break", "alg-none", env=env)
    assert (unsigned.json["header"]["alg"], unsigned.stderr) == ("none", "")
    assert jwtcli("encode", "--break", "nonsense", env=env).status == 2
