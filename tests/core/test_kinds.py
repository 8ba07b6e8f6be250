"""Telling a signed JWT from its relatives, by form and header alone."""

import pytest

from jwtcli.core.kinds import Kind, kind_of

NESTING = b"eyJhbGciOiJIUzI1NiIsImN0eSI6IkpXVCJ9"
UNENCODING = b"eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2V9"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (b"", Kind.JWS),
        (b"a.b.c", Kind.JWS),
        (b"a.b", Kind.JWS),
        (b"a.b.c.d", Kind.JWS),
        (b"a.b.c.d.e", Kind.JWE),
        (b"a.b.c.d.e.f", Kind.JWS),
        (b"a.b...", Kind.JWS),
        (b"a.b.c.d.e...", Kind.JWS),
        (b"a.b.c.d.e\xe2\x80\xa6", Kind.JWE),
        (b"a.b.c~", Kind.SD_JWT),
        (b"a.b.c~d~a.b.c", Kind.SD_JWT),
        (b"a~b.c.d", Kind.JWS),
        (NESTING + b".YS5iLmM.c", Kind.NESTED),
        (NESTING + b".e30.c", Kind.JWS),
        (NESTING + b".!.c", Kind.NESTED),
        (UNENCODING + b"..c", Kind.UNENCODED),
        (UNENCODING + b".1.0.c", Kind.UNENCODED),
        (b"{", Kind.JWS),
        (b'{"alg": "HS256"}', Kind.JWS),
        (b'{"payload": ""}', Kind.JWS),
        (b'{"payload": "", "signature": ""}', Kind.JWS_JSON),
        (b' {"payload": "", "signatures": []}', Kind.JWS_JSON),
        (b'{"ciphertext": ""}', Kind.JWE_JSON),
    ],
)
def test_a_text_is_told_by_its_form(text: bytes, kind: Kind) -> None:
    assert kind_of(text) is kind
