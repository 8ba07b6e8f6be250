"""A request refused as JSON: an error code, what is wrong, and the HTTP status (RFC 6749 section 5.2)."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException, InternalServerError


class RefusedError(Exception):
    """A request that gets no token; ``headers`` go out beside the error."""

    def __init__(
        self, code: str, description: str, status: int = 400, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.status = status
        self.headers = headers or {}


def refuse_in_json(app: Flask) -> None:
    """Answer with JSON whatever goes wrong, a bug included, and log nothing: a traceback may quote a token."""
    app.logger.disabled = True

    @app.errorhandler(RefusedError)
    def refused(refusal: RefusedError) -> Response:
        return _answer(refusal.code, refusal.description, refusal.status, refusal.headers)

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Response:
        headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
        if isinstance(error, InternalServerError):
            kind = type(error.original_exception).__name__
            return _answer("server_error", f"this is a bug in jwtcli ({kind})", 500, headers)
        return _answer(error.name.lower().replace(" ", "_"), error.description, error.code or 500, headers)


def _answer(code: str, description: Any, status: int, headers: Mapping[str, str]) -> Response:
    response = jsonify({"error": code, "error_description": description})
    response.status_code = status
    response.headers.update(headers)
    return response
