"""One JWK: read strictly, written plainly, named by its thumbprint, never quoted in an error."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.errors import JwtcliError, Status, UnusableKeyError
from jwtcli.core.jwk import from_jwk, jwk_set, thumbprint, to_jwk, with_kid
from jwtcli.core.keyfiles import from_member
from jwtcli.core.keys import public_half
from jwtcli.core.new_keys import generate
from jwtcli.core.strict import base64url_decode, base64url_encode
from tests.conftest import Run, key_for

KINDS = ["HS256", "RS256", "ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed448"]
MATERIAL = ("k", "n", "e", "d", "p", "q", "dp", "dq", "qi", "x", "y")
every_kind = pytest.mark.parametrize("alg", KINDS)


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_a_key_comes_back_as_it_was_written(alg: str) -> None:
    key = key_for(alg)
    halves = [key] if key.symmetric else [key, public_half(key)]
    for half in halves:
        jwk = to_jwk(half)
        back = from_jwk(jwk)
        assert to_jwk(back) == jwk
        assert (back.kty, back.private, back.bits, back.curve, back.kid, back.alg) == (
            half.kty,
            half.private,
            half.bits,
            half.curve,
            half.kid,
            half.alg,
        )


@pytest.mark.parametrize("name", ["kid", "alg", "use"])
def test_a_member_that_is_no_text_of_unicode_is_refused(jwtcli: Run, tmp_path: Path, name: str) -> None:
    jwk = {**to_jwk(key_for("ES256")), name: "a\ud800"}
    with pytest.raises(UnusableKeyError, match=f"the JWK's member '{name}' is no text of Unicode"):
        from_jwk(jwk)
    (tmp_path / "key.jwk").write_text(json.dumps(jwk))
    (tmp_path / "key.jwk").chmod(0o600)
    for line in (("fixtures", "--key", "key.jwk", "out"), ("serve", "--key", "key.jwk"), ("jwks", "key.jwk")):
        assert jwtcli(*line).status == 8


def test_a_point_whose_coordinates_are_not_reduced_is_no_key() -> None:
    jwk, prime = to_jwk(key_for("ES512")), 2**521 - 1
    for name in ("x", "y"):
        number = int.from_bytes(base64url_decode(jwk[name].encode())) + prime
        for half in (jwk, {member: value for member, value in jwk.items() if member != "d"}):
            with pytest.raises(UnusableKeyError, match="this EC JWK is damaged"):
                from_jwk({**half, name: base64url_encode(number.to_bytes(66))})


@pytest.mark.parametrize(
    ("alg", "held", "said"),
    [
        ("RS256", {"key_ops": ("decrypt",)}, {"key_ops": ("decrypt",)}),
        ("ES256", {"key_ops": ("verify",)}, {"key_ops": ("verify",)}),
        ("HS256", {"key_ops": ("sign", "encrypt")}, {"use": "sig"}),
        ("ES256", {"key_ops": ()}, {"key_ops": ()}),
        ("ES256", {"use": "enc", "key_ops": ("deriveKey",)}, {"use": "enc", "key_ops": ("deriveKey",)}),
        ("RS256", {"alg": "RSA-OAEP"}, {"alg": "RSA-OAEP"}),
        ("RS256", {"alg": ""}, {"alg": ""}),
        ("RS256", {"use": ""}, {"use": ""}),
    ],
)
def test_a_key_that_is_kept_for_something_else_stays_so(alg: str, held: dict[str, Any], said: dict[str, Any]) -> None:
    jwk = to_jwk(replace(key_for(alg), kid=None, **{"alg": None, **held}))
    assert {name: jwk[name] for name in ("use", "key_ops", "alg") if name in jwk} == said


@pytest.mark.parametrize(
    ("private", "public"),
    [(("sign",), "use"), (("decrypt",), "encrypt"), (("unwrapKey", "decrypt"), "wrapKey"), (("verify",), "use")],
)
def test_a_published_half_does_no_more_than_its_key(private: tuple[str, ...], public: str) -> None:
    (jwk,) = jwk_set([replace(key_for("RS256"), alg=None, key_ops=private)])["keys"]
    assert ("use" in jwk) is (public == "use")
    assert jwk.get("key_ops", (public,))[0] == public


@every_kind
def test_a_jwk_names_kid_use_and_alg_and_no_key_ops(alg: str) -> None:
    jwk = to_jwk(replace(key_for(alg), key_ops=("sign",)))
    assert (jwk["kid"], jwk["use"], jwk["alg"]) == (key_for(alg).kid, "sig", alg)
    assert "key_ops" not in jwk
    assert next(iter(jwk)) == "kty"


@every_kind
def test_a_public_jwk_has_no_private_member(alg: str) -> None:
    if alg == "HS256":
        return
    assert not to_jwk(public_half(key_for(alg))).keys() & {"k", "d", "p", "q", "dp", "dq", "qi"}


@every_kind
def test_a_thumbprint_is_of_the_public_members_alone(alg: str) -> None:
    key = key_for(alg)
    if key.symmetric:
        assert thumbprint(key) is None
    else:
        assert thumbprint(key) == thumbprint(public_half(key)) == thumbprint(replace(key, kid="x", alg=None))


@every_kind
def test_a_kid_is_given_made_or_left_out(alg: str) -> None:
    key = replace(key_for(alg), kid=None)
    assert with_kid(key, "none").kid is None
    assert with_kid(key, "mine").kid == "mine"
    made = with_kid(key, "auto").kid
    assert made is not None
    if key.symmetric:
        assert made != with_kid(key, "auto").kid
    else:
        assert made == thumbprint(key)


def damages(jwk: dict[str, Any], other: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the JWK with each member missing, of another type, of another length, or another key's."""
    for name in jwk.keys() & {"kty", "crv", *MATERIAL}:
        yield f"{name} missing", {key: value for key, value in jwk.items() if key != name}
        for bad in (None, True, 7, 0.5, [], {}, [jwk[name]], {"x": jwk[name]}, "", "!", "\ud800", "é", jwk[name] + "="):
            yield f"{name} {bad!r:.12}", {**jwk, name: bad}
        if name in MATERIAL:
            yield f"{name} cut", {**jwk, name: jwk[name][:-4]}
            yield f"{name} padded", {**jwk, name: jwk[name] + "AAAA"}
            yield f"{name} + /", {**jwk, name: "+/" + jwk[name][2:]}
            yield f"{name} white space", {**jwk, name: jwk[name] + "\n"}
        if name in MATERIAL and "d" in jwk and name != "e":
            yield f"{name} of another key", {**jwk, name: other[name]}


