"""Key files told apart by content, and what must never pass for a secret."""

import base64
import datetime as dt
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa, x25519

from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.errors import Status, UnusableKeyError, UsageError
from jwtcli.core.jwk import thumbprint, to_jwk
from jwtcli.core.keyfiles import FORMATS, from_member, from_secret, load, read_json, to_bytes
from jwtcli.core.keys import Key, public_half
from jwtcli.core.lookalikes import what_it_looks_like
from tests.conftest import key_for

PASSPHRASE = b"correct horse"
KINDS = ["RS256", "ES256", "ES512", "ES256K", "EdDSA", "Ed448"]
SSH_KINDS = ["RS256", "ES256", "ES512", "EdDSA"]
CERTIFIED = ["RS256", "ES256", "ES512"]


def certificate(key: Key) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    start = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder(name, name, public_half(key).native, 5, start, start + dt.timedelta(9))
    return builder.sign(key.native, hashes.SHA256())


def shapes(alg: str) -> dict[str, bytes]:
    """Write one key in every shape that it has."""
    key = key_for(alg)
    public = public_half(key)
    written = {
        "private PEM": to_bytes(key, "pem"),
        "public PEM": to_bytes(public, "pem"),
        "private DER": to_bytes(key, "der"),
        "public DER": to_bytes(public, "der"),
        "encrypted PEM": to_bytes(key, "pem", PASSPHRASE),
        "encrypted DER": to_bytes(key, "der", PASSPHRASE),
        "private JWK": to_bytes(key, "jwk"),
        "public JWK": json.dumps(to_jwk(public)).encode(),
    }
    if alg in SSH_KINDS:
        openssh = form.PrivateFormat.OpenSSH
        written["OpenSSH line"] = public.native.public_bytes(form.Encoding.OpenSSH, form.PublicFormat.OpenSSH)
        written["OpenSSH private"] = key.native.private_bytes(form.Encoding.PEM, openssh, form.NoEncryption())
    if alg in CERTIFIED:
        written["certificate"] = certificate(key).public_bytes(form.Encoding.PEM)
        written["certificate DER"] = certificate(key).public_bytes(form.Encoding.DER)
    if alg == "RS256":
        written["PKCS#1"] = public.native.public_bytes(form.Encoding.PEM, form.PublicFormat.PKCS1)
        written["PKCS#1 DER"] = public.native.public_bytes(form.Encoding.DER, form.PublicFormat.PKCS1)
    return written


EVERY_SHAPE = [(alg, shape) for alg in KINDS for shape in shapes(alg)]
every_shape = pytest.mark.parametrize(("alg", "shape"), EVERY_SHAPE, ids=str)


@every_shape
def test_every_shape_is_told_by_its_content(alg: str, shape: str) -> None:
    read = load(shapes(alg)[shape], lambda: PASSPHRASE)
    private = "private" in shape or "encrypted" in shape
    assert (read.private, thumbprint(read)) == (private, thumbprint(key_for(alg)))


@every_shape
def test_no_shape_of_a_key_is_taken_as_a_secret(alg: str, shape: str) -> None:
    content = shapes(alg)[shape]
    passed = {name for name, wrap in WRAPPINGS.items() if what_it_looks_like(wrap(content)) is None}
    assert passed <= set(NOT_OF.get(shape.rpartition(" ")[2], ()))
    for name, wrap in WRAPPINGS.items():
        if name not in passed:
            with pytest.raises(UnusableKeyError, match="the secret reads like a") as caught:
                from_secret(wrap(content))
            assert (caught.value.code, caught.value.status) == ("key_as_secret", Status.KEY)


WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda key: key,
    "leading space": lambda key: b" " + key,
    "leading lines": lambda key: b"\r\n\n" + key,
    "trailing line": lambda key: key + b"\n",
    "trailing CRLF": lambda key: key + b"\r\n",
    "base64": base64.b64encode,
    "base64 without padding": lambda key: base64.b64encode(key).rstrip(b"="),
    "base64url": base64.urlsafe_b64encode,
    "base64url without padding": lambda key: base64.urlsafe_b64encode(key).rstrip(b"="),
    "base64 in lines": base64.encodebytes,
    "base64 in space": lambda key: b" " + base64.b64encode(key) + b"\r\n",
    "hex": lambda key: key.hex().encode(),
    "upper hex": lambda key: key.hex().upper().encode(),
    "hex in lines": lambda key: b"\n".join(key.hex().encode()[at : at + 64] for at in range(0, 2 * len(key), 64)),
    "byte order mark": lambda key: b"\xef\xbb\xbf" + key,
    "no line breaks": lambda key: key.replace(b"\n", b""),
    "escaped line breaks": lambda key: key.replace(b"\n", b"\\n"),
    "CRLF": lambda key: key.replace(b"\n", b"\r\n"),
    "front half": lambda key: key[: len(key) // 2],
    "front half in base64": lambda key: base64.b64encode(key)[: len(key) // 2 + 1],
    "back half": lambda key: key[len(key) // 2 :],
    "quoted": lambda key: b'"' + key + b'"',
}
_CHANGED = ("no line breaks", "escaped line breaks", "CRLF", "quoted")
_HALVED = ("front half", "front half in base64", "back half")
# What has no shape of its own any more: DER with its bytes changed or cut, half a JWK, the end of an OpenSSH line.
NOT_OF = {
    "DER": (*_CHANGED, *_HALVED),
    "JWK": (*_HALVED, "quoted"),
    "line": ("back half",),
}


@pytest.mark.parametrize(
    "secret",
    [
        b"-----BEGIN PUBLIC KEY",
        b"-----BEGIN",
        b"AAAA\n-----END PUBLIC KEY-----",
        b"---BEGIN PUBLIC KEY-----\nAAAA",
        b"-----BEGIN PGP PUBLIC KEY BLOCK-----",
        b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI comment",
        b'command="x" ssh-rsa AAAAB3NzaC1yc2E',
        b"ecdsa-sha2-nistp256 AAAA",
        b"sk-ssh-ed25519@openssh.com AAAA",
        b"ssh-dss",
        b'{"kty":"RSA"}',
        b'{"\\u006bty":"EC"}',
        b'{"keys":[{"kty":"OKP"}]}',
        b'[{"kty":"EC"}]',
        b' { "x": 1, "kty" : "oct" }',
    ],
)
def test_what_only_begins_like_a_key_is_no_secret_either(secret: bytes) -> None:
    for wrapped in (secret, base64.b64encode(secret), secret.hex().encode()):
        assert what_it_looks_like(wrapped) is not None


@pytest.mark.parametrize(
    "secret",
    [
        b"correct horse battery staple",
        b"0123456789abcdef" * 4,
        b"0" * 64,
        b"\x30\x82" + b"\x01" * 40,
        b"{not json}",
        b'{"a":1}',
        b"BEGIN",
        b"-----",
        bytes(range(256)),
        b" ",
        b"my ssh-rsa secret",
        b"kty",
    ],
)
def test_a_secret_is_a_secret(secret: bytes) -> None:
    key = from_secret(secret)
    assert (key.kty, key.native, key.bits, key.private) == ("oct", secret, len(secret) * 8, True)


def test_a_secret_has_bytes() -> None:
    with pytest.raises(UnusableKeyError, match="the secret is empty") as caught:
        from_secret(b"")
    assert caught.value.code == "empty_key"


def test_the_secret_in_a_jwk_is_held_to_the_same_rule() -> None:
    def jwk(secret: bytes) -> dict[str, Any]:
        return {"kty": "oct", "k": base64.urlsafe_b64encode(secret).rstrip(b"=").decode()}

    assert from_member(jwk(b"hunter2")).native == b"hunter2"
    for secret in (b"", b"-----BEGIN PUBLIC KEY-----", shapes("ES256")["public DER"]):
        with pytest.raises(UnusableKeyError):
            from_member(jwk(secret))


@pytest.mark.parametrize(
    ("content", "message", "code"),
    [
        (b"", "the key is empty", "empty_key"),
        (b" \r\n", "the key is empty", "empty_key"),
        (b"hunter2", "this is no key that jwtcli knows: PEM, DER, OpenSSH, JWK or JWK Set", "not_a_key"),
        (b"\x30\x03\x02\x01\x00", "this is no key that jwtcli knows: PEM, DER, OpenSSH, JWK or JWK Set", "not_a_key"),
        (b"<!DOCTYPE html><html>", "this is an HTML page", "not_a_key"),
        (b"-----BEGIN PGP PUBLIC KEY BLOCK-----", "this is a PGP key", "not_a_key"),
        (b"PuTTY-User-Key-File-3: ssh-rsa", "this is a PuTTY key, which jwtcli does not read", "not_a_key"),
        (
            b"-----BEGIN PUBLIC KEY-----\nAAAA",
            "this is a PEM file that is cut short or of a kind that jwtcli does not know",
            "not_a_key",
        ),
        (
            b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----",
            "this is a certificate request, which holds no key to trust",
            "not_a_key",
        ),
        (b"{hunter2}", "this is no JWK: it is not one JSON object that RFC 8259 and 7517 allow", "unusable_key"),
        (b'[{"kty":"oct"}]', "this is no JWK: it is not one JSON object that RFC 8259 and 7517 allow", "unusable_key"),
        (
            b'{"kty":"oct","kty":"oct","k":"hunter2"}',
            "this is no JWK: it is not one JSON object that RFC 8259 and 7517 allow",
            "unusable_key",
        ),
        (
            b"-----BEGIN PUBLIC KEY-----\nhunter2\n-----END PUBLIC KEY-----",
            "the PEM public key is damaged, or of a kind that jwtcli does not know",
            "unusable_key",
        ),
        (
            b"-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----",
            "the private key is damaged, or of a kind that jwtcli does not know",
            "unusable_key",
        ),
        (
            b"-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n-----END OPENSSH PRIVATE KEY-----",
            "the private key is damaged, or of a kind that jwtcli does not know",
            "unusable_key",
        ),
        (
            b"-----BEGIN CERTIFICATE-----\nhunter2\n-----END CERTIFICATE-----",
            "the certificate is damaged, or of a kind that jwtcli does not know",
            "unusable_key",
        ),
        (
            b"ssh-rsa AAAAhunter2",
            "the OpenSSH public key is damaged, or of a kind that jwtcli does not know",
            "unusable_key",
        ),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_what_is_no_key_is_named_and_not_quoted(content: bytes, message: str, code: str) -> None:
    with pytest.raises(UnusableKeyError) as caught:
        load(content)
    assert (caught.value.message, caught.value.code) == (message, code)
    assert "hunter2" not in f"{caught.value.message}{caught.value.hint}"


def test_json_of_a_key_is_read_strictly() -> None:
    assert read_json(b'{"kty":"oct"}') == {"kty": "oct"}
    with pytest.raises(UnusableKeyError):
        read_json(b'{"k":NaN}')


def test_two_keys_in_one_file_are_refused() -> None:
    with pytest.raises(UnusableKeyError, match="the file holds 2 PEM keys") as caught:
        load(shapes("ES256")["public PEM"] + shapes("RS256")["public PEM"])
    assert caught.value.code == "several_keys"


def test_a_key_beside_its_certificate_is_the_key() -> None:
    pem = shapes("ES256")
    assert load(pem["certificate"] + pem["private PEM"]).private
    assert not load(pem["certificate"] + pem["certificate"]).private


@pytest.mark.parametrize("shape", ["encrypted PEM", "encrypted DER"])
@pytest.mark.parametrize("alg", KINDS)
def test_an_encrypted_key_needs_its_passphrase(alg: str, shape: str) -> None:
    content = shapes(alg)[shape]
    with pytest.raises(UnusableKeyError, match="no passphrase was given") as caught:
        load(content)
    assert caught.value.code == "no_passphrase"
    for wrong in (b"", b"hunter2", PASSPHRASE + b"\n"):
        with pytest.raises(UnusableKeyError, match="the passphrase does not open this key") as caught:
            load(content, partial(bytes, wrong))
        assert caught.value.code == "wrong_passphrase"
        assert "hunter2" not in caught.value.message


def test_a_passphrase_is_asked_for_only_where_it_is_needed() -> None:
    def ask() -> bytes:
        raise AssertionError

    for shape in ("private PEM", "public PEM", "private DER", "private JWK", "OpenSSH private"):
        load(shapes("ES256")[shape], ask)


@pytest.mark.parametrize(
    "native",
    [
        lambda: dsa.generate_private_key(1024),
        x25519.X25519PrivateKey.generate,
        lambda: ec.generate_private_key(ec.SECP192R1()),
        lambda: ec.generate_private_key(ec.BrainpoolP256R1()),
    ],
)
def test_a_kind_of_key_that_signs_no_jwt_is_refused(native: Callable[[], Any]) -> None:
    made = native()
    content = made.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    with pytest.raises(UnusableKeyError):
        load(content)


def test_a_small_rsa_exponent_that_is_sound_is_taken() -> None:
    numbers = rsa.RSAPublicNumbers(3, public_half(key_for("RS256")).native.public_numbers().n)
    content = numbers.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    assert load(content).bits == 2048


@pytest.mark.parametrize("alg", ALGORITHMS)
@pytest.mark.parametrize("shape", FORMATS)
def test_a_key_is_written_in_each_form_that_it_has(alg: str, shape: str) -> None:
    key = key_for(alg)
    if shape != "jwk" and key.symmetric != (shape in ("hex", "base64")):
        with pytest.raises(UsageError, match=f"has no {shape} form") as caught:
            to_bytes(key, shape)
        assert caught.value.code == "unfit_format"
        return
    content = to_bytes(key, shape)
    if shape == "hex":
        assert bytes.fromhex(content.decode()) == key.native
    elif shape == "base64":
        assert base64.b64decode(content) == key.native
    else:
        read = load(content)
        assert to_bytes(read, shape) == content
        assert shape == "der" or content.endswith(b"\n")


@pytest.mark.parametrize("form", ["pem", "der"])
def test_a_passphrase_is_as_long_as_openssl_takes_it(form: str) -> None:
    longest = b"x" * 1023
    assert load(to_bytes(key_for("ES256"), form, longest), lambda: longest).private
    with pytest.raises(UsageError, match=r"^a passphrase has at most 1,023 bytes$"):
        to_bytes(key_for("ES256"), form, longest + b"x")


def test_a_service_account_whose_kid_is_no_unicode_is_refused() -> None:
    account = {"private_key": to_bytes(key_for("RS256"), "pem").decode(), "private_key_id": "\ud800x"}
    with pytest.raises(UnusableKeyError, match="'private_key_id' is no text of Unicode"):
        load(json.dumps(account).encode())
