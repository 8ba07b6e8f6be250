"""``verify`` beside joserfc and jwcrypto: the same answer, but for a short written list of cases."""

import json
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import JWKRegistry
from jwcrypto import jwt as jwcrypto_jwt
from jwcrypto.jwk import JWK

from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.jwk import to_jwk
from jwtcli.core.keys import public_half
from jwtcli.core.keysets import KeySet
from jwtcli.core.lifetime import Moment
from jwtcli.core.signatures import sign as sign_token
from jwtcli.core.strict import base64url_decode, base64url_encode
from jwtcli.core.verdict import Expectations
from jwtcli.core.verifier import verify
from tests.conftest import AT, key_for
from tests.drawn import CLAIMS, CLOCKS, DEMANDS, HEADERS, JUDGED, mutations, sign


def joserfc_judges(token: bytes, keys: KeySet, demands: Expectations, at: Moment) -> None:
    """Judge with joserfc; raises where it refuses."""
    options: dict[str, Any] = {name: {"essential": True} for name in demands.require}
    for name, values in (("iss", demands.iss), ("aud", demands.aud), ("sub", (demands.sub,) if demands.sub else ())):
        if values:
            options[name] = {"essential": True, "values": list(values)}
    key = JWKRegistry.import_key(_jwk(keys))
    decoded = joserfc_jwt.decode(token, key, algorithms=list(keys.algorithms(keys.keys[0])))
    times: dict[str, Any] = {"now": at, "leeway": demands.leeway}  # it takes fractions too, whatever its types say
    joserfc_jwt.JWTClaimsRegistry(**times, **options).validate(decoded.claims)


def jwcrypto_judges(token: bytes, keys: KeySet, demands: Expectations, at: Moment) -> None:
    """Judge with jwcrypto; raises where it refuses."""
    algs = list(keys.algorithms(keys.keys[0]))
    key = JWK(**_jwk(keys))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jwcrypto.jwt.time", Clock(at))
        text, strict = token.decode(), {"algs": algs, "strict_serialization": True}
        unchecked = jwcrypto_jwt.JWT(jwt=text, key=key, check_claims=False, **strict)
        claims = json.loads(unchecked.claims)
        if not isinstance(claims, dict):
            raise TypeError("no claims set")
        # Once any claim is asked for, jwcrypto looks at exp and nbf only where they are asked for too.
        asked: dict[str, Any] = dict.fromkeys((*demands.require, *({"exp", "nbf"} & claims.keys())))
        if demands.aud:
            asked["aud"] = list(demands.aud)
        if demands.sub is not None:
            asked["sub"] = demands.sub
        issuers = [issuer for issuer in demands.iss if issuer == claims.get("iss")] or list(demands.iss)
        if issuers:
            asked["iss"] = issuers[0]
        judge = jwcrypto_jwt.JWT(check_claims=asked, **strict)
        judge.leeway = demands.leeway
        judge.deserialize(text, key)


@dataclass(frozen=True)
class Clock:
    """Stands in for the module ``time``: it is always ``at``."""

    at: Moment

    def time(self) -> Moment:
        return self.at


def _jwk(keys: KeySet) -> dict[str, Any]:
    key = keys.keys[0]
    return to_jwk(key if key.symmetric else public_half(key))


PEERS: dict[str, Callable[[bytes, KeySet, Expectations, Moment], None]] = {
    "joserfc": joserfc_judges,
    "jwcrypto": jwcrypto_judges,
}


@dataclass(frozen=True)
class Difference:
    """A case where a peer is known to answer otherwise, with a token that shows it.

    ``told`` is our refused check and its code where the peer accepts, or the peer's exception where
    it refuses what we accept.
    """

    peer: str
    told: tuple[str, str] | str
    why: str
    claims: bytes = b'{"sub":"alice"}'
    header: bytes = b'{"alg":"HS256"}'


DIFFERENCES = (
    Difference("joserfc", ("form", "malformed"), "one name twice: the last one wins", b'{"sub":"a","sub":"alice"}'),
    Difference("joserfc", ("form", "malformed"), "NaN is taken for a number", b'{"x":NaN}'),
    Difference("joserfc", ("form", "malformed"), "JSON in UTF-16 is read", '{"sub":"alice"}'.encode("utf-16")),
    Difference("joserfc", ("aud", "aud_unexpected"), "an audience that nobody asked for passes", b'{"aud":"a"}'),
    Difference("joserfc", ("crit", "crit_unsupported"), "an empty crit passes", header=b'{"alg":"HS256","crit":[]}'),
    Difference("joserfc", "UnsupportedHeaderError", "it must know every parameter", header=b'{"alg":"HS256","x":1}'),
    Difference("joserfc", "InvalidHeaderValueError", "it checks what nobody uses", header=b'{"alg":"HS256","jku":1}'),
    Difference(
        "joserfc", "ExceededSizeError", "a header has 512 bytes", header=b'{"alg":"HS256","kid":"' + b"k" * 512 + b'"}'
    ),
    Difference("jwcrypto", ("form", "malformed"), "one name twice: the last one wins", b'{"sub":"a","sub":"alice"}'),
    Difference("jwcrypto", ("form", "malformed"), "NaN is taken for a number", b'{"x":NaN}'),
    Difference("jwcrypto", ("aud", "aud_unexpected"), "an audience that nobody asked for passes", b'{"aud":"a"}'),
    Difference("jwcrypto", ("crit", "crit_unsupported"), "an empty crit passes", header=b'{"alg":"HS256","crit":[]}'),
    Difference("jwcrypto", ("exp", "expired"), "exp equal to now is not expired", f'{{"exp":{AT}}}'.encode()),
    Difference("jwcrypto", ("iat", "issued_in_future"), "iat is not looked at", f'{{"iat":{AT + 1}}}'.encode()),
    Difference("jwcrypto", ("nbf", "wrong_type"), "false counts as the moment 0", b'{"nbf":false}'),
    *(
        Difference("jwcrypto", (name, "wrong_type"), f"{name} null counts as absent", f'{{"{name}":null}}'.encode())
        for name in ("iss", "sub", "aud", "jti", "iat")
    ),
)


