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
