"""Asks ``verify --explain`` for the causes of a refusal, of tokens that other libraries made."""

from typing import Any

from joserfc import jwt
from joserfc.jwk import JWKRegistry, Key

from jwtcli.core.jwk import to_jwk
from jwtcli.core.keys import Key as JwtcliKey
from tests.conftest import AT, Result, Run

CLAIMS: dict[str, Any] = {"sub": "alice", "iat": AT - 60, "exp": AT + 3600}


def signed(alg: str, key: Key, claims: dict[str, Any] | None = None, **header: Any) -> str:
    """A token by joserfc."""
    return jwt.encode({"alg": alg, **header}, CLAIMS if claims is None else claims, key, algorithms=[alg])


def explained(jwtcli: Run, token: str, *args: str, **options: Any) -> Result:
    """Judge and explain a token at ``AT``."""
    return jwtcli("verify", "--explain", "--json", "--at", str(AT), *args, stdin=token, **options)


def causes(result: Result) -> list[str]:
    """The codes of the findings, in their order."""
    assert not result.json["accepted"], result.stdout
    assert result.json["status"] == result.status != 0
    return [finding["code"] for finding in result.json["findings"]]


def other_library(key: JwtcliKey, **members: Any) -> Key:
    """The same key in joserfc, with other members where the test needs them."""
    jwk = {**to_jwk(key), **members}
    return JWKRegistry.import_key({name: value for name, value in jwk.items() if name not in ("use", "alg")})
