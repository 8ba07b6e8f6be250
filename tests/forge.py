"""Tokens that jwtcli itself would not mint: any header and payload, signed by hand with HMAC."""

import hmac
import json
from base64 import urlsafe_b64encode
from typing import Any

SECRET = "a secret of thirty-two characters"
"""An HMAC secret that is long enough for HS256."""

ENV = {"JWTCLI_SECRET": SECRET}
"""An environment in which every command finds it."""


def token(claims: object, *, header: dict[str, Any] | None = None, secret: str = SECRET) -> str:
    """Sign a claims set, or what stands in for one."""
    return raw(json.dumps(header or {"alg": "HS256", "typ": "JWT"}).encode(), json.dumps(claims).encode(), secret)


def raw(header: bytes, payload: bytes, secret: str = SECRET) -> str:
    """Sign any bytes as header and payload."""
    signing_input = f"{segment(header)}.{segment(payload)}"
    return f"{signing_input}.{segment(hmac.digest(secret.encode(), signing_input.encode(), 'sha256'))}"


def segment(part: bytes) -> str:
    """Encode one part as unpadded base64url."""
    return urlsafe_b64encode(part).rstrip(b"=").decode()
