"""The inspector page and its three JSON endpoints: read, judge and mint a token over the core.

All of them take a JSON object by POST and answer with the JSON of the command line:

- ``/api/decode`` ``{"token"}``: ``decoded`` is what ``jwtcli decode --json`` prints; ``header`` and
  ``claims`` are rows to show, every text in them made printable; ``findings`` are those of
  ``jwtcli lint --json``; ``to_edit`` is both as JSON text.
- ``/api/verify`` ``{"token", "key", "iss", "aud", "any_aud", "leeway"}``: the verdict of ``jwtcli verify --json``, and
  as ``refusals`` why it is refused, each reason in short.
- ``/api/mint`` ``{"header", "claims", "key"}``, both as JSON text: what ``jwtcli encode --json`` prints.

``key`` is ``{"kind": "server"}``, ``{"kind": "key", "text"}`` (PEM, JWK or JWK Set) or
``{"kind": "secret", "text", "encoding"}``, the last two with ``allow_weak`` if need be. A server
with users mints nothing with its own key here. A failure
is the error object of the command line with HTTP status 422 and, as ``part``, which of the three
parts is wrong. Nothing is kept or logged, and no token ever stands in a URL.
"""

import json
from typing import Any

from flask import Blueprint, Response, jsonify, render_template

from jwtcli.core import as_json, claims, keysets, meanings
from jwtcli.core.algorithms import known_algorithm
from jwtcli.core.choice import to_sign
from jwtcli.core.encodings import ENCODINGS, decode_secret, without_line_break
from jwtcli.core.errors import JwtcliError, TokenError, UsageError
from jwtcli.core.keys import Key, algorithm_to_sign
from jwtcli.core.keysets import KeySet
from jwtcli.core.lifetime import DAY, Lifetime, lifetime
from jwtcli.core.lint import lint
from jwtcli.core.outcome_as_object import error_object, report_object, verdict_object
from jwtcli.core.printable import printable
from jwtcli.core.reading_as_object import token_object
from jwtcli.core.rows import DEEPEST_INDENT, rows
from jwtcli.core.signatures import sign
from jwtcli.core.sources import KeySource
from jwtcli.core.strict import is_number, json_object, too_deep
from jwtcli.core.text import find
from jwtcli.core.tokens import parse
from jwtcli.core.verdict import MAX_LEEWAY, Expectations
from jwtcli.core.verifier import verify
from jwtcli.web.fields import json_members
from jwtcli.web.issuer import Issuer

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
JSON = "application/json"


def inspector(issuer: Issuer) -> Blueprint:
    """Serve the page and its endpoints; the server's own keys are those of the issuer."""
    blueprint = Blueprint("inspector", __name__, template_folder="templates", static_folder="static")

    @blueprint.errorhandler(JwtcliError)
    def told(error: JwtcliError) -> tuple[Response, int]:
        document = error_object(error)
        for text in ("message", "hint"):
            document["error"][text] = document["error"][text] and printable(document["error"][text])
        document["error"]["part"] = error.part if isinstance(error, TokenError) else None
        return jsonify(document), 422

    @blueprint.get("/")
    def page() -> Response:
        response = Response(render_template("inspector.html", encodings=ENCODINGS, issuer=issuer.url))
        response.headers["Content-Security-Policy"] = _POLICY
        return response

    @blueprint.post("/api/decode")
    def decode() -> Response:
        found = find(_text(_asked(), "token").encode("utf-8", "replace"), mend=True)
        token = parse(found.compact)
        life = lifetime(token.claims, issuer.clock())
        return jsonify(
            {
                "decoded": token_object(token, life),
                "compact": token.compact,
                "notes": found.notes,
                "header": _rows(token.header, meanings.HEADER, life),
                "claims": _rows(token.claims, meanings.CLAIMS, life),
                "status": str(life),
                "findings": _findings(found.compact, issuer),
                "to_edit": {"header": _to_edit(token.header), "claims": _to_edit(token.claims)},
            }
        )

    @blueprint.post("/api/verify")
    def judge() -> Response:
        asked = _asked()
        found = find(_text(asked, "token").encode("utf-8", "replace"), mend=False)
        verdict = verify(found.compact, _keys(issuer, asked), _demands(asked), issuer.clock())
        refusals = [printable(check.short or check.code) for check in verdict.refusals]
        return jsonify({**_printable(verdict_object(verdict)), "refusals": refusals})

    @blueprint.post("/api/mint")
    def mint() -> Response:
        asked, at = _asked(), int(issuer.clock())
        given = _object(asked, "header")
        alg = given.pop("alg", None)
        key = _signing_key(issuer, asked)
        own = issuer.signing_alg if key is issuer.keys[0] else None
        wanted = own if alg is None else known_algorithm(str(alg))
        chosen = algorithm_to_sign(key, wanted, allow_weak=_key(asked).get("allow_weak") is True)
        header = claims.build_header(tuple(given.items()), typ=None, kid=key.kid)
        built = claims.build(claims.ClaimsRequest(_object(asked, "claims")), at)
        compact = sign(header, built.claims, key, chosen)
        return Response(as_json.encoded(compact, {"alg": chosen, **header}, built.claims), mimetype=JSON)

    return blueprint


