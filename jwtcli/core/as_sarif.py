"""The findings of lint as SARIF 2.1.0 (OASIS), which code scanning reads."""

import re
from typing import Any
from urllib.parse import quote

from jwtcli import __version__
from jwtcli.core.flaws import RULES, Flaw, Report, Rule, Severity
from jwtcli.core.printable import printable, printable_json

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.LOW: "note", Severity.MEDIUM: "warning", Severity.HIGH: "error", Severity.CRITICAL: "error"}
# What GitHub sorts by: the middles of the ranges that CVSS gives these words.
_SCORES = {Severity.LOW: "2.0", Severity.MEDIUM: "5.5", Severity.HIGH: "8.0", Severity.CRITICAL: "9.5"}
_INDICES = {code: index for index, code in enumerate(RULES)}


def lint(report: Report, path: str | None) -> str:
    """Show a report as one SARIF log of one run; ``path`` is the token's file, where it came from one."""
    driver = {
        "name": "jwtcli",
        "semanticVersion": __version__,
        "rules": [_rule(rule) for rule in RULES.values()],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True}],
        "results": [_result(flaw, path) for flaw in report.flaws],
    }
    return printable_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.sentence},
        "help": {"text": f"{rule.sentence} ({rule.paragraph})"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["security"], "security-severity": _SCORES[rule.severity], "paragraph": rule.paragraph},
    }


def _result(flaw: Flaw, path: str | None) -> dict[str, Any]:
    location: dict[str, Any] = {"logicalLocations": [{"fullyQualifiedName": printable(flaw.where)}]}
    if path is not None:
        location["physicalLocation"] = {"artifactLocation": {"uri": quote(path, errors="surrogateescape")}}
    return {
        "ruleId": flaw.code,
        "ruleIndex": _INDICES[flaw.code],
        "level": _LEVELS[flaw.rule.severity],
        "message": {"text": _plain(flaw.message)},
        "locations": [location],
    }


def _plain(text: str) -> str:
    """Escape what a viewer would take for a link or a placeholder (SARIF sections 3.11.5 and 3.11.6)."""
    escaped = re.sub(r"([\[\]\\])", r"\\\1", printable(text))
    return escaped.replace("{", "{{").replace("}", "}}")
