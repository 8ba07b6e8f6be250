"""Whose a file is: what another user may have put there is no word of this user's."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from jwtcli.core.cache import Cached, recall, remember
from jwtcli.core.ownership import in_other_hands
from tests.conftest import AT, Run

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
