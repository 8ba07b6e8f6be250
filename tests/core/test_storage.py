"""Key files: whole or not at all, private from the first instant, never over or through what is there."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jwtcli.core.errors import FileError, JwtcliError, Status, UsageError
from jwtcli.core.places import refuse_impossible
from jwtcli.core.storage import PUBLIC, NewFile, make_directory, make_private_directory, write


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """Let the umask take nothing away: what is private is private by itself."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_a_new_file_is_whole_and_private_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "key.jwk"
    write([NewFile(path, b"secret")], force=False)
    assert (path.read_bytes(), mode(path)) == (b"secret", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_a_public_file_may_be_read_by_others_unless_the_umask_forbids(tmp_path: Path) -> None:
    write([NewFile(tmp_path / "open", b"", PUBLIC)], force=False)
    os.umask(0o077)
    write([NewFile(tmp_path / "closed", b"", PUBLIC)], force=False)
    assert (mode(tmp_path / "open"), mode(tmp_path / "closed")) == (0o644, 0o600)


def test_the_file_is_private_before_anything_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    real: Callable[..., object] = os.fdopen

    def look(descriptor: int, *args: str) -> object:
        seen.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        return real(descriptor, *args)

    monkeypatch.setattr("jwtcli.core.storage.os.fdopen", look)
    write([NewFile(tmp_path / "key", b"secret")], force=True)
    assert seen == [0o600]


def put_file(path: Path) -> None:
    path.write_bytes(b"theirs")


def put_link(path: Path) -> None:
    path.with_name("target").write_bytes(b"theirs")
    path.symlink_to("target")


def put_dangling_link(path: Path) -> None:
    path.symlink_to("nowhere")


def put_link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def put_hard_link(path: Path) -> None:
    path.with_name("target").write_bytes(b"theirs")
    path.hardlink_to(path.with_name("target"))


def put_fifo(path: Path) -> None:
    os.mkfifo(path)


OCCUPANTS = [put_file, put_link, put_dangling_link, put_link_to_itself, put_hard_link, put_fifo]
occupied = pytest.mark.parametrize("occupy", OCCUPANTS, ids=lambda occupy: occupy.__name__[4:])


@occupied
def test_what_is_there_stays_as_it_is(tmp_path: Path, occupy: Callable[[Path], None]) -> None:
    path = tmp_path / "key"
    occupy(path)
    before = path.lstat().st_ino, sorted(os.listdir(tmp_path))
    with pytest.raises(FileError, match="is already there and was left as it is") as refused:
        write([NewFile(path, b"ours")], force=False)
    assert (refused.value.code, refused.value.status) == ("exists", Status.FAILED)
    assert (path.lstat().st_ino, sorted(os.listdir(tmp_path))) == before
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("name", ["a\0b", "a\x08b", "a\nb", "\x1b[2J", "\u202eb"])
def test_a_name_that_steers_a_terminal_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as file_refused:
        write([NewFile(tmp_path / name, b"x")], force=True)
    with pytest.raises(UsageError) as folder_refused:
        make_directory(tmp_path / name)
    assert [file_refused.value.code, folder_refused.value.code] == ["unprintable_name"] * 2
    assert list(tmp_path.iterdir()) == []


def test_force_takes_no_device_or_pipe_away(tmp_path: Path) -> None:
    path = tmp_path / "key"
    put_fifo(path)
    with pytest.raises(FileError, match="it is a device or pipe") as refused:
        write([NewFile(path, b"ours")], force=True)
    assert (refused.value.code, path.is_fifo()) == ("unwritable", True)


def test_force_takes_no_link_to_a_device_away(tmp_path: Path) -> None:
    path = tmp_path / "nowhere"
    path.symlink_to("/dev/null")
    with pytest.raises(FileError, match="it is a device or pipe") as refused:
        write([NewFile(path, b"ours")], force=True)
    assert (refused.value.code, os.readlink(path)) == ("unwritable", "/dev/null")


def test_a_name_below_dev_is_a_device_wherever_it_leads() -> None:
    with pytest.raises(FileError, match="it is a device or pipe") as refused:
        refuse_impossible(Path("/dev/../dev/stdout"), force=True)  # no write: as root it might succeed
    assert refused.value.code == "unwritable"


@pytest.mark.parametrize(("occupy", "way_out"), [(put_file, "--force replaces it, or "), (put_fifo, "")])
def test_force_is_named_only_where_it_would_replace_what_is_there(
    tmp_path: Path, occupy: Callable[[Path], None], way_out: str
) -> None:
    occupy(tmp_path / "key")
    with pytest.raises(FileError) as refused:
        write([NewFile(tmp_path / "key", b"ours")], force=False)
    assert (refused.value.code, refused.value.hint) == ("exists", f"{way_out}name another place")


@pytest.mark.parametrize("occupy", OCCUPANTS[:-1], ids=lambda occupy: occupy.__name__[4:])
def test_force_puts_a_new_file_in_its_place_and_never_writes_through(
    tmp_path: Path, occupy: Callable[[Path], None]
) -> None:
    path = tmp_path / "key"
    occupy(path)
    before = path.lstat().st_ino
    write([NewFile(path, b"ours")], force=True)
    assert path.lstat().st_ino != before
    assert (path.is_symlink(), path.read_bytes(), mode(path)) == (False, b"ours", 0o600)
    assert not (tmp_path / "nowhere").exists()
    if (tmp_path / "target").exists():
        assert (tmp_path / "target").read_bytes() == b"theirs"


@pytest.mark.parametrize("force", [True, False])
@pytest.mark.parametrize("bad", ["folder", "missing/key", "file/key", "x" * 256])
def test_a_pair_is_written_whole_or_not_at_all(tmp_path: Path, bad: str, force: bool) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    before = sorted(os.listdir(tmp_path))
    for pair in ((tmp_path / "good", tmp_path / bad), (tmp_path / bad, tmp_path / "good")):
        with pytest.raises(FileError, match=r"^cannot write ") as refused:
            write([NewFile(path, b"x") for path in pair], force=force)
        assert refused.value.code == "unwritable"
        assert sorted(os.listdir(tmp_path)) == before


def test_a_pair_is_not_begun_where_one_of_its_places_is_taken(tmp_path: Path) -> None:
    (tmp_path / "public").write_bytes(b"theirs")
    for names in (("private", "public"), ("public", "private")):
        with pytest.raises(FileError, match="already there"):
            write([NewFile(tmp_path / name, b"ours") for name in names], force=False)
        assert os.listdir(tmp_path) == ["public"]
    assert (tmp_path / "public").read_bytes() == b"theirs"


@pytest.mark.parametrize("force", [True, False])
def test_two_files_in_one_place_are_refused_by_whatever_names(tmp_path: Path, force: bool) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "again").symlink_to("folder")
    pair = [NewFile(tmp_path / "folder" / "key", b"private"), NewFile(tmp_path / "again" / "key", b"public")]
    with pytest.raises(UsageError, match="one file cannot hold both halves"):
        write(pair, force=force)
    assert os.listdir(tmp_path / "folder") == []


