"""What is asked of a stream: how many processes, where nothing else is said."""

import os

import pytest

from jwtcli.commands import _stream_options


def test_without_fork_there_is_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _stream_options._cores() == len(os.sched_getaffinity(0))
    monkeypatch.delattr(os, "sched_getaffinity")
    assert _stream_options._cores() == os.cpu_count()
    monkeypatch.delattr(os, "fork")
    assert _stream_options._cores() == 1
