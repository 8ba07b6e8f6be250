"""Several keys: what is read from a set, and which one is meant."""

import json
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from jwtcli.core.choice import to_sign, to_verify
from jwtcli.core.errors import Status, UnusableKeyError
from jwtcli.core.jwk import to_jwk
from jwtcli.core.keyfiles import to_bytes
from jwtcli.core.keys import Key, algorithms_to_verify, public_half
from jwtcli.core.keysets import KeySet, members, read
from jwtcli.core.set_members import MOST_MEMBERS, read_published
from jwtcli.core.signatures import matches, sign
from jwtcli.core.sources import KeySource
from jwtcli.core.tokens import parse
from tests.conftest import key_for


def jwk(alg: str, **members: Any) -> dict[str, Any]:
    described = {**to_jwk(key_for(alg)), **members}
    return {name: value for name, value in described.items() if value is not None}


def key_set(*members: Any, **options: Any) -> KeySet:
    return replace(read(KeySource("--jwks", json.dumps({"keys": members}).encode())), **options)


def refused(code: str, ask: Any) -> UnusableKeyError:
    with pytest.raises(UnusableKeyError) as caught:
        ask()
    assert (caught.value.code, caught.value.status) == (code, Status.KEY)
    return caught.value


def test_a_secret_a_key_and_a_set_are_told_apart() -> None:
    secret = read(KeySource("--secret-file", b"hunter2", secret=True))
    assert (secret.keys[0].native, secret.chosen_by_kid, secret.source) == (b"hunter2", False, "--secret-file")
    lone = read(KeySource("--key", to_bytes(key_for("ES256"), "pem")))
    assert (lone.keys[0].curve, lone.chosen_by_kid) == ("P-256", False)
    alone = read(KeySource("--key", b" \n" + to_bytes(key_for("ES256"), "jwk")))
    assert (alone.keys[0].kid, alone.chosen_by_kid) == (key_for("ES256").kid, False)
    several = key_set(jwk("ES256"))
    assert (len(several.keys), several.chosen_by_kid) == (1, True)


def test_a_lone_key_serves_any_kid() -> None:
    lone = KeySet((key_for("ES256"),), "x")
    assert to_verify(lone, "other", "HS256") is to_sign(lone, "other") is lone.keys[0]


def test_members_that_cannot_be_used_are_left_out_with_a_note() -> None:
    keys = key_set({"kty": "hunter2"}, 7, jwk("ES256"), {"kty": "oct", "k": "!hunter2"})
    assert [key.curve for key in keys.keys] == ["P-256"]
    assert keys.notes == (
        "left out member 1 of the key set: the JWK's 'kty' is not one that signs: RSA, EC, OKP, AKP or oct",
        "left out member 2 of the key set: it is not an object",
        "left out member 4 of the key set: the JWK's member 'k' is not base64url without padding",
    )


def test_of_many_members_that_cannot_be_used_ten_are_told() -> None:
    keys = key_set(jwk("ES256"), *[1] * 900)
    assert len(keys.notes) == 11
    assert keys.notes[9:] == (
        "left out member 11 of the key set: it is not an object",
        "left out 890 more members of the key set",
    )


def test_what_a_set_calls_its_keys_is_cut_short() -> None:
    long = "k" * 400_000
    twins = refused("duplicate_kid", lambda: key_set(jwk("ES256"), {"kid": long}, {"kid": long}))
    assert twins.message == f"two keys of the set have the kid '{'k' * 77}...'"
    keys = key_set(*({**jwk("ES256"), "kid": f"{number}{long}"} for number in range(3)))
    listed = refused("unknown_kid", lambda: to_verify(keys, "other", "ES256"))
    assert len(listed.hint or "") < 300
    twice = refused("unusable_key", lambda: read(KeySource("x", f'{{"{long}":1,"{long}":2}}'.encode())))
    assert len(twice.message) < 200


@pytest.mark.parametrize("members", [None, {}, "x", 7])
def test_a_set_whose_keys_are_no_list_is_refused(members: object) -> None:
    refused("not_a_key", lambda: read(KeySource("x", json.dumps({"keys": members}).encode())))


def test_a_set_without_a_usable_key_is_refused_with_the_first_reason() -> None:
    assert refused("no_usable_key", key_set).hint is None
    error = refused("no_usable_key", lambda: key_set({"kty": "x"}))
    assert (error.hint or "").startswith("left out member 1 of the key set: ")


def test_two_keys_of_one_kid_are_refused() -> None:
    error = refused("duplicate_kid", lambda: key_set(jwk("ES256", kid="a"), jwk("ES384", kid="a")))
    assert error.message == "two keys of the set have the kid 'a'"


