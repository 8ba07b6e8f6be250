"""Keys and tokens of other tools are used here, ours by them, and conversion there and back changes nothing."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws as joserfc_jws
from joserfc.jwk import import_key as joserfc_key
from jwcrypto import jwk as jwcrypto_jwk
from jwcrypto import jws as jwcrypto_jws

from jwtcli.core.algorithms import ALGORITHMS
from tests.conftest import AT, ROOT, Run

PAIRS = tuple(name for name, algorithm in ALGORITHMS.items() if algorithm.kty != "oct")
JOSE = tuple(name for name in ALGORITHMS if name[:2] in ("HS", "RS", "PS") or name in ("ES256", "ES384", "ES512"))
JOSERFC = tuple(name for name, algorithm in ALGORITHMS.items() if algorithm.kty != "AKP")
CLAIMS = {"sub": "alice", "iat": AT, "exp": AT + 3600}


def tool(*command: str, stdin: bytes = b"") -> bytes:
    """Run another tool; a test is skipped, visibly, where the machine lacks it."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"this machine has no {command[0]}")
    return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout


def succeeds(result: Any) -> str:
    assert result.status == 0, result.stderr
    text: str = result.stdout
    return text


def used_here(jwtcli: Run, private: Path, public: Path, alg: str) -> str:
    """Sign with one file, verify with the other, and return the token."""
    minted = succeeds(jwtcli("encode", "--key", str(private), "--alg", alg, "--sub", "alice", "--at", str(AT)))
    judged = jwtcli("verify", "--json", "--key", str(public), "--at", str(AT), stdin=minted)
    assert (judged.status, judged.json["claims"]) == (0, CLAIMS)
    return minted.strip()


def converted(jwtcli: Run, source: Path, target: Path, *options: str) -> bytes:
    succeeds(jwtcli("key", "convert", str(source), *options, "-o", str(target), "--force"))
    return target.read_bytes()


def make(jwtcli: Run, folder: Path, alg: str, form: str) -> tuple[Path, Path]:
    private, public = folder / f"private.{form}", folder / f"public.{form}"
    succeeds(jwtcli("keygen", "-a", alg, "-f", form, "-o", str(private), "--public", str(public)))
    return private, public


# openssl

