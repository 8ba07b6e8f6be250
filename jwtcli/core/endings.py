"""The signals by which a process ends unless it heeds them, and what is done where none may come in between."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

_OTHERS = (
    *("KILL", "STOP"),  # cannot be caught
    *("CONT", "CHLD", "URG", "WINCH", "INFO"),  # end nothing
    *("TSTP", "TTIN", "TTOU"),  # stop a process
    *("SEGV", "BUS", "FPE", "ILL"),  # are faults, and come again where they are heeded
    "INT",  # Python heeds it
)
ENDING = frozenset(signal.valid_signals()) - {getattr(signal, f"SIG{name}", None) for name in _OTHERS}
"""Whoever has begun what must not stay half done, or has hidden what is typed, heeds them."""


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let signals wait for the moment that writing takes: one of them would leave a key in a file of another name."""
    if os.name == "nt":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def ended_by_exceptions(wanted: bool) -> Iterator[None]:
    """Make exceptions of the signals that would end the process, so that what was begun is taken back first."""
    usual = {number: signal.getsignal(number) for number in (*ENDING, signal.SIGINT) if wanted}
    heeded = [number for number in usual if usual[number] in (signal.SIG_DFL, signal.default_int_handler)]
    ended: list[int] = []

    def end(number: int, _: object) -> None:
        ended.append(number)
        if len(ended) == 1:  # a second one must not end the taking back
            raise KeyboardInterrupt

    for number in heeded:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in heeded:
            signal.signal(number, usual[number])
        if ended:
            os.kill(os.getpid(), ended[0])
