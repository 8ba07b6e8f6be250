"""Waiting that no signal escapes: Ctrl-C between the last look at signals and the wait ends the wait all the same."""

import os
import select
import signal
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType
from typing import Self


class Wakeup:
    """While it lasts, each signal makes ``descriptor`` readable; only in the main thread.

    Python looks at signals between two steps of its own. One that comes after the last of them would else be heard only
    when the wait ends by itself.
    """

    def __enter__(self) -> Self:
        self.descriptor, self._bell = os.pipe()
        for end in (self.descriptor, self._bell):
            os.set_blocking(end, False)
        self._before = signal.set_wakeup_fd(self._bell, warn_on_full_buffer=False)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        signal.set_wakeup_fd(self._before)
        os.close(self.descriptor)
        os.close(self._bell)

    def wait(self, descriptor: int, milliseconds: int | None = None) -> bool:
        """Wait until a descriptor is readable, or so long at most after the last signal; tell whether it is."""
        waiting = select.poll()
        for one in (descriptor, self.descriptor):
            waiting.register(one, select.POLLIN)
        while events := waiting.poll(milliseconds):
            if self.heard(events):
                return True
        return False

    def heard(self, events: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the events of a poll but for our own, which is over with this."""
        others = [(descriptor, event) for descriptor, event in events if descriptor != self.descriptor]
        with suppress(BlockingIOError):
            os.read(self.descriptor, 4096)
        return others