def test_the_longest_name_can_be_written(tmp_path: Path) -> None:
    for name in ("x" * 255, "🦊" * 63):
        write([NewFile(tmp_path / name, b"x")], force=False)
        assert (tmp_path / name).read_bytes() == b"x"


def fail(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device, said by somebody else")


@pytest.mark.parametrize(("call", "force"), [("fsync", True), ("fsync", False), ("replace", True)])
def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, force: bool
) -> None:
    monkeypatch.setattr(f"jwtcli.core.storage.os.{call}", fail)
    with pytest.raises(FileError, match=r"^cannot write .*/key: no space left on device$"):
        write([NewFile(tmp_path / "key", b"x")], force=force)
    assert os.listdir(tmp_path) == []


def busy(place: Path) -> Callable[[Path, Path], None]:
    """A rename that fails over one place, as it does where a file is mounted."""
    real = os.replace

    def replace(source: Path, target: Path) -> None:
        if target == place:
            raise OSError(16, "Device or resource busy")
        real(source, target)

    return replace


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("names", [("private", "public"), ("public", "private")])
@pytest.mark.parametrize("stuck", ["private", "public"])
def test_a_pair_that_cannot_be_replaced_is_the_old_pair_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, str], stuck: str, links: bool
) -> None:
    for name in names:
        (tmp_path / name).write_text(f"old {name}")
    monkeypatch.setattr("jwtcli.core.storage.os.replace", busy(tmp_path / stuck))
    if not links:
        monkeypatch.setattr("jwtcli.core.storage.os.link", fail)
    with pytest.raises(FileError, match=f"cannot write .*/{stuck}: device or resource busy"):
        write([NewFile(tmp_path / name, b"new") for name in names], force=True)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {name: f"old {name}" for name in names}


def test_an_old_file_that_cannot_be_kept_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("private", "public"):
        (tmp_path / name).write_text("old")
    monkeypatch.setattr("jwtcli.core.storage.os.link", fail)
    monkeypatch.setattr("jwtcli.core.storage.os.rename", fail)
    with pytest.raises(FileError, match=r"cannot write .*/private: no space left"):
        write([NewFile(tmp_path / name, b"new") for name in ("private", "public")], force=True)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"private": "old", "public": "old"}


