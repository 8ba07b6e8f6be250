"""Secrets that are nearly the right one: found by trying, told without showing."""

import binascii
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from joserfc.jwk import OctKey

from jwtcli.core.explain import explain
from jwtcli.core.keyfiles import from_secret
from jwtcli.core.keysets import KeySet
from jwtcli.core.verdict import Expectations
from jwtcli.core.verifier import verify
from tests.conftest import AT, Result, Run
from tests.explaining import causes, explained, signed

# Bytes whose base64 has '+' and '/', so that the alphabets can be told apart.
SECRET = b"\xfb\xef\xff" + bytes(range(64, 93))
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "base64": b64encode,
    "base64url": lambda data: urlsafe_b64encode(data).rstrip(b"="),
    "hex": binascii.hexlify,
}
TEXT = b"correct horse battery staple, and more"


def hs256(secret: bytes) -> str:
    return signed("HS256", OctKey.import_key(secret))


def with_secret(jwtcli: Run, token: str, secret: bytes, *args: str) -> Result:
    """Explain with a secret from a file, and hold every word to the rule that a secret is never shown."""
    Path("secret").write_bytes(secret)
    Path("secret").chmod(0o600)
    result = explained(jwtcli, token, "--secret-file", "secret", *args)
    for known in (SECRET, TEXT, secret.strip()):
        for shown in (known, *(encode(known) for encode in ENCODERS.values())):
            assert shown.decode("latin-1") not in result.stdout + result.stderr
    return result


@pytest.mark.parametrize("encoding", ENCODERS)
def test_a_secret_that_is_right_once_decoded_is_found(jwtcli: Run, encoding: str) -> None:
    result = with_secret(jwtcli, hs256(SECRET), ENCODERS[encoding](SECRET))
    assert causes(result) == ["secret_encoding"]
    assert result.json["findings"][0] == {
        "code": "secret_encoding",
        "message": f"the secret is right once it is decoded from {encoding}",
        "remedy": f"--secret-encoding {encoding}, or JWTCLI_SECRET_ENCODING={encoding}",
        "evidence": {"encoding": encoding, "signer_uses": "decoded", "bits": 256},
    }
    mended = with_secret(jwtcli, hs256(SECRET), ENCODERS[encoding](SECRET), "--secret-encoding", encoding)
    assert mended.json["accepted"], "the remedy does not help"


@pytest.mark.parametrize("encoded", [True, False])
def test_the_remedy_hangs_on_how_a_secret_was_read_and_not_on_what_its_source_is_called(encoded: bool) -> None:
    token = hs256(SECRET).encode()
    keys = KeySet((from_secret(b64encode(SECRET)),), "the secret of a client", encoded=encoded)
    (found,) = explain(token, keys, Expectations(), verify(token, keys, Expectations(), AT))
    assert found.remedy.startswith("--secret-encoding base64" if encoded else "the JWK's k holds base64 text")


@pytest.mark.parametrize("encoding", ENCODERS)
def test_a_signer_that_takes_the_encoded_text_itself_is_found(jwtcli: Run, encoding: str) -> None:
    text = ENCODERS[encoding](SECRET)
    result = with_secret(jwtcli, hs256(text), text, "--secret-encoding", encoding)
    assert causes(result) == ["secret_encoding"]
    assert result.json["findings"][0]["evidence"] == {
        "encoding": encoding,
        "signer_uses": "encoded",
        "bits": len(text) * 8,
    }


@pytest.mark.parametrize("spelling", [lambda text: text.rstrip(b"="), bytes.upper, bytes.lower])
def test_other_spellings_of_the_encoded_text_are_found(jwtcli: Run, spelling: Callable[[bytes], bytes]) -> None:
    encoding = "base64" if spelling(b"a=") == b"a" else "hex"
    text = spelling(ENCODERS[encoding](SECRET))
    assert causes(with_secret(jwtcli, hs256(text), text, "--secret-encoding", encoding)) == ["secret_encoding"]


