"""PEM and DER: the wrappings of asymmetric keys, opened and written."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from jwtcli.core.der import SEQUENCE, value, values
from jwtcli.core.errors import UnusableKeyError, UsageError
from jwtcli.core.keys import Key
from jwtcli.core.native import Held, Passphrase, ask, attempt, from_native, measured, of_no_algorithm, refused_private
from jwtcli.core.openssh import open_ssh_private
from jwtcli.core.panics import panics_as_errors
from jwtcli.core.passphrase_cost import check_pkcs8

# Nothing is given back (++), and a block ends at the next five dashes: a megabyte of beginnings takes no hours.
PEM_BLOCK = rb"-----BEGIN ([A-Z0-9 ]++)-----([^-]*+(?:-{1,4}[^-]++)*+)-----END \1-----"
_PRIVATE_LABELS = (b"PRIVATE KEY", b"RSA PRIVATE KEY", b"EC PRIVATE KEY", b"ENCRYPTED PRIVATE KEY")
_PUBLIC_LABELS = (b"PUBLIC KEY", b"RSA PUBLIC KEY")
_KEY_LABELS = (*_PRIVATE_LABELS, *_PUBLIC_LABELS, b"OPENSSH PRIVATE KEY")
# OBJECT IDENTIFIERs as they stand in DER: RSASSA-PSS (RFC 4055), PBES (RFC 8018, 7292), the SHA-2 hashes.
_PSS = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"
_PBES = (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05", b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01")
_SHA2 = rb"\x60\x86\x48\x01\x65\x03\x04\x02([\x01\x02\x03])"
# Diffie-Hellman (PKCS #3, X9.42) and DSA: as it reads them, the library tests primes of any size, for minutes.
_COSTLY = (b"\x2a\x86\x48\x86\xf7\x0d\x01\x03\x01", b"\x2a\x86\x48\xce\x3e\x02\x01", b"\x2a\x86\x48\xce\x38\x04\x01")
# RFC 1421 section 4.6.1.3: the IV is a block of the cipher, in hex. Of a shorter one cryptography panics.
_DEK_INFO = rb"(?m)^DEK-Info: ?(?:AES-(?:128|192|256)-CBC,[0-9A-Fa-f]{32}|DES-(?:EDE3-)?CBC,[0-9A-Fa-f]{16})[ \t\r]*$"
_LONGEST_PASSPHRASE = 1023  # of OpenSSL
_HASH = _VERSION = 0xA0  # the tag of hashAlgorithm in RSASSA-PSS-params, and of a certificate's version
_PSS_ALGORITHMS = {b"\x01": "PS256", b"\x02": "PS384", b"\x03": "PS512"}


def open_pem(text: bytes, passphrase: Passphrase | None) -> Held | None:
    """Read the one key among PEM blocks, or the first certificate; None where there is neither.

    Raises UnusableKeyError for several keys, a damaged one, or a passphrase that is missing or wrong.
    """
    blocks = [(found[1], found[0], found[2]) for found in re.finditer(PEM_BLOCK, text)]
    keys = [block for block in blocks if block[0] in _KEY_LABELS]
    certificates = [block for block in blocks if block[0] in (b"CERTIFICATE", b"X509 CERTIFICATE")]
    if len(keys) > 1:
        raise UnusableKeyError(f"the file holds {len(keys)} PEM keys: keep the one that is meant", code="several_keys")
    if not keys and not certificates:
        return None
    label, block, body = (keys or certificates)[0]
    if label == b"OPENSSH PRIVATE KEY":
        return open_ssh_private(_repaired(label, body), passphrase)
    if label in _PRIVATE_LABELS:
        if label == b"ENCRYPTED PRIVATE KEY":
            return Held(from_native(_decrypted(_der(body), passphrase)), "pem", encrypted=True)
        encrypted = b"Proc-Type: 4,ENCRYPTED" in body
        if encrypted:
            _check_legacy_cipher(body)
        body = body if encrypted else _without_headers(body)
        _refuse_costly(_der(body))
        pem = block if encrypted else _repaired(label, body)
        native = _private(pem, passphrase if encrypted else None, encrypted=encrypted, pem=True)
        return Held(_reserved(from_native(native), b"" if encrypted else _der(body)), "pem", encrypted)
    if label in _PUBLIC_LABELS:
        body = _without_headers(body)
        _refuse_costly(_der(body))
        native = attempt(lambda: _pem_public(_repaired(label, body)), f"PEM {label.decode('ascii').lower()}")
        return Held(_reserved(from_native(native), _der(body)), "pem")
    return _certified(attempt(lambda: _pem_certificate(_repaired(b"CERTIFICATE", body)), "certificate"))


def open_der(content: bytes, passphrase: Passphrase | None) -> Held | None:
    """Read a DER key or certificate; None for what is neither."""
    if content[:1] != b"\x30":
        return None
    _refuse_costly(content)
    held = _der_held(content)
    if held is None and any(oid in content[:40] for oid in _PBES):
        # EncryptedPrivateKeyInfo (RFC 5958): SEQUENCE { SEQUENCE { OID pkcs5 ..., as against INTEGER version
        return Held(from_native(_decrypted(content, passphrase)), "der", encrypted=True)
    return held


def write(key: Key, form: str, passphrase: bytes | None = None) -> bytes:
    """Write an asymmetric key as ``pem``, ``der`` or ``openssh``, encrypted where a passphrase is given.

    A private key becomes PKCS#8 or OpenSSH's own form, a public one SPKI or an OpenSSH line. Raises
    UsageError where OpenSSH has no form for the key, and for a passphrase of over 1,023 bytes.
    """
    if passphrase is not None and len(passphrase) > _LONGEST_PASSPHRASE:
        raise UsageError(f"a passphrase has at most {_LONGEST_PASSPHRASE:,} bytes")
    from cryptography.hazmat.primitives import serialization as wire

    ssh = form == "openssh"
    lock: Any = wire.NoEncryption() if passphrase is None else wire.BestAvailableEncryption(passphrase)
    shape = wire.Encoding.DER if form == "der" else wire.Encoding.PEM
    try:
        if key.private:
            content = key.native.private_bytes(
                shape, wire.PrivateFormat.OpenSSH if ssh else wire.PrivateFormat.PKCS8, lock
            )
        elif ssh:
            content = key.native.public_bytes(wire.Encoding.OpenSSH, wire.PublicFormat.OpenSSH) + b"\n"
        else:
            content = key.native.public_bytes(shape, wire.PublicFormat.SubjectPublicKeyInfo)
    except Exception:  # own words only: upstream text about a key never goes on
        raise UsageError(f"{key} has no {form} form", hint="jwk takes every key", code="unfit_format") from None
    return bytes(content)


def public_encodings(half: Key) -> tuple[bytes, ...]:
    """Return every PEM, DER and OpenSSH text of a public key, PKCS#1 among them."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    texts = []
    for form in (PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1, PublicFormat.OpenSSH):
        for encoding in (Encoding.PEM, Encoding.DER, Encoding.OpenSSH):
            try:
                texts.append(bytes(half.native.public_bytes(encoding, form)))
            except Exception:  # each failure only means: this key has no such form
                continue
    return tuple(texts)


