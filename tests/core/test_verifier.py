"""Judging: every check is made and kept, each rule holds at its edges, and the first refusal decides."""

import json
from dataclasses import replace
from typing import Any

import pytest

from jwtcli.core.choice import to_verify
from jwtcli.core.errors import Status, UsageError
from jwtcli.core.fetch import Fetched, Web
from jwtcli.core.keys import Key, public_half
from jwtcli.core.keysets import KeySet
from jwtcli.core.lifetime import Moment
from jwtcli.core.refresh import Refresh
from jwtcli.core.signatures import matches, sign
from jwtcli.core.strict import base64url_encode
from jwtcli.core.tokens import Token, parse
from jwtcli.core.verdict import Expectations, Verdict
from jwtcli.core.verifier import Verifier, verify
from tests.conftest import AT, key_for

KEY = key_for("HS256")
KEYS = KeySet((KEY,), "--key")


def judge(
    claims: dict[str, Any],
    demands: Expectations | None = None,
    at: Moment = AT,
    header: dict[str, Any] | None = None,
    keys: KeySet = KEYS,
) -> Verdict:
    return verify(sign(header or {}, claims, KEY, "HS256"), keys, demands or Expectations(), at)


def check(verdict: Verdict, name: str) -> tuple[bool | None, str, str | None]:
    found = next(check for check in verdict.checks if check.name == name)
    return found.passed, found.code, found.reason


def outcome(verdict: Verdict) -> tuple[int, str]:
    return int(verdict.status), "ok" if verdict.accepted else verdict.refusals[0].code


def test_every_check_is_made_and_shown_in_order() -> None:
    claims = {"iss": "i", "sub": "s", "aud": ["a", "b"], "exp": AT + 60, "nbf": AT, "iat": AT - 1, "jti": "j", "x": 1}
    demands = Expectations(("i",), ("b",), False, "s", "jwt", (("x", 1.0),), ("x",), 0, 90)
    verdict = judge(claims, demands, header={"typ": "JWT", "kid": KEY.kid})
    assert [(check.name, check.passed, check.reason) for check in verdict.checks] == [
        ("form", True, None),
        ("key", True, "a secret of 256 bits from --key"),
        ("algorithm", True, "HS256"),
        ("signature", True, None),
        ("crit", True, None),
        ("exp", True, "expires in 1m"),
        ("nbf", True, "valid now"),
        ("iat", True, "issued 1s ago"),
        ("aud", True, '["a", "b"]'),
        ("iss", True, '"i"'),
        ("sub", True, '"s"'),
        ("jti", True, '"j"'),
        ("typ", True, '"JWT"'),
        ("max_age", True, None),
        ("expect:x", True, "1"),
        ("require:x", True, None),
    ]
    assert (verdict.accepted, verdict.status, verdict.refusals, verdict.notes) == (True, Status.DONE, (), ())
    assert (verdict.key, verdict.alg, verdict.source, verdict.at) == (KEY, "HS256", "--key", AT)


@pytest.mark.parametrize("compact", ["", "a.b", "e30.W10.AAAA", "e30.e30.A", "e30.e30.AA=", "a.b.c.d.e"])
def test_what_is_no_token_fails_its_form_and_nothing_else_is_tried(compact: str) -> None:
    verdict = verify(compact, KEYS, Expectations(sub="x"), AT)
    assert [(check.name, check.passed) for check in verdict.checks] == [
        ("form", False),
        ("key", None),
        ("algorithm", None),
        ("signature", None),
    ]
    assert (verdict.accepted, verdict.status, verdict.token) == (False, Status.MALFORMED, None)


@pytest.mark.parametrize("kid", [None, 7, True, [], {}])
def test_a_kid_that_is_not_text_is_malformed(kid: object) -> None:
    verdict = judge({}, header={"kid": kid})
    assert outcome(verdict) == (3, "malformed")


def test_unencoded_payloads_are_for_no_jwt() -> None:
    assert outcome(judge({}, header={"b64": False, "crit": ["b64"]})) == (3, "b64")
    assert judge({}, header={"b64": True}).accepted