def test_the_kid_decides_whatever_the_token_says_of_its_alg() -> None:
    keys = key_set(jwk("ES256", kid="a"), jwk("HS256", kid="b"))
    said: tuple[object, ...] = ("ES256", "HS256", "none", None, [])
    for alg in said:
        assert to_verify(keys, "b", alg).kty == "oct"
        assert to_verify(keys, "a", alg).kty == "EC"


def test_an_unknown_kid_lists_those_that_are_known() -> None:
    keys = key_set(jwk("ES256", kid="a"), jwk("HS256", kid="b"))
    error = refused("unknown_kid", lambda: to_verify(keys, "c", "ES256"))
    assert (error.message, error.hint) == ("no key of the set has the token's kid 'c'", "the set has 'a', 'b'")
    refused("unknown_kid", lambda: to_verify(key_set(jwk("ES256", kid="a")), "c", "ES256"))
    refused("unknown_kid", lambda: to_verify(key_set(jwk("ES256", kid="a"), jwk("HS256", kid=None)), "c", "HS256"))
    assert to_verify(key_set(jwk("ES256", kid=None)), "c", "ES256").kid is None


def test_many_kids_are_listed_in_part() -> None:
    keys = KeySet(tuple(replace(key_for("ES256"), kid=str(n)) for n in range(30)), "x", chosen_by_kid=True)
    hint = refused("unknown_kid", lambda: to_verify(keys, "c", "ES256")).hint
    assert hint == "the set has " + ", ".join(f"'{n}'" for n in range(20)) + " and more"


def test_without_a_kid_only_one_key_may_be_meant() -> None:
    keys = key_set(jwk("ES256", kid="a"), jwk("HS256", kid="b"))
    assert to_verify(keys, None, "ES256").kid == "a"
    assert to_verify(keys, None, "HS256").kid == "b"
    said: tuple[object, ...] = ("RS256", "none", None, [], {})
    for alg in said:
        refused("no_kid", partial(to_verify, keys, None, alg))
    twins = key_set(jwk("ES256", kid=None), jwk("ES256", kid=None))
    error = refused("no_kid", lambda: to_verify(twins, None, "ES256"))
    assert error.message == "the token names no kid, and 2 keys of the set could be meant"
    assert error.hint == "no key of the set has a kid"
    assert to_verify(key_set(jwk("ES256", kid="a")), None, "whatever").kid == "a"


def test_an_algorithm_is_ruled_out_where_usable_keys_do_not_allow_it() -> None:
    keys = key_set(jwk("ES256", kid="a"), jwk("RS256", kid="b"))
    said: tuple[object, ...] = ("HS256", "RS384", "none", "x", None, [], {})
    assert all(map(keys.rules_out, said))
    assert not keys.rules_out("ES256")
    assert replace(keys, wanted=("RS256",)).rules_out("ES256")


def test_a_key_that_could_but_may_not_rules_nothing_out() -> None:
    for_encryption = key_set(jwk("RS256", kid="a", use="enc"), jwk("ES256", kid="b"))
    assert not for_encryption.rules_out("RS256")
    assert for_encryption.rules_out("HS256")
    unfit = replace(key_set(jwk("ES256", kid="a"), jwk("ES256", kid="b")), wanted=("RS256",))
    assert not unfit.rules_out("RS256")
    assert not unfit.rules_out("ES256")


def test_keys_that_may_not_verify_are_not_meant() -> None:
    keys = key_set(jwk("ES256", kid="a", use="enc"), jwk("ES256", kid="b"))
    assert to_verify(keys, None, "ES256").kid == "b"
    narrowed = replace(key_set(jwk("ES256", kid="a"), jwk("HS256", kid="b")), wanted=("HS256",))
    assert to_verify(narrowed, None, "HS256").kid == "b"
    refused("no_kid", lambda: to_verify(narrowed, None, "ES256"))


def test_a_set_says_what_its_keys_may_do() -> None:
    weak = Key("oct", b"x", private=True, bits=8)
    assert KeySet((weak,), "x", allow_weak=True, wanted=("HS512",)).algorithms(weak) == ("HS512",)
    refused("weak_key", lambda: KeySet((weak,), "x").algorithms(weak))