def _check_legacy_cipher(body: bytes) -> None:
    """Refuse an encrypted PEM key whose DEK-Info is not a known cipher and an IV of its length."""
    if body.count(b"DEK-Info") != 1 or not re.search(_DEK_INFO, body):
        raise UnusableKeyError(
            "this PEM key's DEK-Info is no cipher that jwtcli knows with an IV of its length",
            hint="encrypt it anew: openssl pkcs8 -topk8",
        )


def _without_headers(body: bytes) -> bytes:
    """Leave out the header lines of RFC 1421 section 4.4, which end at an empty one and say nothing of a plain key."""
    return re.split(rb"\r?\n[ \t]*\r?\n", body.strip(), maxsplit=1)[-1] if b":" in body else body


def _repaired(label: bytes, body: bytes) -> bytes:
    """Set the line breaks anew: CI secret stores turn them into spaces, CRLF or nothing."""
    base64 = b"".join(body.split())
    lines = [base64[start : start + 64] for start in range(0, len(base64), 64)]
    return b"\n".join((b"-----BEGIN " + label + b"-----", *lines, b"-----END " + label + b"-----", b""))


def _der(body: bytes) -> bytes:
    from binascii import a2b_base64

    try:
        return a2b_base64(body)
    except ValueError:
        return b""


