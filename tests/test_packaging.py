"""What is handed out: the wheel and the source archive, and where the wheel puts what shells and man look for."""

import subprocess
import sys
import tarfile
import zipfile
from email.parser import HeaderParser
from pathlib import Path

from jwtcli import __version__
from tests.conftest import ROOT, Run, build, environment, need

SHARED_DATA = {
    "share/bash-completion/completions/jwtcli": "completions/jwtcli.bash",
    "share/zsh/site-functions/_jwtcli": "completions/_jwtcli",
    "share/fish/vendor_completions.d/jwtcli.fish": "completions/jwtcli.fish",
    **{f"share/man/man1/{page.name}": f"man/{page.name}" for page in (ROOT / "man").iterdir()},
}
DIST_INFO = {f"jwtcli-{__version__}.dist-info/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt")}


def test_the_wheel_holds_the_package_completions_manual_and_licence_and_nothing_else(built: Path) -> None:
    package = {
        str(path.relative_to(ROOT)) for path in (ROOT / "jwtcli").rglob("*") if path.is_file() and path.suffix != ".pyc"
    }
    shared = {f"jwtcli-{__version__}.data/data/{name}" for name in SHARED_DATA}
    licence = {f"jwtcli-{__version__}.dist-info/licenses/LICENSE"}
    assert set(zipfile.ZipFile(wheel(built)).namelist()) == package | shared | licence | DIST_INFO


def test_the_source_archive_builds_the_same_wheel(built: Path, tmp_path: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path, filter="data")
    build(tmp_path / f"jwtcli-{__version__}", tmp_path / "again", "--wheel")
    assert wheel(tmp_path / "again").read_bytes() == wheel(built).read_bytes()


def test_the_source_archive_holds_what_a_packager_runs(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    assert {"README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml", ".ci/run"} <= names
    for folder in ("tests", "tools", "completions", "man", "jwtcli"):
        present = {str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob("*") if path.is_file()}
        not_ours = ("__pycache__", "node_modules", "findings", "package.json", "package-lock.json")
        assert {name for name in present if not any(one in name for one in not_ours)} <= names


def test_the_index_would_take_them(built: Path) -> None:
    command = [sys.executable, "-m", "twine", "check", "--strict", *map(str, sorted(built.iterdir()))]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert checked.returncode == 0, checked.stdout


def test_the_classifiers_are_honest(built: Path) -> None:
    with zipfile.ZipFile(wheel(built)) as opened:
        text = opened.read(f"jwtcli-{__version__}.dist-info/METADATA").decode()
    metadata = HeaderParser().parsestr(text)
    told = [
        line for line in metadata.get_all("Classifier", []) if line.startswith("Programming Language :: Python :: 3.")
    ]
    assert told == [f"Programming Language :: Python :: 3.{minor}" for minor in (11, 12, 13)]
    assert (metadata["Requires-Python"], metadata["Version"]) == (">=3.11", __version__)


def test_the_prefix_has_completions_and_pages_where_they_are_looked_for(prefix: Path) -> None:
    for name, source in SHARED_DATA.items():
        assert (prefix / name).read_text() == (ROOT / source).read_text()


def test_man_finds_the_pages_by_the_path_of_the_command(prefix: Path, tmp_path: Path) -> None:
    env = {**environment(tmp_path), "PATH": f"{prefix / 'bin'}:{environment(tmp_path)['PATH']}"}
    for name in ("jwtcli", "jwtcli-encode"):
        found = subprocess.run(
            [need("man"), "-w", name], env=env, capture_output=True, text=True, timeout=60, check=True
        )
        assert found.stdout == f"{prefix}/share/man/man1/{name}.1\n"


def test_the_installed_command_and_the_module_are_the_same(installed: Run, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "jwtcli", "--version"]
    module = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, timeout=60, check=True)
    assert module.stdout == installed("--version").stdout == f"jwtcli {__version__}\n"


def wheel(folder: Path) -> Path:
    (found,) = folder.glob("*.whl")
    return found
