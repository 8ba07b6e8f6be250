"""``jwtcli jwks``: the JWK Set of public halves."""

import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.jwk import to_jwk
from jwtcli.core.keyfiles import to_bytes
from jwtcli.core.keys import public_half
from tests.conftest import AT, Run, key_for, write_key_files

PAIRS = tuple(alg for alg, algorithm in ALGORITHMS.items() if algorithm.kty != "oct")


def test_the_set_holds_the_public_halves_and_verifies_what_the_private_ones_sign(jwtcli: Run, tmp_path: Path) -> None:
    files = [write_key_files(tmp_path, alg) for alg in PAIRS]
    made = jwtcli("jwks", *(file.private for file in files))
    assert made.json == {"keys": [to_jwk(public_half(key_for(alg))) for alg in PAIRS]}
    assert made.stdout.startswith('{\n  "keys": [\n    {\n      "kty": ')
    assert jwtcli("jwks", "--json", *(file.private for file in files)).json == made.json
    (tmp_path / "set").write_text(made.stdout)
    for file in files:
        minted = jwtcli("encode", "--key", file.private, "--at", str(AT)).stdout
        assert jwtcli("verify", "--jwks", "set", "--at", str(AT), stdin=minted).status == 0


def test_a_key_without_a_kid_gets_its_thumbprint(jwtcli: Run, tmp_path: Path) -> None:
    (tmp_path / "public.pem").write_bytes(to_bytes(public_half(key_for("ES256")), "pem"))
    made = jwtcli("jwks", "public.pem")
    assert [key["kid"] for key in made.json["keys"]] == [jwtcli("key", "thumbprint", "public.pem").stdout.strip()]


def test_a_set_of_sets_is_one_set(jwtcli: Run, tmp_path: Path) -> None:
    files = [write_key_files(tmp_path, alg) for alg in ("ES256", "RS256", "Ed448")]
    (tmp_path / "two").write_text(jwtcli("jwks", files[0].public, files[1].public).stdout)
    assert len(jwtcli("jwks", "two", files[2].private).json["keys"]) == 3


def test_secrets_and_twins_are_refused(jwtcli: Run, tmp_path: Path) -> None:
    pair, secret = write_key_files(tmp_path, "ES256"), write_key_files(tmp_path, "HS256")
    for paths, code in (
        ((pair.public, secret.private), "symmetric_key"),
        ((pair.public, pair.private), "duplicate_kid"),
    ):
        result = jwtcli("jwks", "--json", *paths)
        assert (result.status, result.json["error"]["code"]) == (8, code)
        assert json.loads(Path(secret.private).read_bytes())["k"] not in result.stdout + result.stderr


def test_standard_input_is_one_file_of_them(jwtcli: Run) -> None:
    refused = jwtcli("jwks", "-", "-")
    told = "jwtcli: error: standard input is asked for FILE twice: it can only be one of them\n"
    assert (refused.status, refused.stderr) == (2, told)


def test_without_a_file_there_is_nothing_to_print(jwtcli: Run) -> None:
    assert jwtcli("jwks").status == 2


def test_a_weak_key_is_published_with_a_warning(jwtcli: Run, tmp_path: Path) -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    (tmp_path / "weak.pem").write_bytes(weak.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    strong = write_key_files(tmp_path, "RS256")
    made = jwtcli("jwks", "-q", "weak.pem", strong.public)
    kids = [key["kid"] for key in made.json["keys"]]
    assert made.stderr == (
        f'jwtcli: warning: the key "{kids[0]}" is published all the same: '
        "shorter than the 2048 bits of RFC 7518 section 3.3\n"
    )
    assert (made.status, len(kids)) == (0, 2)


def test_of_several_files_the_one_that_cannot_be_used_is_named(jwtcli: Run, tmp_path: Path) -> None:
    good = write_key_files(tmp_path, "ES256").public
    (tmp_path / "cut.pem").write_text("-----BEGIN PRIVATE KEY-----")
    for files, named in (((good, "cut.pem"), "cut.pem: "), (("cut.pem",), "")):
        refused = jwtcli("jwks", *files)
        assert refused.status == 8
        assert refused.stderr.startswith(f"jwtcli: error: {named}this is a PEM file that is cut short")
    assert jwtcli("jwks", good, "missing").stderr.count("missing") == 1
