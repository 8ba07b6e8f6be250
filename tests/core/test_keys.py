"""What each key can do, and how strong it must be."""

from dataclasses import replace

import pytest

from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.keys import Key, algorithm_to_sign, algorithms_to_verify, is_weak_for, public_half, signature_bytes
from jwtcli.core.signatures import sign
from jwtcli.core.strict import base64url_decode
from tests.conftest import key_for

RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")


def secret(bits: int) -> Key:
    return Key("oct", b"\x01" * (bits // 8), private=True, bits=bits)


def bare(alg: str) -> Key:
    return replace(key_for(alg), alg=None)


@pytest.mark.parametrize(
    ("key", "default", "allowed"),
    [
        (secret(256), "HS256", ("HS256",)),
        (secret(376), "HS256", ("HS256",)),
        (secret(384), "HS256", ("HS256", "HS384")),
        (secret(512), "HS256", ("HS256", "HS384", "HS512")),
        (bare("RS256"), "RS256", RSA),
        (bare("ES256"), "ES256", ("ES256",)),
        (bare("ES384"), "ES384", ("ES384",)),
        (bare("ES512"), "ES512", ("ES512",)),
        (bare("ES256K"), "ES256K", ("ES256K",)),
        (bare("EdDSA"), "EdDSA", ("EdDSA", "Ed25519")),
        (bare("Ed448"), "EdDSA", ("EdDSA", "Ed448")),
    ],
    ids=str,
)
def test_the_key_decides_the_algorithms(key: Key, default: str, allowed: tuple[str, ...]) -> None:
    assert algorithms_to_verify(key) == allowed
    assert algorithm_to_sign(key) == default
    for alg in ALGORITHMS:
        if alg in allowed:
            assert (algorithms_to_verify(key, (alg,)), algorithm_to_sign(key, alg)) == ((alg,), alg)
        else:
            for ask in (lambda alg=alg: algorithms_to_verify(key, (alg,)), lambda alg=alg: algorithm_to_sign(key, alg)):
                with pytest.raises(UnusableKeyError) as caught:
                    ask()
                assert caught.value.code in ("unfit_key", "weak_key")


def test_the_alg_of_a_jwk_leaves_no_other() -> None:
    key = replace(bare("RS256"), alg="PS384")
    assert (algorithms_to_verify(key), algorithm_to_sign(key)) == (("PS384",), "PS384")
    with pytest.raises(UnusableKeyError) as caught:
        algorithms_to_verify(key, ("RS256", "PS256"))
    assert caught.value.message == "an RSA private key of 2048 bits reserved for PS384 cannot do RS256 or PS256"
    assert caught.value.hint == "it can do PS384"


@pytest.mark.parametrize(("bits", "able"), [(256, "HS256"), (512, "HS256, HS384, HS512"), (8, "HS256, HS384, HS512")])
def test_what_a_key_can_do_instead_is_what_it_is_strong_enough_for(bits: int, able: str) -> None:
    with pytest.raises(UnusableKeyError) as caught:
        algorithm_to_sign(secret(bits), "RS256")
    assert caught.value.hint == f"it can do {able}"


@pytest.mark.parametrize("alg", ["ES256", "RSA-OAEP", "none", "", "rs256", "ES521"])
def test_an_alg_that_does_not_go_with_the_key_makes_it_useless(alg: str) -> None:
    for judge in (algorithms_to_verify, algorithm_to_sign):
        with pytest.raises(UnusableKeyError, match="the key's own alg does not go with an RSA"):
            judge(replace(bare("RS256"), alg=alg))


@pytest.mark.parametrize("use", ["enc", "", "SIG"])
def test_use_is_obeyed(use: str) -> None:
    for judge in (algorithms_to_verify, algorithm_to_sign):
        with pytest.raises(UnusableKeyError, match="not for signatures") as caught:
            judge(replace(bare("ES256"), use=use))
        assert caught.value.code == "unfit_key"
    assert algorithms_to_verify(replace(bare("ES256"), use="sig"))


def test_key_ops_are_obeyed() -> None:
    signing, verifying = (replace(bare("ES256"), key_ops=(name,)) for name in ("sign", "verify"))
    assert algorithm_to_sign(signing) == "ES256"
    assert algorithms_to_verify(verifying) == ("ES256",)
    with pytest.raises(UnusableKeyError, match="do not allow it to verify"):
        algorithms_to_verify(signing)
    with pytest.raises(UnusableKeyError, match="do not allow it to sign"):
        algorithm_to_sign(verifying)
    with pytest.raises(UnusableKeyError):
        algorithms_to_verify(replace(bare("ES256"), key_ops=()))
    assert algorithms_to_verify(public_half(signing)) == ("ES256",)


@pytest.mark.parametrize(
    ("key", "alg", "message"),
    [
        (
            secret(248),
            "HS256",
            "a secret of 248 bits is too weak for HS256: RFC 7518 section 3.2 asks for 256 bits",
        ),
        (
            secret(256),
            "HS512",
            "a secret of 256 bits is too weak for HS512: RFC 7518 section 3.2 asks for 512 bits",
        ),
        (
            replace(bare("RS256"), bits=2047),
            "PS512",
            "an RSA private key of 2047 bits is too weak for PS512: RFC 7518 section 3.3 asks for 2048 bits",
        ),
    ],
)
def test_a_weak_key_is_refused_unless_it_is_allowed_by_name(key: Key, alg: str, message: str) -> None:
    assert is_weak_for(key, alg)
    making = f"jwtcli keygen --alg {alg} -o FILE"
    to_verify = f"--allow-weak-key takes it all the same; a strong one is for the issuer to make: {making}"
    to_sign = f"'{making}' makes a strong one; --allow-weak-key takes it all the same"
    for judge, hint in (
        (lambda: algorithms_to_verify(key, (alg,)), to_verify),
        (lambda: algorithm_to_sign(key, alg), to_sign),
    ):
        with pytest.raises(UnusableKeyError) as caught:
            judge()
        assert (caught.value.message, caught.value.hint, caught.value.code) == (message, hint, "weak_key")
    assert algorithms_to_verify(key, (alg,), allow_weak=True) == (alg,)
    assert algorithm_to_sign(key, alg, allow_weak=True) == alg


def test_a_weak_key_that_is_allowed_may_do_all_of_its_kind() -> None:
    assert algorithms_to_verify(secret(8), allow_weak=True) == ("HS256", "HS384", "HS512")
    assert algorithm_to_sign(secret(8), allow_weak=True) == "HS256"
    assert algorithms_to_verify(secret(256), ("HS256", "HS512")) == ("HS256",)


def test_a_public_key_signs_nothing() -> None:
    with pytest.raises(UnusableKeyError) as caught:
        algorithm_to_sign(public_half(bare("ES256")))
    assert caught.value.message == "this is a P-256 public key: only the private key can sign"
    assert caught.value.code == "public_key"


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_a_public_half_has_nothing_private(alg: str) -> None:
    key = key_for(alg)
    if key.symmetric:
        with pytest.raises(UnusableKeyError, match="a secret has no public half"):
            public_half(key)
        return
    half = public_half(key)
    assert (half.private, half.kid, half.alg, half.bits) == (False, key.kid, key.alg, key.bits)
    assert not hasattr(half.native, "private_bytes")
    assert public_half(half) is half


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (secret(256), "a secret of 256 bits"),
        (bare("RS256"), "an RSA private key of 2048 bits"),
        (public_half(bare("RS256")), "an RSA public key of 2048 bits"),
        (bare("ES256"), "a P-256 private key"),
        (public_half(bare("EdDSA")), "an Ed25519 public key"),
    ],
)
def test_a_key_is_described_without_its_material(key: Key, words: str) -> None:
    assert str(key) == words
    assert "native" not in repr(key)
    assert "\\x01" not in repr(key)


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_the_size_of_a_signature_is_known_before_it_is_made(alg: str) -> None:
    key = key_for(alg)
    assert len(base64url_decode(sign({}, {}, key, alg).rpartition(".")[2].encode())) == signature_bytes(key, alg)