# What is left when these are gone, or put where they do not hurt, is another sound key.
HARMLESS = {"k cut", "k padded", "d missing", "n cut", "n padded", "e cut", "e padded"}


@every_kind
@pytest.mark.parametrize("half", ["private", "public"])
def test_damage_to_any_member_is_refused_and_quotes_nothing(alg: str, half: str) -> None:
    key, other = key_for(alg), to_jwk(generate(alg))
    if key.symmetric and half == "public":
        return
    jwk = to_jwk(key if half == "private" else public_half(key))
    material = [value for name, value in jwk.items() if name in MATERIAL and len(value) > 8]
    survived = set()
    for what, damaged in damages(jwk, other):
        try:
            from_member(damaged)
        except UnusableKeyError as error:
            told = f"{error.message} {error.hint} {error.code}"
            assert not [value for value in material if value[:8] in told or value[-8:] in told], what
        else:
            survived.add(what)
    assert survived <= HARMLESS, survived


@pytest.mark.parametrize("kty", [None, [], {}, 7, True, "", "ec", "rsa", "OCT", "LWE", ["EC"]])
def test_an_unknown_kind_of_key_is_named(kty: object) -> None:
    with pytest.raises(UnusableKeyError, match="is not one that signs: RSA, EC, OKP, AKP or oct") as caught:
        from_jwk({**to_jwk(key_for("ES256")), "kty": kty})
    assert (caught.value.code, caught.value.status) == ("unknown_kty", Status.KEY)


@pytest.mark.parametrize("alg", ["ES256", "EdDSA"])
@pytest.mark.parametrize("curve", [None, [], "", "P-224", "p-256", "secp256r1", "X25519", "P-256K", "brainpoolP256r1"])
def test_an_unknown_curve_is_refused(alg: str, curve: object) -> None:
    with pytest.raises(UnusableKeyError, match=r"the curve of this .* key is not one that jwtcli knows") as caught:
        from_jwk({**to_jwk(key_for(alg)), "crv": curve})
    assert caught.value.code == "unknown_curve"


