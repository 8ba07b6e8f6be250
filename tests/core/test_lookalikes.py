"""What reads like a key of any kind is no secret, however a shell, an editor or a CI store changed it; the rest is."""

import base64
import binascii
import json
import random
from collections.abc import Callable, Iterator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs7

from jwtcli.core.jwk import to_jwk
from jwtcli.core.keyfiles import to_bytes
from jwtcli.core.keys import public_half
from jwtcli.core.lookalikes import what_it_looks_like
from tests.conftest import key_for
from tests.core.test_keyfiles import certificate

EC_KEY = "06072a8648ce3d0201"
P256 = 2**256 - 2**224 + 2**192 + 2**96 - 1


def der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    return bytes((tag, size) if size < 128 else (tag, 0x82, size >> 8, size & 255)) + content


def spki(parameters: bytes, point: int) -> bytes:
    """The public key of an elliptic curve (RFC 5480 section 2), of one that no library here knows."""
    return der(0x30, der(0x30, bytes.fromhex(EC_KEY), parameters), der(0x03, b"\0\4", b"\x5a" * point))


def explicit() -> bytes:
    """A curve told by its numbers instead of its name (RFC 3279 section 2.3.5)."""
    field = der(0x30, bytes.fromhex("06072a8648ce3d0101"), der(0x02, b"\0" + P256.to_bytes(32)))
    curve = der(0x30, der(0x04, b"a" * 32), der(0x04, b"b" * 32))
    return der(0x30, b"\2\1\1", field, curve, der(0x04, b"\4" + b"g" * 64), der(0x02, b"n" * 32), b"\2\1\1")


def request() -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    return builder.sign(key_for("ES256").native, hashes.SHA256()).public_bytes(Encoding.DER)


PUBLIC = to_bytes(public_half(key_for("ES256")), "der")
LINE = to_bytes(public_half(key_for("Ed25519")), "openssh")
OF_ANY_KIND = {
    "secp112r1": spki(bytes.fromhex("06052b81040006"), 28),
    "sect163k1": spki(bytes.fromhex("06052b81040001"), 42),
    "brainpoolP160r1": spki(bytes.fromhex("06092b2403030208010101"), 40),
    "SM2": spki(bytes.fromhex("06082a811ccf5501822d"), 64),
    "explicit parameters": spki(explicit(), 64),
    "PKCS#1 of 512 bits": der(0x30, der(0x02, b"\0" + b"\xd5" * 64), b"\2\3\1\0\1"),
    "a certificate request": request(),
    "PKCS#7": pkcs7.serialize_certificates([certificate(key_for("ES256"))], Encoding.DER),
    "P-256": PUBLIC,
}
CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda key: key,
    "NUL behind": lambda key: key + b"\0",
    "mark and base64": lambda key: b"\xef\xbb\xbf" + base64.b64encode(key),
    "mark and hex": lambda key: b"\xef\xbb\xbf" + key.hex().encode(),
    "hex with colons": lambda key: key.hex(":").encode(),
    "hex with colons in lines": lambda key: b":\n    ".join(
        key[at : at + 15].hex(":").encode() for at in range(0, len(key), 15)
    ),
    "lines joined by backslashes": lambda key: base64.encodebytes(key).replace(b"\n", b"\\\n"),
    "lines of a source": lambda key: b'"' + base64.encodebytes(key).strip().replace(b"\n", b'" + "') + b'"',
    "a list of lines": lambda key: json.dumps(base64.encodebytes(key).decode().split()).encode(),
    "through a form": lambda key: base64.b64encode(key).replace(b"+", b" ").replace(b"=", b"%3D"),
    "cut short": lambda key: base64.b64encode(key[:-1]),
    "DER cut short": lambda key: key[:-1],
    "a name before": lambda key: b"JWT_SIGNING_PUBLIC_KEY=" + base64.b64encode(key),
    "a URL of data": lambda key: b"data:application/octet-stream;base64," + base64.b64encode(key),
    "a member of JSON": lambda key: json.dumps({"publicKeyBase64Encoded": base64.b64encode(key).decode()}).encode(),
    "hex in a member of JSON": lambda key: json.dumps({"public": key.hex()}).encode(),
    "a name before hex": lambda key: b"PUBLIC_KEY=" + key.hex(":").encode(),
    "an array of C": lambda key: b"unsigned char p_der[] = {" + b", ".join(b"0x%02x" % byte for byte in key) + b"}",
    "hex in JSON": lambda key: json.dumps([f"{byte:02x}" for byte in key]).encode(),
    "hex of a URL": lambda key: b"".join(b"%%%02x" % byte for byte in key),
    "hex in lines that a URL carries": lambda key: b"%0A".join(
        key[at : at + 30].hex().encode() for at in range(0, len(key), 30)
    ),
    "base64 in lines that a form carries": lambda key: (
        base64.encodebytes(key).replace(b"+", b"%2B").replace(b"\n", b"%0D%0A")
    ),
    "hex of an assembler": lambda key: b",".join(b"%02xh" % byte for byte in key),
    "hex as .NET writes it": lambda key: key.hex("-").upper().encode(),
    "hex of C": lambda key: b"{" + b", ".join(b"0x%02X" % byte for byte in key) + b"}",
    "escapes of hex": lambda key: b"".join(b"\\x%02x" % byte for byte in key),
    "0X": lambda key: b"0X" + key.hex().encode(),
    "0x": lambda key: b"0x" + key.hex().encode(),
    "escaped line breaks": lambda key: base64.encodebytes(key).replace(b"\n", b"\\n"),
    "escaped CRLF": lambda key: base64.encodebytes(key).replace(b"\n", b"\\r\\n"),
    "a comment behind": lambda key: base64.b64encode(key) + b" alice@example.org",
    "a comment behind base64url": lambda key: base64.urlsafe_b64encode(key).rstrip(b"=") + b" comment",
    "a comment behind hex": lambda key: key.hex().encode() + b" comment",
    "quoted base64": lambda key: b'"' + base64.b64encode(key) + b'"',
    "base64 of UTF-16": lambda key: base64.b64encode(key).decode().encode("utf-16-le"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("kind", OF_ANY_KIND)
def test_der_of_any_kind_is_told_by_its_structure(kind: str, change: str) -> None:
    assert what_it_looks_like(CHANGES[change](OF_ANY_KIND[kind])) == "a DER key"


@pytest.mark.parametrize("alg", ["RS256", "ES256", "ES512", "Ed25519"])
def test_the_field_of_an_openssh_line_is_told_without_the_line(alg: str) -> None:
    field = to_bytes(public_half(key_for(alg)), "openssh").split()[1]
    for text in (
        field,
        base64.b64decode(field),
        field + b" alice@host",
        field[:40],
        base64.b64decode(field).hex().encode(),
    ):
        assert what_it_looks_like(text) == "an OpenSSH public key"


@pytest.mark.parametrize("kind", ["PKCS#1", "a certificate", "an encrypted key"])
@pytest.mark.parametrize("change", [bytes, base64.b64encode, binascii.b2a_hex])
def test_what_opens_with_a_long_length_is_told_by_the_length_of_a_secret(
    kind: str, change: Callable[[bytes], bytes]
) -> None:
    native = key_for("RS256").native
    whole = {
        "PKCS#1": native.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1),
        "a certificate": certificate(key_for("RS256")).public_bytes(Encoding.DER),
        "an encrypted key": to_bytes(key_for("RS256"), "der", b"passphrase"),
    }[kind]
    for length in range(32, 80):
        assert what_it_looks_like(change(whole)[:length]) is not None, length