@pytest.mark.parametrize("force", [True, False])
def test_what_comes_after_the_files_fails_with_them(tmp_path: Path, force: bool) -> None:
    path, link = tmp_path / "key", tmp_path / "link"
    if force:
        path.write_text("old")
        link.symlink_to("key")
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(OSError, match="No space left"):
        write([NewFile(path, b"new"), NewFile(link, b"new")], force=force, then=fail)
    assert sorted(os.listdir(tmp_path)) == before
    assert (link.is_symlink(), path.exists() and path.read_text()) == (force, force and "old")
    write([NewFile(path, b"new")], force=force, then=lambda: None)
    assert (path.read_bytes(), sorted(os.listdir(tmp_path))) == (b"new", before or ["key"])


def test_what_another_program_puts_in_the_place_meanwhile_is_not_replaced_without_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, theirs, path = os.link, tmp_path / "theirs", tmp_path / "key"
    theirs.write_text("theirs")

    def link_and_lose(source: Path, place: Path, *, follow_symlinks: bool) -> None:
        real(source, place, follow_symlinks=follow_symlinks)
        os.replace(theirs, path)

    monkeypatch.setattr("jwtcli.core.storage.os.link", link_and_lose)
    write([NewFile(path, b"ours")], force=False)
    assert (path.read_text(), os.listdir(tmp_path)) == ("theirs", ["key"])


@pytest.mark.parametrize("force", [True, False])
def test_what_another_program_puts_in_the_place_meanwhile_is_not_taken_back(tmp_path: Path, force: bool) -> None:
    theirs, path = tmp_path / "theirs", tmp_path / "key"
    theirs.write_text("theirs")
    if force:
        path.write_text("old")

    def lose() -> None:
        os.replace(theirs, path)
        fail()

    with pytest.raises(OSError, match="No space left"):
        write([NewFile(path, b"ours")], force=force, then=lose)
    assert (path.read_text(), os.listdir(tmp_path)) == ("theirs", ["key"])


@pytest.mark.parametrize("links", [True, False])
def test_what_another_program_puts_in_the_place_at_the_last_moment_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    rename, theirs, path = os.rename, tmp_path / "theirs", tmp_path / "key"
    theirs.write_text("theirs")

    def late(source: Path, place: Path) -> None:
        if source == path:
            rename(theirs, path)
        rename(source, place)

    def then() -> None:
        monkeypatch.setattr("jwtcli.core.storage.os.rename", late)
        if not links:
            monkeypatch.setattr("jwtcli.core.storage.os.link", fail)
        fail()

    with pytest.raises(OSError, match="No space left"):
        write([NewFile(path, b"ours")], force=False, then=then)
    assert (path.read_text(), os.listdir(tmp_path)) == ("theirs", ["key"])


def test_where_the_old_file_is_that_cannot_come_back_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "key"
    path.write_text("old")

    def then() -> None:
        monkeypatch.setattr("jwtcli.core.storage.os.rename", fail)
        fail()

    with pytest.raises(FileError, match=r"^cannot put .*/key back: no space left on device; what stood ") as told:
        write([NewFile(path, b"ours")], force=True, then=then)
    assert Path(told.value.message.rpartition(" ")[2]).read_text() == "old"


def test_an_old_file_does_not_come_back_over_one_that_came_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename, path = os.rename, tmp_path / "key"
    path.write_text("old")

    def late(source: Path, place: Path) -> None:
        rename(source, place)
        if source == path:
            path.write_text("theirs")

    def then() -> None:
        monkeypatch.setattr("jwtcli.core.storage.os.rename", late)
        fail()

    with pytest.raises(OSError, match="No space left"):
        write([NewFile(path, b"ours")], force=True, then=then)
    assert (path.read_text(), os.listdir(tmp_path)) == ("theirs", ["key"])


ENDS = [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGALRM]


@pytest.mark.parametrize("end", ENDS)
def test_a_signal_waits_until_the_key_is_whole(tmp_path: Path, end: signal.Signals) -> None:
    script = (
        "import os, pathlib; from jwtcli.core import storage\n"
        f"storage.os.fsync = lambda _: os.kill(os.getpid(), {end.value})\n"
        "storage.write([storage.NewFile(pathlib.Path('key'), b'secret')], force=False)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, timeout=60, check=False)
    assert done.returncode == -end
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"key": b"secret"}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("moment", ["while they are written", "while what comes then is done"])
def test_a_signal_leaves_no_replaced_key_under_a_hidden_name(tmp_path: Path, end: signal.Signals, moment: str) -> None:
    then = moment.endswith("done")
    script = (
        "import os, pathlib; from jwtcli.core import storage\n"
        f"def end(*_): os.kill(os.getpid(), {end.value})\n"
        f"{'then = end' if then else 'then, storage.os.fsync = None, end'}\n"
        "files = [storage.NewFile(pathlib.Path(name), b'new') for name in ('private', 'public')]\n"
        "storage.write(files, force=True, then=then)\n"
    )
    for name in ("private", "public"):
        (tmp_path / name).write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, timeout=60, check=False)
    assert done.returncode == -end
    content = b"old" if then else b"new"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"private": content, "public": content}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(("force", "call"), [(False, "link"), (True, "replace")])