@pytest.mark.parametrize("crit", [["exp"], ["b64"], [], None, "exp", [7], {}])
def test_any_crit_is_refused(crit: object) -> None:
    verdict = judge({}, header={"crit": crit})
    assert outcome(verdict) == (7, "crit_unsupported")
    assert check(verdict, "signature")[0] is True


@pytest.mark.parametrize(
    ("alg", "said"),
    [
        ("HS384", 'the token says "HS384"'),
        ("none", 'the token says "none"'),
        ("hs256", 'the token says "hs256"'),
        ("RS256", 'the token says "RS256"'),
        ("ES521", 'the token says "ES521"'),
        ("", 'the token says ""'),
        (None, "the token names no algorithm"),
        (["HS256"], 'the token says ["HS256"]'),
        (7, "the token says 7"),
    ],
)
def test_the_token_does_not_choose_the_algorithm(alg: object, said: str) -> None:
    header, _, rest = sign({}, {}, KEY, "HS256").partition(".")
    header = base64url_encode(json.dumps({"alg": alg}).encode())
    verdict = verify(f"{header}.{rest}", KEYS, Expectations(), AT)
    assert outcome(verdict) == (4, "alg_not_allowed")
    assert check(verdict, "algorithm")[2] == f"{said}; this key allows HS256"
    assert check(verdict, "signature") == (None, "not_checked", "could not be checked")
    assert (verdict.key, verdict.alg) == (KEY, None)


def test_the_allow_list_may_be_narrowed() -> None:
    assert outcome(judge({}, keys=replace(KEYS, wanted=("HS256",)))) == (0, "ok")
    strong = Key("oct", b"\x01" * 64, private=True, bits=512)
    token = sign({}, {}, strong, "HS256")
    assert verify(token, KeySet((strong,), "x"), Expectations(), AT).accepted
    narrowed = verify(token, KeySet((strong,), "x", wanted=("HS512",)), Expectations(), AT)
    assert outcome(narrowed) == (4, "alg_not_allowed")


def test_another_signature_is_refused_and_the_claims_are_still_judged() -> None:
    token = sign({}, {"exp": AT}, key_for("HS256"), "HS256")
    verdict = verify(token[:-4] + "AAAA", KEYS, Expectations(), AT)
    assert outcome(verdict) == (4, "bad_signature")
    assert [refusal.name for refusal in verdict.refusals] == ["signature", "exp"]
    assert check(verdict, "signature")[2] == "it is not this key's HS256 signature over this header and payload"


@pytest.mark.parametrize("signature", ["", "AA", "A" * 86, "A" * 400])
@pytest.mark.parametrize("alg", ["HS256", "RS256", "PS256", "ES256", "ES512", "EdDSA", "Ed448"])
def test_a_signature_of_any_length_is_only_wrong(alg: str, signature: str) -> None:
    token = sign({}, {}, key_for(alg), alg).rpartition(".")[0]
    verdict = verify(f"{token}.{signature}", KeySet((key_for(alg),), "x"), Expectations(), AT)
    assert outcome(verdict) == (4, "bad_signature")


def test_a_key_that_may_not_verify_is_the_operators_fault() -> None:
    for key, code in (
        (replace(KEY, use="enc"), "unfit_key"),
        (replace(KEY, alg="ES256"), "unfit_key"),
        (Key("oct", b"short", private=True, bits=40), "weak_key"),
    ):
        verdict = judge({}, keys=KeySet((key,), "--key"))
        assert outcome(verdict) == (8, code)
        assert [check.passed for check in verdict.checks[:4]] == [True, False, None, None]


def test_a_secret_that_pyjwt_reads_as_another_key_is_the_operators_fault() -> None:
    jwk = Key("oct", '{"kty":"RSA","n":"AQAB"}'.encode("utf-16"), private=True, bits=400)
    verdict = judge({}, keys=KeySet((jwk,), "--key"))
    assert outcome(verdict)[0] == 8
    assert (
        check(verdict, "signature")[2]
        == "a secret of 400 bits cannot be used with HS256: it reads like a key of another kind"
    )


