"""A shell script with ``set -eu``, as a newcomer and a CI job would write it."""

import os
import subprocess
import sysconfig
from pathlib import Path

from tests.conftest import environment


def test_the_script_of_a_newcomer_and_of_a_job_runs_to_its_end(tmp_path: Path) -> None:
    env = environment(tmp_path)
    env["PATH"] = f"{sysconfig.get_path('scripts')}{os.pathsep}{env['PATH']}"
    script = Path(__file__).parent / "script.sh"
    done = subprocess.run(["/bin/sh", script, tmp_path], capture_output=True, text=True, env=env, check=False)
    assert (done.returncode, done.stderr.replace(str(tmp_path), "HOME")) == (
        0,
        "jwtcli: note: made a secret of 256 bits for HS256, kid "
        + done.stderr.partition("kid ")[2].partition(",")[0]
        + ", in HOME/jwtcli/key.jwk\n",
    )
    lines = done.stdout.splitlines()
    assert lines[:2] == ["== the three lines", f"{tmp_path}/jwtcli/key.jwk"]
    assert lines[2].startswith("accepted  at ")
    assert lines.count("expired, as it should be") == 3
    assert lines[-1] == "== and with none of them nothing is minted"
