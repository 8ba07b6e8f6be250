"""What somebody else wrote, a key, a token, a Host, takes no more time, memory or trust than it should."""

import json
from binascii import b2a_base64
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask.testing import FlaskClient

from jwtcli.core import near_signatures
from jwtcli.core.der import Value, value, values
from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.jwk import from_jwk, to_jwk
from jwtcli.core.keyfiles import load, to_bytes
from jwtcli.core.keys import Key, public_half
from jwtcli.core.keysets import KeySet
from jwtcli.core.lookalikes import what_it_looks_like
from jwtcli.core.native import _LONGEST_DER, _LONGEST_PEM
from jwtcli.core.new_keys import generate
from jwtcli.core.signatures import sign
from jwtcli.core.strict import base64url_encode
from jwtcli.core.tokens import parse
from jwtcli.core.verdict import Expectations
from jwtcli.core.verifier import Verifier
from jwtcli.web.app import create_app
from jwtcli.web.issuer import Issuer
from tests.conftest import AT, key_for
from tests.core.test_keyfiles import certificate

TWO_MEMBERS = (1 << 16383) | 1
PRIME = (1 << 9689) - 1  # a Mersenne prime: testing it takes the better part of a minute


def _number(value: int) -> str:
    return base64url_encode(value.to_bytes((value.bit_length() + 7) // 8))


@pytest.mark.parametrize(
    "members",
    [
        {"n": _number(TWO_MEMBERS), "e": "AQAB"},
        {"n": _number(TWO_MEMBERS), "e": "AQAB", "d": _number(TWO_MEMBERS)},
        {"n": _number((1 << 2047) | 1), "e": "AQAB", "d": _number(TWO_MEMBERS)},
        {"n": _number((1 << 2047) | 1), "e": _number((1 << 4000) | 1)},
    ],
)
def test_an_rsa_jwk_that_would_take_minutes_is_refused_by_its_size(members: dict[str, str]) -> None:
    with pytest.raises(UnusableKeyError, match="larger than 8192 bits"):
        from_jwk({"kty": "RSA", **members})


@pytest.mark.parametrize("modulus", [TWO_MEMBERS, PRIME], ids=["16384 bits", "9689 bits"])
def test_a_public_rsa_key_is_measured_in_every_wrapping(modulus: int) -> None:
    ssh = b2a_base64(_string(b"ssh-rsa") + _mpint(65537) + _mpint(modulus), newline=False)
    der = RSAPublicNumbers(65537, modulus).public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
    for text in (b"ssh-rsa " + ssh, der):
        with pytest.raises(UnusableKeyError, match="larger than 8192 bits"):
            load(text)


def test_a_public_exponent_that_makes_each_signature_slow_is_refused() -> None:
    """SP 800-56B section 6.2: below 2**256, or a set of a thousand such keys keeps --explain busy for half a minute."""
    modulus = _number(public_half(key_for("RS256")).native.public_numbers().n)
    assert from_jwk({"kty": "RSA", "n": modulus, "e": _number((1 << 256) - 1)}).bits == 2048
    with pytest.raises(UnusableKeyError, match="exponent is longer than 256 bits"):
        from_jwk({"kty": "RSA", "n": modulus, "e": _number((1 << 256) + 1)})


def test_an_rsa_key_in_der_is_measured_before_its_primes_are_tested() -> None:
    numbers = (0, PRIME * PRIME, 65537, 3, PRIME, PRIME, 1, 1, 1)
    body = b"".join(_der_integer(number) for number in numbers)
    with pytest.raises(UnusableKeyError):
        load(b"\x30\x82" + len(body).to_bytes(2) + body)


def test_an_rsa_key_of_openssh_is_measured_before_its_primes_are_tested() -> None:
    public = _string(b"ssh-rsa") + _mpint(65537) + _mpint(PRIME * PRIME)
    private = _string(b"ssh-rsa") + b"".join(map(_mpint, (PRIME * PRIME, 65537, 3, 1, PRIME, PRIME))) + _string(b"")
    secret = bytes(8) + private
    secret += bytes(range(1, 1 + -len(secret) % 8))
    plain = _string(b"none") + _string(b"none") + _string(b"")
    body = b"openssh-key-v1\0" + plain + b"\0\0\0\1" + _string(public) + _string(secret)
    pem = b"-----BEGIN OPENSSH PRIVATE KEY-----\n%b-----END OPENSSH PRIVATE KEY-----\n" % b2a_base64(body)
    with pytest.raises(UnusableKeyError, match="longer than any that signs a JWT"):
        load(pem)


def _pem(label: bytes, der: bytes) -> bytes:
    return b"-----BEGIN %b-----\n%b-----END %b-----\n" % (label, b2a_base64(der), label)


def test_a_private_key_longer_than_any_that_signs_is_not_read() -> None:
    der = to_bytes(key_for("ES256"), "der")
    with pytest.raises(UnusableKeyError, match="longer than any that signs a JWT"):
        load(_pem(b"PRIVATE KEY", der + bytes(8000)))
    with pytest.raises(UnusableKeyError, match="this is no key that jwtcli knows"):
        load(der + bytes(8000))


@pytest.mark.parametrize(
    "oid",
    ["2a864886f70d010301", "2a8648ce3e0201", "2a8648ce380401"],
    ids=["Diffie-Hellman", "X9.42 Diffie-Hellman", "DSA"],
)
def test_a_key_of_a_kind_whose_primes_the_library_tests_is_refused_unread(oid: str) -> None:
    """Of Diffie-Hellman a minute for 2 KB of a public key: 128 rounds each for p and (p - 1) / 2."""
    prime = (1 << 9941) - 1
    content = bytes.fromhex(oid)
    algorithm = _sequence(b"\x06" + bytes([len(content)]) + content, _sequence(_der_integer(prime), _der_integer(2)))
    public = _sequence(algorithm, b"\x03\x04\0" + _der_integer(5))
    private = _sequence(_der_integer(0), algorithm, b"\x04\x03" + _der_integer(5))
    for der, label in ((public, b"PUBLIC KEY"), (private, b"PRIVATE KEY")):
        account = json.dumps({"private_key": _pem(label, der).decode()}).encode()
        for text in (der, _pem(label, der), account):
            with pytest.raises(UnusableKeyError, match="no JWT algorithm takes a key of this kind"):
                load(text)


def test_a_certificate_for_a_key_of_a_kind_whose_primes_the_library_tests_is_refused_with_the_key_unread() -> None:
    made = certificate(key_for("ES256"))
    tbs = made.tbs_certificate_bytes
    parts = [tbs[at : part.end] for at, part in _parts(tbs)]
    mersenne = _der_integer((1 << 4423) - 1)
    dh = _sequence(bytes.fromhex("06092a864886f70d010301"), _sequence(mersenne, _der_integer(2)))
    parts[6] = _sequence(dh, b"\x03\x04\0" + _der_integer(5))
    rest = [made.public_bytes(Encoding.DER)[at : part.end] for at, part in _parts(made.public_bytes(Encoding.DER))][1:]
    forged = _sequence(_sequence(*parts), *rest)
    for text in (forged, _pem(b"CERTIFICATE", forged)):
        with pytest.raises(UnusableKeyError, match="no JWT algorithm takes a key of this kind"):
            load(text)


def _parts(der: bytes) -> list[tuple[int, Value]]:
    """Take a SEQUENCE apart: where each value of it begins, and the value."""
    inside = list(values(der, value(der, 0)))
    return list(zip([value(der, 0).start, *(part.end for part in inside)], inside, strict=False))


@pytest.mark.parametrize("form", ["pem", "der", "openssh"])
def test_the_longest_keys_that_sign_are_not_too_long(form: str) -> None:
    """Twice what an RSA key of 4096 bits takes, since making one of 8192 takes half a minute."""
    limit = _LONGEST_DER if form == "der" else _LONGEST_PEM
    for passphrase in (None, b"correct horse"):
        assert 2 * len(to_bytes(rsa_4096(), form, passphrase)) < limit
        if form != "openssh":
            assert load(to_bytes(key_for("ML-DSA-87"), form, passphrase), lambda: b"correct horse").private


@cache
def rsa_4096() -> Key:
    return generate("RS512", 4096)


def _sequence(*values: bytes) -> bytes:
    content = b"".join(values)
    return b"\x30\x82" + len(content).to_bytes(2) + content


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4) + data


def _mpint(value: int) -> bytes:
    return _string(value.to_bytes(value.bit_length() // 8 + 1))


def _der_integer(value: int) -> bytes:
    content = value.to_bytes(value.bit_length() // 8 + 1)
    size = len(content)
    return b"\x02" + (bytes((size,)) if size < 128 else b"\x82" + size.to_bytes(2)) + content


@pytest.mark.parametrize(
    "begun",
    [b"ecdsa-sha2-", b"ssh-rsa@", b"ssh-rsa ", b"sk-ssh-rsa.", b"'kty'  ", b"-BEGIN ", b"eyJ", b"AAAA ", b"0x3", b"A_"],
)
@pytest.mark.parametrize("wrap", [bytes, base64url_encode])
def test_a_secret_of_beginnings_takes_no_longer_than_its_length(
    begun: bytes, wrap: Callable[[bytes], bytes | str]
) -> None:
    text = wrap(begun * (600_000 // len(begun)))
    what_it_looks_like(text if isinstance(text, bytes) else text.encode())  # quadratic, it would take an hour


def test_a_line_of_broken_ssh_keys_takes_no_longer_than_its_length() -> None:
    with pytest.raises(UnusableKeyError):
        load(b"'ecdsa-sha2-" * 80_000)  # quadratic, it would take ten minutes


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_quoted_public_key_is_no_secret(quote: str) -> None:
    text = json.dumps(to_jwk(public_half(key_for("ES256"))))
    quoted = json.dumps(text) if quote == '"' else f"'{text}'"
    assert what_it_looks_like(quoted.encode()) == "a JWK"
    assert what_it_looks_like(text.encode("utf-16")) == "a JWK"


def test_text_of_any_length_is_not_kept_for_the_next_token() -> None:
    verifier = Verifier(KeySet((key_for("HS256"),), "test"), Expectations(any_aud=True))
    long = "x" * 90_000
    token = sign({"kid": long}, {"exp": AT + 60, "iss": long, "aud": long}, key_for("HS256"), "HS256").encode()
    assert verifier.verify(token, AT).accepted
    caches = (verifier._iss_again, verifier._aud_again)
    assert [cache.cache_info().currsize for cache in caches] == [0, 0]
    memories = (verifier._heads, verifier._tokens)
    assert [len(memory._kept) for memory in memories] == [0, 0]


@pytest.mark.parametrize("host", ["a!.evil.example:8000", "bücher.example", "", "[::1", "evil example"])
def test_a_host_that_is_none_is_nobody_we_know(host: str) -> None:
    issuer = Issuer("http://bücher.example", (key_for("ES256"),), lambda: AT)
    client: FlaskClient = create_app(issuer, ["127.0.0.1:8000", "bücher.example"]).test_client()
    headers = {"Host": host.encode().decode("latin-1")}
    assert client.get("/.well-known/jwks.json", headers=headers).status_code == 421


@pytest.mark.parametrize("origin", ["file://127.0.0.1:8000", "//127.0.0.1:8000", "null"])
def test_an_origin_that_is_no_web_page_of_ours_may_not_ask(origin: str) -> None:
    client = create_app(
        Issuer("http://127.0.0.1:8000", (key_for("ES256"),), lambda: AT), ["127.0.0.1:8000"]
    ).test_client()
    headers = {"Host": "127.0.0.1:8000", "Origin": origin}
    assert client.post("/login", data={"username": "a", "password": "b"}, headers=headers).status_code == 403


class Counted:
    """Takes the place of what hashes a token, says no to it, and adds up how much it was given."""

    def __init__(self) -> None:
        self.times, self.hashed = 0, 0

    def matches(self, signing_input: bytes, *_: object) -> bool:
        self.times, self.hashed = self.times + 1, self.hashed + len(signing_input)
        return False

    def digest(self, _secret: bytes, signing_input: bytes, _hash: str) -> bytes:
        self.matches(signing_input)
        return b"\xff" * 32


@pytest.mark.parametrize("alg", ["RS256", "ES256", "HS256"])
@pytest.mark.parametrize("size", [0, 1_000_000])
def test_a_refusal_is_explained_with_a_bounded_number_of_trials(
    monkeypatch: pytest.MonkeyPatch, alg: str, size: int
) -> None:
    one = public_half(key_for("RS256" if alg == "HS256" else alg))
    keys = KeySet(tuple(replace(one, kid=str(number)) for number in range(3000)), "set", chosen_by_kid=True)
    token = parse(sign({"kid": "gone"}, {"text": "x" * size}, key_for(alg), alg))
    counted = Counted()
    monkeypatch.setattr(near_signatures, "matches", counted.matches)
    monkeypatch.setattr("hmac.digest", counted.digest)
    findings = near_signatures.find(token, "A" * len(base64url_encode(token.signature)), keys)
    assert 0 < counted.times <= 20_000 + 100
    assert counted.hashed <= (1 << 30) + 100 * len(token.signing_input)
    if size or alg == "HS256":
        (finding,) = findings
        assert finding.code == "keys_not_tried"
        assert finding.evidence["keys"] == 3000
        assert 0 < finding.evidence["tried"] < 3000
    else:
        assert (findings, counted.times) == ((), 6000 if alg == "RS256" else 3000)


@pytest.mark.parametrize(("more", "times"), [(4, 6000), (1 << 20, 2 * 1023)])
def test_a_signature_that_is_too_long_is_tried_twice_with_each_key_and_no_longer_than_others(
    monkeypatch: pytest.MonkeyPatch, more: int, times: int
) -> None:
    one = public_half(key_for("ES256"))
    keys = KeySet(tuple(replace(one, kid=str(number)) for number in range(3000)), "set", chosen_by_kid=True)
    token = parse(sign({"kid": "gone"}, {}, key_for("ES256"), "ES256"))
    counted = Counted()
    monkeypatch.setattr(near_signatures, "matches", counted.matches)
    findings = near_signatures.find(token, "A" * (86 + more), keys)
    assert [finding.code for finding in findings] == ([] if more == 4 else ["keys_not_tried"])
    assert counted.times <= times


def test_a_key_found_before_the_search_ends_is_told_and_nothing_of_the_others() -> None:
    mine, other = (public_half(key_for(alg)) for alg in ("ES256", "ES384"))
    many = tuple(replace(other, kid=str(number)) for number in range(3000))
    keys = KeySet((*many, replace(mine, kid="mine")), "set", chosen_by_kid=True)
    token = parse(sign({"kid": "gone"}, {"text": "x" * 1_000_000}, key_for("ES256"), "ES256"))
    found = near_signatures.find(token, base64url_encode(token.signature), keys)
    assert [finding.code for finding in found] == ["other_key"]