@pytest.mark.parametrize(
    ("alg", "curve"), [("ES256", "P-384"), ("ES384", "P-521"), ("EdDSA", "P-256"), ("ES256", "Ed25519")]
)
def test_a_point_of_another_curve_is_refused(alg: str, curve: str) -> None:
    with pytest.raises(UnusableKeyError, match="is damaged"):
        from_jwk({**to_jwk(key_for(alg)), "crv": curve})


@pytest.mark.parametrize("exponent", ["AA", "AQ", "Ag", "AQAA"])
def test_an_rsa_exponent_that_proves_nothing_is_refused(exponent: str) -> None:
    with pytest.raises(UnusableKeyError):
        from_jwk({**to_jwk(public_half(key_for("RS256"))), "e": exponent})


def test_more_than_two_primes_are_refused() -> None:
    with pytest.raises(UnusableKeyError, match="more than two primes"):
        from_jwk({**to_jwk(key_for("RS256")), "oth": []})


def test_an_rsa_key_of_n_e_and_d_alone_is_refused_since_the_search_for_its_primes_may_never_end() -> None:
    jwk = {name: value for name, value in to_jwk(key_for("RS256")).items() if name in ("kty", "n", "e", "d")}
    with pytest.raises(UnusableKeyError, match="lacks some of p, q, dp, dq and qi"):
        from_jwk(jwk)


@pytest.mark.parametrize("name", ["kid", "alg", "use"])
@pytest.mark.parametrize("value", [7, True, [], {}])
def test_what_describes_a_key_is_text(name: str, value: object) -> None:
    with pytest.raises(UnusableKeyError) as caught:
        from_jwk({**to_jwk(key_for("HS256")), name: value})
    assert caught.value.message == f"the JWK's member '{name}' is not text"


@pytest.mark.parametrize("value", ["sign", ["sign", 7], {"sign": True}, 7, True])
def test_key_ops_are_a_list_of_names(value: object) -> None:
    with pytest.raises(UnusableKeyError, match="'key_ops' is not a list of names"):
        from_jwk({**to_jwk(key_for("HS256")), "key_ops": value})


def test_null_describes_nothing_and_unknown_members_are_left_alone() -> None:
    jwk = {**to_jwk(key_for("ES256")), "kid": None, "alg": None, "use": None, "key_ops": None, "x5c": 7, "ext": True}
    key = from_jwk(jwk)
    assert (key.kid, key.alg, key.use, key.key_ops) == (None, None, None, None)
    assert from_jwk({**jwk, "key_ops": ["verify", "sign"]}).key_ops == ("verify", "sign")


@every_kind
def test_the_command_line_shows_no_member_of_a_damaged_key(jwtcli: Run, tmp_path: Any, alg: str) -> None:
    key = key_for(alg)
    jwk = to_jwk(key)
    material = {name: value for name, value in jwk.items() if name in MATERIAL and len(value) > 8}
    for name in material:
        damaged = json.dumps({**jwk, name: material[name][:-1] + "!"})
        (tmp_path / "key.jwk").write_text(damaged)
        (tmp_path / "key.jwk").chmod(0o600)
        for command in (["verify", "--json"], ["encode", "--sub", "a"], ["encode", "--sub", "a", "--json"]):
            for given in (["--key", "key.jwk"], []):
                env = {"JWTCLI_DEBUG": "1", **({} if given else {"JWTCLI_KEY": damaged})}
                result = jwtcli(*command, *given, stdin="e30.e30.AAAA", env=env)
                assert result.status == 8
                output = result.stdout + result.stderr
                assert "Traceback" not in output
                assert not [value for value in material.values() if value[:8] in output or value[-9:-1] in output]


def test_every_refusal_is_an_error_of_our_own() -> None:
    for nonsense in ({}, {"kty": "oct"}, {"kty": "RSA"}, {"kty": "EC"}, {"kty": "OKP"}, {"k": "AAAA"}):
        with pytest.raises(JwtcliError):
            from_jwk(nonsense)
