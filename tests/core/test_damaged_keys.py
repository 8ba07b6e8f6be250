"""Damaged keys of every kind: refused in one line, and no byte of any of them in any output."""

import base64
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.jwk import to_jwk
from jwtcli.core.keyfiles import to_bytes
from tests.conftest import AT, Result, Run, key_for

SECRET_MEMBERS = ("k", "d", "p", "q", "dp", "dq", "qi", "priv")
WINDOW = 12
"""So many characters of a key in an output are no accident."""


def documents() -> dict[str, dict[str, Any]]:
    """The private JWK of each algorithm."""
    return {alg: to_jwk(key_for(alg)) for alg in ALGORITHMS}


def damaged_jwks(alg: str) -> Iterator[str]:
    jwk = documents()[alg]
    text = json.dumps(jwk)
    yield text[:-20]
    yield text + "}"
    yield text.replace('"kty"', '"KTY"')
    yield text[:-1] + f', "d": {json.dumps(jwk.get("d", "x"))}, "d": 1}}'
    for name in jwk:
        yield json.dumps({own: value for own, value in jwk.items() if own != name})
        for value in (7, None, [jwk], {"k": jwk[name]}, "*" + jwk[name], jwk[name] + "=", jwk[name][:-6]):
            yield json.dumps({**jwk, name: value})


def forms(alg: str) -> Iterator[bytes]:
    key = key_for(alg)
    if key.symmetric:
        return
    for form in ("pem", "der"):
        yield to_bytes(key, form)
        yield to_bytes(key, form, b"correct horse")
    if alg in ("RS256", "ES256", "ES384", "ES512", "Ed25519"):
        yield to_bytes(key, "openssh")


def damaged_files(alg: str) -> Iterator[bytes]:
    dice = random.Random(alg)
    for content in forms(alg):
        yield content[: len(content) // 2]
        yield content.replace(b"-----BEGIN ", b"-----BEGIN WRONG ")
        yield content.replace(b"PRIVATE", b"PUBLIC")
        yield content.replace(b"\n", b"", 2)
        for _ in range(4):
            place = dice.randrange(len(content))
            yield content[:place] + bytes([content[place] ^ dice.randrange(1, 128)]) + content[place + 1 :]


def shreds(alg: str) -> set[str]:
    """Every stretch of a key, in each way that bytes are written, that no output may hold."""
    jwk = documents()[alg]
    texts = []
    for name in SECRET_MEMBERS:
        if name in jwk:
            octets = base64.urlsafe_b64decode(jwk[name] + "==")
            texts += [jwk[name], base64.b64encode(octets).decode(), octets.hex(), octets.hex().upper(), str(octets)]
    if not key_for(alg).symmetric:
        texts += [base64.b64encode(to_bytes(key_for(alg), "der")).decode()[32:]]
    return {text[start : start + WINDOW] for text in texts for start in range(0, len(text) - WINDOW, 3)}


def assert_silent(result: Result, secret: set[str]) -> None:
    said = result.stdout + result.stderr
    assert not {said[start : start + WINDOW] for start in range(len(said))} & secret
    assert "Traceback" not in said
    assert "this is a bug" not in said
    assert result.stderr.count("jwtcli: error:") <= 1


def commands(path: str) -> Iterator[tuple[str, ...]]:
    yield "encode", "--json", "--key", path, "--at", str(AT)
    yield "verify", "--json", "--jwks", path, "--at", str(AT)
    yield "key", "show", path
    yield "key", "thumbprint", "--json", path
    yield "jwks", path


@pytest.mark.parametrize("alg", ["HS256", "RS256", "ES256", "Ed448", "ML-DSA-44"])
@pytest.mark.parametrize("form", ["jwk", "pem"])
def test_the_search_finds_a_key_that_is_there(alg: str, form: str) -> None:
    key = key_for(alg)
    content = to_bytes(key, "hex" if key.symmetric and form == "pem" else form).decode()
    with pytest.raises(AssertionError):
        assert_silent(Result(0, "", content), shreds(alg))


@pytest.mark.parametrize("alg", ["HS256", "RS256", "ES256", "Ed448", "ML-DSA-44"])
def test_no_output_about_a_damaged_jwk_holds_any_of_it(jwtcli: Run, tmp_path: Path, alg: str) -> None:
    token = "eyJhbGciOiJFUzI1NiIsImtpZCI6IngifQ.e30.AAAA"
    secret = shreds(alg)
    path = tmp_path / "key"
    for text in damaged_jwks(alg):
        for content, read_by in ((text, (0, 2)), (f'{{"keys": [{text}]}}', (1, 4))):
            path.write_text(content)
            path.chmod(0o600)
            for command in (tuple(commands("key"))[number] for number in read_by):
                assert_silent(jwtcli(*command, stdin=token, env={"JWTCLI_DEBUG": "1"}), secret)


@pytest.mark.parametrize("alg", ["RS256", "ES512", "ES256K", "Ed25519", "ML-DSA-65"])
def test_no_output_about_a_damaged_key_file_holds_any_of_it(jwtcli: Run, tmp_path: Path, alg: str) -> None:
    token = "eyJhbGciOiJFUzI1NiIsImtpZCI6IngifQ.e30.AAAA"
    secret = shreds(alg)
    path = tmp_path / "key"
    for content in damaged_files(alg):
        path.write_bytes(content)
        path.chmod(0o600)
        for command in commands("key"):
            result = jwtcli(*command, stdin=token, env={"JWTCLI_DEBUG": "1", "JWTCLI_PASSPHRASE": "wrong horse"})
            assert_silent(result, secret)


@pytest.mark.parametrize("alg", ["RS256", "ES256", "HS256"])
def test_no_output_about_a_damaged_service_account_or_secret_holds_any_of_it(
    jwtcli: Run, tmp_path: Path, alg: str
) -> None:
    key = key_for(alg)
    pem = to_bytes(key, "jwk" if key.symmetric else "pem").decode()
    secret = shreds(alg)
    for private in (pem[: len(pem) // 2], pem.replace("\n", " ")[:-40], pem.replace("KEY", "KEYS"), "", 7, None):
        (tmp_path / "account").write_text(json.dumps({"type": "service_account", "private_key": private}))
        for command in commands("account"):
            assert_silent(jwtcli(*command, stdin=pem), secret)
        for variable in ("JWTCLI_KEY", "JWTCLI_SECRET", "JWTCLI_KEY_FILE"):
            assert_silent(jwtcli("encode", "--at", str(AT), env={variable: str(private)}), secret)
    for option in ("--key", "--secret-file", "--passphrase-file", "--jwks"):
        assert_silent(jwtcli("verify", option, pem, stdin="x.y.z"), secret)
