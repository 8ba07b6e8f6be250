"""Signatures that do not verify because of the key, the algorithm, the form or the end that is missing."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import OctKey
from jwcrypto import jwk as jwcrypto_jwk
from jwcrypto import jws as jwcrypto_jws

from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.jwk import thumbprint, to_jwk
from jwtcli.core.keyfiles import to_bytes
from jwtcli.core.keys import Key, public_half
from jwtcli.core.new_keys import generate
from jwtcli.core.signatures import sign
from tests.conftest import Result, Run, key_for
from tests.explaining import CLAIMS, causes, explained, other_library, signed

SECRET = bytes(range(32, 96))


def with_key(jwtcli: Run, token: str, key: Key, *args: str) -> Result:
    Path("key.jwk").write_bytes(to_bytes(key if key.symmetric else public_half(key), "jwk"))
    Path("key.jwk").chmod(0o600)
    return explained(jwtcli, token, "--key", "key.jwk", *args)


def with_set(jwtcli: Run, token: str, *members: dict[str, Any]) -> Result:
    Path("set.json").write_text(json.dumps({"keys": members}))
    return explained(jwtcli, token, "--jwks", "set.json")


def public_jwk(key: Key, **members: Any) -> dict[str, Any]:
    return {**to_jwk(public_half(key)), **members}


def resigned(token: str, signature: bytes) -> str:
    return f"{token.rpartition('.')[0]}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def signature_of(token: str) -> bytes:
    text = token.rpartition(".")[2]
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.mark.parametrize("missing", [1, 2, 3, 4, 27])
@pytest.mark.parametrize("alg", ["HS256", "HS512", "RS256", "PS384", "ES256", "ES512", "Ed25519", "Ed448"])
def test_a_signature_that_was_cut_short_is_told_with_the_number_of_characters(
    jwtcli: Run, alg: str, missing: int
) -> None:
    token = signed(alg, other_library(key_for(alg)))
    result = with_key(jwtcli, token[:-missing], key_for(alg))
    assert causes(result) == ["signature_truncated"]
    whole = len(token.rpartition(".")[2])
    assert result.json["findings"][0]["evidence"] == {
        "alg": alg,
        "characters": whole - missing,
        "expected_characters": whole,
        "missing_characters": missing,
    }


@pytest.mark.parametrize("missing", [1, 8])
@pytest.mark.parametrize("alg", [name for name, algorithm in ALGORITHMS.items() if algorithm.kty == "AKP"])
def test_a_cut_signature_is_told_for_ml_dsa_too(jwtcli: Run, alg: str, missing: int) -> None:
    token = sign({"typ": "JWT"}, CLAIMS, key_for(alg), alg)
    result = with_key(jwtcli, token[:-missing], key_for(alg))
    assert causes(result) == ["signature_truncated"]
    assert result.json["findings"][0]["evidence"]["missing_characters"] == missing


def test_a_signature_that_was_cut_off_altogether_is_told(jwtcli: Run) -> None:
    token = signed("ES256", other_library(key_for("ES256"))).rpartition(".")[0] + "."
    result = with_key(jwtcli, token, key_for("ES256"))
    assert causes(result) == ["signature_truncated"]
    assert "is missing altogether: 86 of the 86" in result.json["findings"][0]["message"]


def test_a_cut_hmac_still_tells_of_the_secret(jwtcli: Run) -> None:
    token = signed("HS256", OctKey.import_key(SECRET))[:-5]
    result = explained(jwtcli, token, env={"JWTCLI_SECRET": SECRET.hex()})
    assert causes(result) == ["signature_truncated", "secret_encoding"]


@pytest.mark.parametrize("more", ["A", "AA", "_-9", "AAAAeyJ", "A" * 300])
@pytest.mark.parametrize("alg", ["HS256", "HS512", "RS256", "PS384", "ES256", "ES512", "Ed25519", "Ed448"])
def test_characters_behind_a_signature_that_is_right_without_them_are_told(jwtcli: Run, alg: str, more: str) -> None:
    token = signed(alg, other_library(key_for(alg)))
    result = with_key(jwtcli, token + more, key_for(alg))
    assert causes(result) == ["signature_overlong"]
    whole = len(token.rpartition(".")[2])
    stand = "1 character stands" if len(more) == 1 else f"{len(more)} characters stand"
    assert result.json["findings"][0] == {
        "code": "signature_overlong",
        "message": f"{stand} behind the signature, "
        f"which ends after the {whole} characters of {alg} and is right so far",
        "remedy": "copy the token once more, to its end and no further, or have whoever adds to it leave it as it is",
        "evidence": {
            "alg": alg,
            "characters": whole + len(more),
            "expected_characters": whole,
            "extra_characters": len(more),
        },
    }


@pytest.mark.parametrize("alg", [name for name, algorithm in ALGORITHMS.items() if algorithm.kty == "AKP"])
def test_an_overlong_signature_is_told_for_ml_dsa_too(jwtcli: Run, alg: str) -> None:
    result = with_key(jwtcli, sign({"typ": "JWT"}, CLAIMS, key_for(alg), alg) + "AAA", key_for(alg))
    assert causes(result) == ["signature_overlong"]


@pytest.mark.parametrize("alg", ["HS256", "RS256", "ES256", "Ed25519"])
def test_characters_behind_a_signature_that_is_wrong_as_well_explain_nothing(jwtcli: Run, alg: str) -> None:
    header, _, signature = signed(alg, other_library(key_for(alg))).split(".")
    result = with_key(jwtcli, f"{header}.e30.{signature}AAAA", key_for(alg))
    assert causes(result) == []


def test_what_stands_behind_a_signature_is_told_beside_a_second_cause(jwtcli: Run) -> None:
    token = signed("HS256", OctKey.import_key(SECRET)) + "AAAA"
    result = explained(jwtcli, token, env={"JWTCLI_SECRET": SECRET.hex()})
    assert causes(result) == ["signature_overlong", "secret_encoding"]
    mine, other = key_for("ES256"), generate("ES256")
    token = signed("ES256", other_library(mine), kid="other") + "AAAA"
    result = with_set(jwtcli, token, public_jwk(other, kid="other"), public_jwk(mine, kid="mine"))
    assert causes(result) == ["signature_overlong", "other_key"]


def renamed(token: str, alg: str) -> str:
    header = urlsafe_b64encode(json.dumps({"alg": alg}).encode()).rstrip(b"=").decode()
    return f"{header}.{token.partition('.')[2]}"


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE"])
@pytest.mark.parametrize("given", ["HS256", "RS256"])
def test_a_token_that_says_it_is_not_signed_is_named_and_nothing_besides(jwtcli: Run, alg: str, given: str) -> None:
    token = signed("HS256", OctKey.import_key(SECRET))
    for text in (renamed(token, alg), renamed(token, alg).rpartition(".")[0] + "."):
        result = with_key(jwtcli, text, key_for(given))
        assert (result.status, result.json["findings"]) == (
            4,
            [
                {
                    "code": "unsigned",
                    "message": f'the header\'s alg is "{alg}": nobody signed this token, and anyone could have made it',
                    "remedy": "go on refusing it, and have the issuer sign",
                    "evidence": {"alg": alg},
                }
            ],
        )


def respelled(key: Key, alg: str, spelled: str) -> str:
    """A token by jwtcli itself: no other library signs what names no algorithm."""
    header, payload = (urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in ({"alg": spelled}, CLAIMS))
    signing_input = header + b"." + payload
    return resigned(f"{signing_input.decode()}.", raw_signature(signing_input, key, alg))


def raw_signature(signing_input: bytes, key: Key, alg: str) -> bytes:
    if alg == "HS256":
        return hmac.digest(key.native, signing_input, "sha256")
    if alg == "EdDSA":
        return bytes(key.native.sign(signing_input))
    return bytes(key.native.sign(signing_input, PKCS1v15(), SHA256()))


@pytest.mark.parametrize(
    ("alg", "spelled"), [("HS256", "hs256"), ("HS256", "Hs256"), ("RS256", "rs256"), ("EdDSA", "EDDSA")]
)
def test_an_algorithm_in_another_case_is_told(jwtcli: Run, alg: str, spelled: str) -> None:
    key = key_for("Ed25519" if alg == "EdDSA" else alg)
    result = with_key(jwtcli, respelled(key, alg, spelled), replace(key, alg=None))
    assert (result.status, result.json["findings"]) == (
        4,
        [
            {
                "code": "alg_spelling",
                "message": f'the header\'s alg is "{spelled}" where {alg} is the name: case counts '
                "(RFC 7515 section 4.1.1)",
                "remedy": f"have the issuer write {alg} into the header",
                "evidence": {"alg": spelled, "meant": alg},
            }
        ],
    )


def test_beside_an_algorithm_in_another_case_the_rest_is_told_too(jwtcli: Run) -> None:
    token = respelled(Key("oct", SECRET, private=True, bits=512), "HS256", "hs256")
    result = explained(jwtcli, token, env={"JWTCLI_SECRET": SECRET.hex()})
    assert causes(result) == ["alg_spelling", "secret_encoding"]
    result = with_key(jwtcli, token, key_for("ES256"))
    assert causes(result) == ["alg_spelling", "other_kind_of_key"]


@pytest.mark.parametrize("alg", ["HS-256", "sha256", "", "ES256\u212a", "HS257"])
def test_what_is_no_name_of_an_algorithm_in_any_case_is_no_matter_of_spelling(jwtcli: Run, alg: str) -> None:
    token = renamed(signed("HS256", OctKey.import_key(SECRET)), alg)
    assert causes(with_key(jwtcli, token, key_for("HS256"))) == []


def test_a_whole_signature_of_a_smaller_key_is_not_called_cut_short(jwtcli: Run) -> None:
    token = signed("RS256", other_library(key_for("RS256")))
    assert causes(with_key(jwtcli, token, generate("RS256", 3072))) == []
    token = resigned(signed("ES512", other_library(key_for("ES512"))), bytes(64))
    assert causes(with_key(jwtcli, token, key_for("ES512"))) == []


@pytest.mark.parametrize(("alg", "size"), [("ES256", 32), ("ES384", 48), ("ES512", 66), ("ES256K", 32)])
def test_a_der_signature_is_found(jwtcli: Run, alg: str, size: int) -> None:
    token = signed(alg, other_library(key_for(alg)))
    raw = signature_of(token)
    der = encode_dss_signature(int.from_bytes(raw[:size]), int.from_bytes(raw[size:]))
    assert causes(with_key(jwtcli, resigned(token, der), key_for(alg))) == ["der_signature"]


@pytest.mark.parametrize(
    "der", [b"\x30", b"\x30\x00", b"\x30\x06\x02\x01\x01\x02\x01\x01", b"\x30\x81", b"\x30\x03\x02\x09\x01"]
)
def test_what_only_begins_like_der_is_no_finding_of_der(jwtcli: Run, der: bytes) -> None:
    token = resigned(signed("ES256", other_library(key_for("ES256"))), der)
    assert "der_signature" not in causes(with_key(jwtcli, token, key_for("ES256")))


def test_a_kid_that_is_the_thumbprint_of_a_key_with_another_name_is_found(jwtcli: Run) -> None:
    key = key_for("ES256")
    token = signed("ES256", other_library(key), kid=thumbprint(key))
    result = with_set(jwtcli, token, public_jwk(key, kid="2026-11"), public_jwk(key_for("RS256"), kid="other"))
    assert (result.status, causes(result)) == (8, ["kid_is_thumbprint"])
    evidence = {"token_kid": thumbprint(key), "kid": "2026-11", "thumbprint": thumbprint(key)}
    assert result.json["findings"][0]["evidence"] == evidence


@pytest.mark.parametrize(("kid", "status"), [("last-week", 8), ("other", 4)])
def test_another_key_of_the_set_that_verifies_is_found(jwtcli: Run, kid: str, status: int) -> None:
    mine, other = key_for("ES256"), generate("ES256")
    token = signed("ES256", other_library(mine), kid=kid)
    result = with_set(jwtcli, token, public_jwk(other, kid="other"), public_jwk(mine, kid="mine"))
    assert (result.status, causes(result)) == (status, ["other_key"])
    assert result.json["findings"][0]["evidence"]["kid"] == "mine"


def test_the_one_key_that_a_token_without_kid_needs_is_found(jwtcli: Run) -> None:
    mine, other = key_for("ES256"), generate("ES256")
    token = signed("ES256", other_library(mine))
    result = with_set(jwtcli, token, public_jwk(other, kid="other"), public_jwk(mine, kid="mine"))
    assert (result.status, causes(result)) == (8, ["other_key"])


def test_no_key_of_the_set_is_named_where_none_could_verify(jwtcli: Run) -> None:
    token = signed("Ed25519", other_library(key_for("Ed25519")), kid="gone")
    result = with_set(jwtcli, token, public_jwk(key_for("ES256")), public_jwk(key_for("RS256")))
    assert (result.status, causes(result)) == (8, ["other_kind_of_key"])
    assert result.json["findings"][0]["evidence"]["kid"] is None


def test_no_key_of_the_set_is_named_where_none_verifies(jwtcli: Run) -> None:
    token = signed("ES256", other_library(generate("ES256")), kid="gone")
    assert causes(with_set(jwtcli, token, public_jwk(key_for("ES256"), kid="a"), public_jwk(key_for("RS256")))) == []


@pytest.mark.parametrize("shape", ["pem", "pem without its last line break", "pkcs1", "der", "jwk", "openssh"])
def test_an_hmac_made_with_the_public_key_is_named_a_forgery(jwtcli: Run, shape: str) -> None:
    native = public_half(key_for("RS256")).native
    text = {
        "pem": native.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "pem without its last line break": native.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)[:-1],
        "pkcs1": native.public_bytes(Encoding.PEM, PublicFormat.PKCS1),
        "der": native.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "jwk": to_bytes(public_half(key_for("RS256")), "jwk"),
        "openssh": native.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH) + b"\n",
    }[shape]
    forger = jwcrypto_jwk.JWK(kty="oct", k=urlsafe_b64encode(text).rstrip(b"=").decode())
    forged = jwcrypto_jws.JWS(json.dumps(CLAIMS))
    forged.add_signature(forger, protected={"alg": "HS256"})
    result = with_key(jwtcli, forged.serialize(compact=True), key_for("RS256"))
    assert (result.status, causes(result)) == (4, ["forged_with_public_key"])


def test_an_hmac_made_with_the_very_file_that_holds_the_public_key_is_named_a_forgery(jwtcli: Run) -> None:
    jwk = public_jwk(key_for("ES256"), kid="2026-11")
    text = json.dumps({"keys": [{name: jwk[name] for name in reversed(jwk)}]}, indent=1)
    forged = signed("HS256", OctKey.import_key(text.encode()), kid="2026-11")
    Path("set.json").write_text(text)
    for option in ("--jwks", "--key"):
        result = explained(jwtcli, forged, option, "set.json")
        assert (result.status, causes(result)) == (4, ["forged_with_public_key"])
        assert text not in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("alg", "given", "message"),
    [
        ("RS256", "HS256", "RS256 takes an RSA key, and a secret of 256 bits was given"),
        ("ES256", "RS256", "ES256 takes a P-256 key, and an RSA public key of 2048 bits was given"),
        ("ES256", "ES384", "ES256 takes a P-256 key, and a P-384 public key was given"),
        ("Ed25519", "ES256", "Ed25519 takes an Ed25519 key, and a P-256 public key was given"),
        ("EdDSA", "RS256", "EdDSA takes an Ed25519 or Ed448 key, and an RSA public key of 2048 bits was given"),
    ],
)
def test_a_key_of_another_kind_than_the_algorithm_takes_is_told(
    jwtcli: Run, alg: str, given: str, message: str
) -> None:
    signer = key_for("Ed25519" if alg == "EdDSA" else alg)
    token = sign({}, CLAIMS, replace(signer, alg=None), alg)
    result = with_key(jwtcli, token, key_for(given))
    assert (result.status, causes(result)) == (4, ["other_kind_of_key"])
    assert result.json["findings"][0]["message"] == message
    assert result.json["findings"][0]["remedy"].startswith(f"give the issuer's public key for {alg}: ")


@pytest.mark.parametrize("given", ["RS256", "ES256", "Ed25519"])
def test_an_hmac_beside_a_public_key_that_did_not_make_it_is_told(jwtcli: Run, given: str) -> None:
    result = with_key(jwtcli, signed("HS256", OctKey.import_key(SECRET)), key_for(given))
    assert (result.status, causes(result)) == (4, ["other_kind_of_key"])
    (finding,) = result.json["findings"]
    said = f"HS256 takes a secret, and {public_half(key_for(given))} was given, of which no usual text made this HMAC"
    assert finding["message"] == said
    assert "go on refusing" in finding["remedy"]
    kind = key_for(given)
    assert finding["evidence"] == {"alg": "HS256", "takes": "oct", "given": kind.kty, "kid": kind.kid}


def test_a_set_of_other_kinds_refuses_as_one_key_of_them_does(jwtcli: Run) -> None:
    token = signed("HS256", OctKey.import_key(SECRET))
    for members, given in (
        (["RS256"], "an RSA public key of 2048 bits"),
        (["RS256", "ES256"], "a set of EC and RSA keys"),
    ):
        Path("set.json").write_text(json.dumps({"keys": [public_jwk(key_for(alg)) for alg in members]}))
        result = explained(jwtcli, token, "--jwks", "set.json")
        assert (result.status, causes(result)) == (4, ["other_kind_of_key"])
        assert f"HS256 takes a secret, and {given} was given" in result.json["findings"][0]["message"]
    assert [check["reason"] for check in result.json["checks"] if check["passed"] is False] == [
        'the token says "HS256"; no key of the set allows that'
    ]
    assert result.json["findings"][0]["evidence"] == {
        "alg": "HS256",
        "takes": "oct",
        "given": "EC and RSA",
        "kid": None,
    }


@pytest.mark.parametrize(("named", "used"), [("RS256", "PS256"), ("PS384", "RS384")])
def test_the_other_rsa_padding_than_the_header_names_is_found(jwtcli: Run, named: str, used: str) -> None:
    key = replace(key_for("RS256"), alg=None)
    token = signed(named, other_library(key))
    digest = {"256": SHA256(), "384": SHA384()}[used[2:]]
    paddings = {"RS": PKCS1v15(), "PS": PSS(MGF1(digest), digest.digest_size)}
    token = resigned(token, key.native.sign(token.rpartition(".")[0].encode(), paddings[used[:2]], digest))
    result = with_key(jwtcli, token, key)
    assert causes(result) == ["rsa_padding"]
    assert result.json["findings"][0]["evidence"] == {"named": named, "used": used}


@pytest.mark.parametrize(("allowed", "used"), [("RS256", "PS256"), ("PS256", "RS256")])
def test_a_padding_that_the_allow_list_leaves_out_is_found(jwtcli: Run, allowed: str, used: str) -> None:
    key = replace(key_for("RS256"), alg=None)
    token = signed(used, other_library(key))
    by_option = with_key(jwtcli, token, key, "--alg", allowed)
    by_jwk = with_key(jwtcli, token, replace(key, alg=allowed))
    assert (causes(by_option), causes(by_jwk)) == (["rsa_padding"], ["rsa_padding"])
    assert by_option.json["findings"][0]["evidence"] == {"allowed": allowed, "used": used}


def test_another_hash_than_is_allowed_is_left_to_the_check_that_says_so(jwtcli: Run) -> None:
    token = signed("RS512", other_library(key_for("RS256")))
    assert causes(with_key(jwtcli, token, key_for("RS256"))) == []


@pytest.mark.parametrize("members", [{"use": "enc"}, {"key_ops": ["encrypt", "wrapKey"]}, {"alg": "RSA-OAEP-256"}])
def test_a_key_for_encryption_is_named(jwtcli: Run, members: dict[str, Any]) -> None:
    jwk = {name: value for name, value in public_jwk(key_for("RS256")).items() if name not in ("use", "alg")}
    Path("key.jwk").write_text(json.dumps({**jwk, **members}))
    for signer in (key_for("RS256"), generate("RS256")):
        result = explained(jwtcli, signed("RS256", other_library(signer)), "--key", "key.jwk")
        assert (result.status, causes(result)) == (8, ["key_for_encryption"])


def test_beside_a_key_for_encryption_the_key_that_signed_is_named(jwtcli: Run) -> None:
    token = signed("RS256", other_library(key_for("RS256")), kid="enc")
    enc = {name: value for name, value in public_jwk(generate("RS256"), kid="enc").items() if name != "alg"}
    result = with_set(jwtcli, token, {**enc, "use": "enc"}, public_jwk(key_for("RS256"), kid="sig"))
    assert causes(result) == ["other_key"]
