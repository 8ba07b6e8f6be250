"""Waiting that no signal escapes."""

import os
import select
import signal
import threading
import time

import pytest

from jwtcli.commands._wakeup import Wakeup


def test_a_signal_that_does_not_break_off_the_wait_itself_ends_it_all_the_same() -> None:
    """A thread takes the signal, so the wait of this one goes on: as where it came just before the wait began."""
    reader, writer = os.pipe()

    def strike() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        time.sleep(0.1)
        signal.raise_signal(signal.SIGINT)

    rescue = threading.Timer(10, os.write, (writer, b"too late"))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with Wakeup() as wakeup:
            rescue.start()
            threading.Thread(target=strike).start()
            with pytest.raises(KeyboardInterrupt):
                wakeup.wait(reader)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        rescue.cancel()
    assert select.select([reader], [], [], 0)[0] == []
    os.close(reader)
    os.close(writer)


def test_a_signal_without_consequence_ends_no_wait() -> None:
    reader, writer = os.pipe()
    heard: list[int] = []

    def answer(number: int, _frame: object) -> None:
        heard.append(number)
        if len(heard) == 2:
            os.write(writer, b"x")

    before = signal.signal(signal.SIGALRM, answer)
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.2)
    try:
        with Wakeup() as wakeup:
            wakeup.wait(reader)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert (heard[:2], os.read(reader, 9)) == ([signal.SIGALRM] * 2, b"x")
    assert signal.set_wakeup_fd(-1) == -1
    os.close(reader)
    os.close(writer)
