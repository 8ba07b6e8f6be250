"""Newer keys of a set from the web: when they are asked for, and for how long the old ones serve without."""

from collections.abc import Callable
from dataclasses import replace
from typing import Generic, TypeVar

from jwtcli.core.errors import JwtcliError, UnusableKeyError
from jwtcli.core.fetch import Fetched, Web
from jwtcli.core.published import deadline

_PAUSE = 60.0  # seconds between two fetches of a set whose time is over
_LONGEST = 3600.0  # seconds for which a set that cannot be had anew serves

Keys = TypeVar("Keys")
"""A set of keys, of which nothing else is known here."""

Fetch = Callable[..., tuple[Keys, Fetched]]
"""Fetches the set by a ``Web``, ``until`` a moment of its clock and, if ``fresh``, past the cache; tells what came."""


class Refresh(Generic[Keys]):
    """Fetches the set again when it is due, and once per process for a kid that a cached set does not know.

    The latter within the time that the first fetch left over, ``seconds``.
    """

    def __init__(self, fetch: Fetch[Keys], web: Web, seconds: float, found: Fetched) -> None:
        self._fetch, self._web, self._seconds = fetch, web, seconds
        self._began = web.clock()
        self._may_ask = True
        self._came = self._began if found.cached_at is None else None
        self.generation = 0
        """Changes whenever ``known`` comes to other keys than before."""
        self._newer: Keys | None = None
        self._failure: JwtcliError | None = None
        self._over: JwtcliError | None = None
        self._due, self._end = self._times(found)
        self._since = _since(found, web)

    def known(self, keys: Keys) -> Keys:
        """Return the newest set; raises FetchError and UnusableKeyError where ``renew`` found none in time."""
        if self._over is not None:
            raise self._over.with_traceback(None)  # it would hold the frames of each time that it was raised
        return keys if self._newer is None else self._newer  # one for all: what it worked out stays with it

    def again(self, keys: Keys) -> Keys:
        """Fetch the set for an unknown kid, or tell once more how that went; raises FetchError and UnusableKeyError."""
        just_now = self._came is not None and self._web.clock() - self._came < _PAUSE  # there is hardly a newer one
        if self._may_ask and not just_now:
            self._may_ask = False
            try:
                self._take(until=self._web.clock() + self._seconds, fresh=True)
            except JwtcliError as error:
                self._failure = error
                self._due = min(self._due, self._web.clock() + _PAUSE)  # the issuer may mend it soon
                self._forgo(error)
        if self._failure is not None:
            raise self._failure.with_traceback(None)
        return self.known(keys)

    def renew(self) -> None:
        """Fetch the set anew where its time is over, once a minute at most; for whoever judges for long.

        While that fails the old one serves, until an hour after it was fetched; where the newer one holds no key
        that can be used, no longer.
        """
        now = self._web.clock()
        if now < self._due:
            return
        self._due = now + _PAUSE if now >= self._end else min(now + _PAUSE, self._end)
        try:
            failed = self._failure is not None or self._over is not None  # then the cache knows nothing better
            self._take(until=deadline(self._web), fresh=failed)
        except JwtcliError as error:
            self._forgo(error, late=now >= self._end)

    def _take(self, *, until: float, fresh: bool) -> None:
        web = self._present()
        newer, found = self._fetch(web, until=until, fresh=fresh)
        if _since(found, web) < self._since:  # the cache holds an older one than ours, which may not be kept
            newer, found = self._fetch(web, until=until, fresh=True)
        self._newer, self._since = newer, _since(found, web)
        self._over = self._failure = None
        self._came = self._web.clock() if found.cached_at is None else None
        self._due, self._end = self._times(found)
        self.generation += 1

    def _forgo(self, error: JwtcliError, *, late: bool = False) -> None:
        """Trust the old set no longer where the newer one holds no key that can be used, or did not come in time."""
        if late or isinstance(error, UnusableKeyError):
            self._over = error
            self.generation += 1

    def _times(self, found: Fetched) -> tuple[float, float]:
        """Return when a set is to be fetched anew, and until when it serves where that fails, both of the clock."""
        web, now = self._present(), self._web.clock()
        end = now + _LONGEST - (web.now - _since(found, web))
        return min(now + max(found.young_for, _PAUSE), end), end

    def _present(self) -> Web:
        """Return what a fetch may do and know now, which is later than when the process began."""
        return replace(self._web, now=self._web.now + int(self._web.clock() - self._began))


def _since(found: Fetched, web: Web) -> int:
    """Return when a set came from its issuer, in Unix seconds."""
    return web.now if found.cached_at is None else found.cached_at
