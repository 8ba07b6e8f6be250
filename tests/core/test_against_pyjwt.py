"""The rule behind ``verify``: never accept what PyJWT's ``jwt.decode`` refuses for the same token and demands."""

import json
from collections.abc import Sequence

import jwt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jwt.algorithms import get_default_algorithms

from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.keyfiles import from_secret
from jwtcli.core.keys import Key, public_half
from jwtcli.core.keysets import KeySet
from jwtcli.core.lifetime import Moment
from jwtcli.core.verdict import Expectations
from jwtcli.core.verifier import verify
from tests.conftest import AT, key_for
from tests.drawn import CLAIMS, CLOCKS, DEMANDS, HEADERS, JUDGED, Clock, mutations, sign

# PyJWT takes a short secret with a warning; what is too short for jwtcli is another test's subject.
pytestmark = pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
# PyJWT 2 does not know the names of RFC 9864, whose key and signature are those of EdDSA, nor those of RFC 9964.
NAMES = [name for name in ALGORITHMS if name in get_default_algorithms()]


def pyjwt_refuses(token: bytes, keys: KeySet, demands: Expectations, at: Moment) -> Exception | None:
    """Return why ``jwt.decode`` refuses the token under the same demands, or None where it accepts."""
    key = keys.keys[0]
    native = key.native if key.symmetric else public_half(key).native
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jwt.api_jwt.datetime", Clock(at))
        try:
            jwt.decode(
                token,
                native,
                algorithms=list(keys.algorithms(key)),
                audience=list(demands.aud) or None,
                issuer=list(demands.iss) or None,
                subject=demands.sub,
                leeway=demands.leeway,
                options={"require": list(demands.require), "verify_aud": not demands.any_aud},
            )
        except Exception as error:
            return error
    return None


def holds(token: bytes, keys: KeySet, demands: Expectations, at: Moment) -> bool:
    """Assert the rule for one token, and tell whether it was accepted."""
    verdict = verify(token, keys, demands, at)
    if not verdict.accepted:
        return False
    refusal = pyjwt_refuses(token, keys, demands, at)
    assert verdict.token is not None
    exp = verdict.token.claims.get("exp")
    if isinstance(refusal, jwt.ExpiredSignatureError) and isinstance(exp, float) and not exp.is_integer():
        return True  # the one exception: PyJWT truncates what RFC 7519 section 2 lets be fractional
    assert refusal is None, (token, demands, at)
    return True


accepted: dict[str, int] = {}


def count(name: str, *, was_accepted: bool) -> None:
    """Keep how many tokens were accepted: a property of refused tokens alone would say nothing."""
    accepted[name] = accepted.get(name, 0) + was_accepted


@settings(JUDGED, max_examples=1200)  # few of them are accepted, and those count
@given(CLAIMS, DEMANDS, CLOCKS)
@example(b'{"aud":null}', Expectations(), AT)
@example(b'{"aud":[]}', Expectations(), AT)
@example(b'{"aud":["a",1]}', Expectations(aud=("a",)), AT)
@example(b'{"aud":{"a":1}}', Expectations(aud=("a",)), AT)
@example(b'{"exp":"9999999999"}', Expectations(), AT)
@example(b'{"exp":true}', Expectations(), 0)
@example(b'{"iat":null}', Expectations(), AT)
@example(b'{"jti":7}', Expectations(), AT)
@example(b'{"sub":7}', Expectations(), AT)
@example(b'{"iss":["a"]}', Expectations(iss=("a",)), AT)
def test_no_claims_are_accepted_that_pyjwt_refuses(claims: bytes, demands: Expectations, at: Moment) -> None:
    token = sign(b'{"alg":"HS256"}', claims)
    count("claims", was_accepted=holds(token, KeySet((key_for("HS256"),), "test"), demands, at))


@JUDGED
@given(HEADERS)
@example(b'{"alg":"HS256","kid":7}')
@example(b'{"alg":"HS256","kid":null}')
@example(b'{"alg":"HS256","crit":[]}')
@example(b'{"alg":"HS256","crit":null}')
@example(b'{"alg":"HS256","crit":["b64"],"b64":true}')
@example(b'{"alg":"HS256","b64":false}')
@example(b'{"alg":"HS256","alg":"HS256"}')
def test_no_header_is_accepted_that_pyjwt_refuses(header: bytes) -> None:
    token = sign(header, b'{"sub":"alice"}')
    count("headers", was_accepted=holds(token, KeySet((key_for("HS256"),), "test"), Expectations(), AT))


@pytest.mark.parametrize("alg", NAMES)
def test_no_mutated_token_of_any_algorithm_is_accepted_that_pyjwt_refuses(alg: str) -> None:
    keys = KeySet((key_for(alg),), "test")
    token = sign(json.dumps({"alg": alg}).encode(), b'{"sub":"alice","exp":1700000060}', alg)

    @settings(JUDGED, max_examples=60)
    @given(mutations(token))
    def judged(mutated: bytes) -> None:
        was_accepted = holds(mutated, keys, Expectations(), AT)
        assert was_accepted == (mutated == token)  # no signature is forged by chance
        count(alg, was_accepted=was_accepted)

    judged()
    assert accepted[alg] > 0


SECRETS = st.one_of(
    st.binary(max_size=80),
    st.sampled_from([b" ", b"\n", b"\t", b"\x00"]).map(lambda byte: byte * 40),
    st.sampled_from([b"ssh-rsa ", b"-----BEGIN ", b'{"kty":"oct"}', b"\x30\x82", b"ecdsa-sha2-nistp256 "]).flatmap(
        lambda start: st.binary(max_size=60).map(lambda rest: start + rest)
    ),
)


@JUDGED
@given(SECRETS, st.sampled_from(["HS256", "HS384", "HS512"]))
@example('{"kty":"RSA"}'.encode("utf-16"), "HS256")
@example(b"\xef\xbb\xbf" + b'{"kty":"RSA","n":"AQAB","e":"AQAB"}', "HS256")
@example(b"null" * 16, "HS256")
@example(b'{"kty":"oct","k":"AAAA"}' + b" " * 40, "HS256")
def test_no_secret_is_taken_that_pyjwt_refuses(secret: bytes, alg: str) -> None:
    raw = Key("oct", secret or b"\x00", private=True, bits=len(secret) * 8)
    token = sign(json.dumps({"alg": alg}).encode(), b"{}", alg, raw)
    try:
        key = from_secret(secret)
    except UnusableKeyError:
        return
    count(
        "secrets", was_accepted=holds(token, KeySet((key,), "test", allow_weak=True, wanted=(alg,)), Expectations(), AT)
    )


@pytest.mark.parametrize("at", [AT - 1, AT - 0.001, AT, AT + 0.001, AT + 1])
@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("leeway", [0, 1, 86_400])
def test_times_at_their_edges(name: str, at: Moment, leeway: int) -> None:
    token = sign(b'{"alg":"HS256"}', json.dumps({name: AT}).encode())
    keys, demands = KeySet((key_for("HS256"),), "test"), Expectations(leeway=leeway)
    mine = verify(token, keys, demands, at).accepted
    assert mine is (pyjwt_refuses(token, keys, demands, at) is None)


def test_the_properties_saw_accepted_tokens(pytestconfig: pytest.Config) -> None:
    """A rule about accepted tokens proves nothing where none was accepted."""
    floor: Sequence[tuple[str, int]] = (("claims", 60), ("headers", 60), ("secrets", 60))
    counted = [(name, accepted.get(name, 0)) for name, _ in floor if name in accepted]
    assert all(have >= dict(floor)[name] for name, have in counted), counted
