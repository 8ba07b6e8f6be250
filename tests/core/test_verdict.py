"""The conclusion: one refusal decides the status, and what was not checked is not accepted."""

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
