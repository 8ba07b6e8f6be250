"""Whom a test issuer lets in is who stands in the file, as anybody reads it."""

import pytest

from jwtcli.core.errors import UsageError
from jwtcli.core.users import read_users


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    assert read_users(b"\xef\xbb\xbfalice:pw\r\nbob:a:b\r\n", "users") == {"alice": "pw", "bob": "a:b"}


@pytest.mark.parametrize("name", ["ali\u200bce", "\ufeff\ufeffalice", "alice\t", "\x1b[31malice", "a\u00a0b"])
def test_a_name_that_nobody_can_read_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match=r"^line 2 of users has a name with invisible characters$") as refused:
        read_users(f"bob:x\n{name}:pw".encode(), "users")
    assert refused.value.code == "bad_users"
