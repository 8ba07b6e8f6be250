"""Key files, told apart by content and never by name: PEM, DER, OpenSSH and JWK to a Key, and back."""

import binascii
import json
import re
from collections.abc import Callable
from typing import Any

from jwtcli.core.errors import UnusableKeyError, UsageError
from jwtcli.core.jwk import check_edwards_point, check_rsa_exponent, from_jwk, to_jwk
from jwtcli.core.keys import Key, public_half
from jwtcli.core.strict import json_object

Passphrase = Callable[[], bytes]
"""Asks for the passphrase of an encrypted key, once it is known to be needed."""

_BOM = b"\xef\xbb\xbf"
FORMATS = ("jwk", "pem", "der", "hex", "base64")
# Nothing is given back (++), and a block ends at the next five dashes: a megabyte of beginnings takes no hours.
_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]++)-----([^-]*+(?:-{1,4}[^-]++)*+)-----END \1-----")
_PRIVATE_LABELS = (b"PRIVATE KEY", b"RSA PRIVATE KEY", b"EC PRIVATE KEY", b"ENCRYPTED PRIVATE KEY")
_PUBLIC_LABELS = (b"PUBLIC KEY", b"RSA PUBLIC KEY")
_KEY_LABELS = (*_PRIVATE_LABELS, *_PUBLIC_LABELS, b"OPENSSH PRIVATE KEY")
_SSH_LINE = re.compile(rb"(?:^|[\s\"'])(?:sk-)?(?:ssh-(?:rsa|dss|ed25519|ed448)|ecdsa-sha2-)\S*\s+AAAA", re.MULTILINE)
_ARMOUR = re.compile(rb"-----BEGIN|-----END|^-{1,5}BE?G?I?N? ?[A-Z ]*KEY-----", re.MULTILINE)
# What people hand over that is no key to sign with, and what it is called.
_NOT_KEYS = (
    (rb"-----BEGIN PGP ", "a PGP key"),
    (rb"-----BEGIN (NEW )?CERTIFICATE REQUEST-----", "a certificate request, which holds no key to trust"),
    (rb"-----BEGIN X509 CRL-----", "a certificate revocation list"),
    (rb"-----BEGIN (DSA PRIVATE KEY|DSA PARAMETERS|DH PARAMETERS|EC PARAMETERS)-----", "no key for signing JWTs"),
    (rb"-----BEGIN SSH2 ", "an SSH2 (RFC 4716) key, which jwtcli does not read"),
    (rb"PuTTY-User-Key-File", "a PuTTY key, which jwtcli does not read"),
    (rb"-----BEGIN ", "a PEM file that is cut short or of a kind that jwtcli does not know"),
    (rb"<(!doctype|html)", "an HTML page"),
)


def load(content: bytes, passphrase: Passphrase | None = None) -> Key:
    """Read one key from the bytes of a file.

    Raises UnusableKeyError for what is no key, is damaged, or needs a passphrase that was not given or
    does not fit; its words are our own and hold nothing of the content.
    """
    text = content.strip()
    if not text:
        raise UnusableKeyError("the key is empty", code="empty_key")
    if text[:1] in (b"{", b"["):
        return from_member(read_json(text))
    if _PEM.search(text):
        return _from_pem(text, passphrase)
    if _SSH_LINE.search(text):
        return _native(_attempt(_ssh_public, text, "OpenSSH public key"))
    key = _from_der(content, passphrase)
    if key is None:
        raise _unknown(text)
    return key


def from_secret(secret: bytes) -> Key:
    """Take bytes as an HMAC secret; raises UnusableKeyError where they are empty or read like a key file."""
    if not secret:
        raise UnusableKeyError("the secret is empty", code="empty_key")
    shape = what_it_looks_like(secret)
    if shape is not None:
        raise UnusableKeyError(
            f"the secret reads like {shape}: taken as a secret, whoever knows that file could forge tokens",
            hint="give a key file with --key or JWTCLI_KEY_FILE",
            code="key_as_secret",
        )
    return Key("oct", secret, private=True, bits=len(secret) * 8)


