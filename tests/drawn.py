"""What hypothesis draws for tests that judge tokens: claims, headers, demands and clocks, changed tokens."""

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from jwt.algorithms import get_default_algorithms

from jwtcli.core.keys import Key
from jwtcli.core.lifetime import Moment
from jwtcli.core.strict import base64url_encode
from jwtcli.core.verdict import Expectations
from tests.conftest import AT, key_for

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
    typ=st.none(),
    expect=st.just(()),
    require=st.lists(st.sampled_from(["exp", "sub", "x"]), max_size=1).map(tuple),
    max_age=st.none(),
    leeway=st.sampled_from([0, 0, 0, 1, 2, 0.5, 60, 86_400]),
).map(lambda demands: demands._replace(any_aud=demands.any_aud and not demands.aud))
DEMANDS = st.one_of(st.just(Expectations()), st.just(Expectations(any_aud=True)), SOME_DEMANDS)
CLOCKS = st.one_of(st.just(AT), st.floats(AT - 2, AT + 2), st.integers(AT - 2, AT + 2))


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
