"""The conclusion: one refusal decides the status, and what was not checked is not accepted."""

import pytest

from jwtcli.core.errors import Status
from jwtcli.core.rulings import Ruling
from jwtcli.core.verdict import Verdict
from tests.conftest import AT


def test_the_first_refusal_in_the_frozen_order_decides() -> None:
    def failing(*statuses: Status) -> Verdict:
        return Verdict(tuple(Ruling(str(s), passed=False, status=s) for s in statuses), AT, "x")

    order = [
        Status.MALFORMED,
        Status.KEY,
        Status.FETCH,
        Status.SIGNATURE,
        Status.EXPIRED,
        Status.NOT_YET_VALID,
        Status.CLAIM,
    ]
    for place, status in enumerate(order):
        assert failing(*reversed(order[place:])).status is status


def test_a_check_that_could_not_be_made_is_no_acceptance() -> None:
    assert not Verdict((Ruling("form", passed=True), Ruling("signature", passed=None)), AT, "x").accepted


def test_a_reason_with_an_aside_has_a_short_form_without_it() -> None:
    aside = Ruling("iss", passed=False, words=("iss is (not) it", "a slash more"), status=Status.CLAIM)
    plain = Ruling("sub", passed=False, words="sub is missing (now)", status=Status.CLAIM)
    told = [(check.short, check.reason) for check in Verdict((aside, plain), AT, "x").checks]
    assert told == [
        ("iss is (not) it", "iss is (not) it (a slash more)"),
        ("sub is missing (now)", "sub is missing (now)"),
    ]


@pytest.mark.parametrize(
    ("codes", "explicable"),
    [
        ("bad_signature alg_not_allowed no_kid unknown_kid", True),
        ("not_yet_valid issued_in_future iss_mismatch aud_mismatch typ_mismatch wrong_type mismatch", True),
        ("expired missing malformed weak_key sub_mismatch aud_unexpected too_old crit_unsupported", False),
    ],
)
def test_a_verdict_is_explicable_where_any_of_its_refusals_is(codes: str, explicable: bool) -> None:
    expired = Ruling("exp", passed=False, code="expired", status=Status.EXPIRED)
    for code in codes.split():
        ruling = Ruling("x", passed=False, code=code, status=Status.CLAIM)
        assert Verdict((expired, ruling), AT, "x").explicable is explicable, code
        assert not Verdict((expired, ruling._replace(passed=None)), AT, "x").explicable
