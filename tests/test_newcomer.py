"""The lines that people type first, in one shell, with a key by every way that needs no option."""

import subprocess
import sysconfig
from pathlib import Path

import pytest

from tests.conftest import environment, write_key_files

SCRIPT = Path(__file__).parent / "newcomer.sh"


@pytest.mark.parametrize("way", ["keygen", "JWTCLI_SECRET", "JWTCLI_KEY_FILE", "JWTCLI_KEY", "JWTCLI_SECRET_FILE"])
def test_the_first_lines_work_with_a_key_by(way: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    env = environment(home, key_by(way, tmp_path))
    del env["JWTCLI_HOME"]  # a newcomer has none
    env["PATH"] = f"{sysconfig.get_path('scripts')}:{env['PATH']}"
    done = subprocess.run(
        ["sh", str(SCRIPT), way], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    before, accepted, after = done.stdout.partition("accepted  at ")
    assert before == (f"{home}/.config/jwtcli/key.jwk\n" if way == "keygen" else "")
    assert accepted
    assert after.endswith("user: alice\nexpired: log in again\nnobody: ''\n")


def key_by(way: str, folder: Path) -> dict[str, str]:
    """Return the one variable that gives a key this way; none where ``keygen`` makes it."""
    if way == "keygen":
        return {}
    secret = "a secret of thirty-two letters, no"
    jwk = write_key_files(folder, "ES256").private
    (folder / "secret.txt").write_text(f"{secret}\n")
    (folder / "secret.txt").chmod(0o600)
    values = {
        "JWTCLI_SECRET": secret,
        "JWTCLI_SECRET_FILE": str(folder / "secret.txt"),
        "JWTCLI_KEY_FILE": jwk,
        "JWTCLI_KEY": Path(jwk).read_text(encoding="ascii"),
    }
    return {way: values[way]}