def peer_refusal(peer: str, token: bytes, keys: KeySet, demands: Expectations, at: Moment) -> Exception | None:
    """Return why a peer refuses the token, or None where it accepts."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what each thinks of keys and algorithms is not compared here
            PEERS[peer](token, keys, demands, at)
    except Exception as error:
        return error
    return None


def unexplained(token: bytes, keys: KeySet, demands: Expectations, at: Moment) -> Iterator[str]:
    """Yield each answer of a peer that is not ours and not in the list."""
    verdict = verify(token, keys, demands, at)
    ours = {(check.name, "malformed" if check.name == "form" else check.code) for check in verdict.refusals}
    for peer in PEERS:
        known = {difference.told for difference in DIFFERENCES if difference.peer == peer}
        refusal = peer_refusal(peer, token, keys, demands, at)
        if refusal is None and not ours <= known:
            yield f"{peer} accepts what is refused for {ours - known}"
        if refusal is not None and verdict.accepted and type(refusal).__name__ not in known:
            yield f"{peer} refuses with {refusal!r} what is accepted"


def agree(token: bytes, keys: KeySet, demands: Expectations, at: Moment) -> None:
    assert list(unexplained(token, keys, demands, at)) == [], (token, demands, at)


HMAC = KeySet((key_for("HS256"),), "test")


@settings(JUDGED, max_examples=800)
@given(CLAIMS, DEMANDS, CLOCKS)
def test_the_three_agree_on_claims(claims: bytes, demands: Expectations, at: Moment) -> None:
    agree(sign(b'{"alg":"HS256"}', claims), HMAC, demands, at)


@settings(JUDGED, max_examples=800)
@given(HEADERS)
def test_the_three_agree_on_headers(header: bytes) -> None:
    agree(sign(header, b'{"sub":"alice"}'), HMAC, Expectations(), AT)


# ML-DSA (RFC 9964) is not known to both of them.
@pytest.mark.parametrize("alg", [name for name, algorithm in ALGORITHMS.items() if algorithm.kty != "AKP"])
def test_the_three_agree_on_tokens_of_every_algorithm_however_they_are_changed(alg: str) -> None:
    keys = KeySet((key_for(alg),), "test")
    token = sign_token({}, {"sub": "alice", "exp": AT + 60}, key_for(alg), alg).encode()

    @settings(JUDGED, max_examples=60)
    @given(mutations(token))
    def changed(mutated: bytes) -> None:
        agree(mutated, keys, Expectations(), AT)

    changed()


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: f"{difference.peer}: {difference.why}")
def test_each_listed_difference_is_still_there(difference: Difference) -> None:
    token = sign(difference.header, difference.claims)
    verdict = verify(token, HMAC, Expectations(), AT)
    refusal = peer_refusal(difference.peer, token, HMAC, Expectations(), AT)
    if isinstance(difference.told, str):
        assert (verdict.accepted, type(refusal).__name__) == (True, difference.told)
    else:
        assert ([(check.name, check.code) for check in verdict.refusals], refusal) == ([difference.told], None)


@pytest.mark.parametrize("junk", ["=", "==="])
def test_jwcrypto_skips_what_is_no_base64url_and_jwtcli_does_not(junk: str) -> None:
    token = sign(b'{"alg":"HS256"}', b'{"sub":"alice"}') + junk.encode()
    assert peer_refusal("jwcrypto", token, HMAC, Expectations(), AT) is None
    assert verify(token, HMAC, Expectations(), AT).status == 3


@pytest.mark.parametrize("alg", ["ES256", "ES384", "ES512", "ES256K"])
def test_jwcrypto_takes_over_long_ecdsa_signatures_and_jwtcli_does_not(alg: str) -> None:
    keys = KeySet((key_for(alg),), "test")
    signing_input, _, signature = sign_token({}, {"sub": "alice"}, key_for(alg), alg).rpartition(".")
    octets = base64url_decode(signature.encode())
    half = len(octets) // 2
    padded = b"\0" + octets[:half] + b"\0" + octets[half:]
    token = f"{signing_input}.{base64url_encode(padded)}".encode()
    assert peer_refusal("jwcrypto", token, keys, Expectations(), AT) is None
    assert peer_refusal("joserfc", token, keys, Expectations(), AT) is not None
    assert [check.code for check in verify(token, keys, Expectations(), AT).refusals] == ["bad_signature"]