def from_member(jwk: dict[str, Any]) -> Key:
    """Read one JWK, as ``from_jwk`` does, and hold a secret in it to the rules of ``from_secret``."""
    key = from_jwk(jwk)
    if key.symmetric:
        from_secret(key.native)
    return key


def read_json(text: bytes) -> dict[str, Any]:
    """Read the JSON object of a JWK or JWK Set; raises UnusableKeyError without quoting it."""
    try:
        return json_object(text)
    except ValueError:
        raise UnusableKeyError("this is no JWK: it is not one JSON object that RFC 8259 and 7517 allow") from None


def to_bytes(key: Key, form: str, passphrase: bytes | None = None) -> bytes:
    """Write a key as the content of a file in one of ``FORMATS``.

    PEM and DER are PKCS#8 (encrypted where a passphrase is given) or SPKI, hex and base64 are for
    secrets. Raises UsageError for a form that the key cannot take.
    """
    if form == "jwk":
        return json.dumps(to_jwk(key), indent=2).encode("ascii") + b"\n"
    if key.symmetric != (form in ("hex", "base64")):
        kind = "a secret" if key.symmetric else f"{key}"
        raise UsageError(f"{kind} has no {form} form", hint="jwk takes every key", code="unfit_format")
    if form == "hex":
        return binascii.b2a_hex(key.native) + b"\n"
    if form == "base64":
        return binascii.b2a_base64(key.native)
    return _serialize(key, form.upper(), passphrase)


def public_texts(key: Key) -> tuple[bytes, ...]:
    """Return the texts in which a public key is handed around: PEM, DER, OpenSSH, JWK.

    Whoever takes one of them for an HMAC secret can be fooled by anyone who has the key (RFC 8725
    section 2.1); only such a text can tell that this has happened.
    """
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    half = public_half(key)
    jwk = to_jwk(half)
    texts = [json.dumps(jwk, separators=(",", ":")).encode(), json.dumps(jwk).encode(), to_bytes(half, "jwk")]
    for form in (PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1, PublicFormat.OpenSSH):
        for encoding in (Encoding.PEM, Encoding.DER, Encoding.OpenSSH):
            try:
                texts.append(bytes(half.native.public_bytes(encoding, form)))
            except Exception:  # each failure only means: this key has no such form
                continue
    return tuple(texts)


