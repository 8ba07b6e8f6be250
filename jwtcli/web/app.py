"""The server put together: one Flask application over one issuer."""

from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from jwtcli.web.authorize import authorization_endpoint
from jwtcli.web.codes import Codes
from jwtcli.web.guard import InMemory, guard
from jwtcli.web.inspector import inspector
from jwtcli.web.issuer import Issuer
from jwtcli.web.metadata import metadata_endpoints
from jwtcli.web.oauth import token_endpoints
from jwtcli.web.refusals import refuse_in_json
from jwtcli.web.tutorial import tutorial_endpoints


def create_app(issuer: Issuer, hosts: list[str]) -> Flask:
    """Return the application; ``hosts`` are the names (``host:port``) that a request may use for it.

    Authorization codes are kept in memory, for this run. An issuer whose URL has a path answers
    beneath that path too, since that is where clients look.
    """
    app = Flask(__name__, static_folder=None)
    app.debug = False  # FLASK_DEBUG is meant for others: it would indent every answer, and raise what is not foreseen
    app.request_class = InMemory
    app.json.sort_keys = False  # type: ignore[attr-defined]  # claims keep the token's order; the attribute is DefaultJSONProvider's
    guard(app, hosts)
    refuse_in_json(app)
    codes = Codes()
    app.register_blueprint(metadata_endpoints(issuer))
    app.register_blueprint(authorization_endpoint(issuer, codes))
    app.register_blueprint(token_endpoints(issuer, codes))
    app.register_blueprint(tutorial_endpoints(issuer))
    app.register_blueprint(inspector(issuer))
    path = urlsplit(issuer.url).path
    if path:
        answer = app.wsgi_app
        app.wsgi_app = DispatcherMiddleware(answer, {path: answer})  # type: ignore[method-assign]  # as Flask documents it
    return app
