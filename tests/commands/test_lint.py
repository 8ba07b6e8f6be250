"""``jwtcli lint``: statuses, text, JSON, SARIF and the list of rules."""

import re
from dataclasses import asdict
from pathlib import Path

import pytest

from jwtcli.core.flaws import RULES
from tests.conftest import AT, Run
from tests.core.test_lint import BREAKS, token

CLOCK = ("--at", str(AT))
NO_EXP = BREAKS["exp_missing"][0]
EMAIL = BREAKS["personal_data"][0]


def test_a_token_without_findings_passes(jwtcli: Run) -> None:
    assert jwtcli("lint", *CLOCK, stdin=token()) == jwtcli("lint", *CLOCK, "--", token())
    result = jwtcli("lint", *CLOCK, stdin=token())
    assert (result.status, result.stdout, result.stderr) == (0, "passed  no findings\n", "")


def test_findings_are_told_with_severity_place_and_paragraph(jwtcli: Run) -> None:
    result = jwtcli("lint", *CLOCK, stdin=token({"jku": "x"}, {"email": "alice@example.org"}))
    assert (result.status, result.stderr) == (7, "")
    assert (
        result.stdout
        == """\
failed  2 findings, some of severity high or worse
  high    key_url        header.jku    jku points to a key: whoever follows it trusts anyone (RFC 8725 section 3.10)
  medium  personal_data  claims.email  personal data stands in the claims, which anyone can read (RFC 7519 section 12)
"""
    )
    coloured = jwtcli("lint", *CLOCK, "--color", "always", stdin=token({"jku": "x"}, {"email": "alice@example.org"}))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured.stdout) == result.stdout


@pytest.mark.parametrize(
    ("compact", "fail_on", "status", "first"),
    [
        (EMAIL, "high", 0, "passed  1 finding, none of severity high or worse"),
        (EMAIL, "medium", 7, "failed  1 finding, some of severity medium or worse"),
        (NO_EXP, "critical", 0, "passed  1 finding, none of severity critical or worse"),
        (NO_EXP, "never", 0, "passed  1 finding"),
    ],
)
def test_the_status_follows_the_severity_that_was_asked_for(
    jwtcli: Run, compact: str, fail_on: str, status: int, first: str
) -> None:
    result = jwtcli("lint", *CLOCK, "--fail-on", fail_on, stdin=compact)
    assert (result.status, result.stdout.splitlines()[0]) == (status, first)


def test_the_longest_lifetime_is_an_option(jwtcli: Run) -> None:
    assert jwtcli("lint", *CLOCK, "--max-lifetime", "61m", stdin=token()).status == 0
    result = jwtcli("lint", *CLOCK, "--max-lifetime", "1h", stdin=token())
    assert (result.status, "lives 1h 1m, more than the 1h of --max-lifetime" in result.stdout) == (7, True)


def test_json_holds_the_findings_and_whether_they_fail(jwtcli: Run) -> None:
    result = jwtcli("lint", "--json", *CLOCK, stdin=EMAIL)
    assert result.status == 0
    assert result.json == {
        "failed": False,
        "fail_on": "high",
        "findings": [
            {
                "code": "personal_data",
                "severity": "medium",
                "message": "personal data stands in the claims, which anyone can read",
                "paragraph": "RFC 7519 section 12",
                "where": "claims.email",
            }
        ],
    }


def test_sarif_names_the_file_that_the_token_came_from(jwtcli: Run) -> None:
    Path("token.txt").write_text(NO_EXP)
    from_file = jwtcli("lint", "--sarif", *CLOCK, "@token.txt")
    from_stdin = jwtcli("lint", "--sarif", *CLOCK, stdin=NO_EXP)
    assert (from_file.status, from_stdin.status) == (7, 7)
    (told,), (bare,) = (result.json["runs"][0]["results"] for result in (from_file, from_stdin))
    assert told["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "token.txt"}}
    assert "physicalLocation" not in bare["locations"][0]
    both = jwtcli("lint", "--sarif", "--json", stdin=NO_EXP)
    assert (both.status, both.json["status"]) == (2, 2)


def test_the_rules_are_listed_with_all_that_is_known_of_them(jwtcli: Run) -> None:
    result = jwtcli("lint", "--rules")
    assert (result.status, result.stderr) == (0, "")
    listed = [re.fullmatch(r"(\S+) +(\S+) +(\S.*\S) \((RFC .*)\)", line) for line in result.stdout.splitlines()]
    assert [found.groups() for found in listed if found] == [
        (rule.code, rule.severity, rule.sentence, rule.paragraph) for rule in RULES.values()
    ]


def test_the_rules_as_json_are_the_same(jwtcli: Run) -> None:
    assert jwtcli("lint", "--rules", "--json").json == {"rules": [asdict(rule) for rule in RULES.values()]}


@pytest.mark.parametrize(
    "beside", [("--json", "-q"), ("-q",), ("--sarif",), ("--at", "now"), ("--fail-on", "never"), ("--", "a.b.c")]
)
def test_rules_stand_alone_so_that_no_token_in_disguise_exits_0(jwtcli: Run, beside: tuple[str, ...]) -> None:
    result = jwtcli("lint", "--rules", *beside)
    assert result.status == 2
    assert "--rules stands alone" in result.stderr


@pytest.mark.parametrize("text", ["", "no token", "a.b.c.d.e", "!.!.!"])
def test_what_is_no_token_exits_3(jwtcli: Run, text: str) -> None:
    assert jwtcli("lint", stdin=text).status == 3
