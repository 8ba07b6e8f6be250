"""A panic in a library is an error like any other, and what ends a program is none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.jwk import from_jwk, to_jwk, with_tested_primes
from jwtcli.core.keyfiles import load, to_bytes
from jwtcli.core.keys import Key
from jwtcli.core.native import attempt, measured
from jwtcli.core.panics import panics_as_errors
from tests.conftest import Run, key_for

ENDS = (KeyboardInterrupt, SystemExit, GeneratorExit)
LEGACY = """-----BEGIN {label}-----
Proc-Type: 4,ENCRYPTED
{info}

AAAAAAAAAAAAAAAAAAAAAA==
-----END {label}-----
"""


class Panic(BaseException):
    """What PyO3 raises where Rust panics."""


def raising(error: type[BaseException]) -> Callable[..., Any]:
    def read(*_: object, **__: object) -> Any:
        raise error

    return read


def test_panics_are_errors_in_own_words() -> None:
    with pytest.raises(UnusableKeyError, match="the thing is damaged"):
        attempt(raising(Panic), "thing")
    with pytest.raises(ValueError, match="a library gave up"):
        measured(raising(Panic), b"", None)


@pytest.mark.parametrize("error", [*ENDS, TypeError, UnusableKeyError])
def test_what_is_no_panic_passes(error: type[BaseException]) -> None:
    with pytest.raises(error), panics_as_errors():
        raise error("as it was")


@pytest.mark.parametrize("error", ENDS)
def test_reading_a_key_can_be_ended(error: type[BaseException]) -> None:
    with pytest.raises(error):
        attempt(raising(error), "thing")


@pytest.mark.parametrize("name", ["load_pem_private_key", "load_der_private_key", "load_der_public_key"])
def test_a_key_that_makes_the_library_panic_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(f"cryptography.hazmat.primitives.serialization.{name}", raising(Panic))
    key = key_for("ES256")
    public = name == "load_der_public_key"
    content = to_bytes(key, "pem" if "pem" in name else "der")
    with pytest.raises(UnusableKeyError):
        load(b"\x30\x01" + content if public else content)


def test_a_jwk_that_makes_the_library_panic_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    jwk = to_jwk(key_for("ES256"))
    monkeypatch.setattr("jwt.algorithms.ECAlgorithm.from_jwk", raising(Panic))
    with pytest.raises(UnusableKeyError, match="this EC JWK is damaged"):
        from_jwk(jwk)


def test_primes_that_make_the_library_panic_are_refused() -> None:
    class Hostile:
        private_numbers = raising(Panic)

    with pytest.raises(UnusableKeyError, match="this RSA JWK is damaged"):
        with_tested_primes(Key("RSA", Hostile(), private=True, bits=2048))


@pytest.mark.parametrize(
    "info",
    [
        "DEK-Info: AES-256-CBC,0011223344556677",
        "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEE",
        "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF00",
        "DEK-Info: AES-192-CBC,0011223344556677889900112233445Z",
        "DEK-Info: DES-EDE3-CBC,00112233445566",
        "DEK-Info: DES-EDE3-CBC,00112233445566778899AABBCCDDEEFF",
        "DEK-Info: RC2-CBC,0011223344556677",
        "DEK-Info: AES-256-CBC",
        "DEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\nDEK-Info: AES-256-CBC,0011223344556677",
        "X-DEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF",
        "Comment: none",
    ],
)
@pytest.mark.parametrize("label", ["RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY"])
def test_an_encrypted_pem_key_without_a_known_cipher_and_iv_is_refused_unasked(label: str, info: str) -> None:
    def nobody() -> bytes:
        raise AssertionError("nobody is asked for a passphrase")

    with pytest.raises(UnusableKeyError, match="DEK-Info is no cipher that jwtcli knows"):
        load(LEGACY.format(label=label, info=info).encode(), nobody)


def test_a_hostile_pem_key_ends_in_one_error(jwtcli: Run, tmp_path: Path) -> None:
    text = LEGACY.format(label="RSA PRIVATE KEY", info="DEK-Info: AES-256-CBC,0011223344556677")
    (tmp_path / "key.pem").write_text(text)
    (tmp_path / "key.pem").chmod(0o600)
    token = "eyJhbGciOiJSUzI1NiJ9.e30.AAAA"
    result = jwtcli("verify", "--key", "key.pem", stdin=token, env={"JWTCLI_PASSPHRASE": "x"})
    assert (result.status, result.stdout) == (8, "")
    assert result.stderr == (
        "jwtcli: error: this PEM key's DEK-Info is no cipher that jwtcli knows with an IV of its length\n"
        "jwtcli: hint: encrypt it anew: openssl pkcs8 -topk8\n"
    )
