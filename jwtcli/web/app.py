"""The server put together: one Flask application over one issuer."""

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

from jwtcli.web.guard import guard
from jwtcli.web.inspector import inspector
from jwtcli.web.issuer import Issuer
from jwtcli.web.metadata import metadata_endpoints
from jwtcli.web.oauth import oauth_endpoints
from jwtcli.web.tutorial import tutorial_endpoints


def create_app(issuer: Issuer, hosts: list[str]) -> Flask:
    """Return the application; ``hosts`` are the names (``host:port``) that a request may use for it."""
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # claims keep the token's order; the attribute is DefaultJSONProvider's
    guard(app, hosts)
    for endpoints in (metadata_endpoints, oauth_endpoints, tutorial_endpoints, inspector):
        app.register_blueprint(endpoints(issuer))

    @app.errorhandler(HTTPException)
    def told(error: HTTPException) -> tuple[Response, int]:
        return jsonify({"error": error.name, "error_description": error.description}), error.code or 500

    return app
