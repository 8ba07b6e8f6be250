"""A folder of tokens for other people's tests: one good, every bad one, the JWK Set and the verdicts due."""

import json

from jwtcli.core.breaks import BREAKS, Draft, broken
from jwtcli.core.claims import ClaimsRequest, build
from jwtcli.core.errors import Status
from jwtcli.core.jwk import jwk_set
from jwtcli.core.keys import Key
from jwtcli.core.lifetime import Moment, Seconds


def fixtures(key: Key, alg: str, *, issuer: str, audience: str, lifetime: Seconds, at: Moment) -> dict[str, str]:
    """Make every file, content by name: the tokens, ``jwks.json`` and ``manifest.json``.

    ``lifetime`` is seconds from ``at``. The manifest tells for each token the verdict, the exit status
    and the code that ``jwtcli verify`` must give, and the options to call it with. Raises
    UnusableKeyError for a secret, which no JWK Set may hold, and UsageError for claims that ``encode`` would refuse.
    """
    header = {"typ": "JWT", "kid": key.kid}
    claims = build(ClaimsRequest({"iss": issuer, "sub": "alice", "aud": audience}, lifetime=lifetime), at).claims
    draft = Draft(header, claims, key, alg, at)
    tokens = [{"file": "good.jwt", "accepted": True, "status": Status.DONE, "code": "ok", "why": "nothing is wrong"}]
    files = {"jwks.json": _pretty(jwk_set([key])), "good.jwt": f"{draft.signed()}\n"}
    for way in BREAKS.values():
        name = f"{way.name}.jwt"
        files[name] = f"{broken(draft, way.name)}\n"
        tokens.append({"file": name, "accepted": False, "status": way.status, "code": way.code, "why": way.sentence})
    options = ["--jwks", "jwks.json", "--iss", issuer, "--aud", audience, "--require", "exp", "--at", str(at)]
    manifest = {"issuer": issuer, "audience": audience, "alg": alg, "at": at, "verify": options, "tokens": tokens}
    files["manifest.json"] = _pretty(manifest)
    return files


def _pretty(document: object) -> str:
    return json.dumps(document, indent=2) + "\n"
