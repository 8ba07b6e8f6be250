"""Every input that fuzzing started from or found is replayed on every change, without atheris."""

from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS, corpus

INPUTS = [pytest.param(target, path, id=f"{target}-{path.name}") for target in TARGETS for path in corpus(target)]


@pytest.mark.parametrize(("target", "path"), INPUTS)
def test_what_must_hold_for_any_bytes_holds_for_the_corpus(target: str, path: Path) -> None:
    TARGETS[target](path.read_bytes())
