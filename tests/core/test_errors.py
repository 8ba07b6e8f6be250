"""The frozen exit statuses, and the errors that carry them."""

import pytest

from jwtcli.core.errors import (
    PRECEDENCE,
    ClaimError,
    FetchError,
    FileError,
    JwtcliError,
    Status,
    TokenError,
    UnusableKeyError,
    UsageError,
)


def test_the_exit_statuses_are_frozen() -> None:
    assert {status.name: status.value for status in Status} == {
        "DONE": 0,
        "FAILED": 1,
        "USAGE": 2,
        "MALFORMED": 3,
        "SIGNATURE": 4,
        "EXPIRED": 5,
        "NOT_YET_VALID": 6,
        "CLAIM": 7,
        "KEY": 8,
        "FETCH": 9,
        "INTERRUPTED": 130,
        "PIPE_CLOSED": 141,
    }


def test_the_order_of_refusals_is_frozen() -> None:
    assert [int(status) for status in PRECEDENCE] == [3, 8, 9, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        (JwtcliError, 1, "failed"),
        (FileError, 1, "file"),
        (UsageError, 2, "usage"),
        (TokenError, 3, "malformed"),
        (ClaimError, 7, "claim"),
        (UnusableKeyError, 8, "unusable_key"),
        (FetchError, 9, "fetch"),
    ],
)
def test_an_error_carries_its_status_and_a_stable_code(kind: type[JwtcliError], status: int, code: str) -> None:
    plain, special = kind("what"), kind("what", hint="do this", code="special")
    assert (plain.status, plain.code, plain.message, plain.hint, str(plain)) == (status, code, "what", None, "what")
    assert (special.code, special.hint) == ("special", "do this")
    assert kind.code == code
