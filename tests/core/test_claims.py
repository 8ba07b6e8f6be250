"""Building claims and headers: what is filled in, what wins, what is refused."""

from typing import Any

import pytest

from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.claims import ClaimsRequest, Members, build, build_header
from jwtcli.core.errors import Status, UsageError
from jwtcli.core.jwk import to_jwk
from jwtcli.core.keys import public_half
from jwtcli.core.lifetime import DAY, Moment
from jwtcli.core.strict import MAX_DEPTH
from tests.conftest import AT, key_for

LASTING = ("exp", "iat")
"""What must be left out for a claims set to stay as it was asked for."""


def claims(**request: Any) -> dict[str, Any]:
    return build(ClaimsRequest(**request), AT).claims


def refused(code: str, **request: Any) -> UsageError:
    with pytest.raises(UsageError) as caught:
        build(ClaimsRequest(**request), AT)
    assert (caught.value.code, caught.value.status) == (code, Status.USAGE)
    return caught.value


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_no_token_is_made_of_a_private_key_and_of_a_public_one_it_is(alg: str) -> None:
    jwk = to_jwk(key_for(alg))
    for base in (jwk, {"cnf": {"jwk": jwk}}, {"jwks": {"keys": [jwk]}}):
        refused("private_key", base=base)
    if ALGORITHMS[alg].kty != "oct":
        public = to_jwk(public_half(key_for(alg)))
        assert build(ClaimsRequest(base={"cnf": {"jwk": public}}), AT).claims["cnf"] == {"jwk": public}


@pytest.mark.parametrize("name", ["d", "p", "q", "dp", "dq", "qi"])
def test_a_piece_of_a_private_rsa_key_is_one(name: str) -> None:
    jwk = to_jwk(key_for("RS256"))
    refused("private_key", base={"cnf": {"jwk": {member: jwk[member] for member in ("kty", "n", "e", name)}}})


def test_defaults_fill_only_what_was_left_out() -> None:
    built = build(ClaimsRequest(), AT)
    assert built.claims == {"iat": AT, "exp": AT + 3600}
    assert (built.expiry_filled_in, built.notes, built.warnings) == (True, (), ())
    told = build(ClaimsRequest(base={"exp": AT + 1, "iat": 0}), AT)
    assert (told.claims, told.expiry_filled_in) == ({"exp": AT + 1, "iat": 0}, False)
    assert not build(ClaimsRequest(without=("exp",)), AT).expiry_filled_in


def test_later_words_win() -> None:
    merged = claims(
        base={"a": 1, "b": 1, "c": 1, "sub": "x"},
        members=(("b", 2), ("c", 2)),
        named=(("c", 3), ("sub", "alice")),
        without=LASTING,
    )
    assert merged == {"a": 1, "b": 2, "c": 3, "sub": "alice"}


def test_a_lifetime_counts_from_the_clock() -> None:
    assert claims(lifetime=90)["exp"] == AT + 90
    assert claims(lifetime=90, base={"iat": 5, "exp": 7}) == {"iat": 5, "exp": AT + 90}
    assert build(ClaimsRequest(lifetime=90), AT).notes == ()


def test_what_must_not_be_there_is_not() -> None:
    assert claims(without=LASTING) == {}
    assert claims(base={"exp": AT + 1, "iat": 1, "sub": "a"}, without=LASTING) == {"sub": "a"}
    assert claims(without=("exp",)) == {"iat": AT}


def test_a_new_jti_is_new() -> None:
    first, second = claims(new_jti=True)["jti"], claims(new_jti=True)["jti"]
    assert first != second
    assert len(first) == 36


def test_one_name_twice_is_refused() -> None:
    error = refused("name_twice", members=(("a", 1), ("b", 1), ("a", 1)))
    assert error.message == "-c names 'a' twice"


@pytest.mark.parametrize("name", ["iss", "sub", "jti"])
@pytest.mark.parametrize("value", [None, 7, True, [], {}])
def test_a_registered_text_is_text(name: str, value: object) -> None:
    assert f"the claim '{name}' must be text, not " in refused("wrong_type", base={name: value}).message


@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", [None, "1", True, [], {}])
def test_a_time_is_a_number(name: str, value: object) -> None:
    message = refused("wrong_type", members=((name, value),)).message
    assert f"the claim '{name}' must be a number of seconds since 1970 (NumericDate), not " in message


@pytest.mark.parametrize("aud", [None, 7, True, {}, ["a", 7], [["a"]], [None]])
def test_an_audience_is_text_or_texts(aud: object) -> None:
    assert "the claim 'aud' must be text or an array of texts" in refused("wrong_type", base={"aud": aud}).message


@pytest.mark.parametrize("aud", ["", "a", [], ["a", "b"]])
def test_every_audience_of_the_rfc_can_be_written(aud: object) -> None:
    assert claims(base={"aud": aud}, without=LASTING) == {"aud": aud}


