"""The issuer behind the endpoints: who may have a token, what is in it, and what a token presented is worth."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import uuid4

from jwtcli.core.breaks import Draft, broken
from jwtcli.core.jwk import jwk_set
from jwtcli.core.keys import Key, algorithm_to_sign, public_half
from jwtcli.core.keysets import KeySet
from jwtcli.core.lifetime import Clock
from jwtcli.core.verdict import Expectations, Verdict
from jwtcli.core.verifier import verify


@dataclass(frozen=True)
class Issuer:
    """One issuer for one run of the server. The first key signs, all are published.

    ``lifetime`` is seconds; ``extra`` are claims for every token; ``users`` maps names to passwords,
    and None lets any name in.
    """

    url: str
    keys: Sequence[Key] = field(repr=False)
    clock: Clock
    lifetime: int = 3600
    alg: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    users: Mapping[str, str] | None = field(default=None, repr=False)

    @cached_property
    def signing_alg(self) -> str:
        """The algorithm that new tokens are signed with."""
        return algorithm_to_sign(self.keys[0], self.alg)

    def lets_in(self, name: str, password: str) -> bool:
        """Tell whether this name may have a token; without users every name may."""
        if not name:
            return False
        if self.users is None:
            return True
        known = self.users.get(name)
        same = hmac.compare_digest(_bytes(known or ""), _bytes(password))
        return known is not None and same

    def knows(self, name: str) -> bool:
        """Tell whether this is the name of a user, who needs a password; without users nobody is."""
        return self.users is not None and name in self.users

    def mint(self, claims: Mapping[str, Any], *, typ: str = "JWT", how_broken: str | None = None) -> str:
        """Sign a token with these claims besides ``iss``, ``iat``, ``exp``, ``jti`` and the extra ones.

        ``how_broken`` is one of ``core.breaks.BREAKS``; raises UsageError for another.
        """
        at = int(self.clock())
        own = {"iss": self.url, "iat": at, "exp": at + self.lifetime, "jti": str(uuid4())}
        key = self.keys[0]
        draft = Draft({"typ": typ, "kid": key.kid}, {**own, **self.extra, **claims}, key, self.signing_alg, at)
        return broken(draft, how_broken) if how_broken else draft.signed()

    def judge(self, compact: str) -> Verdict:
        """Judge a token of this issuer, for whatever audience: its own keys, its own name, an expiry."""
        return self._verify(compact, Expectations(iss=(self.url,), any_aud=True, require=("exp",)))

    def judge_for_us(self, compact: str) -> Verdict:
        """Judge a token presented to this server: if it names an audience, this server must be in it."""
        demands = Expectations(iss=(self.url,), require=("exp",))
        verdict = self._verify(compact, demands)
        if any(check.code == "aud_unexpected" for check in verdict.refusals):
            own = (self.audience,) if isinstance(self.audience, str) else tuple(self.audience)
            verdict = self._verify(compact, demands._replace(aud=(self.url, *own)))
        return verdict

    @property
    def audience(self) -> Any:
        """The audience of access tokens that ask for none: the one among the extra claims, else this server."""
        return self.extra.get("aud", self.url)

    @cached_property
    def key_set(self) -> KeySet:
        """The keys that verify what this issuer signs."""
        return KeySet(tuple(public_half(key) for key in self.keys), "this server", chosen_by_kid=True)

    @cached_property
    def jwks(self) -> dict[str, Any]:
        """The JWK Set of the public halves; a secret never gets this far."""
        return jwk_set(self.keys)

    def _verify(self, compact: str, demands: Expectations) -> Verdict:
        return verify(compact, self.key_set, demands, self.clock())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
