"""How secrets and keys are written: base64, hex or plain text for a secret, what CI systems make of a key."""

import binascii
import re

from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.strict import TO_STANDARD

ENCODINGS = ("utf8", "base64", "base64url", "hex", "raw")
_BASE64 = rb"[A-Za-z0-9+/\s]++={0,2}\s*+"  # compiled where it is used, as elsewhere on the way of every start


def decode_secret(text: bytes, encoding: str) -> bytes:
    """Turn the text of a secret into its bytes; raises UnusableKeyError without quoting it."""
    if encoding == "raw":
        return text
    if encoding == "utf8":
        try:
            text.decode("utf-8")
        except UnicodeDecodeError:
            raise UnusableKeyError(
                "the secret is not UTF-8 text", hint="--secret-encoding raw takes every byte as it is"
            ) from None
        return text
    compact = b"".join(text.split())
    if encoding == "base64url":
        if b"+" in compact or b"/" in compact:
            raise _not_encoded(encoding)
        compact = compact.translate(TO_STANDARD)
    elif encoding == "base64" and (b"-" in compact or b"_" in compact):
        raise _not_encoded(encoding)
    try:
        if encoding == "hex":
            return binascii.a2b_hex(compact)
        bare = compact.rstrip(b"=")
        return binascii.a2b_base64(bare + b"=" * (-len(bare) % 4), strict_mode=True)
    except ValueError:
        raise _not_encoded(encoding) from None


def without_line_break(content: bytes) -> bytes:
    """Take off one trailing line break, which an editor or ``echo`` left there."""
    return content.removesuffix(b"\n").removesuffix(b"\r") if content.endswith(b"\n") else content


def mended_key(text: bytes) -> bytes:
    r"""Undo what CI secret stores do to a key: ``\n`` for line breaks, base64 around the whole."""
    if re.fullmatch(_BASE64, text):
        try:
            text = binascii.a2b_base64(text)
        except ValueError:
            return text
    if b"-----BEGIN" not in text[:4096] or text.lstrip()[:1] == b"{":  # in JSON the escapes belong there
        return text
    return text.replace(b"\\r", b"").replace(b"\\n", b"\n")


def _not_encoded(encoding: str) -> UnusableKeyError:
    return UnusableKeyError(
        f"the secret is not {encoding}", hint="--secret-encoding names how it is written", code="bad_encoding"
    )
