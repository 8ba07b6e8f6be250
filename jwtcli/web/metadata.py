"""What the issuer says of itself: OpenID Connect Discovery 1.0, RFC 8414, and its JWK Set."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify

from jwtcli.web.issuer import Issuer

PATHS = {
    "openid_configuration": "/.well-known/openid-configuration",
    "oauth_authorization_server": "/.well-known/oauth-authorization-server",
    "jwks_uri": "/.well-known/jwks.json",
    "authorization_endpoint": "/authorize",
    "token_endpoint": "/token",
    "introspection_endpoint": "/introspect",
    "userinfo_endpoint": "/userinfo",
    "login": "/login",
    "protected": "/protected",
}


def urls(issuer: str) -> dict[str, str]:
    """Return the issuer and every URL under it, by name."""
    return {"issuer": issuer, **{name: issuer + path for name, path in PATHS.items()}}


def metadata_endpoints(issuer: Issuer) -> Blueprint:
    """Serve the metadata; the issuer is the configured one, never what the request says."""
    blueprint = Blueprint("metadata", __name__)
    document = _document(issuer)

    def configuration() -> Response:
        return jsonify(document)

    # The path of an issuer follows the well-known one by RFC 8414 section 3.1; discovery puts it before.
    path = urlsplit(issuer.url).path
    for place in (PATHS["openid_configuration"], PATHS["oauth_authorization_server"]):
        for rule in {place, place + path}:
            blueprint.add_url_rule(rule, view_func=configuration)

    @blueprint.get(PATHS["jwks_uri"])
    def jwks() -> Response:
        return jsonify(issuer.jwks)

    return blueprint


def _document(issuer: Issuer) -> dict[str, Any]:
    known = urls(issuer.url)
    names = ("authorization", "token", "introspection", "userinfo")
    return {
        "issuer": issuer.url,
        "jwks_uri": known["jwks_uri"],
        **{f"{name}_endpoint": known[f"{name}_endpoint"] for name in names},
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [issuer.signing_alg],
        "scopes_supported": ["openid", "profile"],
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "username"],
        "authorization_response_iss_parameter_supported": True,
        "request_uri_parameter_supported": False,
    }
