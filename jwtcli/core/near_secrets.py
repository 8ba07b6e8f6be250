"""The neighbours of a secret: what the signer may have made of the same text, each with what would mend it."""

import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field

from jwtcli.core.encodings import decode_secret
from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.findings import Finding
from jwtcli.core.strict import base64url_encode

_QUOTES = (b'"', b"'")
_ENDS = {b"\n": "a line break", b"\r\n": "a line break (CR LF)", b" ": "a space"}


@dataclass(frozen=True, slots=True)
class Near:
    """A secret that is nearly the one that was given, and what tells the two apart."""

    secret: bytes = field(repr=False)
    findings: tuple[Finding, ...] = ()


def neighbours(secret: bytes, *, from_text: bool) -> Iterator[Near]:
    """Yield a secret and its neighbours, the fewest changes first, none twice.

    ``from_text`` tells that it came as text with ``--secret-encoding``, not as a JWK, which
    decides the remedy. The findings say how the secrets differ and never what they are.
    """
    seen: set[bytes] = set()
    one = [*_changed(secret, from_text=from_text)]
    for near in (Near(secret), *one, *_two_changes(one, from_text=from_text)):
        if near.secret and near.secret not in seen:
            seen.add(near.secret)
            yield near


def _changed(secret: bytes, *, from_text: bool) -> Iterator[Near]:
    yield from _without_quotes(secret)
    yield from _other_ends(secret)
    yield from _other_encodings(secret, from_text=from_text)


def _two_changes(one: list[Near], *, from_text: bool) -> Iterator[Near]:
    """Change two of quotes, end and encoding, in either order; or read text in another encoding than it was read in."""
    for first in one:
        for second in _changed(first.secret, from_text=from_text):
            codes = {finding.code for finding in (*first.findings, *second.findings)}
            if len(codes) == 2:
                yield Near(second.secret, first.findings + second.findings)
            elif codes == {"secret_encoding"} and _is_encoded(first) and not _is_encoded(second):
                yield second


def _is_encoded(near: Near) -> bool:
    return bool(near.findings[0].evidence["signer_uses"] == "encoded")


def _without_quotes(secret: bytes) -> Iterator[Near]:
    if len(secret) > 2 and secret[:1] in _QUOTES and secret[:1] == secret[-1:]:
        around = Finding(
            "secret_quotes",
            "the secret that was given stands in quotes, the signer's does not",
            "take them off: what reads the file or variable keeps them, as some readers of .env files do",
        )
        yield Near(secret[1:-1], (around,))


def _other_ends(secret: bytes) -> Iterator[Near]:
    around = Finding(
        "secret_white_space",
        "the secret that was given has white space around it, the signer's has none",
        "take it off: printf %s writes a secret without a line break",
    )
    for less in (secret.rstrip(b"\r\n"), secret.rstrip(), secret.strip()):
        if less != secret:
            yield Near(less, (around,))
    for end, name in _ENDS.items():
        finding = Finding(
            "secret_white_space",
            f"the signer's secret ends in {name}, the one that was given does not",
            "take it off where the signer reads its secret; --secret-encoding raw keeps it here, every byte counts",
        )
        yield Near(secret + end, (finding,))


def _other_encodings(secret: bytes, *, from_text: bool) -> Iterator[Near]:
    for encoding in ("base64", "base64url", "hex"):
        try:
            decoded = decode_secret(secret, encoding)
        except UnusableKeyError:
            continue
        yield Near(decoded, (_decoded(encoding, len(decoded) * 8, from_text=from_text),))
    padded = binascii.b2a_base64(secret, newline=False)
    url = base64url_encode(secret).encode("ascii")
    texts = {
        "base64": (padded, padded.rstrip(b"=")),
        "base64url": (url, url + b"=" * (-len(url) % 4)),
        "hex": (secret.hex().encode("ascii"), secret.hex().upper().encode("ascii")),
    }
    for encoding, spellings in texts.items():
        for text in spellings:
            yield Near(text, (_encoded(encoding, len(text) * 8),))


def _decoded(encoding: str, bits: int, *, from_text: bool) -> Finding:
    remedy = f"--secret-encoding {encoding}, or JWTCLI_SECRET_ENCODING={encoding}"
    if not from_text:
        remedy = f"the JWK's k holds {encoding} text once more encoded: make it of the decoded bytes"
    evidence = {"encoding": encoding, "signer_uses": "decoded", "bits": bits}
    return Finding("secret_encoding", f"the secret is right once it is decoded from {encoding}", remedy, evidence)


def _encoded(encoding: str, bits: int) -> Finding:
    message = f"the signer takes the {encoding} text of this secret as the secret itself"
    remedy = f"give the {encoding} text as it is (--secret-encoding utf8), or have the signer decode it"
    return Finding("secret_encoding", message, remedy, {"encoding": encoding, "signer_uses": "encoded", "bits": bits})
