"""The pair that every JWT tutorial shows: ``POST /login`` for a token, ``GET /protected`` with it."""

from typing import Any, TypeGuard

from flask import Blueprint, Response, jsonify, request

from jwtcli.core.errors import UsageError
from jwtcli.web.bearer import bearer_token, challenge
from jwtcli.web.fields import json_members, once
from jwtcli.web.issuer import Issuer
from jwtcli.web.metadata import PATHS
from jwtcli.web.refusals import RefusedError


def tutorial_endpoints(issuer: Issuer) -> Blueprint:
    """Serve both endpoints over one issuer."""
    blueprint = Blueprint("tutorial", __name__)

    @blueprint.post(PATHS["login"])
    def login() -> Response:
        fields = _fields()
        name, password = fields.get("username"), fields.get("password")
        way, audience = fields.get("break") or request.args.get("break"), fields.get("audience")
        optional = _is_text(way or "") and _is_text(audience or "")
        if not (_is_text(name) and name and _is_text(password) and optional):
            raise RefusedError("invalid_request", "send username and password as text, in a form or as JSON")
        if not issuer.lets_in(name, password):
            raise RefusedError("invalid_credentials", "this name and password do not go together", 401)
        try:
            asked = {"aud": audience} if audience else {}
            return jsonify({"token": issuer.mint({"sub": name, "username": name, **asked}, how_broken=way)})
        except UsageError as error:
            raise RefusedError("invalid_request", error.message) from None

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
    if not request.is_json:
        once(request.form)
        return request.form.to_dict()  # an empty password is a password
    try:
        return json_members()
    except ValueError as error:
        raise RefusedError("invalid_request", f"the body cannot be used: {error}") from None


def _is_text(value: object) -> TypeGuard[str]:
    """Tell whether a value is text that a token can carry: JSON can also spell lone surrogates."""
    return isinstance(value, str) and not any(0xD800 <= ord(char) < 0xE000 for char in value)
