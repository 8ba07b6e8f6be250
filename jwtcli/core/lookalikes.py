"""Naming what was handed over in place of a key or a secret, so that it is not mistaken for one."""

import binascii
import re
from collections.abc import Iterator

from jwtcli.core.der import is_key_shaped
from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.ssh_container import MAGIC
from jwtcli.core.strict import TO_STANDARD

_MARKS = re.compile(rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)")  # of UTF-8 and UTF-16
# What an OpenSSH line begins with, or the field of it that base64 hides: the length of a name and the name (RFC 4253).
_SSH = rb"(?:\0\0\0[\x07-\x2f])?(?:ssh-|ecdsa-sha2-|sk-ssh-|sk-ecdsa-)"
_NO_HEX = rb"0[xX]|\\[xX]|[^0-9A-Fa-f]"  # what programs write between pairs of hex and around them
_PUNCTUATION = rb"0[xX]|\\[xX]|[^0-9A-Za-z=]"  # the same, but for what ends a name
_ESCAPE = rb"%([0-9A-Fa-f]{2})"
# The members of a JWK and of a set (RFC 7517, 7518, 8037, 9964), but for alg, as in headers too. JSON knows no order:
# of one that was cut short any may be what is left. In JSON, in JSON within JSON, and as Python prints it.
_MEMBERS = rb"kty|keys|kid|use|key_ops|ext|x5[uct]|x5t#S256|crv|[nedpqkxy]|d[pq]|qi|oth|pub|priv"
_JWK = rb"[\"'](?:" + _MEMBERS + rb")\\?[\"']\s*+:"
# Nothing is given back (++), and a name begins where no name goes on: a megabyte of beginnings takes no hours.
_SSH_LINE = rb"(?<![a-z0-9@.-])(?:sk-)?(?:ssh-(?:rsa|dss|ed25519|ed448)|ecdsa-sha2-)[a-z0-9@.-]*+[ \t+]++AAAA"
_ARMOUR = rb"(?m)-----BEGIN|-----END|^-{1,5}BE?G?I?N? ?[A-Z ]*KEY-----"
_SSH2 = rb"---- BEGIN SSH2"  # RFC 4716 section 3.1; what "ssh-keygen -e" prints
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
        hint="an HMAC secret is no key file: encode and verify take one by --secret-file or JWTCLI_SECRET",
        code="not_a_key",
    )


def what_it_looks_like(secret: bytes) -> str | None:
    """Name the key file that a would-be secret reads like, or None (RFC 8725 section 2.1).

    A public key taken for an HMAC secret lets anyone forge. Looked for, after trimming and under
    one layer of base64, base64url or hex, in UTF-16 or a URL's escapes too: PEM armour, even cut short,
    and that of SSH2; DER keys, certificates and requests of any algorithm; OpenSSH lines and what they hold; JWKs and
    JWK Sets.
    """
    for text in map(_unquoted, _readings(secret)):
        for layer in (text, *_unwrapped(text)):
            for reading in _readings(layer):
                shape = _shape(reading)
                if shape is not None:
                    return shape
    return None


def _readings(secret: bytes) -> tuple[bytes, ...]:
    """Return the bytes, the ASCII in them if they are UTF-16, as PowerShell writes, and what a URL's escapes hide."""
    plain = (secret, secret.replace(b"\0", b"")) if b"\0" in secret else (secret,)
    return (*plain, re.sub(_ESCAPE, lambda found: bytes([int(found[1], 16)]), secret)) if b"%" in secret else plain


def _unquoted(secret: bytes) -> bytes:
    """Undo one pair of quotes, as of a JSON string in a CI store."""
    text = _MARKS.sub(b"", secret.strip())
    if len(text) > 1 and text[:1] == text[-1:] and text[:1] in (b'"', b"'"):
        return text[1:-1].replace(b'\\"', b'"').replace(b"\\n", b"\n")
    return secret


def _shape(text: bytes) -> str | None:
    bare = _MARKS.sub(b"", text.strip())
    if re.search(_ARMOUR, bare):
        return "a PEM file"
    if re.search(_SSH2, bare):
        return "an SSH2 key"
    if re.search(_SSH_LINE, bare) or re.match(_SSH, bare):
        return "an OpenSSH public key"
    if bare.startswith(MAGIC):
        return "an OpenSSH private key"
    if b"{" in bare and re.search(_JWK, _unescaped(bare)):
        return "a JWK"
    # Not trimmed behind: the last byte of DER may read like a line break.
    return "a DER key" if is_key_shaped(_MARKS.sub(b"", text.lstrip())) else None


def _unescaped(text: bytes) -> bytes:
    return re.sub(rb"\\u00([0-7][0-9a-fA-F])", lambda found: bytes([int(found[1], 16)]), text)


def _unwrapped(text: bytes) -> Iterator[bytes]:
    """Take off one layer of hex, whatever stands between its pairs, or of base64, as far as it goes.

    That is from the beginning, and each longer run behind a name. Of a comment behind it some may be taken for a part
    of it, which does no harm: a key is told by how it begins.
    """
    bare = _MARKS.sub(b"", text.strip()).replace(b"\\r", b"").replace(b"\\n", b"").replace(b"\\/", b"/")
    joined = b"".join(bare.split())
    for digits in (re.sub(_NO_HEX, b"", joined), *re.findall(rb"[0-9A-Fa-f]{32,}", re.sub(_PUNCTUATION, b"", joined))):
        for pairs in (digits, digits[1:]):  # the letters of a name before it may be digits too
            yield binascii.a2b_hex(pairs[: len(pairs) // 2 * 2])
    begun = bare[: 1 << 16]  # not joined: a form makes white space of +
    for letters in re.findall(rb"\A[A-Za-z0-9+/]+|[A-Za-z0-9+/]{16,}", (joined + b"." + begun).translate(TO_STANDARD)):
        whole = letters[:-1] if len(letters) % 4 == 1 else letters  # one too many; what is before it still tells
        yield binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
