"""The authorization endpoint: a page to log in by, and the way back to the client (RFC 6749 section 4.1)."""

import re
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, redirect, render_template, request

from jwtcli.core.printable import printable
from jwtcli.web.codes import Codes, Grant
from jwtcli.web.fields import once
from jwtcli.web.issuer import Issuer
from jwtcli.web.metadata import PATHS
from jwtcli.web.refusals import RefusedError

Asked = dict[str, str]

LONGEST = 2_000
"""Characters of what a client asks for and a code keeps, so that the codes together stay small."""
_CARRIED = (
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
)
_KEPT = ("client_id", "redirect_uri", "scope", "nonce", "username")
_URL = re.compile(r"https?://[^/?#\s][!-~]*", re.ASCII | re.IGNORECASE)
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def authorization_endpoint(issuer: Issuer, codes: Codes) -> Blueprint:
    """Serve the endpoint; what was granted waits in ``codes``. Every client is known, with any place to return to."""
    blueprint = Blueprint("authorize", __name__, template_folder="templates")

    @blueprint.get(PATHS["authorization_endpoint"])
    def ask() -> Any:
        asked = _asked()
        fault = _fault(asked)
        return _login_form(asked) if fault is None else _back(issuer, asked, fault)

    @blueprint.post(PATHS["authorization_endpoint"])
    def grant() -> Any:
        asked = _asked()
        fault = _fault(asked)
        if fault is not None:
            return _back(issuer, asked, fault)
        user = asked.get("username", "")
        if not issuer.lets_in(user, asked.get("password", "")):
            return _login_form(asked, "This name and password do not go together."), 401
        scope, nonce = asked.get("scope", ""), asked.get("nonce")
        challenge = asked["code_challenge"]
        granted = Grant(asked["client_id"], asked["redirect_uri"], user, scope, nonce, challenge, issuer.clock())
        return _back(issuer, asked, {"code": codes.add(granted)})

    return blueprint


def _asked() -> Asked:
    """Return what is asked for; raises RefusedError where there is no client to go back to (section 4.1.2.1)."""
    asked = {**once(request.args), **once(request.form)}
    if not _is_url(asked.get("redirect_uri", "")):
        raise RefusedError("invalid_request", "redirect_uri must be an absolute http or https URL without a fragment")
    if "client_id" not in asked:
        raise RefusedError("invalid_request", "client_id is missing")
    if sum(len(asked.get(name, "")) for name in _KEPT) > LONGEST:
        raise RefusedError("invalid_request", f"the request is longer than {LONGEST} characters")
    return asked


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return bool(_URL.fullmatch(text) and parts.hostname and parts.port != 0 and "#" not in text)
    except ValueError:  # a port that is no number, or too large, among it
        return False


def _fault(asked: Asked) -> dict[str, str] | None:
    """Return the error of which the client is told by way of its redirect_uri, or None.

    PKCE with S256 is demanded of everybody (RFC 9700 section 2.1.1); left out, the method would be
    plain (RFC 7636 section 4.3).
    """
    kind = asked.get("response_type")
    if kind is None:
        return _error("invalid_request", "response_type is missing")
    if kind != "code":
        return _error("unsupported_response_type", "response_type must be code")
    if asked.get("response_mode", "query") != "query":
        return _error("invalid_request", "response_mode must be query")
    for name in ("request", "request_uri"):
        if name in asked:
            return _error(f"{name}_not_supported", f"{name} is not supported")
    if not _CHALLENGE.fullmatch(asked.get("code_challenge", "")) or asked.get("code_challenge_method") != "S256":
        return _error("invalid_request", "PKCE is required: code_challenge, with code_challenge_method S256")
    if "none" in asked.get("prompt", "").split():
        return _error("login_required", "there are no sessions here: somebody has to log in")
    return None


def _error(code: str, description: str) -> dict[str, str]:
    return {"error": code, "error_description": description}


def _back(issuer: Issuer, asked: Asked, answer: dict[str, str]) -> Any:
    """Send the browser back to the client, the issuer named (RFC 9207), by 303 (RFC 9700 section 4.12)."""
    told = {**answer, "iss": issuer.url, **{name: asked[name] for name in ("state",) if name in asked}}
    place = asked["redirect_uri"]
    return redirect(f"{place}{'&' if urlsplit(place).query else '?'}{urlencode(told)}", 303)


def _login_form(asked: Asked, complaint: str | None = None) -> str:
    carried = {name: asked[name] for name in _CARRIED if name in asked}
    hint = printable(asked.get("username", asked.get("login_hint", "")))
    client = printable(asked.get("client_id", ""))
    return render_template("login.html", carried=carried, complaint=complaint, hint=hint, client=client)
