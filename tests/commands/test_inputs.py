"""What a command reads: the token, the key, the claims."""

from pathlib import Path

import pytest

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


@pytest.mark.parametrize("command", ["decode", "verify"])
def test_the_name_of_a_file_in_place_of_a_token_is_told_how_files_are_read(
    jwtcli: Run, tmp_path: Path, command: str
) -> None:
    (tmp_path / "token.txt").write_text("a.b.c")
    refused = jwtcli(command, "--json", "token.txt", env={"JWTCLI_SECRET": "s" * 32})
    assert (refused.status, refused.json["error"]["code"]) == (3, "file_name")
    assert refused.json["error"]["hint"] == "< token.txt, or @token.txt"
