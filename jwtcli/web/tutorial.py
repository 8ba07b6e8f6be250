"""The pair that every JWT tutorial shows: ``POST /login`` for a token, ``GET /protected`` with it."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from jwtcli.core.errors import UsageError
from jwtcli.web.bearer import bearer_token, challenge
from jwtcli.web.issuer import Issuer
from jwtcli.web.metadata import PATHS


def tutorial_endpoints(issuer: Issuer) -> Blueprint:
    """Serve both endpoints over one issuer."""
    blueprint = Blueprint("tutorial", __name__)

    @blueprint.post(PATHS["login"])
    def login() -> Any:
        fields = _fields()
        name, password = fields.get("username"), fields.get("password")
        if not isinstance(name, str) or not isinstance(password, str) or not name:
            return _refused("invalid_request", "send username and password, as a form or as JSON", 400)
        if not issuer.lets_in(name, password):
            return _refused("invalid_credentials", "this name and password do not go together", 401)
        how = fields.get("break", request.args.get("break"))
        try:
            return jsonify({"token": issuer.mint({"sub": name, "username": name}, how_broken=how)})
        except UsageError as error:
            return _refused("invalid_request", error.message, 400)

    @blueprint.get(PATHS["protected"])
    def protected() -> Any:
        compact = bearer_token()
        if compact is None:
            return challenge(None)
        verdict = issuer.judge_for_us(compact)
        if not verdict.accepted or verdict.token is None:
            return challenge(verdict)
        return jsonify({"claims": verdict.token.claims})

    return blueprint


def _fields() -> dict[str, Any]:
    if request.is_json:
        document = request.get_json(silent=True)
        return document if isinstance(document, dict) else {}
    return dict(request.form)


def _refused(code: str, description: str, status: int) -> tuple[Response, int]:
    return jsonify({"error": code, "error_description": description}), status
