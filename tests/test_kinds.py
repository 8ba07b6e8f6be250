"""Tokens that are no plain signed JWT, made by other libraries: what decode shows and verify says of each."""

import json
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwe as joserfc_jwe
from joserfc import jws as joserfc_jws
from joserfc.jwk import OctKey
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer

from jwtcli.core.strict import base64url_encode
from tests.conftest import AT, SHARED, Result, Run, key_for, write_key_files
from tests.forge import ENV

KEY = OctKey.import_key(key_for("HS256").native)
SIGNED = joserfc_jws.serialize_compact({"alg": "HS256"}, b'{"sub":"alice"}', KEY)
NESTED = joserfc_jws.serialize_compact({"alg": "HS256", "cty": "JWT"}, SIGNED, KEY)
JWE_COMPACT = joserfc_jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM", "cty": "JWT"}, SIGNED, KEY)
UNENCODED = SIGNED.replace(SIGNED.partition(".")[0], "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19")


def jws_json(payload: bytes, *, general: bool) -> str:
    member: Any = {"protected": {"alg": "HS256"}, "header": {"kid": "k1"}}
    return json.dumps(joserfc_jws.serialize_json([member] if general else member, payload, KEY))


def jwe_json() -> str:
    encrypted = JWE(b"secret", json.dumps({"enc": "A128GCM"}), unprotected=json.dumps({"x": 1}))
    encrypted.add_recipient(JWK.generate(kty="oct", size=128), header=json.dumps({"alg": "A128KW", "kid": "r1"}))
    return str(encrypted.serialize())


def sd_jwt(*, bound: bool) -> str:
    issuer, holder = JWK.generate(kty="EC", crv="P-256"), JWK.generate(kty="EC", crv="P-256")
    claims = {
        "iss": "https://id.example",
        SDObj("given_name"): "Möbius",
        "nationalities": [SDObj("DE"), "FR"],
        SDObj("address"): {SDObj("street"): "1 Main St", "country": "US"},
    }
    issued = SDJWTIssuer(claims, issuer, holder_key=holder).sd_jwt_issuance
    if not bound:
        return str(issued)
    presented = SDJWTHolder(issued)
    shown = {"given_name": True, "address": {"street": True}}
    presented.create_presentation(shown, "nonce", "https://rp.example", holder)
    return str(presented.sd_jwt_presentation)


RELATIVES = {
    "jwe": JWE_COMPACT,
    "jwe_json": jwe_json(),
    "jws_json": jws_json(b'{"sub":"alice"}', general=True),
    "nested_jwt": NESTED,
    "sd_jwt": sd_jwt(bound=True),
    "b64": UNENCODED,
}


@pytest.mark.parametrize("kind", RELATIVES)
def test_verify_refuses_each_kind_by_its_name_whatever_the_key(jwtcli: Run, tmp_path: Path, kind: str) -> None:
    key = write_key_files(tmp_path, "HS256").private
    judged = jwtcli("verify", "--json", "--key", key, "--at", str(AT), stdin=RELATIVES[kind])
    assert (judged.status, judged.json["reason"], judged.json["unverified_claims"]) == (3, kind, None)
    without_key = jwtcli("verify", "--json", stdin=RELATIVES[kind])
    assert (without_key.status, without_key.json["error"]["code"]) == (3, kind)


@pytest.mark.parametrize("kind", RELATIVES)
def test_decode_names_each_kind_and_exits_3_where_it_cannot_show_all(jwtcli: Run, kind: str) -> None:
    shown = jwtcli("decode", "--json", "--at", str(AT), stdin=RELATIVES[kind])
    assert (shown.json["kind"], shown.json["verified"]) == (kind, False)
    readable = kind in ("nested_jwt", "sd_jwt")
    assert shown.status == (0 if readable else 3)
    assert shown.json.get("status") == (None if readable else 3)
    assert shown.json.get("error", {}).get("code") == (None if readable else kind)
    as_text = jwtcli("decode", "--at", str(AT), stdin=RELATIVES[kind])
    assert as_text.status == shown.status
    assert ("jwtcli: error: " in as_text.stderr) is not readable


@pytest.mark.parametrize("kind", sorted({*RELATIVES} - {"b64"}))  # whose form is that of any other token
def test_lint_names_each_kind_as_verify_does(jwtcli: Run, kind: str) -> None:
    judged, verified = (jwtcli(name, stdin=RELATIVES[kind]) for name in ("lint", "verify"))
    assert (judged.status, judged.stdout, judged.stderr) == (3, "", verified.stderr)


def test_of_a_jwe_decode_shows_the_protected_header_and_the_sizes(jwtcli: Run) -> None:
    shown = jwtcli("decode", stdin=JWE_COMPACT)
    assert shown.stdout == (
        "Header\n"
        '  alg  "dir"\n'
        '  enc  "A256GCM"\n'
        '  cty  "JWT"\n'
        "\n"
        "Encrypted, in bytes\n"
        "  encrypted_key  0\n"
        "  iv             12\n"
        f"  ciphertext     {len(SIGNED)}\n"
        "  tag            16\n"
    )
    assert jwtcli("decode", "--header", "--json", stdin=JWE_COMPACT).json == {
        "alg": "dir",
        "enc": "A256GCM",
        "cty": "JWT",
    }


