"""The workflows: actions pinned by commit, no more permissions than the job needs, and what CI runs is .ci/run."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

WORKFLOWS = tuple(sorted((ROOT / ".github" / "workflows").glob("*.yml")))
CI, RELEASE = (ROOT / ".github" / "workflows" / name for name in ("ci.yml", "release.yml"))
every_workflow = pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)


@every_workflow
def test_every_action_is_pinned_by_its_commit_and_says_which_release_that_is(workflow: Path) -> None:
    used = re.findall(r"uses: (.*)", workflow.read_text())
    assert used
    assert [action for action in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)] == []


@every_workflow
def test_nothing_is_permitted_but_by_the_job_that_needs_it(workflow: Path) -> None:
    text = workflow.read_text()
    assert "\npermissions: {}\n" in text
    granted = re.findall(r"^ {6}([a-z-]+: (?:read|write))\b", text, re.MULTILINE)
    assert granted == (["contents: read"] if workflow == CI else ["contents: read", "id-token: write"])
    assert text.count("persist-credentials: false") == text.count("actions/checkout@")


@every_workflow
def test_no_text_of_others_is_put_into_a_command(workflow: Path) -> None:
    """``${{ ... }}`` in ``run:`` is pasted into the script before a shell reads it."""
    assert [line for line in workflow.read_text().splitlines() if re.search(r"\brun:.*\$\{\{", line)] == []


def test_ci_runs_what_a_developer_runs_on_every_python_that_is_promised() -> None:
    text = CI.read_text()
    assert text.endswith("      - run: .ci/run\n")
    assert re.search(r"^apt_packages=\(\w.*\)$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    (matrix,) = re.findall(r"python: \[(.*)\]", text)
    classified = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', (ROOT / "pyproject.toml").read_text())
    assert re.findall(r'"([\d.]+)"', matrix) == classified


def test_a_release_is_published_without_a_password_and_with_attestations() -> None:
    text = RELEASE.read_text()
    assert "password" not in text.replace("no password is stored", "")
    assert "environment: pypi" in text
    assert "attestations: true" in text