def what_it_looks_like(secret: bytes) -> str | None:
    """Name the key file that a would-be secret reads like, or None (RFC 8725 section 2.1).

    A public key taken for an HMAC secret lets anyone forge. Looked for, after trimming and under
    one layer of base64, base64url or hex: PEM armour, even cut short; DER keys and certificates;
    OpenSSH lines; JWKs and JWK Sets.
    """
    for layer in (secret, *_unwrapped(secret)):
        text = layer.strip().removeprefix(_BOM)
        if _ARMOUR.search(text):
            return "a PEM file"
        if _SSH_LINE.search(text) or text.startswith((b"ssh-", b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-")):
            return "an OpenSSH public key"
        if text[:1] in (b"{", b"[") and b'"kty"' in _unescaped(text):
            return "a JWK"
        if _is_der(_sequence(layer.lstrip().removeprefix(_BOM))):
            return "a DER key"
    return None


def _is_der(content: bytes) -> bool:
    return _is_encrypted_der(content) or _der_native(content, None) is not None


def _sequence(content: bytes) -> bytes:
    """Cut DER where its own length says: its last byte may read like a line break, which none can trim."""
    size = content[1] & 0x7F if len(content) > 1 and content[1] & 0x80 else 0
    length = int.from_bytes(content[2 : 2 + size]) if size else int.from_bytes(content[1:2])
    return content[: 2 + size + length]


def _is_encrypted_der(content: bytes) -> bool:
    """Tell an EncryptedPrivateKeyInfo (RFC 5958) by the OID of PKCS #5 that follows its two SEQUENCEs."""
    return content[:1] == b"\x30" and b"\x2a\x86\x48\x86\xf7\x0d\x01\x05" in content[:40]


def _unescaped(text: bytes) -> bytes:
    return re.sub(rb"\\u00([0-7][0-9a-fA-F])", lambda found: bytes([int(found[1], 16)]), text)


def _unwrapped(secret: bytes) -> list[bytes]:
    text = b"".join(secret.split())
    layers = []
    for decode in (binascii.a2b_hex, _any_base64):
        try:
            layers.append(decode(text))
        except ValueError:
            continue
    return layers


def _any_base64(text: bytes) -> bytes:
    standard = text.translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    if len(standard) % 4 == 1:  # cut short by one character too many; what is before it still tells
        standard = standard[:-1]
    return binascii.a2b_base64(standard + b"=" * (-len(standard) % 4), strict_mode=True)


def _from_pem(text: bytes, passphrase: Passphrase | None) -> Key:
    blocks = [(found[1], found[0], found[2]) for found in _PEM.finditer(text)]
    keys = [block for block in blocks if block[0] in _KEY_LABELS]
    certificates = [block for block in blocks if block[0] == b"CERTIFICATE"]
    if len(keys) > 1:
        raise UnusableKeyError(f"the file holds {len(keys)} PEM keys: keep the one that is meant", code="several_keys")
    if not keys and not certificates:
        raise _unknown(text)
    label, block, body = (keys or certificates)[0]
    if label == b"OPENSSH PRIVATE KEY":
        return _native(_ssh_private(_repaired(label, body), passphrase))
    if label in _PRIVATE_LABELS:
        encrypted = label == b"ENCRYPTED PRIVATE KEY" or b"Proc-Type: 4,ENCRYPTED" in body
        pem = block if b":" in body else _repaired(label, body)
        return _native(_private(pem, passphrase if encrypted else None, encrypted=encrypted, pem=True))
    pem = _repaired(label, body)
    return _native(_attempt(_pem_public if label in _PUBLIC_LABELS else _pem_certificate, pem, _named(label)))


def _repaired(label: bytes, body: bytes) -> bytes:
    """Set the line breaks anew: CI secret stores turn them into spaces, CRLF or nothing."""
    base64 = b"".join(body.split())
    lines = [base64[start : start + 64] for start in range(0, len(base64), 64)]
    return b"\n".join((b"-----BEGIN " + label + b"-----", *lines, b"-----END " + label + b"-----", b""))


def _named(label: bytes) -> str:
    return {b"CERTIFICATE": "certificate"}.get(label, "PEM " + label.decode("ascii").lower())


def _from_der(content: bytes, passphrase: Passphrase | None) -> Key | None:
    native = _der_native(content, None)
    if native is not None:
        return _native(native)
    if _is_encrypted_der(content):
        return _native(_private(content, passphrase, encrypted=True, pem=False))
    return None


def _der_native(content: bytes, password: bytes | None) -> Any:
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization

    if content[:1] != b"\x30":
        return None
    for read in (
        lambda: serialization.load_der_private_key(content, password),
        lambda: serialization.load_der_public_key(content),
        lambda: x509.load_der_x509_certificate(content).public_key(),
    ):
        try:
            return read()
        except Exception:  # each failure only means: not this kind
            continue
    return None


def _private(content: bytes, passphrase: Passphrase | None, *, encrypted: bool, pem: bool) -> Any:
    from cryptography.hazmat.primitives import serialization

    password = _ask(passphrase) if encrypted else None
    read = serialization.load_pem_private_key if pem else serialization.load_der_private_key
    try:
        return read(content, password)
    except Exception:  # own words only: upstream text about a key never goes on
        raise _refused_private(encrypted=encrypted) from None


def _ssh_private(content: bytes, passphrase: Passphrase | None) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_ssh_private_key

    try:
        return load_ssh_private_key(content, None)
    except TypeError:  # this one means: encrypted, and no password given
        password = _ask(passphrase)
    except Exception:
        raise _refused_private(encrypted=False) from None
    try:
        return load_ssh_private_key(content, password)
    except UnsupportedAlgorithm:
        raise UnusableKeyError(
            "an encrypted OpenSSH key needs the bcrypt package", hint="pip install bcrypt", code="needs_bcrypt"
        ) from None
    except Exception:
        raise _refused_private(encrypted=True) from None


def _ask(passphrase: Passphrase | None) -> bytes:
    if passphrase is None:
        raise UnusableKeyError("the private key is encrypted and no passphrase was given", code="no_passphrase")
    return passphrase()


def _refused_private(*, encrypted: bool) -> UnusableKeyError:
    if encrypted:
        return UnusableKeyError("the passphrase does not open this key, or the key is damaged", code="wrong_passphrase")
    return UnusableKeyError("the private key is damaged, or of a kind that jwtcli does not know")


def _attempt(read: Callable[[bytes], Any], content: bytes, name: str) -> Any:
    try:
        return read(content)
    except Exception:  # own words only: upstream text about a key never goes on
        raise UnusableKeyError(f"the {name} is damaged, or of a kind that jwtcli does not know") from None


def _pem_public(content: bytes) -> Any:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    return load_pem_public_key(content)


def _pem_certificate(content: bytes) -> Any:
    from cryptography import x509

    return x509.load_pem_x509_certificate(content).public_key()


def _ssh_public(content: bytes) -> Any:
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key

    return load_ssh_public_key(content)


def _native(native: Any) -> Key:
    """Describe an object of cryptography; raises UnusableKeyError for a kind that signs no JWT."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

    private = hasattr(native, "private_bytes")
    if isinstance(native, (rsa.RSAPrivateKey, rsa.RSAPublicKey)):
        check_rsa_exponent(native)
        return Key("RSA", native, private, native.key_size)
    if isinstance(native, (ec.EllipticCurvePrivateKey, ec.EllipticCurvePublicKey)):
        names = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521", "secp256k1": "secp256k1"}
        if native.curve.name in names:
            return Key("EC", native, private, native.key_size, names[native.curve.name])
    if isinstance(native, (ed25519.Ed25519PrivateKey, ed25519.Ed25519PublicKey)):
        check_edwards_point(native, "Ed25519")
        return Key("OKP", native, private, 256, "Ed25519")
    if isinstance(native, (ed448.Ed448PrivateKey, ed448.Ed448PublicKey)):
        check_edwards_point(native, "Ed448")
        return Key("OKP", native, private, 456, "Ed448")
    raise UnusableKeyError("no JWT algorithm takes a key of this kind or curve", code="unknown_kty")


def _unknown(text: bytes) -> UnusableKeyError:
    for pattern, name in _NOT_KEYS:
        if re.search(pattern, text, re.IGNORECASE):
            return UnusableKeyError(f"this is {name}", code="not_a_key")
    return UnusableKeyError(
        "this is no key that jwtcli knows: PEM, DER, OpenSSH, JWK or JWK Set",
        hint="an HMAC secret goes into --secret-file or JWTCLI_SECRET",
        code="not_a_key",
    )


def _serialize(key: Key, encoding: str, passphrase: bytes | None) -> bytes:
    from cryptography.hazmat.primitives import serialization

    shape = {"PEM": serialization.Encoding.PEM, "DER": serialization.Encoding.DER}[encoding]
    if not key.private:
        return bytes(key.native.public_bytes(shape, serialization.PublicFormat.SubjectPublicKeyInfo))
    lock: Any = serialization.NoEncryption()
    if passphrase is not None:
        lock = serialization.BestAvailableEncryption(passphrase)
    return bytes(key.native.private_bytes(shape, serialization.PrivateFormat.PKCS8, lock))
