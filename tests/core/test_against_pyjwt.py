"""The rule behind ``verify``: never accept what PyJWT's ``jwt.decode`` refuses for the same token and demands."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import jwt
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jwt.algorithms import get_default_algorithms

from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.keyfiles import from_secret
from jwtcli.core.keys import ALGORITHMS, Key, public_half
from jwtcli.core.keysets import KeySet
from jwtcli.core.lifetime import Moment
from jwtcli.core.strict import base64url_encode
from jwtcli.core.verdict import Expectations, verify
from tests.conftest import AT, key_for

# PyJWT takes a short secret with a warning; what is too short for jwtcli is another test's subject.
pytestmark = pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
# PyJWT 2 does not know the names of RFC 9864, whose key and signature are those of EdDSA, nor those of RFC 9964.
NAMES = [name for name in ALGORITHMS if name in get_default_algorithms()]
JUDGED = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=600,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@dataclass(frozen=True)
class Clock:
    """Stands in for ``datetime.datetime`` in PyJWT: it is always ``at``."""

    at: Moment

    def now(self, tz: object) -> "Clock":
        return self

    def timestamp(self) -> float:
        return float(self.at)


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


def sign(header: bytes, claims: bytes, alg: str = "HS256", key: Key | None = None) -> bytes:
    """Sign whatever bytes stand in for header and claims."""
    key = key or key_for(alg)
    signing_input = f"{base64url_encode(header)}.{base64url_encode(claims)}".encode()
    algorithm: Any = get_default_algorithms()[alg]
    return signing_input + b"." + base64url_encode(algorithm.sign(signing_input, key.native)).encode()


TEXTS = st.sampled_from(["", "a", "b", "alice", "https://id.example", "\ud800", "é", "a ", "A", "null", "1"])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.sampled_from([AT - 1, AT, AT + 1, AT + 60, AT - 60, 2**53 + 1, 2**63, -(2**63), 10**400, -(10**400)]),
    st.sampled_from([AT + 0.5, AT - 0.5, AT + 0.999999, float(AT), 1e18, 1e308, -1e308, 0.1, -0.5, 5e-324]),
    TEXTS,
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=2))
ODD_TEXTS = st.sampled_from(
    ["NaN", "Infinity", "-Infinity", "1e400", "-0", "01", "1.", "+1", "0x1", "'a'", "nul", '"\\u0000"', '"\t"', "[1,]"]
)
VALUE_TEXTS = st.one_of(VALUES.map(json.dumps), VALUES.map(json.dumps), ODD_TEXTS)
TIMES = st.one_of(st.integers(AT - 3, AT + 3), st.floats(AT - 3, AT + 3), st.integers(AT + 10, AT + 90), VALUES).map(
    json.dumps
)
LATER = st.one_of(st.integers(AT - 1, AT + 90), st.floats(AT - 1, AT + 90)).map(json.dumps)
AUDIENCES = st.one_of(
    TEXTS, st.lists(TEXTS, max_size=3), st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=2), VALUES
).map(json.dumps)
SPACE = st.sampled_from([*[""] * 12, " ", "\n", "\t", "\r\n", "\x0c", "\u00a0", "\ufeff"])
ENCODINGS = st.sampled_from([*["utf-8"] * 24, "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1"])


@st.composite
def objects(draw: st.DrawFn, members: st.SearchStrategy[list[tuple[str, str]]]) -> bytes:
    """Draw the text of an object, names perhaps twice, spaced and encoded in every way."""
    pairs = draw(members)
    space = draw(SPACE)
    text = space + "{" + ",".join(f"{json.dumps(name)}:{space}{value}" for name, value in pairs) + "}" + draw(SPACE)
    return text.encode(draw(ENCODINGS), "replace")


CLAIMS = objects(
    st.tuples(
        st.lists(st.tuples(st.just("exp"), st.one_of(LATER, LATER, TIMES)), max_size=1),
        st.lists(st.tuples(st.sampled_from(["iat", "nbf"]), TIMES), max_size=1),
        st.lists(st.tuples(st.just("aud"), AUDIENCES), max_size=1),
        st.lists(
            st.tuples(st.sampled_from(["iss", "sub", "jti"]), st.one_of(TEXTS.map(json.dumps), VALUE_TEXTS)), max_size=2
        ),
        st.lists(st.tuples(st.sampled_from(["exp", "aud", "sub", "x", "y", ""]), VALUE_TEXTS), max_size=1),
    ).map(lambda groups: [pair for group in groups for pair in group])
)
SOME_DEMANDS = st.builds(
    Expectations,
    iss=st.lists(st.sampled_from(["a", "https://id.example"]), max_size=2).map(tuple),
    aud=st.lists(st.sampled_from(["a", "b", "alice"]), max_size=2).map(tuple),
    any_aud=st.booleans(),
    sub=st.one_of(st.none(), st.none(), st.sampled_from(["a", "alice"])),
    require=st.lists(st.sampled_from(["exp", "sub", "x"]), max_size=1).map(tuple),
    leeway=st.sampled_from([0, 0, 0, 1, 2, 0.5, 60, 86_400]),
).map(lambda demands: replace(demands, any_aud=demands.any_aud and not demands.aud))
DEMANDS = st.one_of(st.just(Expectations()), st.just(Expectations(any_aud=True)), SOME_DEMANDS)
CLOCKS = st.one_of(st.just(AT), st.floats(AT - 2, AT + 2), st.integers(AT - 2, AT + 2))

accepted: dict[str, int] = {}


def count(name: str, *, was_accepted: bool) -> None:
    """Keep how many tokens were accepted: a property of refused tokens alone would say nothing."""
    accepted[name] = accepted.get(name, 0) + was_accepted


@JUDGED
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


HEADER_TEXTS = st.one_of(VALUE_TEXTS, st.sampled_from(['["b64"]', '["exp"]', "[]", "false", "true", '"none"']))
HEADERS = objects(
    st.tuples(
        st.sampled_from(
            [*['"HS256"'] * 8, '"HS384"', '"hs256"', '"none"', '"RS256"', "null", "[]", '["HS256"]', "256"]
        ),
        st.lists(
            st.tuples(st.sampled_from(["kid", "typ", "cty", "crit", "b64", "zip", "jku", "jwk", "x"]), HEADER_TEXTS),
            max_size=2,
        ),
    ).map(lambda drawn: [("alg", drawn[0]), *drawn[1]])
)


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


JUNK = st.sampled_from(
    [b"=", b"==", b".", b"..", b" ", b"\n", b"\t", b"+", b"/", b"-", b"_", b"A", b"B", b"\x00", b"\xff", b"~", b"%"]
)


@st.composite
def mutations(draw: st.DrawFn, token: bytes) -> bytes:
    """Draw a token with a few bytes changed, taken out or put in, or with its parts exchanged."""
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.one_of(st.integers(0, len(token)), st.just(len(token)), st.just(token.rfind(b".") + 1)))
        how = draw(st.sampled_from(["in", "out", "change", "flip", "parts"]))
        if how == "in":
            token = token[:place] + draw(JUNK) + token[place:]
        elif how == "out":
            token = token[:place] + token[place + 1 :]
        elif how == "change":
            token = token[:place] + draw(JUNK) + token[place + 1 :]
        elif how == "flip" and place < len(token):
            token = token[:place] + bytes([token[place] ^ 1]) + token[place + 1 :]
        elif how == "parts":
            token = b".".join(draw(st.permutations(token.split(b"."))))
    return token


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