OPENSSL = {
    "RS256": ("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
    "PS256": ("genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"),
    "ES256": ("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
    "ES384": ("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"),
    "ES512": ("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"),
    "ES256K": ("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"),
    "Ed25519": ("genpkey", "-algorithm", "ED25519"),
    "Ed448": ("genpkey", "-algorithm", "ED448"),
}


@pytest.mark.parametrize("alg", OPENSSL)
def test_every_form_of_an_openssl_key_is_used_here(jwtcli: Run, tmp_path: Path, alg: str) -> None:
    key = tmp_path / "key"
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse")
    key.write_bytes(tool("openssl", *OPENSSL[alg]))
    name = str(key)
    private = {
        "PKCS#8": key.read_bytes(),
        "PKCS#8 DER": tool("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", name, "-outform", "DER"),
        "encrypted": tool("openssl", "pkcs8", "-topk8", "-in", name, "-passout", f"file:{passphrase}"),
        "encrypted DER": tool(
            "openssl", "pkcs8", "-topk8", "-in", name, "-passout", f"file:{passphrase}", "-outform", "DER"
        ),
    }
    if alg.startswith(("RS", "ES")):
        private["traditional"] = tool("openssl", "pkey", "-in", name, "-traditional")
        private["traditional DER"] = tool("openssl", "pkey", "-in", name, "-traditional", "-outform", "DER")
    certificate = tool("openssl", "req", "-x509", "-new", "-key", name, "-subj", "/CN=test", "-days", "2")
    public = {
        "SPKI": tool("openssl", "pkey", "-in", name, "-pubout"),
        "SPKI DER": tool("openssl", "pkey", "-in", name, "-pubout", "-outform", "DER"),
        "certificate": certificate,
        "certificate DER": tool("openssl", "x509", "-outform", "DER", stdin=certificate),
    }
    if alg == "RS256":
        public["PKCS#1"] = tool("openssl", "rsa", "-in", name, "-RSAPublicKey_out")
    for form, content in {**private, **public}.items():
        (tmp_path / form).write_bytes(content)
        (tmp_path / form).chmod(0o600)
    for form in private:
        minted = jwtcli(
            "encode", "--key", form, "--alg", alg, "--passphrase-file", str(passphrase), "--sub", "a", "--at", str(AT)
        )
        for other in public:
            judged = jwtcli("verify", "-q", "--key", other, "--at", str(AT), stdin=succeeds(minted))
            assert (judged.status, judged.stderr) == (0, "")


def test_a_sec1_key_with_its_parameters_before_it_is_used_here(jwtcli: Run, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(tool("openssl", "ecparam", "-name", "prime256v1", "-genkey"))
    assert b"BEGIN EC PARAMETERS" in (tmp_path / "key").read_bytes()
    used_here(jwtcli, tmp_path / "key", tmp_path / "key", "ES256")


@pytest.mark.parametrize(("md", "alg"), [("sha256", "PS256"), ("sha384", "PS384"), ("sha512", "PS512")])
def test_an_rsa_pss_key_signs_with_the_hash_of_its_parameters_alone(
    jwtcli: Run, tmp_path: Path, md: str, alg: str
) -> None:
    options = [f"-pkeyopt=rsa_pss_keygen_{name}:{value}" for name, value in (("md", md), ("mgf1_md", md))]
    flat = [part for option in options for part in option.split("=", 1)]
    key = tmp_path / "key"
    key.write_bytes(tool("openssl", "genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048", *flat))
    assert used_here(jwtcli, key, key, alg)
    for other in ("RS256", "PS256", "PS384", "PS512"):
        assert jwtcli("encode", "--key", str(key), "--alg", other).status == (0 if other == alg else 8)


@pytest.mark.parametrize(("md", "algorithms"), [(None, ["PS256", "PS384", "PS512"]), ("sha384", ["PS384"])])
def test_an_rsa_pss_key_is_one_in_a_certificate_and_behind_header_lines_too(
    jwtcli: Run, tmp_path: Path, md: str | None, algorithms: list[str]
) -> None:
    flat = () if md is None else ("-pkeyopt", f"rsa_pss_keygen_md:{md}", "-pkeyopt", f"rsa_pss_keygen_mgf1_md:{md}")
    key, certificate = tmp_path / "key", tmp_path / "certificate"
    key.write_bytes(tool("openssl", "genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048", *flat))
    first, rest = key.read_bytes().split(b"\n", 1)
    key.chmod(0o600)
    self_signed = ("req", "-new", "-x509", "-key", str(key), "-subj", "/CN=x", "-days", "10", "-outform")
    texts = [tool("openssl", *self_signed, form) for form in ("PEM", "DER")]
    headed = first + b"\nX-Note: ABCD\n\n" + rest
    for text in (*texts, headed, headed.replace(b"\n", b"\r\n")):
        certificate.write_bytes(text)
        certificate.chmod(0o600)
        assert jwtcli("key", "show", "--json", str(certificate)).json["algorithms"] == algorithms


def test_an_encrypted_rsa_pss_key_is_one_of_rsa_as_security_md_says(jwtcli: Run, tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_text("correct horse")
    (tmp_path / "plain").write_bytes(tool("openssl", *OPENSSL["PS256"]))
    plain, passphrase = tmp_path / "plain", tmp_path / "passphrase"
    for form in ("PEM", "DER"):
        command = ("openssl", "pkcs8", "-topk8", "-in", str(plain), "-passout", f"file:{passphrase}", "-outform", form)
        (tmp_path / "key").write_bytes(tool(*command))
        (tmp_path / "key").chmod(0o600)
        for alg, told in ((None, "RS256"), ("PS256", "PS256")):
            only = () if alg is None else ("--alg", alg)
            minted = jwtcli("encode", "-q", "--json", "--key", "key", "--passphrase-file", "passphrase", *only)
            assert (minted.status, minted.json["header"]["alg"]) == (0, told)
    assert "An encrypted RSA-PSS key is read as one of RSA" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("alg", [alg for alg in PAIRS if not alg.startswith("ML")])
def test_our_pem_and_der_are_openssls_own_bytes(jwtcli: Run, tmp_path: Path, alg: str) -> None:
    for form in ("pem", "der"):
        private, public = make(jwtcli, tmp_path, alg, form)
        options = ("-inform", form.upper(), "-outform", form.upper())
        assert tool("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", str(private), *options) == private.read_bytes()
        assert tool("openssl", "pkey", "-in", str(private), "-pubout", *options) == public.read_bytes()


def test_openssl_opens_what_keygen_encrypts(jwtcli: Run, tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_text("correct horse\n")
    for form in ("pem", "der"):
        options = ("-f", form, "-o", f"key.{form}", "--encrypt", "--passphrase-file", "passphrase")
        succeeds(jwtcli("keygen", "-a", "ES256", *options))
        opened = tool(
            *("openssl", "pkey", "-in", str(tmp_path / f"key.{form}"), "-inform", form.upper()),
            *("-passin", f"file:{tmp_path / 'passphrase'}"),
        )
        assert opened.startswith(b"-----BEGIN PRIVATE KEY-----")


@pytest.mark.parametrize("alg", [alg for alg in OPENSSL if alg != "PS256"])
def test_an_openssl_key_is_the_same_after_a_way_through_jwk_and_der(jwtcli: Run, tmp_path: Path, alg: str) -> None:
    original = tmp_path / "original"
    original.write_bytes(tool("openssl", *OPENSSL[alg]))
    converted(jwtcli, original, tmp_path / "key.jwk", "--to", "jwk")
    converted(jwtcli, tmp_path / "key.jwk", tmp_path / "key.der", "--to", "der")
    assert converted(jwtcli, tmp_path / "key.der", tmp_path / "key.pem", "--to", "pem") == original.read_bytes()


@pytest.mark.parametrize(("alg", "digest"), [("RS256", "-sha256"), ("RS512", "-sha512")])
def test_openssl_verifies_a_signature_made_here(jwtcli: Run, tmp_path: Path, alg: str, digest: str) -> None:
    from jwtcli.core.tokens import parse

    private, public = make(jwtcli, tmp_path, alg, "pem")
    token = parse(used_here(jwtcli, private, public, alg))
    (tmp_path / "signature").write_bytes(token.signature)
    command = ("openssl", "dgst", digest, "-verify", str(public), "-signature", str(tmp_path / "signature"))
    assert tool(*command, stdin=token.signing_input) == b"Verified OK\n"


# ssh-keygen

SSH = {"RS256": ("rsa", "2048"), "ES256": ("ecdsa", "256"), "ES384": ("ecdsa", "384"), "ES512": ("ecdsa", "521")}
SSH["Ed25519"] = ("ed25519", "256")


@pytest.mark.parametrize("alg", SSH)
@pytest.mark.parametrize("form", ["RFC4716", "PKCS8", "PEM"])
def test_an_openssh_key_is_used_here(jwtcli: Run, tmp_path: Path, alg: str, form: str) -> None:
    kind, bits = SSH[alg]
    tool("ssh-keygen", "-q", "-t", kind, "-b", bits, "-m", form, "-N", "", "-C", "me@here", "-f", str(tmp_path / "id"))
    used_here(jwtcli, tmp_path / "id", tmp_path / "id.pub", alg)


@pytest.mark.parametrize("alg", SSH)
def test_ssh_keygen_reads_what_is_converted_here(jwtcli: Run, tmp_path: Path, alg: str) -> None:
    private, _ = make(jwtcli, tmp_path, alg, "jwk")
    converted(jwtcli, private, tmp_path / "id", "--to", "openssh")
    public = converted(jwtcli, private, tmp_path / "id.pub", "--to", "openssh", "--public")
    assert tool("ssh-keygen", "-y", "-P", "", "-f", str(tmp_path / "id")) == public
    back = json.loads(converted(jwtcli, tmp_path / "id", tmp_path / "back.jwk"))
    original = json.loads(private.read_bytes())
    assert back == {name: original[name] for name in original if name not in ("kid", "alg")}


def test_an_encrypted_openssh_key_is_opened_or_names_the_package_that_is_missing(
    jwtcli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool("ssh-keygen", "-q", "-t", "ed25519", "-N", "correct horse", "-f", str(tmp_path / "id"))
    shown = jwtcli("key", "show", "--json", "id", env={"JWTCLI_PASSPHRASE": "correct horse"})
    assert (shown.status, shown.json["encrypted"]) == (0, True)
    refused = jwtcli("key", "show", "--json", "id", env={"JWTCLI_PASSPHRASE": "wrong"})
    assert (refused.status, refused.json["error"]["code"]) == (8, "wrong_passphrase")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    named = jwtcli("key", "show", "--json", "id")  # nobody is asked for a passphrase in vain
    assert (named.status, named.json["error"]["code"]) == (8, "needs_bcrypt")


# Debian's jose


@pytest.mark.parametrize("alg", JOSE)
def test_keys_and_tokens_go_both_ways_with_jose(jwtcli: Run, tmp_path: Path, alg: str) -> None:
    theirs = tmp_path / "theirs.jwk"
    theirs.write_bytes(tool("jose", "jwk", "gen", "-i", json.dumps({"alg": alg})))
    theirs.chmod(0o600)
    (tmp_path / "claims").write_text(json.dumps(CLAIMS))
    signed = tool("jose", "jws", "sig", "-I", str(tmp_path / "claims"), "-k", str(theirs), "-c", "-o", "-")
    judged = jwtcli("verify", "--json", "--key", str(theirs), "--at", str(AT), stdin=signed)
    assert (judged.status, judged.json["claims"]) == (0, CLAIMS)
    succeeds(jwtcli("keygen", "-a", alg, "-o", "ours.jwk"))
    for key in (theirs, tmp_path / "ours.jwk"):
        minted = used_here(jwtcli, key, key, alg)
        read = tool("jose", "jws", "ver", "-i", "-", "-k", str(key), "-O", "-", stdin=minted.encode())
        assert json.loads(read) == CLAIMS
        if not alg.startswith("HS"):
            named = succeeds(jwtcli("key", "thumbprint", str(key))).strip()
            assert tool("jose", "jwk", "thp", "-a", "S256", "-i", str(key)).decode().strip() == named


# joserfc and jwcrypto


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # so says joserfc, and RFC 9864
@pytest.mark.parametrize("alg", JOSERFC)
def test_keys_and_tokens_go_both_ways_with_joserfc(jwtcli: Run, tmp_path: Path, alg: str) -> None:
    succeeds(jwtcli("keygen", "-a", alg, "-o", "key.jwk"))
    document = json.loads((tmp_path / "key.jwk").read_bytes())
    key = joserfc_key(document)
    minted = used_here(jwtcli, tmp_path / "key.jwk", tmp_path / "key.jwk", alg)
    registry = joserfc_jws.JWSRegistry(algorithms=[alg])
    assert json.loads(joserfc_jws.deserialize_compact(minted, key, registry=registry).payload) == CLAIMS
    theirs = joserfc_jws.serialize_compact({"alg": alg}, json.dumps(CLAIMS), key, registry=registry)
    assert jwtcli("verify", "--key", "key.jwk", "--at", str(AT), stdin=theirs).status == 0
    (tmp_path / "back.jwk").write_text(json.dumps(key.as_dict(private=not alg.startswith("HS"))))
    (tmp_path / "back.jwk").chmod(0o600)
    assert json.loads(converted(jwtcli, tmp_path / "back.jwk", tmp_path / "again.jwk")) == document


@pytest.mark.parametrize("alg", tuple(ALGORITHMS))
def test_keys_and_tokens_go_both_ways_with_jwcrypto(jwtcli: Run, tmp_path: Path, alg: str) -> None:
    succeeds(jwtcli("keygen", "-a", alg, "-o", "key.jwk"))
    document = json.loads((tmp_path / "key.jwk").read_bytes())
    key = jwcrypto_jwk.JWK(**document)
    minted = used_here(jwtcli, tmp_path / "key.jwk", tmp_path / "key.jwk", alg)
    read = jwcrypto_jws.JWS()
    read.allowed_algs = [alg]
    read.deserialize(minted, key)
    assert json.loads(read.payload) == CLAIMS
    made = jwcrypto_jws.JWS(json.dumps(CLAIMS))
    made.allowed_algs = [alg]
    made.add_signature(key, alg, json.dumps({"alg": alg}))
    assert jwtcli("verify", "--key", "key.jwk", "--at", str(AT), stdin=made.serialize(compact=True)).status == 0
    assert json.loads(key.export()) == document
    (tmp_path / "back.jwk").write_text(key.export())
    (tmp_path / "back.jwk").chmod(0o600)
    assert json.loads(converted(jwtcli, tmp_path / "back.jwk", tmp_path / "again.jwk")) == document
    if not alg.startswith("HS"):
        assert key.thumbprint() == succeeds(jwtcli("key", "thumbprint", "key.jwk")).strip()


@pytest.mark.parametrize("alg", PAIRS)
def test_a_key_is_the_same_after_a_way_through_pem_and_jwcrypto(jwtcli: Run, tmp_path: Path, alg: str) -> None:
    private, _ = make(jwtcli, tmp_path, alg, "pem")
    document = json.loads(converted(jwtcli, private, tmp_path / "key.jwk"))
    (tmp_path / "back.jwk").write_text(jwcrypto_jwk.JWK(**document).export())
    (tmp_path / "back.jwk").chmod(0o600)
    assert converted(jwtcli, tmp_path / "back.jwk", tmp_path / "back.pem", "--to", "pem") == private.read_bytes()