@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
def test_a_private_key_verifies_as_its_public_half_does(alg: str) -> None:
    token = sign({}, {}, key_for(alg), alg)
    for key in (key_for(alg), public_half(key_for(alg))):
        assert verify(token, KeySet((key,), "x"), Expectations(), AT).accepted


TIMES = [
    ("exp", AT, 0, 5, "expired"),
    ("exp", AT + 0.001, 0, 0, "ok"),
    ("exp", AT - 1, 1, 5, "expired"),
    ("exp", AT - 0.999, 1, 0, "ok"),
    ("exp", AT - 59, 60, 0, "ok"),
    ("exp", 0, 86_400, 5, "expired"),
    ("exp", -1, 0, 5, "expired"),
    ("exp", 10**400, 0, 0, "ok"),
    ("exp", 1e308, 0, 0, "ok"),
    ("nbf", AT, 0, 0, "ok"),
    ("nbf", AT + 0.001, 0, 6, "not_yet_valid"),
    ("nbf", AT + 1, 1, 0, "ok"),
    ("nbf", AT + 1.001, 1, 6, "not_yet_valid"),
    ("nbf", 10**400, 0, 6, "not_yet_valid"),
    ("nbf", -(10**400), 0, 0, "ok"),
    ("iat", AT, 0, 0, "ok"),
    ("iat", AT + 1, 0, 6, "issued_in_future"),
    ("iat", AT + 1, 1, 0, "ok"),
]


@pytest.mark.parametrize(("name", "value", "leeway", "status", "code"), TIMES)
@pytest.mark.parametrize("at", [AT, float(AT)])
def test_times_hold_to_the_instant(name: str, value: Moment, leeway: int, status: int, code: str, at: Moment) -> None:
    assert outcome(judge({name: value}, Expectations(leeway=leeway), at)) == (status, code)


@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", [None, True, False, "", str(AT + 60), [], [AT + 60], {}])
def test_a_time_that_is_no_number_is_refused(name: str, value: object) -> None:
    verdict = judge({name: value})
    assert outcome(verdict) == (7, "wrong_type")
    assert (check(verdict, name)[2] or "").endswith("not a number (NumericDate)")


def test_a_refused_time_tells_both_clocks() -> None:
    verdict = judge({"exp": AT - 192}, at=AT + 0.5)
    assert check(verdict, "exp")[2] == ("expired 3m 12s ago (exp 2023-11-14T22:10:08Z, now 2023-11-14T22:13:20Z)")
    far = check(judge({"nbf": 10**30}), "nbf")[2]
    assert far == f"valid only in more than 9999 years (nbf {10**30}, now 2023-11-14T22:13:20Z)"


def test_a_token_without_exp_is_accepted_with_a_note_or_refused_on_demand() -> None:
    verdict = judge({})
    assert check(verdict, "exp") == (True, "ok", "the token never expires")
    assert verdict.notes == ("the token has no exp and never expires (--require exp refuses such tokens)",)
    assert outcome(judge({}, Expectations(require=("exp",)))) == (7, "missing")


AUDIENCES: list[tuple[dict[str, Any], tuple[str, ...], bool, str]] = [
    ({}, (), False, "ok"),
    ({}, (), True, "ok"),
    ({}, ("a",), False, "missing"),
    ({"aud": "a"}, ("a",), False, "ok"),
    ({"aud": "a"}, ("b", "a"), False, "ok"),
    ({"aud": ["b", "a"]}, ("a",), False, "ok"),
    ({"aud": "a"}, ("b",), False, "aud_mismatch"),
    ({"aud": "A"}, ("a",), False, "aud_mismatch"),
    ({"aud": "ab"}, ("a",), False, "aud_mismatch"),
    ({"aud": []}, ("a",), False, "aud_mismatch"),
    ({"aud": ["a", "b"]}, ('["a", "b"]',), False, "aud_mismatch"),
    ({"aud": "a"}, (), False, "aud_unexpected"),
    ({"aud": []}, (), False, "aud_unexpected"),
    ({"aud": ""}, (), False, "aud_unexpected"),
    ({"aud": "a"}, (), True, "ok"),
    ({"aud": []}, (), True, "ok"),
    *(
        ({"aud": bad}, wanted, any_aud, "wrong_type")
        for bad in (None, 7, True, {}, {"a": 1}, ["a", None], ["a", 1], [["a"]])
        for wanted, any_aud in (((), False), ((), True), (("a",), False))
    ),
]


