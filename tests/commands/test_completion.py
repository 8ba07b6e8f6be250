"""``jwtcli completion``: the script of a shell, as text and as JSON."""

import pytest

from tests.conftest import Run


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_completes_jwtcli(jwtcli: Run, shell: str) -> None:
    printed = jwtcli("completion", shell)
    assert (printed.status, printed.stderr) == (0, "")
    assert "_JWTCLI_COMPLETE" in printed.stdout
    assert printed.stdout.endswith("\n")
    assert not printed.stdout.endswith("\n\n")
    assert jwtcli("completion", shell, "--json").json == {"shell": shell, "script": printed.stdout[:-1]}


def test_an_unknown_shell_is_wrong_usage(jwtcli: Run) -> None:
    refused = jwtcli("completion", "tcsh")
    assert (refused.status, refused.stdout) == (2, "")
    assert "'tcsh' is not one of" in refused.stderr
