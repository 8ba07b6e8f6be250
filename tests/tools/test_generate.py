"""What is made from the commands is what they would make today."""

from collections.abc import Callable

import pytest

from tools.generate import MAKERS, ROOT


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_the_files_made_from_the_commands_are_up_to_date(make: Callable[[], dict[str, str]]) -> None:
    made = make()
    folders = {(ROOT / name).parent for name in made}
    present = {str(path.relative_to(ROOT)) for folder in folders for path in folder.iterdir()}
    assert present == set(made)
    stale = [name for name, content in made.items() if (ROOT / name).read_text() != content]
    assert stale == [], "make them anew: python -m tools.generate"
