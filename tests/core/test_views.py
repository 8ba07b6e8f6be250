"""The views are loaded when they are asked for, and there are two."""

import pytest

from jwtcli.core import as_json, as_text, views


def test_the_views_are_the_modules_of_their_names() -> None:
    assert (views.as_text, views.as_json) == (as_text, as_json)


def test_there_is_no_other_view() -> None:
    with pytest.raises(AttributeError, match="as_html"):
        views.__getattr__("as_html")