@pytest.mark.parametrize(("claims", "wanted", "any_aud", "code"), AUDIENCES)
def test_the_audience_must_be_named(claims: dict[str, Any], wanted: tuple[str, ...], any_aud: bool, code: str) -> None:
    verdict = judge(claims, Expectations(aud=wanted, any_aud=any_aud))
    assert outcome(verdict) == (0 if code == "ok" else 7, code)


def test_an_audience_that_nobody_asked_for_names_the_flags() -> None:
    assert check(judge({"aud": "api"}), "aud")[2] == (
        'the token is meant for "api": name yourself with --aud, or take any with --any-aud'
    )
    assert check(judge({"aud": "api"}, Expectations(aud=("x", "y"))), "aud")[2] == (
        'the token is for "api", not for "x" or "y"'
    )


@pytest.mark.parametrize("name", ["iss", "sub", "jti"])
@pytest.mark.parametrize("value", [None, 7, True, [], ["a"], {}])
def test_a_registered_text_that_is_no_text_is_refused_asked_for_or_not(name: str, value: object) -> None:
    demands = {"iss": Expectations(iss=("a",)), "sub": Expectations(sub="a")}
    assert outcome(judge({name: value})) == (7, "wrong_type")
    assert outcome(judge({name: value}, demands.get(name))) == (7, "wrong_type")


@pytest.mark.parametrize(
    ("claims", "demands", "code"),
    [
        ({"iss": "a"}, Expectations(iss=("a",)), "ok"),
        ({"iss": "a"}, Expectations(iss=("b", "a")), "ok"),
        ({"iss": "a"}, Expectations(), "ok"),
        ({"iss": "a"}, Expectations(iss=("b",)), "iss_mismatch"),
        ({"iss": "a/"}, Expectations(iss=("a",)), "iss_mismatch"),
        ({}, Expectations(iss=("a",)), "missing"),
        ({"sub": "a"}, Expectations(sub="a"), "ok"),
        ({"sub": ""}, Expectations(sub=""), "ok"),
        ({"sub": "a"}, Expectations(sub="A"), "sub_mismatch"),
        ({}, Expectations(sub="a"), "missing"),
        ({"jti": ""}, Expectations(), "ok"),
    ],
)
def test_issuer_and_subject_are_compared_as_they_stand(
    claims: dict[str, Any], demands: Expectations, code: str
) -> None:
    assert outcome(judge(claims, demands)) == (0 if code == "ok" else 7, code)


@pytest.mark.parametrize(
    ("typ", "wanted", "code"),
    [
        ("JWT", "jwt", "ok"),
        ("at+jwt", "AT+JWT", "ok"),
        ("application/at+jwt", "at+jwt", "ok"),
        ("at+jwt", "Application/at+jwt", "ok"),
        ("JWT", "at+jwt", "typ_mismatch"),
        ("text/at+jwt", "at+jwt", "typ_mismatch"),
        ("\u212ab+jwt", "kb+jwt", "typ_mismatch"),  # a KELVIN SIGN is no ASCII letter
        ("\u212ab+jwt", "\u212ab+jwt", "ok"),
        (None, "JWT", "typ_mismatch"),
    ],
)
def test_typ_is_compared_as_a_media_type(typ: str | None, wanted: str, code: str) -> None:
    header = {} if typ is None else {"typ": typ}
    assert outcome(judge({}, Expectations(typ=wanted), header=header)) == (0 if code == "ok" else 7, code)
    assert judge({}, header=header).accepted