def test_of_a_jwe_in_json_decode_shows_every_header(jwtcli: Run) -> None:
    shown = jwtcli("decode", "--json", stdin=RELATIVES["jwe_json"]).json
    assert shown["header"] == {"enc": "A128GCM"}
    assert shown["unprotected"] == [{"x": 1}, {"alg": "A128KW", "kid": "r1"}]
    assert shown["sizes"]["ciphertext"] == len(b"secret")
    assert "Unprotected header\n  x  1\n" in jwtcli("decode", stdin=RELATIVES["jwe_json"]).stdout


@pytest.mark.parametrize("general", [True, False])
def test_of_a_jws_in_json_decode_shows_claims_and_each_signature(jwtcli: Run, general: bool) -> None:
    shown = jwtcli("decode", stdin=jws_json(b'{"sub":"alice"}', general=general))
    assert shown.stdout == (
        "Claims\n"
        '  sub  "alice"\n'
        "\n"
        "Header\n"
        '  alg  "HS256"\n'
        "\n"
        "Unprotected header\n"
        '  kid  "k1"\n'
        "\n"
        "Signature  32 bytes, not verified\n"
    )


def test_a_payload_that_is_no_claims_set_is_shown_as_text_without_terminal_escapes(jwtcli: Run) -> None:
    token = jws_json(b"\x1b[31mred\xff", general=False)
    assert jwtcli("decode", stdin=token).stdout.startswith('Payload\n  "\\u001b[31mred\\\\xff"\n')
    assert jwtcli("decode", "--json", stdin=token).json["payload"] == "\x1b[31mred\\xff"


def test_nested_tokens_are_shown_one_inside_the_other(jwtcli: Run) -> None:
    twice = joserfc_jws.serialize_compact({"alg": "HS256", "cty": "application/jwt"}, NESTED, KEY)
    shown = jwtcli("decode", "--json", stdin=twice).json
    assert shown["nested"]["nested"]["claims"] == {"sub": "alice"}
    assert '    Claims\n      sub  "alice"\n' in jwtcli("decode", stdin=twice).stdout


def test_a_nested_token_that_is_encrypted_exits_3(jwtcli: Run) -> None:
    around = joserfc_jws.serialize_compact({"alg": "HS256", "cty": "JWT"}, JWE_COMPACT, KEY)
    shown = jwtcli("decode", "--json", stdin=around)
    assert (shown.status, shown.json["nested"]["kind"], shown.json["error"]["code"]) == (3, "jwe", "jwe")


def test_cty_jwt_on_a_token_that_holds_claims_changes_nothing(jwtcli: Run) -> None:
    token = joserfc_jws.serialize_compact({"alg": "HS256", "cty": "JWT"}, b'{"sub":"alice"}', KEY)
    assert jwtcli("decode", "--json", stdin=token).json["kind"] == "jws"


def test_every_disclosure_of_an_sd_jwt_is_found_in_it(jwtcli: Run) -> None:
    shown = jwtcli("decode", "--json", stdin=sd_jwt(bound=False)).json
    found = {one["name"]: one["matched"] for one in shown["disclosures"]}
    assert found == {"given_name": True, "address": True, "street": True, None: True}
    assert shown["claims"]["iss"] == "https://id.example"
    assert shown["key_binding"] is None


@pytest.mark.parametrize("bound", [True, False])
def test_an_sd_jwt_is_refused_without_its_disclosures_and_its_key_binding_too(jwtcli: Run, bound: bool) -> None:
    refused = jwtcli("verify", "--json", stdin=sd_jwt(bound=bound).partition("~")[0], env=ENV)
    assert (refused.status, refused.json["reason"], refused.json["unverified_claims"]) == (3, "sd_jwt", None)


