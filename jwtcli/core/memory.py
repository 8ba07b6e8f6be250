"""What was worked out for the latest tokens, so that one that comes again is not taken apart again."""

from collections import OrderedDict
from typing import Generic, TypeVar

Worked = TypeVar("Worked")


class Memory(Generic[Worked]):
    """Keeps what belongs to a token under its own bytes, for the latest tokens alone.

    ``limit`` is how many bytes of tokens are kept altogether, each counted as ``least`` at least, since much
    of what is kept of a token is there however short it is. What is kept takes a few times the limit: claims that
    were read are larger than their text, some twenty times where they are nothing but empty objects. A
    token that would fill more than a hundredth is not kept.
    """

    def __init__(self, limit: int, least: int) -> None:
        self._limit = limit
        self._least = least
        self._largest = limit // 100
        self._held = 0
        self._kept: OrderedDict[bytes, Worked] = OrderedDict()

    def get(self, compact: bytes) -> Worked | None:
        """Return what was kept for this token, which is one of the latest again; None where there is nothing."""
        found = self._kept.get(compact)
        if found is not None:
            self._kept.move_to_end(compact)
        return found

    def keep(self, compact: bytes, worked: Worked) -> None:
        """Keep this for the token, in place of what was kept before; the longest unseen make room."""
        if len(compact) > self._largest:
            return
        if compact not in self._kept:
            self._held += self._size(compact)
        self._kept[compact] = worked
        while self._held > self._limit:
            self._held -= self._size(self._kept.popitem(last=False)[0])

    def _size(self, compact: bytes) -> int:
        return max(len(compact), self._least)