def test_the_key_to_sign_with_is_named_or_the_only_one() -> None:
    public = to_jwk(public_half(key_for("ES384")))
    keys = key_set(jwk("ES256", kid="a"), {**public, "kid": "p"})
    assert to_sign(keys, None).kid == "a"
    assert to_sign(keys, "p").private is False
    assert refused("unknown_kid", lambda: to_sign(keys, "c")).message == "no key of the set has the kid 'c'"
    error = refused("public_key", lambda: to_sign(key_set({**public, "kid": "p"}), None))
    assert error.message == "the keys of the set are public: only a private key can sign"
    several = key_set(jwk("ES256", kid="a"), jwk("HS256", kid="b"))
    error = refused("no_kid", lambda: to_sign(several, None))
    assert error.message == "2 of the set's keys could be meant to sign"
    assert to_sign(replace(several, wanted=("HS256",)), None).kid == "b"
    error = refused("no_kid", lambda: to_sign(replace(several, wanted=("RS256",)), None))
    assert error.message == "none of the set's keys could be meant to sign"


def test_a_set_of_more_members_than_an_issuer_has_is_refused() -> None:
    member = jwk("EdDSA", kid=None)
    assert len(key_set(*[member] * MOST_MEMBERS).keys) == MOST_MEMBERS == 1000
    error = refused("too_many_keys", lambda: key_set(*[member] * (MOST_MEMBERS + 1)))
    assert error.message == "the key set has 1,001 members, more than the 1,000 that are read"
    refused("too_many_keys", lambda: read_published([{"kty": "oct"}] * 1000 + [member]))
    content = json.dumps({"keys": [{}] * 1001}).encode()
    refused("too_many_keys", lambda: members(content))


def test_the_primes_of_a_set_are_tested_once_one_signs_since_hundreds_take_a_minute() -> None:
    good, damaged = (jwk("RS256", kid=kid) for kid in ("good", "damaged"))
    damaged["d"] = damaged["dp"]
    keys = key_set(good, damaged)
    token = parse(sign({}, {}, key_for("RS256"), "RS256"))
    for kid in ("good", "damaged"):
        assert matches(token.signing_input, token.signature, to_verify(keys, kid, "RS256"), "RS256")
    assert sign({}, {}, to_sign(keys, "good"), "RS256") == token.compact
    error = refused("unusable_key", lambda: to_sign(keys, "damaged"))
    assert error.message == "this RSA JWK is damaged: its members are missing or do not fit"
    assert [held.key.kid for held in members(json.dumps({"keys": [good, damaged]}).encode())[0]] == ["good"]


def test_a_file_of_more_private_rsa_keys_than_are_tested_in_ten_seconds_is_refused_before_any_is() -> None:
    private = {name: value for name, value in jwk("RS256").items() if name != "kid"}
    damaged = {**private, "q": private["p"]}

    def members_of(*given: dict[str, Any]) -> list[str]:
        return [held.key.kty for held in members(json.dumps({"keys": [*given, jwk("ES256")]}).encode())[0]]

    assert members_of(*[damaged] * 180) == ["EC"]
    for too_many in ([damaged] * 200, [{**damaged, "q": "A" * 5000}] * 2):
        error = refused("too_costly", lambda many=too_many: members_of(*many))
        assert error.message == "the private RSA keys of this set would take too long to test"
    assert len(key_set(*[private] * 200).keys) == 200


@pytest.mark.parametrize("name", ["n", "p", "q"])
def test_members_of_rsa_whose_numbers_do_not_fit_are_left_out_without_a_test_of_their_primes(name: str) -> None:
    private = jwk("RS256", kid="a")
    keys = key_set({**private, name: private["d"]}, {**private, "kid": "b", "e": "AA"}, jwk("ES256"))
    assert [key.kty for key in keys.keys] == ["EC"]
    assert len(keys.notes) == 2


def test_what_keys_an_algorithm_can_mean_is_worked_out_once_for_a_set(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []

    def counted(key: Key, *args: Any, **options: Any) -> tuple[str, ...]:
        asked.append(key.kid)
        return algorithms_to_verify(key, *args, **options)

    monkeypatch.setattr("jwtcli.core.keysets.algorithms_to_verify", counted)
    keys = key_set(jwk("ES256", kid="a"), jwk("HS256", kid="b"))
    for known in ("ES256", "HS256", "ES256", "HS256", "RS256", "RS256"):
        with suppress(UnusableKeyError):
            to_verify(keys, None, known)
    said: tuple[object, ...] = ("x", "none", None, 7, [], *(f"ES{number}" for number in range(100)))
    for alg in said:
        refused("no_kid", partial(to_verify, keys, None, alg))
    assert asked == ["a", "b"] * 5  # once for each known name, and once more for one that none can do or that is none
