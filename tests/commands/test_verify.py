"""``jwtcli verify``: exit statuses, the list of checks, the verdict object."""

from tests.conftest import AT, KeyFiles, Run


def test_a_token_of_every_algorithm_is_accepted_by_its_public_half(jwtcli: Run, key_files: KeyFiles) -> None:
    minted = jwtcli("encode", "--key", key_files.private, "--sub", "alice", "--at", str(AT))
    judged = jwtcli("verify", "--json", "--key", key_files.public, "--at", str(AT + 1), stdin=minted.stdout)
    assert (minted.status, judged.status) == (0, 0)
    assert judged.json["claims"] == {"sub": "alice", "iat": AT, "exp": AT + 3600}
    assert judged.json["key"]["alg"] == key_files.alg