@pytest.mark.parametrize("alg", ["ES256", "ES384", "ES512", "ES256K"])
def test_what_all_keys_of_a_curve_begin_with_is_no_secret(alg: str) -> None:
    whole = to_bytes(public_half(key_for(alg)), "der")
    for text in (base64.b64encode(whole), base64.urlsafe_b64encode(whole), whole.hex().encode()):
        for length in range(32, 60):
            assert what_it_looks_like(text[:length]) == "a DER key", length


def test_base64_is_read_as_php_writes_it_in_json() -> None:
    opening = bytes.fromhex("308203ff30820300a003020102") + b"\x55" * 50  # of a certificate
    assert base64.b64encode(opening).startswith(b"MIID/zCC")
    assert what_it_looks_like(base64.b64encode(opening).replace(b"/", b"\\/")) == "a DER key"


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_modulus_that_was_cut_short_anywhere_near_its_end_is_told(cut: int) -> None:
    pkcs1 = key_for("RS256").native.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)[:-cut]
    for text in (pkcs1, base64.b64encode(pkcs1), pkcs1.hex().encode()):
        assert what_it_looks_like(text) == "a DER key"


@pytest.mark.parametrize(
    "order",
    [
        ("n", "e", "kid", "kty"),
        ("e", "n", "kty", "kid"),
        ("kid", "e", "n", "kty"),
        ("x5t#S256", "n", "e", "kty"),
        ("key_ops", "use", "kid", "kty"),
    ],
)
@pytest.mark.parametrize("change", [str.encode, lambda text: base64.b64encode(text.encode())])
def test_a_jwk_that_was_cut_short_in_front_of_its_type_is_told(
    order: tuple[str, ...], change: Callable[[str], bytes]
) -> None:
    named = {"kid": "first", "use": "sig", "key_ops": ["verify"], "x5t#S256": "A" * 43}
    jwk = {**to_jwk(public_half(key_for("RS256"))), **named}
    text = json.dumps({name: jwk[name] for name in order})
    for whole in (text, f'{{"keys":[{text}', str({name: jwk[name] for name in order})):
        for rest in (whole[:-40], whole[:40], whole[:60]):
            assert what_it_looks_like(change(rest)) == "a JWK"