def test_hexadecimal_digits_that_were_meant_as_base64_are_found(jwtcli: Run) -> None:
    text = b"0123456789abcdef" * 4
    result = with_secret(jwtcli, hs256(binascii.a2b_base64(text)), text, "--secret-encoding", "hex")
    assert causes(result) == ["secret_encoding"]
    assert result.json["findings"][0]["evidence"]["encoding"] == "base64"


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b" "])
def test_a_line_break_or_space_that_only_the_signer_has_is_found(jwtcli: Run, end: bytes) -> None:
    assert causes(with_secret(jwtcli, hs256(TEXT + end), TEXT)) == ["secret_white_space"]


@pytest.mark.parametrize("end", [" ", "  \n", "\t"])
def test_white_space_that_the_signer_does_not_have_is_found(jwtcli: Run, end: str) -> None:
    result = explained(jwtcli, hs256(TEXT), env={"JWTCLI_SECRET": TEXT.decode() + end})
    assert causes(result) == ["secret_white_space"]


@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("more", ["", "\n"])
def test_quotes_that_the_signer_does_not_have_are_found(jwtcli: Run, quote: str, more: str) -> None:
    given = f"{quote}{TEXT.decode()}{quote}{more}".encode()
    result = with_secret(jwtcli, hs256(TEXT), given)
    assert (result.status, causes(result)) == (4, ["secret_quotes"])
    assert result.json["findings"][0] == {
        "code": "secret_quotes",
        "message": "the secret that was given stands in quotes, the signer's does not",
        "remedy": "take them off: what reads the file or variable keeps them, as some readers of .env files do",
        "evidence": {},
    }


def test_quotes_around_a_secret_are_found_beside_a_second_cause(jwtcli: Run) -> None:
    assert causes(with_secret(jwtcli, hs256(SECRET), b'"' + b64encode(SECRET) + b'"')) == [
        "secret_quotes",
        "secret_encoding",
    ]
    assert causes(with_secret(jwtcli, hs256(TEXT), b'"' + TEXT + b' "')) == ["secret_quotes", "secret_white_space"]
    weak = with_secret(jwtcli, signed("HS512", OctKey.import_key(TEXT)), b"'" + TEXT + b"'")
    assert (weak.status, causes(weak)) == (4, ["secret_quotes"])
    assert "--allow-weak-key" in weak.json["findings"][0]["remedy"]


@pytest.mark.parametrize(
    "given", [b'"' + TEXT, TEXT + b"'", b'"' + TEXT + b"'", b'""' + TEXT + b'""', b"`" + TEXT + b"`"]
)
def test_quotes_that_do_not_stand_around_a_secret_explain_nothing(jwtcli: Run, given: bytes) -> None:
    assert causes(with_secret(jwtcli, hs256(TEXT), given)) == []


def test_an_echo_into_base64_is_told_as_two_causes(jwtcli: Run) -> None:
    result = with_secret(jwtcli, hs256(TEXT), b64encode(TEXT + b"\n"))
    assert causes(result) == ["secret_white_space", "secret_encoding"]


def test_the_k_of_a_jwk_that_holds_the_text_of_a_secret_is_found(jwtcli: Run) -> None:
    k = b64encode(SECRET).rstrip(b"=")
    jwk = f'{{"kty":"oct","k":"{ENCODERS["base64url"](k).decode()}"}}'
    result = explained(jwtcli, hs256(SECRET), env={"JWTCLI_KEY": jwk})
    assert causes(result) == ["secret_encoding"]
    assert "make it of the decoded bytes" in result.json["findings"][0]["remedy"]


def test_a_secret_that_turns_out_too_short_is_told_with_its_second_remedy(jwtcli: Run) -> None:
    result = with_secret(
        jwtcli, signed("HS512", OctKey.import_key(b64encode(SECRET) * 2)), b64encode(b64encode(SECRET) * 2)
    )
    assert "--allow-weak-key" not in result.json["findings"][0]["remedy"]
    result = with_secret(jwtcli, signed("HS512", OctKey.import_key(TEXT)), b64encode(TEXT))
    assert "--allow-weak-key" in result.json["findings"][0]["remedy"]


def test_a_secret_that_is_simply_wrong_is_not_explained_away(jwtcli: Run) -> None:
    assert causes(with_secret(jwtcli, hs256(SECRET), TEXT)) == []
