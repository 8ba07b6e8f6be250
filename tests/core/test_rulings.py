"""What each check says, word for word: its name, answer, code, status and reason."""

import json
from typing import Any

import pytest

from jwtcli.core.errors import Status
from jwtcli.core.keys import Key
from jwtcli.core.keysets import KeySet
from jwtcli.core.lifetime import Moment
from jwtcli.core.rulings import quoted
from jwtcli.core.verdict import Expectations, Verdict
from jwtcli.core.verifier import verify
from tests.conftest import AT, key_for
from tests.drawn import sign

SECRET = Key("oct", b"a secret of thirty-two bytes here", private=True, bits=264)
NO_DEMANDS = Expectations()
NOW = "2023-11-14T22:13:20Z"


def judge(claims: Any, demands: Expectations = NO_DEMANDS, header: Any = None, at: Moment = AT) -> Verdict:
    shown = {"alg": "HS256"} if header is None else header
    token = sign(json.dumps(shown).encode(), json.dumps(claims).encode(), key=SECRET)
    return verify(token, KeySet((SECRET,), "the test"), demands, at)


def told(verdict: Verdict, name: str) -> tuple[bool | None, str, str | None, Status]:
    (check,) = [check for check in verdict.checks if check.name == name]
    return check.passed, check.code, check.reason, check.status


def passes(reason: str | None) -> tuple[bool | None, str, str | None, Status]:
    return True, "ok", reason, Status.DONE


def fails(code: str, reason: str, status: Status = Status.CLAIM) -> tuple[bool | None, str, str | None, Status]:
    return False, code, reason, status


def test_an_accepted_token_lists_these_checks_in_this_order() -> None:
    claims = {"iat": AT - 60, "nbf": AT - 30, "exp": AT + 60, "aud": "a", "iss": "i", "sub": "s", "jti": "j", "x": 1}
    demands = Expectations(
        ("i",), ("a",), sub="s", typ="at+jwt", expect=(("x", 1.0),), require=("x", "exp"), max_age=60
    )
    verdict = judge(claims, demands, {"alg": "HS256", "typ": "at+jwt"})
    assert [(check.name, check.passed, check.code, check.reason, check.status) for check in verdict.checks] == [
        (name, True, "ok", reason, Status.DONE)
        for name, reason in (
            ("form", None),
            ("key", "a secret of 264 bits from the test"),
            ("algorithm", "HS256"),
            ("signature", None),
            ("crit", None),
            ("exp", "expires in 1m"),
            ("nbf", "valid 30s ago"),
            ("iat", "issued 1m ago"),
            ("aud", '"a"'),
            ("iss", '"i"'),
            ("sub", '"s"'),
            ("jti", '"j"'),
            ("typ", '"at+jwt"'),
            ("max_age", None),
            ("expect:x", "1"),
            ("require:x", None),
            ("require:exp", None),
        )
    ]
    assert (verdict.accepted, verdict.status, verdict.at, verdict.source) == (True, Status.DONE, AT, "the test")
    assert (verdict.key, verdict.alg, verdict.notes) == (SECRET, "HS256", ())
    assert verdict.token is not None
    assert verdict.token.claims == claims


@pytest.mark.parametrize(
    ("name", "claims", "expected"),
    [
        ("exp", {}, passes("the token never expires")),
        ("exp", {"exp": AT}, fails("expired", f"expired now (exp {NOW}, now {NOW})", Status.EXPIRED)),
        (
            "exp",
            {"exp": AT - 60},
            fails("expired", f"expired 1m ago (exp 2023-11-14T22:12:20Z, now {NOW})", Status.EXPIRED),
        ),
        (
            "nbf",
            {"nbf": AT + 60},
            fails("not_yet_valid", f"valid only in 1m (nbf 2023-11-14T22:14:20Z, now {NOW})", Status.NOT_YET_VALID),
        ),
        (
            "iat",
            {"iat": AT + 60},
            fails(
                "issued_in_future",
                f"issued 1m in the future (iat 2023-11-14T22:14:20Z, now {NOW})",
                Status.NOT_YET_VALID,
            ),
        ),
        (
            "exp",
            {"exp": -(10**12)},
            fails("expired", f"expired more than 9999 years ago (exp -1000000000000, now {NOW})", Status.EXPIRED),
        ),
        ("nbf", {"nbf": AT}, passes("valid now")),
        ("iat", {"iat": AT}, passes("issued now")),
        (
            "iat",
            {"iat": AT + 1},
            fails(
                "issued_in_future",
                f"issued 1s in the future (iat 2023-11-14T22:13:21Z, now {NOW})",
                Status.NOT_YET_VALID,
            ),
        ),
        (
            "iat",
            {"iat": AT + 0.5},
            fails(
                "issued_in_future",
                f"issued a moment in the future (iat 2023-11-14T22:13:20.5Z, now {NOW})",
                Status.NOT_YET_VALID,
            ),
        ),
        *(
            (name, {name: value}, fails("wrong_type", f"{name} is {kind}, not a number (NumericDate)"))
            for name in ("exp", "nbf", "iat")
            for value, kind in ((None, "null"), (True, "true or false"), ("1", "text"), ([], "an array"))
        ),
        *(
            (name, {name: value}, fails("wrong_type", f"{name} is {kind}, not text"))
            for name in ("iss", "sub", "jti")
            for value, kind in ((None, "null"), (1, "a number"), ({}, "an object"))
        ),
    ],
)
def test_what_is_said_of_a_claim_that_nobody_asked_for(name: str, claims: Any, expected: object) -> None:
    assert told(judge(claims), name) == expected


