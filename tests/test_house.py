"""The house keeps its promises: documents, help and completions say what the code does, and the start stays light."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import click
import pytest

from jwtcli.cli import COMMANDS
from jwtcli.core import as_json, as_text
from jwtcli.core.errors import JwtcliError, Status
from jwtcli.core.findings import CAUSES
from jwtcli.core.flaws import RULES
from jwtcli.core.kinds import Kind
from tests.commands_of import LEAVES, named
from tests.conftest import AT, Run, environment

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "README.md").read_text(encoding="utf-8")
MODULES = tuple(sorted((ROOT / "jwtcli").rglob("*.py")))
NAMES = tuple(name for name, _, _ in COMMANDS)

# What one view alone has: lines that are remarks, and objects whose text is a remark or the bare path, script or token.
REMARKS = {"refusal", "key_note"}
OBJECTS = {"made_key", "completion", "ready", "error", "verdict_line"}
# Codes that rulings.py puts together from a claim's name, or keeps in a table.
MADE_CODES = {"ok", "expired", "not_yet_valid", "issued_in_future", "iss_mismatch", "sub_mismatch"}
# What only resembles a signed JWT is refused under the name of its kind.
MADE_CODES |= {kind.value for kind in Kind if kind is not Kind.JWS}


# Commands


@pytest.mark.parametrize("name", NAMES)
def test_every_command_stands_in_the_readme(name: str) -> None:
    assert re.search(rf"^\| \[`{name}`\]\(#{name}\) \| \S.* \|$", PAGE, re.MULTILINE), "no row in the table of commands"
    assert f"\n### {name}\n" in PAGE, "no section"


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_teaches_by_examples_in_80_columns(jwtcli: Run, path: tuple[str, ...]) -> None:
    shown = jwtcli(*path, "--help")
    assert (shown.status, shown.stderr) == (0, "")
    assert f"Usage: jwtcli {' '.join(path)} " in shown.stdout
    examples = shown.stdout.partition("Examples:\n")[2].splitlines()
    assert len(examples) >= 2
    assert all("jwtcli " in line for line in examples)
    assert [line for line in shown.stdout.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_option_has_a_sentence(path: tuple[str, ...]) -> None:
    command = named(path)
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert options
    assert [option.opts for option in options if not re.fullmatch(r"[A-Z].*\.", option.help or "")] == []


def test_the_group_lists_every_command_and_every_status(jwtcli: Run) -> None:
    shown = jwtcli("--help").stdout
    for name, line, _ in COMMANDS:
        assert re.search(rf"^  {name} +{re.escape(line)}$", shown, re.MULTILINE)
    told = {int(number) for number in re.findall(r"\b\d+\b", shown.partition("Exit statuses:")[2].partition("\n\n")[0])}
    assert {status for status in Status if status < 128} <= told <= set(Status)


def test_a_result_that_both_views_show_has_a_function_of_one_name_in_both() -> None:
    assert public_functions(as_text) - REMARKS == public_functions(as_json) - OBJECTS


def test_no_command_makes_json_itself_and_no_view_has_what_nothing_shows() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in MODULES if path.parent.name in ("commands", "jwtcli")}
    assert [path for path, text in texts.items() if re.search(r"\bdumps\b|\bprintable_json\b", text)] == []
    told = "\n".join(texts.values())
    for name, view in (("as_text", as_text), ("as_json", as_json)):
        assert public_functions(view) <= set(re.findall(rf"\b(?:{name}|shown)(?:\.| import )(\w+)", told))


# Documents


def test_the_readme_tells_the_exit_statuses_of_the_code() -> None:
    table = PAGE.partition("\n## Exit statuses\n")[2].partition("\n## ")[0]
    assert [int(row) for row in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)] == list(Status)


def test_the_readme_lists_every_code_and_no_other() -> None:
    told = {code for _, row in code_rows() for code in row}
    assert told == set(chain.from_iterable(map(codes, MODULES))) | MADE_CODES


def test_the_readme_files_the_codes_of_failures_under_their_status() -> None:
    kinds: tuple[type[JwtcliError], ...] = (JwtcliError, *JwtcliError.__subclasses__())
    for kind in kinds:
        assert any(status == str(int(kind.status)) and kind.code in row for status, row in code_rows()), kind.code


def test_the_readme_lists_every_cause_that_explain_finds() -> None:
    assert table_rows("| code | the cause |") == [[f"`{code}`", cause] for code, cause in CAUSES.items()]


def test_the_readme_lists_every_rule_of_lint() -> None:
    rules = [[f"`{rule.code}`", rule.severity, rule.sentence, rule.paragraph] for rule in RULES.values()]
    assert table_rows("| code | severity | what is unwise | by |") == rules


def test_the_readme_tells_every_variable_of_ours() -> None:
    told = set(re.findall(r"^\| `(JWTCLI_\w+)` \|", PAGE, re.MULTILINE))
    read = {name for module in MODULES for name in re.findall(r'"(JWTCLI_\w+)"', module.read_text(encoding="utf-8"))}
    assert told == read


def test_the_readme_lists_every_check(jwtcli: Run) -> None:
    named = PAGE.partition("`verify` names its checks")[2].partition("\n\n")[0]
    secret = {"JWTCLI_SECRET": "a secret of thirty-two bytes ...", "JWTCLI_NO_INPUT": "1"}
    claims = '{"iss": "i", "sub": "s", "aud": "a", "jti": "j", "nbf": 0}'
    token = jwtcli("encode", "--at", str(AT), claims, env=secret).stdout
    demands = ("--aud", "a", "--typ", "JWT", "--max-age", "1h", "--expect", "NAME=x", "--require", "NAME")
    judged = jwtcli("verify", "--json", "--at", str(AT), *demands, stdin=token, env=secret).json
    assert {check["name"] for check in judged["checks"]} == set(re.findall(r"`([\w:]+)`", named)) - {"passed", "null"}


def test_the_changelog_has_room_for_what_comes_next() -> None:
    assert re.search(r"^## \[Unreleased\]\n", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("page", ["README.md", "SECURITY.md", "CONTRIBUTING.md"])
def test_links_between_the_documents_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\((?!https?://)([^)#]*)(?:#[\w-]+)?\)", (ROOT / page).read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target


# Code


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_opens_with_one_sentence_on_what_it_is_for(module: Path) -> None:
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    assert re.match(r"[^\n]+\.(\n\n|$)", docstring)


def test_no_file_names_a_machine() -> None:
    """Paths of somebody's home or work place, and the hosts of package registries, say where a file was made."""
    homes = re.compile(r"(?<![\w.-])/(?:home/(?!alice\b)|Users/|root/|work/|tmp/w/)\w|\bC:\\+Users")
    registries = re.compile(
        r"https?://(?:[\w.-]*\.)?(?:pypi\.org|pythonhosted\.org|registry\.npmjs\.org|deb\.debian\.org)"
    )
    for path in tracked_files():
        text = path.read_text(encoding="utf-8", errors="replace")
        found = homes.search(text) or registries.search(text)
        assert found is None or path == Path(__file__), f"{path.relative_to(ROOT)}: {found}"


