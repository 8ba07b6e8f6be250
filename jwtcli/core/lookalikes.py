"""Naming what was handed over in place of a key or a secret, so that it is not mistaken for one."""

import binascii
import re

from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.openssh import SSH_LINE
from jwtcli.core.wrappings import is_der

_BOM = b"\xef\xbb\xbf"
_ARMOUR = rb"(?m)-----BEGIN|-----END|^-{1,5}BE?G?I?N? ?[A-Z ]*KEY-----"
# What people hand over that is no key to sign with, and what it is called.
_NOT_KEYS = (
    (rb"-----BEGIN PGP ", "a PGP key"),
    (rb"-----BEGIN (NEW )?CERTIFICATE REQUEST-----", "a certificate request, which holds no key to trust"),
    (rb"-----BEGIN X509 CRL-----", "a certificate revocation list"),
    (rb"-----BEGIN PKCS7-----", "a PKCS#7 bundle: take the certificate out of it"),
    (rb"-----BEGIN (DSA PRIVATE KEY|DSA PARAMETERS|DH PARAMETERS|EC PARAMETERS)-----", "no key for signing JWTs"),
    (rb"-----BEGIN SSH2 |---- BEGIN SSH2 ", "an SSH2 (RFC 4716) key, which jwtcli does not read"),
    (rb"PuTTY-User-Key-File", "a PuTTY key, which jwtcli does not read"),
    (rb"AGE-SECRET-KEY-|^age1[a-z0-9]{50}", "an age key, which signs nothing"),
    (rb"^untrusted comment: ", "a minisign or signify key, which jwtcli does not read"),
    (rb"-----BEGIN ", "a PEM file that is cut short or of a kind that jwtcli does not know"),
    (rb"<(!doctype|html)", "an HTML page"),
    (rb"\A\s*eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.", "a token, not a key"),
    (rb"\A\xfe\xed\xfe\xed", "a Java key store: export the key as PKCS#8"),
    (rb"\A\x30[\x80-\x84].{1,4}\x02\x01\x03\x30", "a PKCS#12 file: take the key out of it as PEM"),
)


def no_key(text: bytes) -> UnusableKeyError:
    """Name what a file that holds no key is, without a byte of it."""
    for pattern, name in _NOT_KEYS:
        if re.search(pattern, text, re.IGNORECASE | re.MULTILINE | re.DOTALL):
            return UnusableKeyError(f"this is {name}", code="not_a_key")
    return UnusableKeyError(
        "this is no key that jwtcli knows: PEM, DER, OpenSSH, JWK or JWK Set",
        hint="an HMAC secret goes into --secret-file or JWTCLI_SECRET",
        code="not_a_key",
    )


def what_it_looks_like(secret: bytes) -> str | None:
    """Name the key file that a would-be secret reads like, or None (RFC 8725 section 2.1).

    A public key taken for an HMAC secret lets anyone forge. Looked for, after trimming and under
    one layer of base64, base64url or hex: PEM armour, even cut short; DER keys and certificates;
    OpenSSH lines; JWKs and JWK Sets.
    """
    secret = _as_text(secret)
    for layer in (secret, *_unwrapped(secret)):
        text = layer.strip().removeprefix(_BOM)
        if re.search(_ARMOUR, text):
            return "a PEM file"
        if re.search(SSH_LINE, text) or text.startswith((b"ssh-", b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-")):
            return "an OpenSSH public key"
        if text[:1] in (b"{", b"[") and b'"kty"' in _unescaped(text):
            return "a JWK"
        if is_der(_sequence(layer.lstrip().removeprefix(_BOM))):
            return "a DER key"
    return None


def _as_text(secret: bytes) -> bytes:
    """Undo UTF-16, which PowerShell writes, and one pair of quotes, as of a JSON string in a CI store."""
    if secret[:2] in (b"\xff\xfe", b"\xfe\xff"):
        secret = secret.decode("utf-16", "replace").encode()
    text = secret.strip()
    if len(text) > 1 and text[:1] == text[-1:] and text[:1] in (b'"', b"'"):
        return text[1:-1].replace(b'\\"', b'"').replace(b"\\n", b"\n")
    return secret


def _sequence(content: bytes) -> bytes:
    """Cut DER where its own length says: its last byte may read like a line break, which none can trim."""
    size = content[1] & 0x7F if len(content) > 1 and content[1] & 0x80 else 0
    length = int.from_bytes(content[2 : 2 + size]) if size else int.from_bytes(content[1:2])
    return content[: 2 + size + length]


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