@pytest.mark.parametrize(
    ("name", "claims", "demands", "expected"),
    [
        ("aud", {}, {"aud": ("a", "b")}, fails("missing", 'the token has no aud; wanted "a" or "b"')),
        ("aud", {"aud": None}, {}, fails("wrong_type", "aud is null, not text or an array of texts")),
        (
            "aud",
            {"aud": ["a", 1]},
            {"aud": ("a",)},
            fails("wrong_type", "aud is an array that holds more than text, not text or an array of texts"),
        ),
        ("aud", {"aud": 7}, {"any_aud": True}, fails("wrong_type", "aud is a number, not text or an array of texts")),
        ("aud", {"aud": ["b", "a"]}, {"aud": ("a",)}, passes('["b", "a"]')),
        (
            "aud",
            {"aud": ["x"]},
            {"aud": ("a", "b")},
            fails("aud_mismatch", 'the token is for ["x"], not for "a" or "b"'),
        ),
        ("aud", {"aud": "x"}, {"any_aud": True}, passes('"x", let pass by --any-aud')),
        (
            "aud",
            {"aud": "x"},
            {},
            fails(
                "aud_unexpected",
                'the token is meant for "x": name yourself with --aud, or take any with --any-aud',
            ),
        ),
        ("iss", {}, {"iss": ("a", "b")}, fails("missing", 'the token has no iss; wanted "a" or "b"')),
        ("iss", {"iss": "x"}, {"iss": ("a", "b")}, fails("iss_mismatch", 'iss is "x", not "a" or "b"')),
        ("iss", {"iss": "b"}, {"iss": ("a", "b")}, passes('"b"')),
        ("sub", {}, {"sub": "a"}, fails("missing", 'the token has no sub; wanted "a"')),
        ("sub", {"sub": "x"}, {"sub": "a"}, fails("sub_mismatch", 'sub is "x", not "a"')),
        ("typ", {}, {"typ": "at+jwt"}, fails("typ_mismatch", 'the header has no typ, not "at+jwt"')),
        ("max_age", {}, {"max_age": 60}, fails("missing", "without an iat the token's age is not known")),
        (
            "max_age",
            {"iat": AT - 120},
            {"max_age": 60},
            fails("too_old", "the token is 2m old, at most 1m is allowed"),
        ),
        ("max_age", {"iat": AT - 65}, {"max_age": 60, "leeway": 5}, passes(None)),
        (
            "max_age",
            {"iat": AT - 66},
            {"max_age": 60, "leeway": 5},
            fails("too_old", "the token is 1m 6s old, at most 1m is allowed"),
        ),
        ("exp", {"exp": AT - 4}, {"leeway": 5}, passes("expired 4s ago, let pass by --leeway")),
        ("exp", {"exp": AT}, {"leeway": 5}, passes("expired now, let pass by --leeway")),
        ("exp", {"exp": AT + 1}, {"leeway": 5}, passes("expires in 1s")),
        ("nbf", {"nbf": AT + 5}, {"leeway": 5}, passes("valid in 5s, let pass by --leeway")),
        ("nbf", {"nbf": AT}, {"leeway": 5}, passes("valid now")),
        ("iat", {"iat": AT + 1}, {"leeway": 5}, passes("issued in 1s, let pass by --leeway")),
        ("expect:x", {}, {"expect": (("x", 1),)}, fails("missing", 'the token has no "x"; wanted 1')),
        (
            "expect:x",
            {"x": None},
            {"expect": (("x", None),)},
            fails("missing", '"x" is null, which counts as absent; wanted null'),
        ),
        ("expect:x", {"x": True}, {"expect": (("x", 1),)}, fails("mismatch", '"x" is true, not 1')),
        ("expect:x", {"x": "y" * 90}, {"expect": (("x", "z"),)}, fails("mismatch", f'"x" is "{"y" * 76}..., not "z"')),
        ("expect:x", {"x": "y" * 78}, {"expect": (("x", "y" * 78),)}, passes(f'"{"y" * 78}"')),
        ("require:x", {}, {"require": ("x",)}, fails("missing", 'the token has no "x"')),
        ("require:x", {"x": None}, {"require": ("x",)}, fails("missing", '"x" is null, which counts as absent')),
        ("require:x", {"x": False}, {"require": ("x",)}, passes(None)),
    ],
)
def test_what_is_said_of_a_claim_that_was_asked_for(name: str, claims: Any, demands: Any, expected: object) -> None:
    assert told(judge(claims, Expectations(**demands)), name) == expected