@pytest.mark.parametrize(
    ("claims", "leeway", "code"),
    [
        ({"iat": AT - 60}, 0, "ok"),
        ({"iat": AT - 60.5}, 0, "too_old"),
        ({"iat": AT - 61}, 1, "ok"),
        ({"iat": AT - 62}, 1, "too_old"),
        ({}, 0, "missing"),
        ({"iat": -(10**400)}, 0, "too_old"),
    ],
)
@pytest.mark.parametrize("at", [AT, float(AT)])
def test_max_age_counts_from_iat(claims: dict[str, Any], leeway: int, code: str, at: Moment) -> None:
    verdict = judge(claims, Expectations(max_age=60, leeway=leeway), at)
    assert outcome(verdict) == (0 if code == "ok" else 7, code)


def test_max_age_needs_an_iat_that_is_a_number() -> None:
    verdict = judge({"iat": str(AT)}, Expectations(max_age=60))
    assert check(verdict, "max_age")[:2] == (False, "missing")


@pytest.mark.parametrize(
    ("claims", "value", "code"),
    [
        ({"x": "1"}, "1", "ok"),
        ({"x": 1}, 1.0, "ok"),
        ({"x": [1, {"a": None}]}, [1.0, {"a": None}], "ok"),
        ({"x": False}, False, "ok"),
        ({"x": ""}, "", "ok"),
        ({"x": 1}, "1", "mismatch"),
        ({"x": True}, 1, "mismatch"),
        ({"x": 0}, False, "mismatch"),
        ({"x": ["admin"]}, "admin", "mismatch"),
        ({"x": "Admin"}, "admin", "mismatch"),
        ({}, "x", "missing"),
        ({"x": None}, "x", "missing"),
        ({"x": None}, None, "missing"),
        ({}, None, "missing"),
    ],
)
def test_an_expected_claim_has_this_value_and_type(claims: dict[str, Any], value: object, code: str) -> None:
    verdict = judge(claims, Expectations(expect=(("x", value),)))
    assert outcome(verdict) == (0 if code == "ok" else 7, code)


def test_all_that_is_expected_and_required_must_be_there() -> None:
    demands = Expectations(expect=(("a", 1), ("b", 2)), require=("c", "d"))
    verdict = judge({"a": 1, "b": 3, "c": False}, demands)
    assert [(one.name, one.code) for one in verdict.refusals] == [("expect:b", "mismatch"), ("require:d", "missing")]
    assert judge({"x": None}, Expectations(require=("x",))).refusals[0].reason == '"x" is null, which counts as absent'


def test_a_kid_that_differs_from_the_keys_is_noted() -> None:
    verdict = judge({"exp": AT + 1}, header={"kid": "other"}, keys=KeySet((replace(KEY, kid="mine"),), "--key"))
    assert (verdict.accepted, verdict.notes) == (True, ("the token's kid is 'other', the key's is 'mine'",))


@pytest.mark.parametrize("header", ["jku", "x5u", "x5c", "jwk"])
def test_a_key_that_the_token_brings_along_is_not_looked_at(header: str) -> None:
    brought = {header: {"kty": "oct", "k": base64url_encode(KEY.native)}}
    other = KeySet((Key("oct", b"\x02" * 32, private=True, bits=256),), "--key")
    assert outcome(judge({}, header=brought, keys=other)) == (4, "bad_signature")
    assert judge({}, header={header: "http://127.0.0.1:1/"}).accepted


def test_a_token_that_comes_again_is_judged_as_if_it_were_the_first() -> None:
    demands = Expectations(aud=("a",), expect=(("x", 1),), max_age=100)
    other = Key("oct", b"\x02" * 32, private=True, bits=256)
    good = {"aud": "a", "x": 1, "iat": AT - 1, "exp": AT + 60}
    tokens = [
        sign({}, good, KEY, "HS256"),
        sign({}, {**good, "exp": AT - 1, "nbf": AT + 9, "iat": AT - 200}, KEY, "HS256"),
        sign({}, {**good, "aud": "b", "x": 2}, KEY, "HS256"),
        sign({}, good, other, "HS256"),
        sign({"crit": ["x"]}, good, KEY, "HS256"),
        sign({}, good, replace(KEY, native=KEY.native * 2, bits=512, alg=None), "HS512"),
    ]
    verifier = Verifier(KEYS, demands)
    for at in (AT, AT + 1, AT + 59, AT + 60, AT + 200):
        for token in tokens:
            assert verifier.verify(token.encode(), at).checks == verify(token, KEYS, demands, at).checks


