"""OAuth 2.0 and OpenID Connect: authorization code with PKCE, client credentials, introspection, userinfo."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, jsonify, redirect, render_template, request

from jwtcli.core.errors import UsageError
from jwtcli.web.bearer import bearer_token, challenge
from jwtcli.web.codes import LIFETIME, Codes, Grant, proves
from jwtcli.web.issuer import Issuer
from jwtcli.web.metadata import PATHS

_CARRIED = ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge")


class OAuthError(Exception):
    """An error of RFC 6749 section 5.2: a code, what is wrong, the HTTP status."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.body = {"error": code, "error_description": description}
        self.status = status


def oauth_endpoints(issuer: Issuer) -> Blueprint:
    """Serve the endpoints over one issuer; codes are kept in memory, bounded, for this run."""
    blueprint = Blueprint("oauth", __name__, template_folder="templates")
    codes = Codes()

    @blueprint.errorhandler(OAuthError)
    def told(error: OAuthError) -> tuple[Response, int]:
        return jsonify(error.body), error.status

    @blueprint.get(PATHS["authorization_endpoint"])
    def ask() -> str:
        _check_authorization()
        return _login_form()

    @blueprint.post(PATHS["authorization_endpoint"])
    def grant() -> Any:
        _check_authorization()
        user = request.form.get("username", "")
        if not issuer.lets_in(user, request.form.get("password", "")):
            return _login_form("This name and password do not go together."), 401
        return redirect(_granted(issuer, codes, user))

    @blueprint.post(PATHS["token_endpoint"])
    def token() -> Response:
        kind = request.form.get("grant_type", "")
        if kind == "client_credentials":
            return jsonify(_for_client(issuer))
        if kind == "authorization_code":
            return jsonify(_for_code(issuer, codes))
        raise OAuthError("unsupported_grant_type", "grant_type is authorization_code or client_credentials")

    @blueprint.post(PATHS["introspection_endpoint"])
    def introspect() -> Response:
        verdict = issuer.judge(request.form.get("token", ""))
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


def _login_form(complaint: str | None = None) -> str:
    carried = {name: request.values[name] for name in _CARRIED if name in request.values}
    return render_template(
        "login.html", carried=carried, complaint=complaint, hint=request.values.get("login_hint", "")
    )


def _check_authorization() -> None:
    """Refuse a request without PKCE or with a place to return to that is none (RFC 9700 section 2.1)."""
    values = request.values
    target = urlsplit(values.get("redirect_uri", ""))
    if target.scheme not in ("http", "https") or not target.netloc or target.fragment:
        raise OAuthError("invalid_request", "redirect_uri must be an absolute http or https URL without a fragment")
    if not values.get("client_id"):
        raise OAuthError("invalid_request", "client_id is missing")
    if values.get("response_type") != "code":
        raise OAuthError("unsupported_response_type", "response_type must be code")
    if not values.get("code_challenge") or values.get("code_challenge_method", "S256") != "S256":
        raise OAuthError("invalid_request", "PKCE is required: code_challenge, with code_challenge_method S256")


def _granted(issuer: Issuer, codes: Codes, user: str) -> str:
    values = request.values
    grant = Grant(
        values["client_id"],
        values["redirect_uri"],
        user,
        values.get("scope", ""),
        values.get("nonce"),
        values["code_challenge"],
        issuer.clock() + LIFETIME,
    )
    answer = {"code": codes.add(grant), "iss": issuer.url}
    if "state" in values:
        answer["state"] = values["state"]
    separator = "&" if urlsplit(grant.redirect_uri).query else "?"
    return f"{grant.redirect_uri}{separator}{urlencode(answer)}"


def _client_id() -> str:
    """Name the client by HTTP Basic or by the form; its secret is whatever it likes, this is a test issuer."""
    authorization = request.authorization
    if authorization is not None and authorization.type == "basic" and authorization.username:
        return authorization.username
    client = request.form.get("client_id", "")
    if not client:
        raise OAuthError("invalid_client", "name the client by HTTP Basic or client_id", 401)
    return client


def _for_client(issuer: Issuer) -> dict[str, Any]:
    client = _client_id()
    return _answer(issuer, {"sub": client, "client_id": client}, request.form.get("scope", ""))


def _for_code(issuer: Issuer, codes: Codes) -> dict[str, Any]:
    client, form = _client_id(), request.form
    grant = codes.take(form.get("code", ""), issuer.clock())
    if grant is None or grant.client_id != client or grant.redirect_uri != form.get("redirect_uri"):
        raise OAuthError("invalid_grant", "the code is unknown, used, too old, or another client's")
    if not proves(form.get("code_verifier", ""), grant.challenge):
        raise OAuthError("invalid_grant", "code_verifier does not belong to the code's challenge")
    user = {"sub": grant.user, "username": grant.user}
    answer = _answer(issuer, {**user, "client_id": client}, grant.scope)
    if "openid" in grant.scope.split():
        nonce = {} if grant.nonce is None else {"nonce": grant.nonce}
        answer["id_token"] = issuer.mint({**user, "aud": client, **nonce}, how_broken=_how_broken())
    return answer


def _answer(issuer: Issuer, claims: dict[str, Any], scope: str) -> dict[str, Any]:
    audience = request.form.get("audience") or request.form.get("resource") or issuer.url
    scoped = {"scope": scope} if scope else {}
    try:
        token = issuer.mint({**claims, "aud": audience, **scoped}, typ="at+jwt", how_broken=_how_broken())
    except UsageError as error:
        raise OAuthError("invalid_request", error.message) from None
    return {"access_token": token, "token_type": "Bearer", "expires_in": issuer.lifetime, **scoped}


def _how_broken() -> str | None:
    return request.values.get("break") or None