def _rows(members: dict[str, Any], meant: dict[str, str], life: Lifetime) -> list[dict[str, Any]]:
    shown = zip(members, rows(members, life), strict=True)
    return [{**row._asdict(), "meaning": meant.get(name)} for name, row in shown]


def _findings(compact: bytes, issuer: Issuer) -> list[dict[str, str]]:
    """Say what is unwise about the token, as ``jwtcli lint`` does; this issuer's own lifetime is not too long."""
    report = lint(compact, max(DAY, issuer.lifetime), issuer.clock())
    return [{**flaw, "message": printable(flaw["message"])} for flaw in report_object(report)["findings"]]


def _printable(verdict: dict[str, Any]) -> dict[str, Any]:
    """Make the reasons fit to be shown: they quote the token, and a page has no escapes of JSON."""
    for check in verdict["checks"]:
        check["reason"] = None if check["reason"] is None else printable(check["reason"])
    return verdict


def _to_edit(members: dict[str, Any]) -> str:
    """Write JSON text for a person to edit: a browser's numbers would lose the digits of large ones."""
    return json.dumps(members, indent=None if too_deep(members, DEEPEST_INDENT) else 2)


def _asked() -> dict[str, Any]:
    try:
        return json_members()
    except ValueError as error:
        raise UsageError(f"the request cannot be used: {error}", code="bad_request") from None


def _text(asked: dict[str, Any], name: str) -> str:
    value = asked.get(name, "")
    if not isinstance(value, str):
        raise UsageError(f"'{name}' must be text", code="bad_request")
    return value


def _object(asked: dict[str, Any], name: str) -> dict[str, Any]:
    try:
        return json_object(_text(asked, name) or "{}")
    except ValueError as error:
        raise UsageError(f"the {name} cannot be used: {error}", code="bad_claims") from None


def _demands(asked: dict[str, Any]) -> Expectations:
    leeway = asked.get("leeway") or 0
    if not is_number(leeway) or not 0 <= leeway <= MAX_LEEWAY:
        raise UsageError("'leeway' is a number of seconds, at most one day", code="bad_request")
    iss, aud = _text(asked, "iss"), _text(asked, "aud")
    return Expectations((iss,) if iss else (), (aud,) if aud else (), asked.get("any_aud") is True, leeway=leeway)


def _key(asked: dict[str, Any]) -> dict[str, Any]:
    given = asked.get("key")
    if not isinstance(given, dict):
        raise UsageError("'key' must be an object", code="bad_request")
    return given


def _keys(issuer: Issuer, asked: dict[str, Any]) -> KeySet:
    given = _key(asked)
    if given.get("kind") == "server":
        return issuer.key_set
    return keysets.read(_source(given), allow_weak=given.get("allow_weak") is True)


def _source(given: dict[str, Any]) -> KeySource:
    content = _text(given, "text").encode("utf-8", "replace")
    if given.get("kind") == "secret":
        encoding = given.get("encoding", "utf8")
        if encoding not in ENCODINGS:
            raise UsageError("the encoding is not one of those offered", code="bad_request")
        text = without_line_break(content) if encoding == "utf8" else content
        return KeySource("this page", decode_secret(text, encoding), secret=True)
    return KeySource("this page", content)


def _signing_key(issuer: Issuer, asked: dict[str, Any]) -> Key:
    if _key(asked).get("kind") == "server":
        if issuer.users is not None:
            raise UsageError(
                "this server has users, and signs for them with its key when they log in",
                hint="mint with a key of your own, or start the server without users",
                code="server_key_refused",
            )
        return issuer.keys[0]
    return to_sign(_keys(issuer, asked), None)
