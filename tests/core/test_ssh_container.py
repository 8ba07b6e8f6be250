"""What an OpenSSH private key file says in the open is read as ssh-keygen writes it."""

import base64

import pytest

from jwtcli.core.keyfiles import to_bytes
from jwtcli.core.keys import public_half
from jwtcli.core.ssh_container import Container, read, string
from tests.conftest import key_for


@pytest.mark.parametrize("alg", ["RS256", "ES384", "Ed25519"])
def test_the_public_half_is_that_of_the_public_file(alg: str) -> None:
    line = to_bytes(public_half(key_for(alg)), "openssh")
    assert read(to_bytes(key_for(alg), "openssh")) == Container(b"", base64.b64decode(line.split()[1]))


@pytest.mark.parametrize("size", range(0, 60, 7))
def test_a_container_that_is_cut_short_is_none(size: int) -> None:
    body = base64.b64decode(b"".join(to_bytes(key_for("Ed25519"), "openssh").splitlines()[1:-1]))
    with pytest.raises(ValueError, match="cut short"):
        read(b"-\n" + base64.b64encode(body[:size]) + b"\n-")


def test_a_string_ends_where_its_length_says() -> None:
    assert string(b"\0\0\0\x02abcd") == (b"ab", b"cd")
    assert string(b"\0\0\0\0") == (b"", b"")