def test_a_key_that_was_written_by_a_program_or_named_is_told() -> None:
    jwk = to_jwk(public_half(key_for("ES256")))
    for text in (str(jwk), f"JWK={json.dumps(jwk)}", f"'{jwk}'", json.dumps({"key": json.dumps(jwk)})):
        assert what_it_looks_like(text.encode()) == "a JWK"
    assert what_it_looks_like(b"key=" + LINE.replace(b" ", b"+")) == "an OpenSSH public key"
    for before in (b"key=", b"KEY:", b"sk-", b"@cert-authority *,"):
        assert what_it_looks_like(before + LINE) == "an OpenSSH public key"
    private = to_bytes(key_for("ES256"), "openssh").splitlines()[1:-1]
    for body in (b"".join(private), base64.b64decode(b"".join(private)), b"\n".join(private)[:100]):
        assert what_it_looks_like(body) == "an OpenSSH private key"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_keys_in_utf_16_are_told_without_its_mark(encoding: str) -> None:
    half = public_half(key_for("ES256"))
    for text, told in ((json.dumps(to_jwk(half)), "a JWK"), (to_bytes(half, "pem").decode(), "a PEM file")):
        assert what_it_looks_like(text.encode(encoding)) == told


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("before", ["friendlyName: Ключ 🔑\n", "Ā", "\n\t "])
@pytest.mark.parametrize("change", [bytes, base64.b64encode, binascii.b2a_hex])
def test_no_letter_beside_a_key_in_utf_16_hides_it(
    encoding: str, before: str, change: Callable[[bytes], bytes]
) -> None:
    pem = to_bytes(public_half(key_for("ES256")), "pem").decode()
    assert what_it_looks_like(change((before + pem).encode(encoding))) == "a PEM file"
    jwk = json.dumps({**to_jwk(public_half(key_for("ES256"))), "kid": "Ключ"}, ensure_ascii=False)
    assert what_it_looks_like(change(jwk.encode(encoding))) == "a JWK"


def ssh2(line: bytes) -> bytes:
    """A public key as ``ssh-keygen -e`` prints it (RFC 4716)."""
    comment = b'Comment: "256-bit ED25519, converted by alice from OpenSSH"'
    return b"\n".join(
        (b"---- BEGIN SSH2 PUBLIC KEY ----", comment, line.split()[1], b"---- END SSH2 PUBLIC KEY ----", b"")
    )


@pytest.mark.parametrize("change", [bytes, base64.b64encode, base64.urlsafe_b64encode, binascii.b2a_hex])
def test_ssh2_keys_are_told(change: Callable[[bytes], bytes]) -> None:
    assert what_it_looks_like(change(ssh2(LINE))) == "an SSH2 key"
    assert what_it_looks_like(change(ssh2(LINE).replace(b"\n", b"\r\n"))) == "an SSH2 key"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("change", [base64.b64encode, base64.urlsafe_b64encode, base64.encodebytes, binascii.b2a_hex])
def test_keys_in_utf_16_are_told_under_a_layer(encoding: str, change: Callable[[bytes], bytes]) -> None:
    half = public_half(key_for("ES256"))
    told = {
        json.dumps(to_jwk(half)): "a JWK",
        to_bytes(half, "pem").decode(): "a PEM file",
        LINE.decode(): "an OpenSSH public key",
        ssh2(LINE).decode(): "an SSH2 key",
    }
    for text, name in told.items():
        assert what_it_looks_like(change(text.encode(encoding))) == name


HUMAN = (
    *("correct horse battery staple", "hunter2", "0", "00", "0~0 password", '"quoted"', "MIIB is how keys begin"),
    *("AAAA", "AAAAB3", "ssh", "deadbeef", "0xdeadbeef", "00:11:22:33:44:55", "3059301306", "MFkwEwYHKoZI"),
    *("eyJhbGciOiJIUzI1NiJ9", "p@ss:word\\n", "{kty}", "[1]", "-", "--", "BEGIN KEY", "0" * 40, "30" * 16, "\\n", "\\"),
    *("your-256-bit-secret", "s3cr3t!", "Zoë 🦊", "0`0`0`0`", '0""0""', "-----", "=", "", "a", "\0\0\0\0", "\0\0\0\7"),
)


def strange(dice: random.Random) -> Iterator[bytes]:
    """Random secrets, those that begin like DER among them, in every way that they are written down."""
    for size in (16, 24, 32, 33, 48, 64, 128):
        raw = dice.randbytes(size)
        for start in (b"", b"0", b"\x30" + bytes([size - 2]), b"\x30" + bytes([size - 2]) + b"\x30"):
            secret = start + raw[len(start) :]
            yield from (
                secret,
                secret.hex().encode(),
                base64.b64encode(secret),
                base64.urlsafe_b64encode(secret).rstrip(b"="),
            )
        yield from (
            raw.hex(":").encode(),
            bytes(32 + byte % 95 for byte in raw),
            b"0" + bytes(32 + byte % 95 for byte in raw),
        )


def test_secrets_at_random_and_those_of_people_are_secrets() -> None:
    dice = random.Random(7518)
    drawn = [secret for _ in range(300) for secret in strange(dice)]
    human = [text.encode() for text in HUMAN]
    assert [secret for secret in (*drawn, *human) if what_it_looks_like(secret) is not None] == []