def test_a_token_is_remembered_to_the_byte() -> None:
    verifier = Verifier(KEYS, Expectations())
    token = sign({}, {"exp": AT + 60}, KEY, "HS256").encode()
    assert all(verifier.verify(token, AT).accepted for _ in range(3))
    for place in range(len(token)):
        turned = token[:place] + bytes([token[place] ^ 1]) + token[place + 1 :]
        assert not verifier.verify(turned, AT).accepted
    assert verifier.verify(token, AT).accepted


def test_the_signature_of_a_token_that_comes_again_is_not_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []

    def counted(signing_input: bytes, signature: bytes, key: Key, alg: str) -> bool:
        asked.append(signing_input)
        return matches(signing_input, signature, key, alg)

    monkeypatch.setattr("jwtcli.core.verifier.matches", counted)
    verifier = Verifier(KEYS, Expectations())
    tokens = [sign({}, {"exp": AT + 60, "n": number}, KEY, "HS256").encode() for number in range(3)]
    outcomes = [verifier.verify(token, AT).accepted for token in tokens * 5]
    assert (outcomes, len(asked)) == ([True] * 15, 3)


def test_of_a_token_that_came_once_little_is_kept_and_one_that_came_twice_is_not_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[bytes] = []

    def counted(compact: bytes) -> Token:
        read.append(compact)
        return parse(compact)

    monkeypatch.setattr("jwtcli.core.verifier.parse", counted)
    verifier = Verifier(KEYS, Expectations())
    token = sign({}, {"exp": AT + 60}, KEY, "HS256").encode()
    kept = []
    for _ in range(4):
        assert verifier.verify(token, AT).accepted
        kept.append(type(verifier._tokens.get(token)).__name__)
    assert (kept, len(read)) == (["Ruling", "_Judged", "_Judged", "_Judged"], 2)


def test_a_header_that_comes_again_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[str | None] = []

    def counted(keys: KeySet, kid: str | None, alg: object) -> Key:
        chosen.append(kid)
        return to_verify(keys, kid, alg)

    monkeypatch.setattr("jwtcli.core.verifier.to_verify", counted)
    verifier = Verifier(KEYS, Expectations(typ="JWT"))
    for kid in ("a", "b", "a"):
        for number in range(3):
            token = sign({"kid": kid, "typ": "JWT"}, {"n": number}, KEY, "HS256")
            assert verifier.verify(token, AT).accepted
    assert chosen == ["a", "b"]


@pytest.mark.parametrize(("length", "remembered"), [(256, 1), (257, 0)])
def test_the_answer_about_a_short_issuer_or_audience_is_kept(length: int, remembered: int) -> None:
    verifier = Verifier(KEYS, Expectations(any_aud=True))
    for number in range(3):
        token = sign({}, {"iss": "i" * length, "aud": "a" * length, "n": number}, KEY, "HS256")
        assert verifier.verify(token, AT).accepted
    for cache in (verifier._iss_again, verifier._aud_again):
        assert (cache.cache_info().currsize, cache.cache_info().hits) == (remembered, 2 * remembered)


def test_answers_about_issuers_and_audiences_are_forgotten_in_the_end() -> None:
    verifier = Verifier(KEYS, Expectations(any_aud=True))
    for number in range(300):
        verifier.verify(sign({}, {"iss": str(number), "aud": str(number)}, KEY, "HS256"), AT)
    assert [cache.cache_info().currsize for cache in (verifier._iss_again, verifier._aud_again)] == [256, 256]


def test_the_keys_of_an_issuer_are_for_its_tokens_alone() -> None:
    keys = replace(KEYS, issuer="https://id.example", source="the issuer")
    named = Expectations(iss=("https://other.example", "https://id.example"))
    for demands in (Expectations(), named):
        assert judge({"iss": "https://id.example"}, demands, keys=keys).accepted
        for iss in ({"iss": "https://other.example"}, {}):
            assert check(judge(iss, demands, keys=keys), "iss")[0] is False
    with pytest.raises(UsageError) as refused:
        Verifier(keys, Expectations(iss=("https://other.example",)))
    assert str(refused.value) == "the issuer is one issuer and --iss another: no token can have both"