def _reserved(key: Key, der: bytes) -> Key:
    """Keep an RSASSA-PSS key to PS*, and to the one of its hash where it has parameters (RFC 4055 section 3.1).

    Raises UnusableKeyError for a hash that no JWT algorithm has, SHA-1 among them, which is meant where none is named.
    """
    place = der.find(_PSS, 0, 64)
    if key.kty != "RSA" or place < 0:
        return key
    try:
        parameters = value(der, place + len(_PSS))
        if parameters.tag != SEQUENCE:
            return replace(key, pss=True)
        first = next(values(der, parameters), None)
    except ValueError:
        first = None
    named = re.search(_SHA2, der[first.start : first.end]) if first is not None and first.tag == _HASH else None
    if named is None:
        raise UnusableKeyError("this RSA-PSS key is for a hash that no JWT algorithm has", code="unknown_kty")
    return replace(key, pss=True, alg=_PSS_ALGORITHMS[named[1]])


def _der_held(content: bytes) -> Held | None:
    private, public, certificate = _der_readers()
    for read in (private, public):
        native = _readable(read, content)
        if native is not None:
            return Held(_reserved(from_native(native), content), "der")
    found = _readable(certificate, content)
    return None if found is None else _certified(found)


def _der_readers() -> tuple[Callable[[bytes], Any], ...]:
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization

    return (
        lambda content: measured(serialization.load_der_private_key, content, None),
        serialization.load_der_public_key,
        x509.load_der_x509_certificate,
    )


def _readable(read: Callable[[bytes], Any], content: bytes) -> Any:
    try:
        with panics_as_errors():
            return read(content)
    except Exception:  # each failure only means: not this kind
        return None


def _decrypted(der: bytes, passphrase: Passphrase | None) -> Any:
    try:
        check_pkcs8(der)
    except ValueError:
        raise refused_private(encrypted=True) from None
    return _private(der, passphrase, encrypted=True, pem=False)


def _private(content: bytes, passphrase: Passphrase | None, *, encrypted: bool, pem: bool) -> Any:
    from cryptography.hazmat.primitives import serialization

    password = ask(passphrase) if encrypted else None
    read = serialization.load_pem_private_key if pem else serialization.load_der_private_key
    try:
        return measured(read, content, password)
    except UnusableKeyError:
        raise
    except Exception:  # own words only: upstream text about a key never goes on
        raise refused_private(encrypted=encrypted) from None


def _pem_public(content: bytes) -> Any:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    return load_pem_public_key(content)


def _pem_certificate(content: bytes) -> Any:
    from cryptography import x509

    return x509.load_pem_x509_certificate(content)


def _refuse_costly(der: bytes) -> None:
    if any(oid in der for oid in _COSTLY):
        raise of_no_algorithm()


def _certified(certificate: Any) -> Held:
    spki = attempt(lambda: _spki(certificate.tbs_certificate_bytes), "certificate's key")
    _refuse_costly(spki)
    native = attempt(certificate.public_key, "certificate's key")
    until = attempt(lambda: int(certificate.not_valid_after_utc.timestamp()), "certificate's validity")
    return Held(_reserved(from_native(native), spki), "certificate", valid_until=until)


def _spki(tbs: bytes) -> bytes:
    """Return the SubjectPublicKeyInfo of a certificate as it stands there (RFC 5280 section 4.1); raises ValueError."""
    parts = list(values(tbs, value(tbs, 0)))
    version = parts[0].tag == _VERSION  # it may be left out, as in the first version of certificates
    return tbs[parts[4 + version].end : parts[5 + version].end]
