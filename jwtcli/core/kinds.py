"""What a text is: a signed JWT, or one of its relatives, told apart by form and header alone."""

import re
from enum import StrEnum
from typing import Any

from jwtcli.core.errors import TokenError
from jwtcli.core.strict import base64url_decode, json_object


class Kind(StrEnum):
    """The kinds of token; all but JWS are refused by ``verify`` under this name."""

    JWS = "jws"
    NESTED = "nested_jwt"
    UNENCODED = "b64"
    SD_JWT = "sd_jwt"
    JWS_JSON = "jws_json"
    JWE = "jwe"
    JWE_JSON = "jwe_json"


GETTING_IT_OUT = "hand it over alone, or have it found by --lines --find"
"""What to do where text stands around a token."""

ELLIPSES = (b"...", "\u2026".encode())
"""What stands at the end of a text for the rest of it, where a page or a log shows a part."""

# Three parts as a token has them; compiled where a text is none, for the start's sake.
_WHOLE = rb"(?<![A-Za-z0-9_.-])e[yw][A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+"
_CONTAINERS = {dict, list}  # what JSON objects and arrays are read as
_NAMES = {
    Kind.NESTED: "this is a nested JWT (cty JWT): its payload is another token, not a claims set",
    Kind.UNENCODED: "the header's b64 is not true, as that of every JWT is (RFC 7797 section 7)",
    Kind.SD_JWT: "this is an SD-JWT (parts joined by '~', RFC 9901), not a plain signed JWT",
    Kind.JWS_JSON: "this is a JWS in JSON serialization (RFC 7515 section 7.2), which no JWT may be",
    Kind.JWE: "this is an encrypted token (JWE, five parts), not a signed one",
    Kind.JWE_JSON: "this is an encrypted token (JWE) in JSON serialization, not a signed one",
}


def kind_of(data: bytes) -> Kind:
    """Tell what a text is meant to be; JWS where it is like none of the others, a token or not."""
    if data.lstrip()[:1] == b"{":
        return _kind_of_json(data)
    jwt, tilde, _ = data.partition(b"~")
    if tilde and jwt.count(b".") == 2:
        return Kind.SD_JWT
    segments = data.split(b".", 5)
    header = header_in(segments[0])
    if header.get("b64", True) is not True:
        return Kind.UNENCODED
    if len(segments) == 5 and not data.endswith(b"..."):  # those full stops divide no parts
        return Kind.JWE
    if len(segments) == 3 and _says_jwt(header.get("cty")) and not _is_object(segments[1]):
        return Kind.NESTED
    return Kind.JWS


def named(kind: Kind) -> TokenError:
    """Say what a token of this kind is, being no signed JWT (any kind but JWS)."""
    return TokenError(_NAMES[kind], code=kind)


def bare_sd_jwt() -> TokenError:
    """Say what the part of an SD-JWT is that its issuer signed, taken out of the whole (RFC 9901).

    Whoever takes it alone sees neither what was disclosed nor whether it was the holder who handed it over.
    """
    message = "this is an SD-JWT (RFC 9901) without its '~' and what stands behind that, not a plain signed JWT"
    return TokenError(message, code=Kind.SD_JWT)


def has_digests(claims: dict[str, Any]) -> bool:
    """Tell claims of which some were left out for disclosures: ``_sd`` in any object, ``...`` in any array's element.

    RFC 9901 sections 4.1.1, 4.2.4 and 7.1: whoever reads them must know of it, however deep they stand.
    """
    if "_sd" in claims or "_sd_alg" in claims:
        return True
    # Most claims hold nothing inside, and a stream asks it of each token.
    return not _CONTAINERS.isdisjoint(map(type, claims.values())) and _has_digests_inside(claims)


def _has_digests_inside(claims: dict[str, Any]) -> bool:
    pending: list[Any] = [claims]
    while pending:
        value = pending.pop()
        if type(value) is dict:
            if "_sd" in value:
                return True
            pending += [one for one in value.values() if type(one) in _CONTAINERS]
        elif not _CONTAINERS.isdisjoint(map(type, value)):  # an array of more than text and numbers
            if any("..." in one for one in value if type(one) is dict):
                return True
            pending += [one for one in value if type(one) in _CONTAINERS]
    return False


def says_sd_jwt(typ: str) -> bool:
    """Tell a type by which an SD-JWT is known, such as ``dc+sd-jwt``."""
    return f"+{media_type(typ.partition(';')[0].rstrip())}".endswith("+sd-jwt")


def shortened() -> TokenError:
    """Say of a text that ends in one of ELLIPSES that the rest of it was left out."""
    message = "the token ends in '...': it was shortened where it was copied from"
    return TokenError(message, hint="copy it once more from where it stands whole")


def text_around(data: bytes) -> str | None:
    """Say what to do where text stands around a token that is whole: before it, or behind it what no token ends in.

    A full stop at the very end is that of a sentence; one with more behind it makes another token's form.
    """
    found = re.search(_WHOLE, data)
    behind = b"" if found is None else data[found.end() : found.end() + 2]
    belongs = not behind or (behind != b"." and behind[:1] in b"+/=~. \t\r\n")
    if found is None or (found.start() == 0 and belongs):
        return None
    return f"a token stands in this text: {GETTING_IT_OUT}"


def media_type(name: str) -> str:
    """Fold a media type for comparison (RFC 7515 section 4.1.9): ASCII letters alone, without ``application/``."""
    folded = name.lower() if name.isascii() else name
    return folded.removeprefix("application/")


def header_in(segment: bytes) -> dict[str, Any]:
    """Read the header in the first part of a token, or an empty one where it cannot be read."""
    try:
        return json_object(base64url_decode(segment))
    except ValueError:
        return {}


def _kind_of_json(data: bytes) -> Kind:
    try:
        members = json_object(data)
    except ValueError:
        return Kind.JWS
    if "ciphertext" in members:
        return Kind.JWE_JSON
    return Kind.JWS_JSON if "payload" in members and members.keys() & {"signature", "signatures"} else Kind.JWS


def _says_jwt(cty: object) -> bool:
    return isinstance(cty, str) and media_type(cty) == "jwt"


def _is_object(segment: bytes) -> bool:
    try:
        return base64url_decode(segment).lstrip()[:1] == b"{"
    except ValueError:
        return False