@pytest.mark.parametrize(
    ("header", "name", "expected"),
    [
        (
            {},
            "algorithm",
            fails("alg_not_allowed", "the token names no algorithm; this key allows HS256", Status.SIGNATURE),
        ),
        (
            {"alg": "none"},
            "algorithm",
            fails("alg_not_allowed", 'the token says "none"; this key allows HS256', Status.SIGNATURE),
        ),
        (
            {"alg": ["HS256"]},
            "algorithm",
            fails("alg_not_allowed", 'the token says ["HS256"]; this key allows HS256', Status.SIGNATURE),
        ),
        (
            {"alg": "HS256", "crit": ["é"]},
            "crit",
            fails(
                "crit_unsupported",
                'the header makes extensions critical that jwtcli does not know: ["é"] (RFC 7515 section 4.1.11)',
            ),
        ),
    ],
)
def test_what_is_said_of_a_header(header: Any, name: str, expected: object) -> None:
    verdict = judge({}, header=header)
    assert told(verdict, name) == expected
    unasked = (None, "not_checked", "could not be checked", Status.DONE)
    assert told(verdict, "signature") == (unasked if name == "algorithm" else passes(None))


def test_a_header_is_not_asked_for_a_typ_it_has() -> None:
    verdict = judge({}, Expectations(typ="at+jwt"), {"alg": "HS256", "typ": "JWT"})
    assert told(verdict, "typ") == fails("typ_mismatch", 'the header\'s typ is "JWT", not "at+jwt"')


def test_what_is_said_of_a_wrong_signature_and_a_wrong_key() -> None:
    token = sign(b'{"alg":"HS256"}', b"{}", key=SECRET)
    other = Key("oct", b"another secret of thirty-two bytes", private=True, bits=272)
    wrong = verify(token, KeySet((other,), "the test"), Expectations(), AT)
    reason = "it is not this key's HS256 signature over this header and payload"
    assert told(wrong, "signature") == fails("bad_signature", reason, Status.SIGNATURE)
    assert (wrong.key, wrong.alg, wrong.status) == (other, "HS256", Status.SIGNATURE)
    weak = verify(token, KeySet((Key("oct", b"short", private=True, bits=40),), "the test"), Expectations(), AT)
    reason = (
        "a secret of 40 bits is too weak for HS256: RFC 7518 section 3.2 asks for 256 bits "
        "(--allow-weak-key takes it all the same; "
        "a strong one is for the issuer to make: jwtcli keygen --alg HS256 -o FILE)"
    )
    assert told(weak, "key") == fails("weak_key", reason, Status.KEY)
    assert (
        told(weak, "algorithm") == told(weak, "signature") == (None, "not_checked", "could not be checked", Status.DONE)
    )
    unfit = Key("oct", b"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ==", private=True, bits=320)
    refused = verify(token, KeySet((unfit,), "the test"), Expectations(), AT)
    reason = "a secret of 320 bits cannot be used with HS256: it reads like a key of another kind"
    assert told(refused, "signature") == fails("unusable_key", reason, Status.KEY)


def test_what_is_said_of_text_that_is_no_token() -> None:
    verdict = verify("a.b", KeySet((SECRET,), "the test"), Expectations(), AT)
    reason = "a signed token has three parts joined by dots, this text has 2 parts"
    assert told(verdict, "form") == fails("malformed", reason, Status.MALFORMED)
    assert [(check.name, check.passed) for check in verdict.checks] == [
        ("form", False),
        ("key", None),
        ("algorithm", None),
        ("signature", None),
    ]
    assert (verdict.token, verdict.key, verdict.alg, verdict.at, verdict.source) == (None, None, None, AT, "the test")