@pytest.mark.parametrize(
    ("members", "status"),
    [
        (("-H", "typ=dc+sd-jwt"), 3),
        (("-H", "typ=application/Vc+SD-JWT"), 3),
        (("-H", "typ=sd-jwt"), 3),
        (("-H", "typ=vc+sd-jwt; v=1"), 3),
        (("-c", "_sd:=[]"), 3),
        (("-c", "_sd_alg=sha-256"), 3),
        (("-c", 'address:={"_sd": []}'), 3),
        (("-c", 'a:=[{"b": [[{"_sd": ["x"]}]]}]'), 3),
        (("-c", 'roles:=["user", {"...": "x"}]'), 3),
        (("-c", 'a:={"b": {"c": [1, [{"...": null}]]}}'), 3),
        (("-c", 'a:={"\\u005fsd": 1}'), 3),
        (("-c", 'a:={"...": "x", "b": ["...", "_sd", {"x": {}}]}'), 0),
        (("-H", "typ=kb+jwt", "-c", "sd_hash=x"), 0),
        (("-H", "typ=nosd-jwt", "-c", "x_sd=1"), 0),
    ],
)
def test_what_only_an_sd_jwt_has_makes_one(jwtcli: Run, members: tuple[str, ...], status: int) -> None:
    token = jwtcli("encode", "-q", *members, env=ENV).stdout
    said = "this is an SD-JWT (RFC 9901) without its '~' and what stands behind that, not a plain signed JWT"
    told = f"jwtcli: error: refused: form: {said}\n" if status else ""
    assert jwtcli("verify", "-q", stdin=token, env=ENV) == Result(status, "", told)
    stream = jwtcli("verify", "--lines", "--json", "-q", stdin=token * 3, env=ENV)
    assert [json.loads(line)["status"] for line in stream.stdout.splitlines()] == [status] * 3


def test_the_key_binding_of_an_sd_jwt_is_for_its_very_disclosures(jwtcli: Run) -> None:
    token = sd_jwt(bound=True)
    shown = jwtcli("decode", "--json", stdin=token)
    assert (shown.json["key_binding"]["bound"], shown.json["key_binding"]["claims"]["nonce"]) == (True, "nonce")
    jwt, _, *others = token.split("~")
    dropped = jwtcli("decode", "--json", stdin="~".join((jwt, *others)))
    assert (dropped.status, dropped.json["key_binding"]["bound"]) == (0, False)
    assert "jwtcli: warning: the key binding is not for these disclosures (its sd_hash differs)\n" in dropped.stderr
    assert "Binding    for other disclosures\n" in jwtcli("decode", stdin="~".join((jwt, *others))).stdout


def test_a_disclosure_that_was_slipped_in_is_called_no_part_of_the_token(jwtcli: Run) -> None:
    slipped = sd_jwt(bound=False) + "WyJzYWx0IiwgImFkbWluIiwgdHJ1ZV0~"
    shown = jwtcli("decode", stdin=slipped)
    assert shown.status == 0
    assert "  admin       true  not in the token: it is no part of it\n" in shown.stdout
    assert "1 of 5 disclosures are no part of the token: it lacks their digests" in shown.stderr


def test_the_claims_of_an_sd_jwt_can_be_asked_for_one_by_one_but_its_disclosures_cannot(jwtcli: Run) -> None:
    token = sd_jwt(bound=False)
    assert jwtcli("decode", "--claim", "iss", stdin=token).stdout == "https://id.example\n"
    assert jwtcli("decode", "--claim", "given_name", stdin=token).status == 7


@pytest.mark.parametrize("kind", [kind for kind in RELATIVES if kind != "sd_jwt"])
def test_no_claim_can_be_asked_of_what_is_no_signed_jwt(jwtcli: Run, kind: str) -> None:
    asked = jwtcli("decode", "--claim", "sub", stdin=RELATIVES[kind])
    assert (asked.status, asked.stdout) == (3, "")


def test_the_header_alone_is_shown_where_there_is_one(jwtcli: Run) -> None:
    assert '"alg"' in jwtcli("decode", "--header", "--json", stdin=RELATIVES["sd_jwt"]).stdout
    several = jwtcli("decode", "--header", stdin=RELATIVES["jws_json"])
    assert (several.status, several.stdout) == (3, "")


def test_a_critical_extension_is_shown_with_a_warning(jwtcli: Run) -> None:
    header = base64url_encode(b'{"alg":"HS256","crit":["exp"],"exp":1}')
    token = f"{header}.{SIGNED.partition('.')[2]}"
    shown = jwtcli("decode", "--json", stdin=token)
    assert (shown.status, shown.json["header"]["crit"]) == (0, ["exp"])
    assert "the header makes extensions critical (crit): verify refuses such tokens" in shown.stderr


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/vectors is not beside this checkout")
@pytest.mark.parametrize("form", ["json", "json_flat"])
@pytest.mark.parametrize("name", ["rfc7797_4.2.hmac-sha2_b64_false.json", "rfc7797_hmac-sha2_b64_false.json"])
def test_an_unencoded_payload_in_json_is_shown_as_it_is(jwtcli: Run, name: str, form: str) -> None:
    example = json.loads((SHARED / "vectors" / "cookbook" / name).read_text())
    shown = jwtcli("decode", "--json", stdin=json.dumps(example["output"][form]))
    assert (shown.status, shown.json["kind"], shown.json["payload"]) == (3, "jws_json", example["input"]["payload"])


def test_a_detached_payload_is_named(jwtcli: Run) -> None:
    header, _, signature = UNENCODED.split(".")
    shown = jwtcli("decode", stdin=f"{header}..{signature}")
    assert "Payload\n  (detached)\n" in shown.stdout
    assert jwtcli("decode", "--json", stdin=f"{header}.$2.{signature}").json["payload"] == "$2"
