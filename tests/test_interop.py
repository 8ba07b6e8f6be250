"""Tokens and keys go both ways between jwtcli and two other implementations, joserfc and jwcrypto."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joserfc.jwk
import joserfc.jwt
import jwcrypto.jwk
import jwcrypto.jws
import pytest
from cryptography.hazmat.primitives import serialization

from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.keyfiles import load
from jwtcli.core.keys import Key, public_half
from tests.conftest import AT, KeyFiles, Run, key_for, write_key_files

# RFC 9864 deprecates the name EdDSA; tokens bear it all the same.
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")

CLAIMS = {"sub": "alice", "admin": True, "iat": AT, "exp": AT + 3600}
# jwcrypto knows the names of RFC 7518, 8037 and 8812, joserfc those of RFC 9864 too.
JWCRYPTO = [name for name in ALGORITHMS if name not in ("Ed25519", "Ed448")]
JOSERFC = [name for name, algorithm in ALGORITHMS.items() if algorithm.kty != "AKP"]
PEM_ALGORITHMS = ["RS256", "ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed448"]


def mint(jwtcli: Run, key: str, *more: str) -> str:
    minted = jwtcli("encode", "--key", key, "--sub", "alice", "-c", "admin:=true", "--at", str(AT), *more)
    assert (minted.status, minted.stderr.count("error")) == (0, 0)
    return minted.stdout.strip()


def judge(jwtcli: Run, key: str, token: str, *more: str) -> dict[str, Any]:
    judged = jwtcli("verify", "--json", "--key", key, "--at", str(AT + 1), *more, stdin=token)
    assert judged.status == 0, (judged.stdout, judged.stderr)
    claims: dict[str, Any] = judged.json["claims"]
    return claims


def joserfc_key(file: str) -> Any:
    return joserfc.jwk.import_key(json.loads(Path(file).read_text()))


def jwcrypto_key(file: str) -> Any:
    return jwcrypto.jwk.JWK.from_json(Path(file).read_text())


@pytest.mark.parametrize("key_files", JOSERFC, indirect=True)
def test_joserfc_accepts_what_jwtcli_signs(jwtcli: Run, key_files: KeyFiles) -> None:
    token = mint(jwtcli, key_files.private)
    decoded = joserfc.jwt.decode(token, joserfc_key(key_files.public), algorithms=[key_files.alg])
    assert (decoded.header["alg"], decoded.claims) == (key_files.alg, CLAIMS)


@pytest.mark.parametrize("key_files", JOSERFC, indirect=True)
def test_jwtcli_accepts_what_joserfc_signs(jwtcli: Run, key_files: KeyFiles) -> None:
    key = joserfc_key(key_files.private)
    token = joserfc.jwt.encode({"alg": key_files.alg}, CLAIMS, key, algorithms=[key_files.alg])
    assert judge(jwtcli, key_files.public, token) == CLAIMS


@pytest.mark.parametrize("alg", JWCRYPTO)
def test_jwcrypto_accepts_what_jwtcli_signs(jwtcli: Run, tmp_path: Path, alg: str) -> None:
    files = write_key_files(tmp_path, alg)
    token = jwcrypto.jws.JWS()
    token.allowed_algs = [alg]
    token.deserialize(mint(jwtcli, files.private), jwcrypto_key(files.public))
    assert json.loads(token.payload) == CLAIMS


@pytest.mark.parametrize("alg", JWCRYPTO)
def test_jwtcli_accepts_what_jwcrypto_signs(jwtcli: Run, tmp_path: Path, alg: str) -> None:
    files = write_key_files(tmp_path, alg)
    token = jwcrypto.jws.JWS(json.dumps(CLAIMS))
    token.allowed_algs = [alg]
    token.add_signature(jwcrypto_key(files.private), alg, json.dumps({"alg": alg}))
    assert judge(jwtcli, files.public, token.serialize(compact=True)) == CLAIMS


@pytest.mark.parametrize("alg", PEM_ALGORITHMS)
def test_a_pem_pair_of_keygen_opens_elsewhere_and_means_the_same_key(jwtcli: Run, tmp_path: Path, alg: str) -> None:
    assert jwtcli("keygen", "-a", alg, "-f", "pem", "-o", "key.pem", "--public", "public.pem").status == 0
    private, public = (tmp_path / name for name in ("key.pem", "public.pem"))
    assert private.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")
    assert public.read_bytes().startswith(b"-----BEGIN PUBLIC KEY-----")
    theirs = jwcrypto.jwk.JWK.from_pem(private.read_bytes())
    assert theirs.thumbprint() == jwcrypto.jwk.JWK.from_pem(public.read_bytes()).thumbprint()
    claims = joserfc.jwt.decode(
        mint(jwtcli, "key.pem", "--alg", alg),
        joserfc.jwk.import_key(public.read_bytes(), key_type=theirs["kty"]),
        algorithms=[alg],
    ).claims
    assert claims == CLAIMS


@pytest.mark.parametrize("alg", PEM_ALGORITHMS)
def test_an_encrypted_pem_of_keygen_opens_elsewhere_with_its_passphrase(jwtcli: Run, tmp_path: Path, alg: str) -> None:
    locked = {"JWTCLI_PASSPHRASE": "correct horse"}
    assert jwtcli("keygen", "-a", alg, "-f", "pem", "-o", "key.pem", "--encrypt", env=locked).status == 0
    content = (tmp_path / "key.pem").read_bytes()
    assert content.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    theirs = jwcrypto.jwk.JWK.from_pem(content, b"correct horse")
    (tmp_path / "public.pem").write_bytes(theirs.export_to_pem())
    minted = jwtcli("encode", "--key", "key.pem", "--sub", "alice", "--at", str(AT), env=locked)
    assert judge(jwtcli, "public.pem", minted.stdout)["sub"] == "alice"


def pkcs8(key: Key) -> bytes:
    return private_bytes(key, serialization.PrivateFormat.PKCS8)


def traditional(key: Key) -> bytes:
    return private_bytes(key, serialization.PrivateFormat.TraditionalOpenSSL)


def encrypted(key: Key) -> bytes:
    return private_bytes(key, serialization.PrivateFormat.PKCS8, b"correct horse")


def traditional_encrypted(key: Key) -> bytes:
    return private_bytes(key, serialization.PrivateFormat.TraditionalOpenSSL, b"correct horse")


def private_bytes(key: Key, form: serialization.PrivateFormat, passphrase: bytes | None = None) -> bytes:
    lock = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    return bytes(key.native.private_bytes(serialization.Encoding.PEM, form, lock))


def spki(key: Key) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return bytes(public_half(key).native.public_bytes(serialization.Encoding.PEM, form))


def pkcs1_public(key: Key) -> bytes:
    return bytes(public_half(key).native.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.PKCS1))


SHAPES: list[tuple[str, Callable[[Key], bytes], bytes]] = [
    *((alg, pkcs8, b"PRIVATE KEY") for alg in PEM_ALGORITHMS),
    *((alg, encrypted, b"ENCRYPTED PRIVATE KEY") for alg in PEM_ALGORITHMS),
    *((alg, spki, b"PUBLIC KEY") for alg in PEM_ALGORITHMS),
    ("RS256", traditional, b"RSA PRIVATE KEY"),
    ("RS256", traditional_encrypted, b"RSA PRIVATE KEY"),
    ("RS256", pkcs1_public, b"RSA PUBLIC KEY"),
    *((alg, traditional, b"EC PRIVATE KEY") for alg in ("ES256", "ES384", "ES512", "ES256K")),
]


@pytest.mark.parametrize(("alg", "write", "label"), SHAPES, ids=lambda value: getattr(value, "__name__", str(value)))
def test_every_shape_of_pem_is_the_key_that_it_was_written_from(
    alg: str, write: Callable[[Key], bytes], label: bytes
) -> None:
    key = key_for(alg)
    content = write(key)
    assert content.startswith(b"-----BEGIN " + label + b"-----")
    read = load(content, lambda: b"correct horse")
    assert (read.kty, read.curve, read.bits) == (key.kty, key.curve, key.bits)
    assert read.private is (b"PUBLIC" not in label)
    assert spki(read) == spki(key)
    one_line = b" ".join(content.split(b"\n")) if b"Proc-Type" not in content else content
    assert spki(load(one_line, lambda: b"correct horse")) == spki(key)


@pytest.mark.parametrize("alg", JWCRYPTO)
def test_a_jwk_of_jwcrypto_signs_and_verifies_here(jwtcli: Run, tmp_path: Path, alg: str) -> None:
    algorithm = ALGORITHMS[alg]
    made: dict[str, dict[str, Any]] = {
        "oct": {"kty": "oct", "size": 512},
        "RSA": {"kty": "RSA", "size": 2048},
        "EC": {"kty": "EC", "crv": algorithm.curve},
        "OKP": {"kty": "OKP", "crv": "Ed448"},
        "AKP": {"kty": "AKP", "alg": alg},
    }
    key = jwcrypto.jwk.JWK.generate(**made[algorithm.kty], kid="theirs")
    (tmp_path / "key.jwk").write_text(key.export())
    (tmp_path / "public.jwk").write_text(key.export() if algorithm.kty == "oct" else key.export_public())
    assert judge(jwtcli, "public.jwk", mint(jwtcli, "key.jwk", "--alg", alg)) == CLAIMS
