"""What a request asks for: the fields of a form, each at most once, or the members of a strict JSON object."""

from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from jwtcli.core.strict import json_object
from jwtcli.web.refusals import RefusedError


def once(given: MultiDict[str, str], repeatable: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the fields that have a value (RFC 6749 sections 3.1 and 3.2).

    Raises RefusedError for one that stands there twice, unless it is ``repeatable``.
    """
    for name, values in given.lists():
        if len(values) > 1 and name not in repeatable:
            raise RefusedError("invalid_request", f"'{name}' stands in the request {len(values)} times")
    return {name: value for name, value in given.items() if value}


def json_members() -> dict[str, Any]:
    """Read the body as a JSON object, by the same strict rules as a token's; raises ValueError."""
    if not request.is_json:
        raise ValueError("it is not application/json")
    return json_object(request.get_data())
