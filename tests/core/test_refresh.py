"""A set from the web is fetched again when it is due; what a site makes of that, tests/core/test_fetch.py tells."""

from typing import Any

import pytest

from jwtcli.core.errors import FetchError, UnusableKeyError
from jwtcli.core.fetch import Fetched, Web
from jwtcli.core.jwk import jwk_set
from jwtcli.core.keysets import read
from jwtcli.core.refresh import Refresh
from jwtcli.core.sources import KeySource
from tests.conftest import AT, key_for


class Issuer:
    """Gives out its sets in order, each good for so many seconds, and nothing where the next is no number."""

    def __init__(self, *young_for: int | None) -> None:
        self.at = 0.0
        self.asked: list[tuple[float, bool]] = []
        self._left = list(young_for)

    def fetch(self, web: Web, *, until: float, fresh: bool) -> tuple[str, Fetched]:
        self.asked.append((until - self.at, fresh))
        young_for = self._left.pop(0)
        if young_for is None:
            raise FetchError("the issuer is gone")
        return f"set {len(self.asked)}", Fetched({}, None, young_for=young_for)

    def refresh(self, found: Fetched) -> Refresh[str]:
        return Refresh(self.fetch, Web(AT, clock=lambda: self.at), 4.0, found)

    def known(self, refresh: Refresh[str], at: float) -> str:
        self.at = at
        refresh.renew()
        return refresh.known("set 0")


def test_each_set_says_how_long_it_is_good_for() -> None:
    issuer = Issuer(500, 70)
    refresh = issuer.refresh(Fetched({}, None, young_for=100))
    told = {at: issuer.known(refresh, at) for at in (0, 99, 100, 599, 600, 669)}
    assert told == {0: "set 0", 99: "set 0", 100: "set 1", 599: "set 1", 600: "set 2", 669: "set 2"}
    assert (issuer.asked, refresh.generation) == ([(10, False)] * 2, 2)


def test_the_hour_of_a_set_that_came_anew_begins_when_it_came() -> None:
    issuer = Issuer(100, *[None] * 100)
    refresh = issuer.refresh(Fetched({}, AT - 3000, young_for=100))
    assert issuer.known(refresh, 100) == "set 1"
    assert issuer.known(refresh, 3699) == "set 1"
    with pytest.raises(FetchError, match="the issuer is gone"):
        issuer.known(refresh, 3700)


def test_an_hour_ends_between_two_fetches_too() -> None:
    issuer = Issuer(*[None] * 100)
    refresh = issuer.refresh(Fetched({}, AT - 3000, young_for=77))
    assert [issuer.known(refresh, at) for at in (77, 137, 197, 599)] == ["set 0"] * 4
    with pytest.raises(FetchError, match="the issuer is gone"):
        issuer.known(refresh, 600)


def test_a_set_that_lay_in_a_cache_for_nearly_an_hour_is_due_when_that_is_over() -> None:
    issuer = Issuer(100)
    refresh = issuer.refresh(Fetched({}, AT - 3590, young_for=10))
    assert [issuer.known(refresh, at) for at in (9, 10)] == ["set 0", "set 1"]


def test_a_set_that_was_found_empty_for_an_unknown_kid_is_trusted_no_longer() -> None:
    def empty(_: Web, *, until: float, fresh: bool) -> tuple[str, Fetched]:
        raise UnusableKeyError("the key set holds no usable key")

    refresh = Refresh(empty, Web(AT, clock=lambda: 0.0), 4.0, Fetched({}, AT, young_for=100))
    assert refresh.known("set 0") == "set 0"
    for ask in (refresh.again, refresh.known):
        with pytest.raises(UnusableKeyError, match="no usable key"):
            ask("set 0")
    assert refresh.generation == 1


def test_a_stream_that_met_an_unusable_set_asks_again_soon() -> None:
    """Whoever sends a token with an unknown kid at that moment would else stop the stream for an hour."""
    at = 0.0
    usable = iter([False, True])

    def fetch(_: Web, *, until: float, fresh: bool) -> tuple[str, Fetched]:
        if not next(usable):
            raise UnusableKeyError("the key set holds no usable key")
        return "set 2", Fetched({}, None, young_for=3600)

    refresh = Refresh(fetch, Web(AT, clock=lambda: at), 4.0, Fetched({}, AT, young_for=3600))
    with pytest.raises(UnusableKeyError):
        refresh.again("set 0")
    at = 60.0
    refresh.renew()
    assert refresh.known("set 0") == "set 2"


def test_after_a_failure_the_issuer_is_asked_and_not_the_cache() -> None:
    issuer = Issuer(None, 100)
    refresh = issuer.refresh(Fetched({}, AT, young_for=3600))
    with pytest.raises(FetchError, match="the issuer is gone"):
        refresh.again("set 0")
    assert [issuer.known(refresh, at) for at in (59, 60)] == ["set 0", "set 2"]
    assert issuer.asked == [(4, True), (10, True)]


def test_an_unknown_kid_has_a_set_fetched_that_came_from_the_web_a_while_ago() -> None:
    issuer = Issuer(3600, 100)
    refresh = issuer.refresh(Fetched({}, AT - 3590, young_for=10))
    assert issuer.known(refresh, 10) == "set 1"
    issuer.at = 70
    assert [refresh.again("set 0") for _ in range(2)] == ["set 2"] * 2
    assert issuer.asked == [(10, False), (4, True)]


def test_a_set_that_came_anew_just_now_is_not_asked_for_once_more() -> None:
    issuer = Issuer(100)
    refresh = issuer.refresh(Fetched({}, AT - 3590, young_for=10))
    assert issuer.known(refresh, 10) == "set 1"
    assert refresh.again("set 0") == "set 1"
    assert issuer.asked == [(10, False)]


@pytest.mark.parametrize(("cached_at", "asked"), [(AT, [(4, True)]), (None, [])])
def test_an_unknown_kid_asks_past_the_cache_once_and_only_where_the_set_came_from_it(
    cached_at: int | None, asked: list[tuple[float, bool]]
) -> None:
    issuer = Issuer(100)
    refresh = issuer.refresh(Fetched({}, cached_at, young_for=100))
    assert [refresh.again("set 0") for _ in range(2)] == ["set 1" if asked else "set 0"] * 2
    assert issuer.asked == asked


def test_a_newer_set_is_used_as_the_operator_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def published(*_: Any, **__: Any) -> Fetched:
        return Fetched(jwk_set([key_for("RS256")]), AT)

    monkeypatch.setattr("jwtcli.core.published.key_set", published)
    source = KeySource("--jwks", b"", url="https://id.example/jwks")
    keys = read(source, None, lambda: Web(AT), wanted=("PS384",), allow_weak=True)
    assert keys.refresh is not None
    newer = keys.refresh.again(keys)
    assert newer is not keys
    assert (newer.wanted, newer.allow_weak) == (keys.wanted, keys.allow_weak) == (("PS384",), True)