def test_text_that_is_no_unicode_is_no_token() -> None:
    assert outcome(verify("\udcff.e30.AQID", KEYS, Expectations(), AT)) == (3, "malformed")


class Renewed:
    """A refresh that comes to a newer set when it is told to, as a rotated key set does."""

    def __init__(self, newer: KeySet) -> None:
        self.newer, self.generation = newer, 0

    def known(self, keys: KeySet) -> KeySet:
        return self.newer if self.generation else keys

    def again(self, keys: KeySet) -> KeySet:
        self.generation = 1
        return self.newer


def test_a_key_that_a_refresh_took_away_is_trusted_no_more() -> None:
    first, second = replace(key_for("ES256"), kid="a"), replace(key_for("ES384"), kid="b")
    newer = KeySet((public_half(second),), "web", chosen_by_kid=True)
    refresh: Any = Renewed(newer)
    keys = KeySet((public_half(first),), "web", chosen_by_kid=True, refresh=refresh)
    verifier = Verifier(keys, Expectations())
    of_a = sign({"kid": "a"}, {"exp": AT + 60}, first, "ES256")
    of_b = sign({"kid": "b"}, {"exp": AT + 60}, second, "ES384")
    assert [verifier.verify(token, AT).accepted for token in (of_a, of_b, of_a)] == [True, True, False]
    memories = (verifier._heads, verifier._tokens)
    assert [verifier.verify(token, AT).accepted for token in (of_b, of_a)] == [True, False]
    assert (verifier._heads, verifier._tokens) == memories  # it is forgotten once


@pytest.mark.parametrize("alg", ["HS256", "nonsense"])
def test_a_token_whose_algorithm_no_key_of_a_set_allows_is_refused_as_beside_a_lone_key(alg: str) -> None:
    """A token that was signed as jwtcli was asked to is at fault here, and not the operator's keys."""
    pair = tuple(replace(public_half(key_for(name)), kid=name) for name in ("ES256", "RS256"))
    header = base64url_encode(json.dumps({"alg": alg}).encode())
    verdict = verify(f"{header}.e30.AAAA", KeySet(pair, "--jwks", chosen_by_kid=True), Expectations(), AT)
    told = f'the token says "{alg}"; no key of the set allows that'
    assert [check(verdict, name) for name in ("key", "algorithm", "signature")] == [
        (None, "not_checked", "could not be checked"),
        (False, "alg_not_allowed", told),
        (None, "not_checked", "could not be checked"),
    ]
    assert outcome(verdict) == (4, "alg_not_allowed")


def test_a_newer_key_set_judges_from_the_moment_on_that_it_came_and_only_when_it_was_asked_for() -> None:
    """Of what comes again the signature is remembered, though not beyond the key that it was verified by."""
    at = 0.0

    def fetch(_: Web, *, until: float, fresh: bool) -> tuple[KeySet, Fetched]:
        return KeySet((replace(KEY, native=b"another secret of thirty-two bytes"),), "--jwks"), Fetched(
            {}, young_for=100
        )

    refresh = Refresh(fetch, Web(AT, clock=lambda: at), 1.0, Fetched({}, young_for=100))
    verifier = Verifier(KeySet((KEY,), "--jwks", refresh=refresh), Expectations())
    token = sign({}, {"exp": AT + 9999}, KEY, "HS256")
    assert [outcome(verifier.verify(token, AT)) for _ in range(3)] == [(0, "ok")] * 3
    at = 100.0
    assert outcome(verifier.verify(token, AT)) == (0, "ok")
    verifier.renew()
    assert [outcome(verifier.verify(token, AT)) for _ in range(3)] == [(4, "bad_signature")] * 3


@pytest.mark.parametrize(("typ", "expected"), [("dc+sd-jwt", (3, "sd_jwt")), ("JWT", (0, "ok"))])
def test_an_sd_jwt_is_known_by_its_typ(typ: str, expected: tuple[int, str]) -> None:
    assert outcome(judge({"exp": AT + 1}, header={"typ": typ})) == expected