@pytest.mark.parametrize("exp", [AT, AT - 1, 0, -1, AT - 0.5, -(10**400)])
def test_an_expired_token_is_not_made_by_accident(exp: Moment) -> None:
    error = refused("already_expired", base={"exp": exp})
    assert error.hint == "an expired token, for a test, is made with --at -2h --ttl 1h"


def test_a_lifetime_of_nothing_is_refused() -> None:
    assert refused("already_expired", lifetime=0).message == (
        "exp (2023-11-14T22:13:20Z) is not after the moment of issue (2023-11-14T22:13:20Z)"
    )


@pytest.mark.parametrize("broken", ["\ud800", "a\udfff", ["\ud800"], {"\ud800": 1}, {"a": [{"b": "\ud800"}]}])
def test_text_that_utf_8_cannot_carry_is_refused(broken: object) -> None:
    assert (
        refused("not_unicode", base={"x": broken}).message
        == "the claims hold text that is not Unicode (a lone surrogate)"
    )
    with pytest.raises(UsageError, match="the header parameters hold"):
        build_header((("x", broken),), typ=None, kid=None)


def test_what_decode_would_not_read_back_is_not_written() -> None:
    deep: Any = 1
    for _ in range(MAX_DEPTH - 1):
        deep = [deep]
    assert claims(base={"x": deep})["x"] == deep
    assert refused("too_deep", base={"x": [deep]}).message == "the claims are nested more than 500 levels deep"
    with pytest.raises(UsageError, match="the header parameters are nested more than 500 levels deep"):
        build_header((("x", [deep]),), typ=None, kid=None)


@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
def test_milliseconds_draw_a_warning(name: str) -> None:
    warnings = build(ClaimsRequest(base={name: AT * 1000}), AT).warnings
    assert f"{name} lies more than 9999 years ahead: is it in milliseconds? RFC 7519 counts seconds" in warnings


@pytest.mark.parametrize("far", [AT * 1_000_000, AT * 1_000_000_000, 10**400])
def test_what_is_neither_seconds_nor_milliseconds_draws_a_warning(far: int) -> None:
    (warning,) = build(ClaimsRequest(base={"exp": far}), AT + 0.5).warnings
    assert warning == "exp lies more than 9999 years ahead: RFC 7519 counts seconds"


@pytest.mark.parametrize("years", [100, 101, 2000])
def test_a_token_that_is_to_last_for_centuries_is_taken_at_its_word_as_lint_does(years: int) -> None:
    assert build(ClaimsRequest(base={"exp": AT + years * 365 * DAY}), AT).warnings == ()


def test_a_token_that_will_never_hold_draws_a_warning() -> None:
    never = "nbf is not before exp: the token will never be valid"
    assert build(ClaimsRequest(base={"nbf": AT + 5}, lifetime=5), AT).warnings == (never,)
    assert build(ClaimsRequest(base={"nbf": AT + 4}, lifetime=5), AT).warnings == ()


def test_the_header_has_typ_and_the_keys_kid_unless_told_otherwise() -> None:
    assert build_header((), typ=None, kid=None) == {"typ": "JWT"}
    assert build_header((), typ=None, kid="k") == {"typ": "JWT", "kid": "k"}
    assert build_header((("typ", "x"), ("kid", "y"), ("a", 1)), typ=None, kid="k") == {"typ": "x", "kid": "y", "a": 1}
    assert build_header((("typ", "x"),), typ="at+jwt", kid=None) == {"typ": "at+jwt"}


@pytest.mark.parametrize("name", ["alg", "b64", "crit"])
def test_names_that_only_jwtcli_may_set_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match=f"the header parameter '{name}' cannot be set with -H") as caught:
        build_header(((name, "x"),), typ=None, kid=None)
    assert caught.value.code == "reserved_header"


@pytest.mark.parametrize("name", ["typ", "cty", "kid"])
@pytest.mark.parametrize("value", [None, 7, True, []])
def test_header_parameters_of_text_are_text(name: str, value: object) -> None:
    with pytest.raises(UsageError, match=f"the header parameter '{name}' must be text, not "):
        build_header(((name, value),), typ=None, kid=None)


def test_one_header_parameter_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="-H names 'a' twice"):
        build_header((("a", 1), ("a", 2)), typ=None, kid=None)


@pytest.mark.parametrize(
    ("members", "note"),
    [
        ((("sub", "b"),), "--sub counts, and -c sub does not"),
        ((("exp", 1),), "--ttl counts, and -c exp does not"),
        ((("name ", "x"),), "white space is a part of the claim name 'name '"),
        ((("admin", "true"),), 'admin is the text "true" (admin:=true makes it JSON)'),
    ],
)
def test_what_was_hardly_meant_is_noted_and_taken_as_it_stands(members: Members, note: str) -> None:
    built = build(ClaimsRequest(members=members, named=(("sub", "a"),), lifetime=60), AT)
    assert built.notes == (note,)
    assert built.claims["sub"] == "a"
    assert build(ClaimsRequest(members=(("admin", True), ("role", "admin")), lifetime=60), AT).notes == ()