def test_a_signal_waits_until_what_failed_is_taken_back(
    tmp_path: Path, end: signal.Signals, force: bool, call: str
) -> None:
    script = (
        "import os, pathlib; from jwtcli.core import storage\n"
        f"real = os.{call}\n"
        "def stuck(source, place, **options):\n"
        "    if place.name == 'public':\n"
        f"        os.kill(os.getpid(), {end.value})\n"
        "        raise FileExistsError\n"
        "    real(source, place, **options)\n"
        f"storage.os.{call} = stuck\n"
        "files = [storage.NewFile(pathlib.Path(name), b'new') for name in ('private', 'public')]\n"
        f"storage.write(files, force={force})\n"
    )
    before = {"private": b"old", "public": b"old"} if force else {}
    for name, content in before.items():
        (tmp_path / name).write_bytes(content)
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, timeout=60, check=False)
    assert done.returncode == -end
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_does_not_end_the_taking_back(tmp_path: Path, first: signal.Signals) -> None:
    script = (
        "import contextlib, os, pathlib, signal; from jwtcli.core import storage\n"
        "def twice():\n"
        "    try:\n"
        f"        os.kill(os.getpid(), {first.value})\n"
        "    finally:\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "        print('still here', flush=True)\n"
        "storage.write([storage.NewFile(pathlib.Path('key'), b'new')], force=True, then=twice)\n"
    )
    (tmp_path / "key").write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, timeout=60, check=False, capture_output=True)
    assert (done.returncode, done.stdout) == (-first, b"still here\n")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"key": b"old"}


def test_a_name_that_the_locale_cannot_write_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unable(_: object) -> bytes:
        raise UnicodeEncodeError("gbk", "\u20ac", 0, 1, "illegal multibyte sequence")

    monkeypatch.setattr("jwtcli.core.storage.os.fsencode", unable)
    with pytest.raises(FileError, match=r"^cannot write .*/key: the name is not one that a file can have$"):
        write([NewFile(tmp_path / "key", b"x")], force=False)
    with pytest.raises(FileError, match=r"^cannot write .*/new: the name is not one that a file can have$"):
        make_directory(tmp_path / "new")


def test_an_interruption_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("jwtcli.core.storage.os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write([NewFile(tmp_path / "key", b"x")], force=False)
    assert os.listdir(tmp_path) == []


def test_a_file_system_without_hard_links_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jwtcli.core.storage.os.link", fail)
    write([NewFile(tmp_path / "key", b"ours")], force=False)
    assert ((tmp_path / "key").read_bytes(), mode(tmp_path / "key")) == (b"ours", 0o600)
    with pytest.raises(FileError, match="already there"):
        write([NewFile(tmp_path / "key", b"more")], force=False)
    assert (tmp_path / "key").read_bytes() == b"ours"
    monkeypatch.setattr("jwtcli.core.storage.os.replace", fail)
    with pytest.raises(FileError, match="no space left"):
        write([NewFile(tmp_path / "other", b"x")], force=False)
    assert os.listdir(tmp_path) == ["key"]


def test_a_place_that_goes_away_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def gone(path: Path, flags: int, mode: int) -> int:
        if path == tmp_path / "key":
            fail()
        return real(path, flags, mode)

    monkeypatch.setattr("jwtcli.core.storage.os.link", fail)
    monkeypatch.setattr("jwtcli.core.storage.os.open", gone)
    with pytest.raises(FileError, match="no space left"):
        write([NewFile(tmp_path / "key", b"x")], force=False)
    assert os.listdir(tmp_path) == []


def test_the_directory_of_the_key_is_private(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_private_directory(tmp_path / "home" / "config" / "jwtcli")
    made = [tmp_path / "home" / "config" / "jwtcli", tmp_path / "home" / "config", tmp_path / "home"]
    assert [mode(path) for path in (*made, tmp_path)] == [0o700, 0o700, 0o700, 0o755]
    make_private_directory(made[0])


@pytest.mark.parametrize("name", ["file", "file/below", "loop"])
def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(JwtcliError, match=r"^cannot make the directory "):
        make_private_directory(tmp_path / name)


def test_the_content_does_not_show_in_a_repr(tmp_path: Path) -> None:
    assert "hunter2" not in repr(NewFile(tmp_path / "key", b"hunter2"))
