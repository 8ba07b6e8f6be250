"""How keys are wrapped: certificates, service accounts, OpenSSH lines, and what is no key at all."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, x25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.jwk import thumbprint
from jwtcli.core.keyfiles import from_secret, load, read, to_bytes
from jwtcli.core.keys import public_half
from jwtcli.core.new_keys import generate
from jwtcli.core.openssh import open_ssh_public
from jwtcli.core.wrappings import _reserved
from tests.conftest import AT, Run, key_for

SSH = {alg: to_bytes(public_half(key_for(alg)), "openssh") for alg in ("RS256", "ES256", "Ed25519")}


def certificate(alg: str, until: datetime, encoding: Encoding = Encoding.PEM) -> bytes:
    key = key_for(alg).native
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1)
    dated = builder.not_valid_before(until - timedelta(days=30)).not_valid_after(until)
    signed = dated.sign(key, None if alg.startswith("Ed") else hashes.SHA256())
    return signed.public_bytes(encoding)


def account(alg: str, **members: object) -> bytes:
    pem = to_bytes(key_for(alg), "pem").decode()
    named = {"private_key_id": "2026-01", "client_email": "robot@project.example"}
    return json.dumps({"type": "service_account", "private_key": pem, **named, **members}).encode()


@pytest.mark.parametrize("passphrase", [None, b"correct horse"])
@pytest.mark.parametrize("alg", ["ES256", "Ed25519"])
def test_an_openssh_key_whose_halves_are_of_different_keys_is_refused(alg: str, passphrase: bytes | None) -> None:
    """The public half stands in the open and beside the private one; cryptography compares the two with each other."""
    whole = to_bytes(key_for(alg), "openssh", passphrase)
    first, *lines, last = whole.splitlines()
    body = base64.b64decode(b"".join(lines))
    mine, other = (
        base64.b64decode(to_bytes(public_half(key), "openssh").split()[1]) for key in (key_for(alg), generate(alg))
    )
    assert load(whole, lambda: b"correct horse").private
    mixed = body.replace(mine[-32:], other[-32:])
    assert mixed.count(other[-32:]) == (1 if passphrase else body.count(mine[-32:]))
    pem = b"\n".join((first, base64.encodebytes(mixed).strip(), last, b""))
    with pytest.raises(UnusableKeyError, match=r"of different keys|damaged"):
        load(pem, lambda: b"correct horse")


PSS = bytes.fromhex("06092a864886f70d01010a")


@pytest.mark.parametrize(
    ("parameters", "alg"),
    [
        ("", None),
        ("0500", None),
        ("3000", "refused"),  # SHA-1 is meant where none is named
        ("300fa00d300b0609608648016503040201", "PS256"),
        ("300fa00d300b0609608648016503040203", "PS512"),
        ("300fa00d300b0609608648016503040206", "refused"),  # SHA-512/256
        ("300ba009300706052b0e03021a", "refused"),
        ("300fa10d300b0609608648016503040201", "refused"),  # the hash of the mask alone
        ("30", "refused"),
    ],
)
def test_an_rsa_pss_key_signs_with_the_hash_of_its_parameters_alone(parameters: str, alg: str | None) -> None:
    """RFC 4055 section 3.1; in place of the whole key what is read of it."""
    key, der = replace(key_for("RS256"), alg=None), PSS + bytes.fromhex(parameters)
    if alg == "refused":
        with pytest.raises(UnusableKeyError, match="for a hash that no JWT algorithm has"):
            _reserved(key, der)
    else:
        reserved = _reserved(key, der + b"\x04\x00")
        assert (reserved.pss, reserved.alg) == (True, alg)


# Certificates


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
@pytest.mark.parametrize("alg", ["RS256", "ES256", "Ed25519"])
def test_a_certificate_gives_its_key_and_the_end_of_its_days(alg: str, encoding: Encoding) -> None:
    until = datetime(2030, 1, 1, tzinfo=UTC)
    held = read(certificate(alg, until, encoding))
    assert (held.form, held.key.private, held.valid_until) == ("certificate", False, int(until.timestamp()))
    assert thumbprint(held.key) == thumbprint(key_for(alg))


def test_an_expired_certificate_is_used_with_a_warning(jwtcli: Run, tmp_path: Path) -> None:
    (tmp_path / "private.pem").write_bytes(to_bytes(key_for("ES256"), "pem"))
    (tmp_path / "private.pem").chmod(0o600)
    minted = jwtcli("encode", "--key", "private.pem", "--at", str(AT)).stdout
    now = datetime.now(UTC)
    for until, warned in ((now + timedelta(days=2), False), (now - timedelta(days=2, minutes=90), True)):
        (tmp_path / "certificate.pem").write_bytes(certificate("ES256", until))
        judged = jwtcli("verify", "--key", "certificate.pem", "--at", str(AT), stdin=minted)
        assert judged.status == 0
        assert ("the certificate expired 2 days 1h ago: its key is used all the same" in judged.stderr) is warned
    shown = jwtcli("key", "show", "--json", "certificate.pem").json
    assert (shown["form"], shown["valid_until"]) == ("certificate", f"{until:%Y-%m-%dT%H:%M:%SZ}")


def test_a_certificate_that_ends_in_no_year_there_is_has_no_validity() -> None:
    der = certificate("ES256", datetime(2060, 1, 1, tzinfo=UTC), Encoding.DER)
    for year in (b"0000", b"20x0"):
        with pytest.raises(UnusableKeyError):
            load(der.replace(b"20600101", year + b"0101"))


def test_whatever_byte_of_a_certificate_is_damaged_it_is_read_or_refused() -> None:
    der = certificate("ES256", datetime(2060, 1, 1, tzinfo=UTC), Encoding.DER)
    read_all_the_same = 0
    for at in range(len(der)):
        for value in (0, der[at] ^ 1, der[at] ^ 0x80, 0xFF):
            try:
                load(der[:at] + bytes([value]) + der[at + 1 :])
                read_all_the_same += 1
            except UnusableKeyError:
                continue
    assert read_all_the_same > 100  # its signature is no matter here


def test_a_private_key_beside_its_certificate_is_the_key() -> None:
    both = certificate("ES256", datetime(2030, 1, 1, tzinfo=UTC)) + to_bytes(key_for("ES256"), "pem")
    assert load(both).private


# Service accounts


def test_a_service_account_signs_with_its_kid_and_offers_its_issuer(jwtcli: Run, tmp_path: Path) -> None:
    (tmp_path / "account.json").write_bytes(account("RS256"))
    (tmp_path / "account.json").chmod(0o600)
    minted = jwtcli("encode", "--json", "--key", "account.json", "--ttl", "1h")
    assert minted.json["header"] == {"alg": "RS256", "typ": "JWT", "kid": "2026-01"}
    assert minted.stderr == (
        "jwtcli: note: the key is the service account's 'robot@project.example': "
        "--iss robot@project.example names it as the issuer\n"
    )
    assert jwtcli("key", "show", "--json", "account.json").json["form"] == "service-account"


@pytest.mark.parametrize("wrap", [bytes, base64.b64encode])
def test_a_service_account_comes_from_the_environment_too(jwtcli: Run, wrap: Callable[[bytes], bytes]) -> None:
    minted = jwtcli("encode", "--json", env={"JWTCLI_KEY": wrap(account("RS256")).decode()})
    assert (minted.status, minted.json["header"]["kid"]) == (0, "2026-01")


def test_the_address_of_a_service_account_is_no_command_to_a_shell_that_it_is_pasted_into() -> None:
    (note,) = read(account("RS256", client_email="a@b;$(touch x)")).notes
    assert note.endswith(": --iss 'a@b;$(touch x)' names it as the issuer")


def test_a_service_account_needs_neither_kid_nor_address() -> None:
    held = read(account("RS256", private_key_id=7, client_email=None))
    assert (held.key.kid, held.notes) == (None, ())


@pytest.mark.parametrize("private", ["", "no PEM"])
def test_a_service_account_without_pem_is_refused(private: str) -> None:
    with pytest.raises(UnusableKeyError, match="'private_key' holds no PEM key"):
        load(account("RS256", private_key=private))


# OpenSSH


@pytest.mark.parametrize("alg", SSH)
@pytest.mark.parametrize("wrapped", [b"%s me@here\n", b'# mine\nno-pty,command="x" %s c\n', b"\n\n  %s\r\n"])
def test_a_line_of_authorized_keys_is_a_key(alg: str, wrapped: bytes) -> None:
    held = read(wrapped % SSH[alg].strip())
    assert (held.form, thumbprint(held.key)) == ("openssh", thumbprint(key_for(alg)))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (SSH["RS256"] + SSH["ES256"], "holds 2 OpenSSH keys"),
        (b"sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5", "a security key, which signs no JWT"),
        (b"ssh-dss AAAAB3NzaC1kc3MAAACB", "a DSA key"),
        (SSH["RS256"].strip()[:-20], "the OpenSSH public key is damaged"),
        (b"ssh-ed25519 AAAA====", "the OpenSSH public key is damaged"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(line: bytes, words: str) -> None:
    with pytest.raises(UnusableKeyError, match=words):
        open_ssh_public(line)


# What is no key


NOT_KEYS = {
    "-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQdG\n-----END PGP PRIVATE KEY BLOCK-----": "a PGP key",
    "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----": "a certificate request",
    "-----BEGIN NEW CERTIFICATE REQUEST-----\nMIIB\n-----END NEW CERTIFICATE REQUEST-----": "a certificate request",
    "-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----": "a certificate revocation list",
    "-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----": "a PKCS#7 bundle",
    "-----BEGIN DH PARAMETERS-----\nMIIB\n-----END DH PARAMETERS-----": "no key for signing JWTs",
    "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----": "an SSH2 (RFC 4716) key",
    "PuTTY-User-Key-File-3: ssh-ed25519\nPublic-Lines: 2": "a PuTTY key",
    "AGE-SECRET-KEY-1QQQQ": "an age key",
    "untrusted comment: minisign public key\nRWQ": "a minisign or signify key",
    "-----BEGIN PRIVATE KEY-----\nMIGH": "a PEM file that is cut short",
    "<!DOCTYPE html><html>": "an HTML page",
    "eyJhbGciOiJIUzI1NiJ9.e30.AAAA": "a token, not a key",
    "\xfe\xed\xfe\xed\x00\x00": "a Java key store",
    "\x30\x82\x09\xa9\x02\x01\x03\x30\x82\x09": "a PKCS#12 file",
    "hunter2": "no key that jwtcli knows",
}


@pytest.mark.parametrize("content", NOT_KEYS)
def test_what_is_no_key_is_named(content: str) -> None:
    with pytest.raises(UnusableKeyError) as caught:
        load(content.encode("latin-1"))
    assert caught.value.message.startswith(f"this is {NOT_KEYS[content]}")
    assert content.strip()[-4:] not in f"{caught.value.message} {caught.value.hint}".replace("JWT", "")


@pytest.mark.parametrize("make", [lambda: dsa.generate_private_key(1024), x25519.X25519PrivateKey.generate])
def test_a_key_of_a_kind_that_signs_no_jwt_is_named(make: Callable[[], Any]) -> None:
    native = make()
    private = native.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content in (private, native.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)):
        with pytest.raises(UnusableKeyError, match="no JWT algorithm takes a key of this kind or curve"):
            load(content)


def test_an_encrypted_der_key_is_no_secret_either() -> None:
    with pytest.raises(UnusableKeyError, match="reads like a DER key"):
        from_secret(to_bytes(key_for("ES256"), "der", b"correct horse"))


def test_an_encrypted_key_without_a_passphrase_says_so() -> None:
    for form in ("pem", "der"):
        with pytest.raises(UnusableKeyError, match="no passphrase was given"):
            load(to_bytes(key_for("ES256"), form, b"correct horse"))
