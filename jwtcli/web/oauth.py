"""OAuth 2.0 with a token in hand or wanted: the token endpoint, introspection (RFC 7662) and userinfo."""

from typing import Any
from urllib.parse import unquote_plus

from flask import Blueprint, Response, jsonify, request

from jwtcli.core.errors import UsageError
from jwtcli.web.bearer import bearer_token, challenge
from jwtcli.web.codes import Codes, proves
from jwtcli.web.fields import once
from jwtcli.web.issuer import Issuer
from jwtcli.web.metadata import PATHS
from jwtcli.web.refusals import RefusedError

Form = dict[str, str]

_AUDIENCES = ("audience", "resource")  # the common name, and that of RFC 8707


def token_endpoints(issuer: Issuer, codes: Codes) -> Blueprint:
    """Serve the endpoints over one issuer and the codes that it handed out."""
    blueprint = Blueprint("oauth", __name__)

    @blueprint.post(PATHS["token_endpoint"])
    def token() -> Response:
        form = once(request.form, repeatable=_AUDIENCES)
        kind = form.get("grant_type")
        if kind == "client_credentials":
            return jsonify(_for_client(issuer, form))
        if kind == "authorization_code":
            return jsonify(_for_code(issuer, codes, form))
        if kind is None:
            raise RefusedError("invalid_request", "grant_type is missing from the form")
        raise RefusedError("unsupported_grant_type", "grant_type is authorization_code or client_credentials")

    @blueprint.post(PATHS["introspection_endpoint"])
    def introspect() -> Response:
        compact = once(request.form).get("token")
        if compact is None:
            raise RefusedError("invalid_request", "token is missing from the form")
        verdict = issuer.judge(compact)
        if not verdict.accepted or verdict.token is None:
            return jsonify({"active": False})
        return jsonify({**verdict.token.claims, "active": True, "token_type": "Bearer"})

    @blueprint.route(PATHS["userinfo_endpoint"], methods=["GET", "POST"])
    def userinfo() -> Any:
        compact = bearer_token()
        verdict = None if compact is None else issuer.judge(compact)
        if verdict is None or not verdict.accepted or verdict.token is None:
            return challenge(verdict)
        claims = verdict.token.claims
        return jsonify({name: claims[name] for name in ("sub", "username", *issuer.extra) if name in claims})

    return blueprint


def _client_id(form: Form) -> str:
    """Name the client by HTTP Basic or by the form; its secret is whatever it likes, this is a test issuer."""
    basic, named = request.authorization, form.get("client_id")
    if basic is not None and basic.type == "basic" and basic.username:
        client = unquote_plus(basic.username)  # RFC 6749 section 2.3.1
        if named not in (None, client):
            raise RefusedError("invalid_request", "HTTP Basic and client_id name two clients")
        return client
    if named is None:
        challenge = {"WWW-Authenticate": 'Basic realm="jwtcli"'}
        raise RefusedError("invalid_client", "name the client by HTTP Basic or client_id", 401, challenge)
    return named


def _for_client(issuer: Issuer, form: Form) -> dict[str, Any]:
    client = _client_id(form)
    if issuer.knows(client):  # its token would be taken for the user's own, who has a password
        raise RefusedError("unauthorized_client", "this is the name of a user, who logs in by /authorize or /login")
    return _answer(issuer, {"sub": client, "client_id": client}, form.get("scope", ""), _way(form))


def _for_code(issuer: Issuer, codes: Codes, form: Form) -> dict[str, Any]:
    client, way = _client_id(form), _way(form)
    grant = codes.take(form.get("code", ""), issuer.clock())
    if grant is None or grant.client_id != client or grant.redirect_uri != form.get("redirect_uri"):
        raise RefusedError("invalid_grant", "the code is unknown, used, too old, or another client's")
    if not proves(form.get("code_verifier", ""), grant.challenge):
        raise RefusedError("invalid_grant", "code_verifier does not belong to the code's challenge")
    user = {"sub": grant.user, "username": grant.user}
    answer = _answer(issuer, {**user, "client_id": client}, grant.scope, way)
    if "openid" in grant.scope.split():
        nonce = {} if grant.nonce is None else {"nonce": grant.nonce}
        identity = {**user, "aud": client, "auth_time": int(grant.at), **nonce}
        answer["id_token"] = issuer.mint(identity, how_broken=way)
    return answer


def _answer(issuer: Issuer, claims: dict[str, Any], scope: str, way: str | None) -> dict[str, Any]:
    asked = [name for field in _AUDIENCES for name in request.form.getlist(field) if name]
    audience = (asked[0] if len(asked) == 1 else asked) or issuer.audience
    scoped = {"scope": scope} if scope else {}
    try:
        token = issuer.mint({**claims, "aud": audience, **scoped}, typ="at+jwt", how_broken=way)
    except UsageError as error:
        raise RefusedError("invalid_request", error.message) from None
    return {"access_token": token, "token_type": "Bearer", "expires_in": issuer.lifetime, **scoped}


def _way(form: Form) -> str | None:
    return form.get("break") or request.args.get("break")
