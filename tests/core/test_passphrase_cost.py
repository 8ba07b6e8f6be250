"""Encrypted keys that would have their passphrase worked on for minutes or days: refused before anybody is asked."""

from binascii import a2b_base64, b2a_base64
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.keyfiles import load, to_bytes
from jwtcli.core.passphrase_cost import check_openssh, check_pkcs8
from tests.conftest import Run, key_for

PASSPHRASE = b"correct horse"
PBES2, PBKDF2 = bytes.fromhex("06092a864886f70d01050d"), bytes.fromhex("06092a864886f70d01050c")
SCRYPT = bytes.fromhex("06092b06010401da47040b")
PKCS12_3DES = bytes.fromhex("060a2a864886f70d010c0103")
AES256 = bytes.fromhex("060960864801650304012a") + b"\x04\x10" + bytes(16)
SALT = bytes(8)


def der(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    size = len(content)
    return bytes((tag,)) + (bytes((size,)) if size < 128 else b"\x82" + size.to_bytes(2)) + content


def integer(value: int) -> bytes:
    return der(0x02, value.to_bytes(value.bit_length() // 8 + 1))


def encrypted(*algorithm: bytes) -> bytes:
    """An EncryptedPrivateKeyInfo that no passphrase opens."""
    return der(0x30, der(0x30, *algorithm), der(0x04, bytes(64)))


def pbkdf2(iterations: int, salt: bytes = SALT) -> bytes:
    kdf = der(0x30, PBKDF2, der(0x30, der(0x04, salt), integer(iterations), integer(32)))
    return encrypted(PBES2, der(0x30, kdf, der(0x30, AES256)))


def scrypt(*numbers: int) -> bytes:
    kdf = der(0x30, SCRYPT, der(0x30, der(0x04, SALT), *map(integer, numbers)))
    return encrypted(PBES2, der(0x30, kdf, der(0x30, AES256)))


def pkcs12(iterations: int) -> bytes:
    return encrypted(PKCS12_3DES, der(0x30, der(0x04, SALT), integer(iterations)))


def openssh(rounds: int) -> bytes:
    """A key of ssh's, its rounds of bcrypt overwritten."""
    native = key_for("Ed25519").native
    whole: bytes = native.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, BestAvailableEncryption(PASSPHRASE))
    first, *lines, last = whole.splitlines()
    body = a2b_base64(b"".join(lines))
    salt = body.index(b"bcrypt") + len(b"bcrypt") + 4
    place = salt + 4 + int.from_bytes(body[salt : salt + 4])
    changed = body[:place] + rounds.to_bytes(4) + body[place + 4 :]
    return first + b"\n" + b2a_base64(changed) + last + b"\n"


def pem(content: bytes) -> bytes:
    return b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n%b-----END ENCRYPTED PRIVATE KEY-----\n" % b2a_base64(content)


def never() -> bytes:
    raise AssertionError("asked for a passphrase in vain")


COSTLY = {
    "PBKDF2": pbkdf2(1 << 31),
    "PBKDF2 by one": pbkdf2(10_000_001),
    "PBKDF2 with scrypt's name for salt": pbkdf2(1 << 31, SCRYPT),
    "PKCS#12": pkcs12(1 << 31),
    "scrypt by N": scrypt(1 << 30, 8, 1),
    "scrypt by r": scrypt(1 << 14, 1 << 20, 1),
    "scrypt by p": scrypt(1 << 14, 8, 1 << 20),
    "scrypt by its blocks beside N": scrypt(2, 1 << 22, 1),
    "an endless number": encrypted(PKCS12_3DES, der(0x30, der(0x02, b"\x7f" * 60_000))),
    "a number below zero": encrypted(PKCS12_3DES, der(0x30, der(0x04, SALT), der(0x02, b"\x80\0\0\0"))),
}


@pytest.mark.parametrize("wrap", [pem, bytes])
@pytest.mark.parametrize("kind", COSTLY)
def test_a_key_that_would_take_too_long_is_refused_and_nobody_is_asked(
    kind: str, wrap: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(UnusableKeyError, match="opening this key would take too long") as caught:
        load(wrap(COSTLY[kind]), never)
    assert (caught.value.code, caught.value.status) == ("too_costly", 8)


@pytest.mark.parametrize("rounds", [1001, (1 << 32) - 1])
def test_an_openssh_key_of_too_many_rounds_is_refused_and_nobody_is_asked(rounds: int) -> None:
    with pytest.raises(UnusableKeyError, match="more than 1,000 rounds of bcrypt"):
        load(openssh(rounds), never)


@pytest.mark.parametrize(
    "content", [pbkdf2(10_000_000), pkcs12(10_000_000), scrypt(1 << 20, 8, 1), scrypt(1 << 23, 1, 1)]
)
def test_what_stands_at_the_limit_passes(content: bytes) -> None:
    check_pkcs8(content)


def test_an_openssh_key_at_the_limit_passes_and_one_as_ssh_keygen_makes_it_opens() -> None:
    check_openssh(openssh(1000))
    assert load(openssh(16), lambda: PASSPHRASE).curve == "Ed25519"


@pytest.mark.parametrize("form", ["pem", "der"])
def test_a_key_cut_short_or_in_another_encoding_is_refused_before_anybody_is_asked(form: str) -> None:
    whole = pbkdf2(1000)
    for content in (whole[:40], whole[:-1], b"\x30\x80" + whole[3:] + bytes(2)):
        with pytest.raises(UnusableKeyError) as caught:
            load(pem(content) if form == "pem" else content, never)
        assert caught.value.code == "wrong_passphrase"


def test_an_openssh_key_cut_short_is_refused_before_anybody_is_asked() -> None:
    whole = openssh(16)
    with pytest.raises(ValueError, match="cut short"):
        check_openssh(whole[:60] + b"\n-----END OPENSSH PRIVATE KEY-----\n")


def test_what_the_command_line_says_of_it(jwtcli: Run, tmp_path: object) -> None:
    with open("key.pem", "wb") as file:
        file.write(pem(COSTLY["PBKDF2"]))
    result = jwtcli("key", "show", "key.pem", env={"JWTCLI_PASSPHRASE": "x"})
    assert (result.status, result.stdout) == (8, "")
    assert result.stderr.splitlines()[-2:] == [
        "jwtcli: error: opening this key would take too long: it asks for more than 10,000,000 iterations",
        "jwtcli: hint: if you trust where it comes from, encrypt it anew: openssl pkcs8 -topk8 -iter 600000",
    ]


def test_the_keys_that_jwtcli_writes_itself_open() -> None:
    for form in ("pem", "der"):
        assert load(to_bytes(key_for("ES256"), form, PASSPHRASE), lambda: PASSPHRASE).private
