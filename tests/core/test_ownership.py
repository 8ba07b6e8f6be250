"""Whose a file is: what another user may have put there is no word of this user's."""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jwtcli.core.cache import Cached, recall, remember
from jwtcli.core.errors import FileError
from jwtcli.core.ownership import in_other_hands, read_own
from tests.conftest import AT, Run, environment

STRANGER = 54321


@pytest.fixture
def key(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir(mode=0o700)
    path = tmp_path / "home" / "key.jwk"
    path.touch(mode=0o600)
    return path


def test_a_file_that_is_ours_and_one_that_is_not_there_are_no_matter(key: Path) -> None:
    assert in_other_hands(key) is None
    assert in_other_hands(key.with_name("missing")) is None
    assert in_other_hands(key / "below") is None
    assert in_other_hands(Path("no\0name")) is None


@pytest.mark.parametrize("bits", [0o722, 0o702])
def test_a_directory_that_others_can_write_to_is_told_unless_nobody_can_take_away_there(key: Path, bits: int) -> None:
    key.parent.chmod(bits)
    assert in_other_hands(key) == f"others can write to {key.parent}"
    key.parent.chmod(bits | 0o1000)
    assert in_other_hands(key) is None


def test_a_file_that_others_can_write_is_told(key: Path) -> None:
    key.chmod(0o602)
    assert in_other_hands(key) == f"others can write {key}"


def test_a_group_of_the_users_own_is_the_user(key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key.parent.chmod(0o770)
    assert in_other_hands(key) is None
    owner = os.stat(key.parent)
    monkeypatch.setattr("jwtcli.core.ownership.os.getegid", lambda: STRANGER)
    assert (in_other_hands(key) is None) == (owner.st_gid == 0)


def test_whom_an_access_list_names_is_not_the_user(key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a list the bits of the group are its mask, and say nothing of the group."""
    ids = ((1, 6, -1), (2, 6, STRANGER), (4, 0, -1), (0x10, 6, -1), (0x20, 0, -1))
    listed = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in ids)
    try:
        os.setxattr(key, "system.posix_acl_access", listed)
    except OSError:  # a file system without them
        monkeypatch.setattr("jwtcli.core.ownership.os.getxattr", lambda *_: listed)
        key.chmod(0o660)
    assert (key.stat().st_mode & 0o777, in_other_hands(key)) == (0o660, f"others can write {key}")
    with pytest.raises(FileError, match="others can write"):
        read_own(key, 1)


def test_the_bits_of_the_group_alone_are_those_of_the_group(key: Path) -> None:
    key.chmod(0o660)
    assert in_other_hands(key) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_belongs_to_another_user_is_told(key: Path) -> None:
    os.chown(key.parent, -1, STRANGER)
    key.parent.chmod(0o770)
    assert in_other_hands(key) == f"others can write to {key.parent}"
    key.parent.chmod(0o700)
    for theirs in (key, key.parent):
        os.chown(theirs, STRANGER, -1)
        assert in_other_hands(key) == f"{theirs} belongs to another user"
        os.chown(theirs, 0, -1)
    assert in_other_hands(key) is None


def link_to_the_file(key: Path) -> Path:
    link = key.parent.parent / "link.jwk"
    link.symlink_to(key)
    return link


def link_to_the_directory(key: Path) -> Path:
    (key.parent.parent / "link").symlink_to(key.parent)
    return key.parent.parent / "link" / key.name


@pytest.mark.parametrize("link", [link_to_the_file, link_to_the_directory])
def test_a_link_is_followed_to_where_it_leads(key: Path, link: Callable[[Path], Path]) -> None:
    named = link(key)
    assert in_other_hands(named) is None
    key.chmod(0o602)
    assert (in_other_hands(named) or "").startswith("others can write ")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("target", ["theirs/link.jwk", "own/../theirs/link.jwk", "by/key.jwk"])
def test_each_link_on_the_way_counts_and_not_only_the_last(tmp_path: Path, key: Path, target: str) -> None:
    for name in ("own", "theirs"):
        (tmp_path / name).mkdir(mode=0o700)
    (tmp_path / "theirs" / "link.jwk").symlink_to(key)
    (tmp_path / "theirs" / "folder").symlink_to(key.parent)
    (tmp_path / "by").symlink_to("theirs/folder")
    named = tmp_path / "own" / "key.jwk"
    named.symlink_to(f"../{target}")
    assert in_other_hands(named) is None
    os.chown(tmp_path / "theirs", STRANGER, -1)
    assert in_other_hands(named) == f"{tmp_path / 'theirs'} belongs to another user"


def test_a_link_to_itself_is_told_by_whoever_reads_it(tmp_path: Path) -> None:
    (tmp_path / "key.jwk").symlink_to("key.jwk")
    assert in_other_hands(tmp_path / "key.jwk") is None


def test_a_file_that_is_ours_is_read_up_to_the_limit(key: Path) -> None:
    key.write_bytes(b"0123456789")
    assert (read_own(key, 100), read_own(key, 4)) == (b"0123456789", b"0123")
    with pytest.raises(FileNotFoundError):
        read_own(key.with_name("missing"), 1)
    with pytest.raises(IsADirectoryError):
        read_own(key.parent, 1)


def refused_once_open(key: Path, monkeypatch: pytest.MonkeyPatch, while_opening: Callable[[], object]) -> str:
    """Read a file with something happening between the first look and the second."""

    def opens(path: str, flags: int) -> int:
        descriptor = os.open(path, flags)
        while_opening()
        return descriptor

    monkeypatch.setattr("jwtcli.core.ownership._without_waiting", opens)
    with pytest.raises(FileError) as caught:
        read_own(key, 1)
    return caught.value.message


@pytest.mark.parametrize("anew", [True, False])
def test_a_file_that_is_replaced_or_taken_away_while_it_is_opened_is_refused(
    key: Path, monkeypatch: pytest.MonkeyPatch, anew: bool
) -> None:
    def exchange() -> None:
        key.rename(key.with_name("away"))
        if anew:
            key.touch(mode=0o600)

    assert refused_once_open(key, monkeypatch, exchange) == "it was put there, or taken away, while it was read"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_strangers_file_is_refused_though_its_place_was_found_good_before_and_after(
    key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where two directories are exchanged all the time, each look may find another of them."""
    monkeypatch.setattr("jwtcli.core.ownership._first_fault", lambda _: None)
    os.chown(key, STRANGER, -1)
    with pytest.raises(FileError, match="what was found there is another user's"):
        read_own(key, 1)
    os.chown(key, 0, -1)
    key.chmod(0o606)
    with pytest.raises(FileError, match="or open to others"):
        read_own(key, 1)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_strangers_file_that_appears_after_the_first_look_is_refused(
    key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = refused_once_open(key, monkeypatch, lambda: os.chown(key.parent, STRANGER, -1))
    assert words == f"{key.parent} belongs to another user"


def test_a_default_key_file_is_no_pipe_and_no_device(jwtcli: Run) -> None:
    path = Path(jwtcli("keygen").stdout.strip())
    path.unlink()
    os.mkfifo(path, 0o600)
    refused = jwtcli("encode", "--json")
    assert (refused.status, refused.json["error"]["code"], refused.json["error"]["message"]) == (
        8,
        "untrusted_key_file",
        "the default key file is not trusted: it is a device or pipe, no regular file",
    )


@pytest.mark.parametrize("place", ["/dev/stdin", "/dev/fd/0"])
@pytest.mark.parametrize("piped", [True, False])
def test_one_line_is_not_the_token_and_by_a_link_the_default_key(tmp_path: Path, place: str, piped: bool) -> None:
    """A stranger's line is a key, and holds the token that this key signed."""
    env, own = environment(tmp_path, {"JWTCLI_HOME": str(tmp_path)}), tmp_path / "key.jwk"

    def run(*args: str, **how: Any) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run([sys.executable, "-m", "jwtcli", *args], env=env, capture_output=True, check=False, **how)

    run("keygen")
    line = tmp_path / "line"
    line.write_text(json.dumps({**json.loads(own.read_text()), "x": run("encode", "-q").stdout.decode().strip()}))
    line.chmod(0o600)
    assert run("verify", "--lines", "--find", input=line.read_bytes()).returncode == 0
    own.unlink()
    own.symlink_to(place)
    with line.open() as stream:
        refused = run("verify", "--lines", "--find", **({"input": line.read_bytes()} if piped else {"stdin": stream}))
    assert (refused.returncode, refused.stdout, refused.stderr.splitlines()[0]) == (
        8,
        b"",
        b"jwtcli: error: the default key file is not trusted: it is standard input",
    )


def test_a_default_key_file_that_another_user_may_have_put_there_is_refused_unless_it_is_named(
    jwtcli: Run, tmp_path: Path
) -> None:
    path = jwtcli("keygen").stdout.strip()
    Path(path).parent.chmod(0o777)
    refused = jwtcli("encode", "--json")
    assert refused.status == 8
    assert refused.json["error"] == {
        "code": "untrusted_key_file",
        "message": f"the default key file is not trusted: others can write to {Path(path).parent}",
        "hint": f"--key {path} takes it all the same",
    }
    assert jwtcli("encode", "--key", path).status == 0


def test_a_cache_that_others_can_write_to_is_no_cache(tmp_path: Path) -> None:
    entry = Cached("https://keys.example/jwks", AT, 60, {"keys": []})
    remember(tmp_path / "cache", entry)
    assert recall(tmp_path / "cache", entry.url) == entry
    (tmp_path / "cache").chmod(0o777)
    assert recall(tmp_path / "cache", entry.url) is None
