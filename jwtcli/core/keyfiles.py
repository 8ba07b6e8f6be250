"""Key files, told apart by content and never by name: bytes to a Key and what held it, and back."""

import binascii
import json
import re
from dataclasses import replace
from typing import Any

from jwtcli.core.errors import UnusableKeyError, UsageError
from jwtcli.core.jwk import from_jwk, to_jwk
from jwtcli.core.keys import Key, public_half
from jwtcli.core.lookalikes import no_key, what_it_looks_like
from jwtcli.core.native import Held, Passphrase
from jwtcli.core.openssh import SSH_LINE, open_ssh_public
from jwtcli.core.printable import printable_json
from jwtcli.core.strict import is_unicode, json_object
from jwtcli.core.wrappings import PEM_BLOCK, open_der, open_pem, public_encodings, write

FORMATS = ("jwk", "pem", "der", "hex", "base64")


def load(content: bytes, passphrase: Passphrase | None = None) -> Key:
    """Read one key from the bytes of a file, as ``read`` does, and forget how it was held."""
    return read(content, passphrase).key


def read(content: bytes, passphrase: Passphrase | None = None) -> Held:
    """Read one key, and how it is held, from the bytes of a file.

    Raises UnusableKeyError for what is no key, is damaged, or needs a passphrase that was not given or
    does not fit; its words are our own and hold nothing of the content.
    """
    text = content.strip()
    if not text:
        raise UnusableKeyError("the key is empty", code="empty_key")
    if text[:1] in (b"{", b"["):
        return _from_document(read_json(text), passphrase)
    held = None
    if re.search(PEM_BLOCK, text):
        held = open_pem(text, passphrase)
    elif re.search(SSH_LINE, text):
        held = open_ssh_public(text)
    else:
        held = open_der(content, passphrase)
    if held is None:
        raise no_key(text)
    return held


def from_secret(secret: bytes) -> Key:
    """Take bytes as an HMAC secret; raises UnusableKeyError as ``refuse_unfit_secret`` does."""
    refuse_unfit_secret(secret)
    return Key("oct", secret, private=True, bits=len(secret) * 8)


def refuse_unfit_secret(secret: bytes) -> None:
    """Refuse an HMAC secret that is empty or reads like a key file; raises UnusableKeyError."""
    if not secret:
        raise UnusableKeyError("the secret is empty", code="empty_key")
    shape = what_it_looks_like(secret)
    if shape is not None:
        raise UnusableKeyError(
            f"the secret reads like {shape}: taken as a secret, whoever knows that file could forge tokens",
            hint="JWTCLI_KEY takes a key itself, --key or JWTCLI_KEY_FILE the name of its file",
            code="key_as_secret",
        )


def from_member(jwk: dict[str, Any], *, test_primes: bool = True) -> Key:
    """Read one JWK, as ``from_jwk`` does, and refuse a secret in it that is unfit."""
    key = from_jwk(jwk, test_primes=test_primes)
    if key.symmetric:
        refuse_unfit_secret(key.native)
    return key


def read_json(text: bytes) -> dict[str, Any]:
    """Read the JSON object of a JWK or JWK Set; raises UnusableKeyError without quoting it."""
    try:
        return json_object(text)
    except ValueError:
        raise UnusableKeyError("this is no JWK: it is not one JSON object that RFC 8259 and 7517 allow") from None


def to_bytes(key: Key, form: str, passphrase: bytes | None = None) -> bytes:
    """Write a key as the content of a file in one of ``FORMATS`` or as ``openssh``.

    PEM and DER are PKCS#8 (encrypted where a passphrase is given) or SPKI, hex and base64 are for
    secrets. Raises UsageError for a form that the key cannot take.
    """
    if form == "jwk":
        return printable_json(to_jwk(key), indent=2).encode("ascii") + b"\n"
    if key.symmetric != (form in ("hex", "base64")):
        kind = "a secret" if key.symmetric else f"{key}"
        hint = (
            "jwk, hex and base64 do; 'jwtcli keygen --alg ES256' makes a pair"
            if key.symmetric
            else "jwk takes every key"
        )
        raise UsageError(f"{kind} has no {form} form", hint=hint, code="unfit_format")
    if form == "hex":
        return binascii.b2a_hex(key.native) + b"\n"
    if form == "base64":
        return binascii.b2a_base64(key.native)
    return write(key, form, passphrase)


def public_texts(key: Key) -> tuple[bytes, ...]:
    """Return the texts in which a public key is handed around: PEM, DER, OpenSSH, JWK.

    Whoever takes one of them for an HMAC secret can be fooled by anyone who has the key (RFC 8725
    section 2.1); only such a text can tell that this has happened.
    """
    half = public_half(key)
    jwk = to_jwk(half)
    texts = (json.dumps(jwk, separators=(",", ":")).encode(), json.dumps(jwk).encode(), to_bytes(half, "jwk"))
    return (*texts, *public_encodings(half))


def _from_document(document: dict[str, Any], passphrase: Passphrase | None) -> Held:
    if "kty" not in document and isinstance(document.get("private_key"), str):
        return _from_service_account(document, passphrase)
    return Held(from_member(document), "jwk")


def _from_service_account(document: dict[str, Any], passphrase: Passphrase | None) -> Held:
    """Read the key of a service account as Google hands it out: PEM, its kid, and whose it is."""
    held = open_pem(document["private_key"].encode("utf-8", "replace"), passphrase)
    if held is None:
        raise UnusableKeyError("this JSON file's 'private_key' holds no PEM key", code="not_a_key")
    kid, email = document.get("private_key_id"), document.get("client_email")
    notes: tuple[str, ...] = ()
    if isinstance(email, str):
        from shlex import quote  # late: few keys are of that kind

        notes = (f"the key is the service account's '{email}': --iss {quote(email)} names it as the issuer",)
    if isinstance(kid, str) and not is_unicode(kid):
        raise UnusableKeyError(
            "the service account's 'private_key_id' is no text of Unicode, and no token could name it"
        )
    named = replace(held.key, kid=kid if isinstance(kid, str) else None)
    return held._replace(key=named, form="service-account", notes=notes)
