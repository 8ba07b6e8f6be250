"""How secrets are written, and what is none of it."""

import pytest

from jwtcli.core.encodings import decode_secret
from jwtcli.core.errors import UnusableKeyError


@pytest.mark.parametrize(
    ("text", "encoding", "secret"),
    [
        (b"AQID", "base64", b"\x01\x02\x03"),
        (b"AQI=\n", "base64", b"\x01\x02"),
        (b"AQI", "base64", b"\x01\x02"),
        (b"A QI\r\nD", "base64", b"\x01\x02\x03"),
        (b"-_-_", "base64url", b"\xfb\xff\xbf"),
        (b"-_8=", "base64url", b"\xfb\xff"),
        (b"+/+/", "base64", b"\xfb\xff\xbf"),
        (b"00 fF\n", "hex", b"\x00\xff"),
        (b"\xff\n", "raw", b"\xff\n"),
        ("é".encode(), "utf8", "é".encode()),
        (b"", "hex", b""),
    ],
)
def test_a_secret_is_decoded(text: bytes, encoding: str, secret: bytes) -> None:
    assert decode_secret(text, encoding) == secret


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (b"hunter2!", "base64"),
        (b"A", "base64"),
        (b"-_-_", "base64"),
        (b"+/+/", "base64url"),
        (b"hunter2!", "base64url"),
        (b"AQ==ID", "base64"),
        (b"abc", "hex"),
        (b"hunter2!", "hex"),
        (b"hunter2\xff", "utf8"),
    ],
)
def test_what_is_not_so_encoded_is_refused_without_being_quoted(text: bytes, encoding: str) -> None:
    with pytest.raises(UnusableKeyError) as caught:
        decode_secret(text, encoding)
    assert caught.value.message in (f"the secret is not {encoding}", "the secret is not UTF-8 text")
    assert "hunter2" not in f"{caught.value}{caught.value.hint}"
    assert caught.value.__cause__ is None