def test_what_is_worth_a_note() -> None:
    never = "the token has no exp and never expires (--require exp refuses such tokens)"
    assert judge({}).notes == (never,)
    named = Key("oct", SECRET.native, private=True, bits=264, kid="mine")
    token = sign(b'{"alg":"HS256","kid":"yours"}', b'{"exp":9999999999}', key=SECRET)
    other = verify(token, KeySet((named,), "the test"), Expectations(), AT)
    assert (other.accepted, other.notes) == (True, ("the token's kid is 'yours', the key's is 'mine'",))
    same = sign(b'{"alg":"HS256","kid":"mine"}', b'{"exp":9999999999}', key=SECRET)
    assert verify(same, KeySet((named,), "the test"), Expectations(), AT).notes == ()
    assert verify(same, KeySet((SECRET,), "the test"), Expectations(), AT).notes == ()


def test_a_refusal_with_several_reasons_puts_the_first_in_the_frozen_order_first() -> None:
    verdict = judge({"exp": AT, "nbf": AT + 1, "aud": "x"}, header={"alg": "none"})
    assert [check.name for check in verdict.refusals] == ["algorithm", "exp", "nbf", "aud"]
    assert verdict.status == Status.SIGNATURE


def test_in_a_set_the_kid_chooses_and_without_one_the_algorithm() -> None:
    other = Key("oct", b"another secret of thirty-two bytes", private=True, bits=272, kid="b")
    mine = Key("oct", SECRET.native, private=True, bits=264, kid="a")
    keys = KeySet((other, mine, key_for("ES256")), "the test", chosen_by_kid=True)
    by_kid = verify(sign(b'{"alg":"HS256","kid":"a"}', b"{}", key=SECRET), keys, Expectations(), AT)
    assert (by_kid.accepted, by_kid.key) == (True, mine)
    unnamed = sign(b'{"alg":"ES256"}', b"{}", "ES256")
    by_alg = verify(unnamed, keys, Expectations(), AT)
    assert (by_alg.accepted, by_alg.key) == (True, key_for("ES256"))


def test_a_key_that_is_refused_without_a_hint_is_refused_in_one_sentence() -> None:
    sealed = Key("oct", SECRET.native, private=True, bits=264, use="enc")
    verdict = verify(sign(b'{"alg":"HS256"}', b"{}", key=SECRET), KeySet((sealed,), "the test"), Expectations(), AT)
    reason = "the key is not for signatures (its 'use' is not 'sig')"
    assert told(verdict, "key") == fails("unfit_key", reason, Status.KEY)


@pytest.mark.parametrize(("length", "shown"), [(78, '"' + "y" * 78 + '"'), (79, '"' + "y" * 76 + "...")])
def test_a_value_is_cut_beyond_80_characters(length: int, shown: str) -> None:
    assert told(judge({"iss": "y" * length}), "iss") == passes(shown)


@pytest.mark.parametrize("text", ["[]", ' {"a":1}', '{"a":"b.c.d"}', ' {"a":"b.c.d"}'])
def test_json_that_is_no_token_is_called_json_where_it_is_an_object(text: str) -> None:
    verdict = verify(text, KeySet((SECRET,), "the test"), Expectations(), AT)
    reason = "this is JSON, not a token in compact serialization"
    if text == "[]":
        reason = "a signed token has three parts joined by dots, this text has one part"
    assert told(verdict, "form") == fails("malformed", reason, Status.MALFORMED)


@pytest.mark.parametrize("name", ["kid", "typ", "cty"])
def test_a_header_parameter_that_must_be_text_is_named(name: str) -> None:
    verdict = judge({}, header={"alg": "HS256", name: 7})
    reason = f"the header's {name} is not text (RFC 7515 section 4.1)"
    assert told(verdict, "form") == fails("malformed", reason, Status.MALFORMED)


def test_every_algorithm_that_the_key_allows_is_told() -> None:
    long = Key("oct", b"another secret of forty-eight bytes and no more ", private=True, bits=384)
    several = verify(sign(b'{"alg":"none"}', b"{}", "HS256"), KeySet((long,), "the test"), Expectations(), AT)
    assert told(several, "algorithm")[2] == 'the token says "none"; this key allows HS256, HS384'


@pytest.mark.parametrize("name", ["iss", "sub", "jti"])
def test_a_text_claim_that_nobody_asked_for_is_told_as_it_is(name: str) -> None:
    assert told(judge({name: "x"}), name) == passes('"x"')


def test_a_time_of_the_wrong_type_hides_no_other() -> None:
    verdict = judge({"exp": "1", "nbf": AT + 60, "iat": None})
    assert [check.name for check in verdict.refusals] == ["nbf", "exp", "iat"]


def test_what_a_token_says_is_quoted_as_json_and_cut_short() -> None:
    assert quoted('a"\n') == '"a\\"\\n"'
    assert quoted("x" * 200) == '"' + "x" * 76 + "..."
    assert quoted("x" * 78) == '"' + "x" * 78 + '"'
