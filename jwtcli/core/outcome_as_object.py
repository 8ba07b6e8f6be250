"""Verdicts, reports of lint and failures as objects: what ``as_json`` and the page show of them."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Any

from jwtcli.core.lifetime import rfc3339

if TYPE_CHECKING:  # a failure is told without loading what verdicts are made of
    from collections.abc import Sequence

    from jwtcli.core.errors import JwtcliError
    from jwtcli.core.findings import Finding
    from jwtcli.core.flaws import Report
    from jwtcli.core.verdict import Verdict


def verdict_object(verdict: Verdict, findings: Sequence[Finding] | None = None) -> dict[str, Any]:
    """Return a verdict; ``claims`` only where the token is accepted, else ``unverified_claims``.

    ``findings`` are told where they were asked for, be there any or not.
    """
    from jwtcli.core import jwk

    token = verdict.token
    claims = None if token is None else token.claims
    told: dict[str, Any] = {
        "accepted": verdict.accepted,
        "status": verdict.status,
        "reason": verdict.outcome[1],
        "at": rfc3339(floor(verdict.at)),
        "checks": [
            {"name": check.name, "passed": check.passed, "code": check.code, "reason": check.reason}
            for check in verdict.checks
        ],
        "key": {
            "kid": None if verdict.key is None else verdict.key.kid,
            "thumbprint": None if verdict.key is None else jwk.thumbprint(verdict.key),
            "alg": verdict.alg,
            "source": verdict.source,
        },
        "header": None if token is None else token.header,
        "claims": claims if verdict.accepted else None,
        "unverified_claims": None if verdict.accepted else claims,
    }
    if findings is None:
        return told
    from dataclasses import asdict

    return {**told, "findings": [asdict(finding) for finding in findings]}


def report_object(report: Report) -> dict[str, Any]:
    """Return what is unwise about a token: no value of a claim stands in it."""
    return {
        "failed": report.failed,
        "fail_on": report.fail_on,
        "findings": [
            {
                "code": flaw.code,
                "severity": flaw.rule.severity,
                "message": flaw.message,
                "paragraph": flaw.rule.paragraph,
                "where": flaw.where,
            }
            for flaw in report.flaws
        ],
    }


def error_object(error: JwtcliError) -> dict[str, Any]:
    """Return a failure: what and why, what to do, and the exit status."""
    described = {"code": error.code, "message": error.message, "hint": error.hint}
    return {"error": described, "status": error.status}
