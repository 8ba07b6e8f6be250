"""Authorization codes: one use, one minute, a bounded number (RFC 6749 section 4.1.2), bound to a PKCE challenge."""

import hmac
import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

from jwtcli.core.lifetime import Moment
from jwtcli.core.strict import base64url_encode

LIFETIME = 60
"""Seconds for which a code can be exchanged."""
LIMIT = 10_000
"""Codes kept at once; the oldest goes first."""
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a user granted to a client at a moment, until the client fetches its token."""

    client_id: str
    redirect_uri: str
    user: str
    scope: str
    nonce: str | None
    challenge: str
    at: Moment


class Codes:
    """The codes that were handed out and not yet used. Safe to call from several threads."""

    def __init__(self) -> None:
        self._grants: OrderedDict[str, Grant] = OrderedDict()
        self._lock = Lock()

    def add(self, grant: Grant) -> str:
        """Keep a grant and return its code."""
        code = secrets.token_urlsafe(24)
        with self._lock:
            self._grants[code] = grant
            while len(self._grants) > LIMIT:
                self._grants.popitem(last=False)
        return code

    def take(self, code: str, at: Moment) -> Grant | None:
        """Return the grant behind a code, once; None for an unknown, used or old one."""
        with self._lock:
            grant = self._grants.pop(code, None)
        return grant if grant is not None and at < grant.at + LIFETIME else None


def proves(verifier: str, challenge: str) -> bool:
    """Tell whether a PKCE verifier is the one behind an S256 challenge (RFC 7636 sections 4.1 and 4.6)."""
    if not _VERIFIER.fullmatch(verifier):
        return False
    return hmac.compare_digest(base64url_encode(sha256(verifier.encode("ascii")).digest()), challenge)
