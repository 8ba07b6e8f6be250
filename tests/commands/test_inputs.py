"""What a command reads: the token, the key, the claims."""

from pathlib import Path

from tests.conftest import AT, Run, write_key_files


def test_a_private_key_that_others_can_read_draws_a_warning_and_a_public_one_does_not(
    jwtcli: Run, tmp_path: Path
) -> None:
    keys = write_key_files(tmp_path, "ES256")
    Path(keys.private).chmod(0o644)
    Path(keys.public).chmod(0o644)
    minted = jwtcli("encode", "--key", keys.private, "--ttl", "1h", "--at", str(AT))
    assert minted.stderr == f"jwtcli: warning: others can read {keys.private} (mode 0644): chmod 600 it\n"
    assert jwtcli("verify", "--key", keys.public, "--at", str(AT), stdin=minted.stdout).stderr == ""