# The start


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["decode"], ["completion", "bash"]], ids=" ".join)
def test_starting_loads_no_crypto_no_tls_and_no_rich(tmp_path: Path, args: list[str]) -> None:
    assert loaded(tmp_path, *args) == set()


def test_decode_in_colour_loads_rich_and_nothing_else_that_is_heavy(tmp_path: Path) -> None:
    assert loaded(tmp_path, "decode", "--color", "always") == {"rich"}


# What the tests ask the code


def public_functions(view: object) -> set[str]:
    """Name the functions that a view defines itself."""
    own = vars(view).items()
    module = getattr(view, "__name__", "")
    return {name for name, value in own if name[0] != "_" and callable(value) and value.__module__ == module}


def table_rows(heading: str) -> list[list[str]]:
    """Read one of the README's tables: the cells of each row."""
    table = PAGE.partition(f"{heading}\n")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[1:]]


def code_rows() -> list[tuple[str, list[str]]]:
    """Read the README's table of codes: for each row the status and the codes."""
    rows = table_rows("| status | about | codes |")
    return [(status, re.findall(r"`(\w+)`", listed)) for status, _, listed in rows]


def codes(module: Path) -> Iterator[str]:
    """Yield the codes that a module spells out: ``code="..."`` in calls and classes, and those of failed checks."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        value: ast.expr | None = None
        if isinstance(node, ast.keyword) and node.arg == "code":
            value = node.value
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            value = node.value if isinstance(target, ast.Name) and target.id == "code" else None
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "failed":
            value = node.args[1]
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value


def tracked_files() -> list[Path]:
    """List the files of the repository, or of the source archive where there is no repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    if listed:
        return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]
    folders = (ROOT / name for name in ("jwtcli", "tests", "completions"))
    files = chain(ROOT.glob("*.*"), *(folder.rglob("*") for folder in folders))
    return [path for path in files if path.is_file() and path.suffix != ".pyc"]


def loaded(folder: Path, *args: str) -> set[str]:
    """Run a command line in a pipe; return which of the heavy libraries it loaded."""
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.AAAA"
    program = (
        "import sys; from jwtcli.cli import run\n"
        "assert run(sys.argv[1:]) == 0\n"
        "heavy = {'jwt', 'cryptography', 'ssl', 'rich', 'platformdirs', 'flask'} & set(sys.modules)\n"
        "sys.stderr.write('LOADED ' + ' '.join(heavy))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *args],
        input=token,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(done.stderr.partition("LOADED ")[2].split())
