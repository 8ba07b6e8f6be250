"""The recipes, each run as it stands against the installed command."""

import json
import os
import re
import shutil
import subprocess
import sysconfig
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from textwrap import dedent

import pytest

from jwtcli.core.keyfiles import to_bytes
from jwtcli.core.keys import public_half
from jwtcli.core.strict import base64url_encode
from tests.conftest import AT, ROOT, Result, Run, environment, key_for, need, write_key_files

RECIPES = ROOT / "tests" / "recipes"
SCRIPTS = sysconfig.get_path("scripts")
SECRET = "a secret that a service knows too"


def run(
    name: str,
    folder: Path,
    env: Mapping[str, str] | None = None,
    stdin: str = "",
    programs: tuple[str, ...] = (),
    path: str | None = None,
) -> Result:
    """Run a recipe in a folder as a CI job would."""
    for program in programs:
        need(program)
    fixed = environment(folder, {"CI": "true", **(env or {})})
    fixed["PATH"] = path or f"{SCRIPTS}:{fixed['PATH']}"
    done = subprocess.run(
        [need("sh"), RECIPES / name],
        env=fixed,
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


@contextmanager
def server(answers: Mapping[str, str] | None = None) -> Iterator[tuple[str, list[str]]]:
    """Serve JSON documents by path on loopback; with none, answer every call. Collects Authorization headers."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers.get("Authorization", ""))
            body = "ok" if answers is None else answers.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write((body or "").replace("BASE", base).encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        base = f"http://127.0.0.1:{serving.server_port}"
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        try:
            yield base, seen
        finally:
            serving.shutdown()
            thread.join()


def test_every_recipe_is_run_by_a_test() -> None:
    text = Path(__file__).read_text()
    assert [path.name for path in RECIPES.iterdir() if f'"{path.name}"' not in text] == []


def test_every_recipe_hands_tokens_over_on_stdin() -> None:
    for path in RECIPES.iterdir():
        for line in re.findall(r"jwtcli (?:verify|decode)[^|;]*", path.read_text()):
            assert not re.search(r"\$\{?\(?(?:TOKEN|token|line)", line), line


def test_the_readme_shows_recipes_as_they_are() -> None:
    section = (ROOT / "README.md").read_text().partition("\n## In CI\n")[2].partition("\n## ")[0]
    recipes = {path.name: path.read_text() for path in RECIPES.iterdir()}
    assert set(re.findall(r"\(tests/recipes/([\w.-]+)\)", section)) == set(recipes)
    (shown,) = re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert recipes["deployment-check.sh"].endswith(f"set -eu\n\n{shown}")
    (job,) = re.findall(r"- run: \|\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert recipes["service-token.sh"].endswith(f"set -eu\n\n{dedent(job)}")


def test_the_token_of_a_github_app_is_one_that_github_takes_and_leaves_no_file(tmp_path: Path, installed: Run) -> None:
    key = key_for("RS256")
    (tmp_path / "public.pem").write_bytes(to_bytes(public_half(key), "pem"))
    with server() as (base, seen):
        env = {"JWTCLI_KEY": to_bytes(key, "pem").decode(), "APP_ID": "Iv1.app", "GITHUB_API_URL": base}
        done = run("github-app-token.sh", tmp_path, env, programs=("curl",))
    assert (done.status, done.stdout) == (0, "ok")
    assert [path.name for path in tmp_path.iterdir()] == ["public.pem"]
    token = seen[0].removeprefix("Bearer ")
    verdict = installed("verify", "--json", "--key", "public.pem", "--iss", "Iv1.app", stdin=token).json
    assert verdict["header"]["alg"] == "RS256"
    assert verdict["claims"]["exp"] - verdict["claims"]["iat"] == 660


def test_a_service_token_is_taken_by_the_service_and_masked_in_the_log(tmp_path: Path, installed: Run) -> None:
    with server() as (base, seen):
        env = {"JWTCLI_SECRET": SECRET, "SERVICE_URL": f"{base}/things", "GITHUB_ACTIONS": "true"}
        done = run("service-token.sh", tmp_path, env, programs=("curl",))
    token = seen[0].removeprefix("Bearer ")
    assert list(tmp_path.iterdir()) == []
    assert (done.status, done.stdout, done.stderr) == (0, "ok", f"::add-mask::{token}\n")
    judged = installed("verify", "--aud", "api", "--claim", "role", stdin=token, env={"JWTCLI_SECRET": SECRET})
    assert (judged.status, judged.stdout) == (0, "tester\n")


@pytest.mark.parametrize(
    ("mint", "status", "told"),
    [
        (("--aud", "deploy", "--ttl", "10m"), 0, "deploying to production\n"),
        (("--aud", "deploy", "--at", "-30m", "--ttl", "10m"), 5, "the deployment token has expired"),
        (("--aud", "api", "--ttl", "10m"), 7, "no deployment: jwtcli says why above"),
        (("--aud", "deploy", "--at", "-2h", "--ttl", "1d"), 7, "no deployment"),
        (("--aud", "deploy", "--no-exp"), 7, "no deployment"),
    ],
)
def test_a_deployment_goes_on_with_a_token_for_it_alone(
    tmp_path: Path, installed: Run, mint: tuple[str, ...], status: int, told: str
) -> None:
    files = write_key_files(tmp_path, "ES256")
    token = installed("encode", "-q", *mint, "-c", "environment=production", "--key", files.private).stdout
    done = run("deployment-check.sh", tmp_path, {"JWTCLI_KEY": Path(files.public).read_text()}, token)
    assert done.status == status
    assert told in done.stdout + done.stderr


def test_deployment_check_tells_a_forged_token(tmp_path: Path, installed: Run) -> None:
    files = write_key_files(tmp_path, "ES256")
    installed("keygen", "--alg", "ES256", "-o", "other.jwk")
    token = installed("encode", "--aud", "deploy", "--ttl", "10m", "--key", "other.jwk").stdout
    done = run("deployment-check.sh", tmp_path, {"JWTCLI_KEY": Path(files.public).read_text()}, token)
    assert (done.status, done.stdout) == (4, "")
    assert "signed by somebody else" in done.stderr


def test_what_a_deployment_token_says_is_printed_as_it_is(tmp_path: Path, installed: Run) -> None:
    files = write_key_files(tmp_path, "ES256")
    mint = ("--aud", "deploy", "--ttl", "10m", "-c", "environment=a\\033[2J\\c")
    token = installed("encode", "-q", *mint, "--key", files.private).stdout
    done = run("deployment-check.sh", tmp_path, {"JWTCLI_KEY": Path(files.public).read_text()}, token)
    assert (done.status, done.stdout) == (0, "deploying to a\\033[2J\\c\n")


def test_tokens_of_a_rotated_key_are_taken_until_it_is_dropped(tmp_path: Path, installed: Run) -> None:
    """No verification fails on the way, and in the end the old key is gone and its tokens with it."""
    done = run("rotate-key.sh", tmp_path)
    assert (done.status, done.stderr) == (0, "")
    (kept,) = json.loads((tmp_path / "jwks.json").read_text())["keys"]
    assert kept["kid"] == json.loads((tmp_path / "current.jwk").read_text())["kid"]
    assert "d" not in kept
    after, before = (tmp_path / name for name in ("after.txt", "before.txt"))
    assert installed("verify", "--jwks", "jwks.json", stdin=after.read_bytes()).status == 0
    assert installed("verify", "--jwks", "jwks.json", stdin=before.read_bytes()).status == 8
    assert run("rotate-key.sh", tmp_path).status == 0


def test_only_the_subject_that_was_asked_for_passes_of_an_issuers_tokens(tmp_path: Path, installed: Run) -> None:
    files = write_key_files(tmp_path, "RS256")
    subject = "repo:octo/app:ref:refs/heads/main"
    jwks = json.dumps({"keys": [json.loads(Path(files.public).read_text())]})
    configuration = json.dumps({"issuer": "BASE", "jwks_uri": "BASE/jwks"})
    with server({"/.well-known/openid-configuration": configuration, "/jwks": jwks}) as (base, _):
        env = {"ISSUER_URL": base, "AUDIENCE": "deploy", "SUBJECT": subject, "ALLOW_HTTP": "--allow-http"}
        mint = ("encode", "-q", "--key", files.private, "--iss", base, "--aud", "deploy", "--ttl", "5m")
        good = run("verify-issuer.sh", tmp_path, env, installed(*mint, "--sub", subject).stdout)
        other = run("verify-issuer.sh", tmp_path, env, installed(*mint, "--sub", "repo:evil/app").stdout)
    assert (good.status, good.stdout) == (0, f"{subject}\n")
    assert (other.status, other.stdout) == (7, "")


Stage = Callable[[str, str], None]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """Write a file and stage it in a new repository."""
    need("jq")
    git = [need("git"), "-c", "init.defaultBranch=main"]
    subprocess.run([*git, "init", "-q", str(tmp_path)], check=True, timeout=60)

    def add(name: str, content: str) -> None:
        (tmp_path / name).write_text(content)
        subprocess.run([*git, "add", name], cwd=tmp_path, check=True, timeout=60)

    return add


def test_no_live_tokens(tmp_path: Path, installed: Run, stage: Stage) -> None:
    env = {"JWTCLI_SECRET": SECRET}
    stage("README", "nothing")
    assert run("no-live-tokens.sh", tmp_path) == Result(0, "", "")
    dead = installed("encode", "--ttl", "1h", "--at", str(AT), env=env).stdout
    stage("test data.json", f'{{"token": "{dead.strip()}", "not": "eyJub3RoaW5n.eyJhbGw.x"}}')
    assert run("no-live-tokens.sh", tmp_path) == Result(0, "", "")
    told = []
    for name, mint in (("notes.md", ("--ttl", "1h")), ("other: 1:2", ("--no-exp",))):
        live = installed("encode", *mint, env=env).stdout
        stage(name, f"first\nAuthorization: Bearer {live}example.com_is_no_token.{live}")
        told.append(f"a token that is alive stands in {name}\n")
        assert run("no-live-tokens.sh", tmp_path) == Result(1, "", "".join(told))


@pytest.mark.parametrize("header", ['{"alg":"HS256"}', '{ "alg":"HS256"}', '{\n"alg":"HS256"}', ' {"alg":"HS256"}'])
def test_a_live_token_is_found_however_it_begins(tmp_path: Path, stage: Stage, header: str) -> None:
    stage("a", f"{base64url_encode(header.encode())}.{base64url_encode(b'{}')}.c2lnbmF0dXJl")
    assert run("no-live-tokens.sh", tmp_path) == Result(1, "", "a token that is alive stands in a\n")


@pytest.mark.parametrize(
    "text", ["{}.Then do it", "t={}=", '{}+"x"', "{}~", "~~{}~~", "{}~WyJzYWx0IiwibmFtZSIsInZhbHVlIl0~", "{0}.{0}"]
)
@pytest.mark.parametrize(("lifetime", "status"), [("--no-exp", 1), ("--at=2020-01-01T00:00:00Z", 0)])
def test_a_live_token_is_found_whatever_reads_on_behind_it(
    tmp_path: Path, stage: Stage, installed: Run, text: str, lifetime: str, status: int
) -> None:
    minted = installed("encode", "-q", lifetime, env={"JWTCLI_SECRET": SECRET}).stdout.strip()
    stage("a", text.format(minted))
    assert run("no-live-tokens.sh", tmp_path).status == status


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ('{"alg":"HS256","cty":"JWT"}', "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl"),
        ('{"alg":"HS256","b64":false,"crit":["b64"]}', "text"),
        ('{"alg":"HS256"}', '{"exp":9999999999,"nbf":"0"}'),
    ],
)
def test_a_token_that_cannot_be_told_to_be_dead_does_not_go_in(
    tmp_path: Path, stage: Stage, header: str, claims: str
) -> None:
    stage("a", f"{base64url_encode(header.encode())}.{base64url_encode(claims.encode())}.c2lnbmF0dXJl")
    assert run("no-live-tokens.sh", tmp_path) == Result(1, "", "a token that is alive stands in a\n")


def test_a_long_line_without_a_token_is_looked_through_in_time_that_grows_with_it(
    tmp_path: Path, stage: Stage, installed: Run
) -> None:
    """A hundred thousand digits took more than a minute, and a megabyte no end."""
    live = installed("encode", "-q", "--no-exp", env={"JWTCLI_SECRET": SECRET}).stdout
    stage("a", f"{'0a' * 500_000} {'0a.' * 100_000} {live}")
    assert run("no-live-tokens.sh", tmp_path) == Result(1, "", "a token that is alive stands in a\n")


def test_the_name_of_a_file_does_not_steer_the_terminal(tmp_path: Path, stage: Stage, installed: Run) -> None:
    stage("f\x1b]0;x\x07", installed("encode", "--no-exp", env={"JWTCLI_SECRET": SECRET}).stdout)
    told = run("no-live-tokens.sh", tmp_path)
    assert told == Result(1, "", 'a token that is alive stands in "f\\033]0;x\\a"\n')


@pytest.mark.parametrize("missing", ["jwtcli", "jq"])
def test_where_nothing_can_be_looked_at_nothing_goes_in(tmp_path: Path, stage: Stage, missing: str) -> None:
    stage("a", "no token")
    programs = tmp_path / "programs"
    programs.mkdir()
    for program in {"sh", "git", "jq", "jwtcli", "mktemp", "rm", "awk"} - {missing}:
        (programs / program).symlink_to(shutil.which(program, path=f"{SCRIPTS}:{os.environ['PATH']}") or "")
    done = run("no-live-tokens.sh", tmp_path, path=str(programs))
    assert done == Result(1, "", f"no-live-tokens.sh: {missing} is not installed, so nothing was looked at\n")


def test_a_jwtcli_that_fails_lets_nothing_in(tmp_path: Path, stage: Stage) -> None:
    stage("a", "no token")
    (tmp_path / "jwtcli").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "jwtcli").chmod(0o755)
    done = run("no-live-tokens.sh", tmp_path, path=f"{tmp_path}:{os.environ['PATH']}")
    assert done == Result(1, "", "no-live-tokens.sh: jwtcli ended with status 1, so nothing is known\n")


def test_a_line_that_is_too_large_is_not_passed_over(tmp_path: Path, stage: Stage) -> None:
    stage("a", f"{'a' * 3_000_000}.bbbb.cccc")
    done = run("no-live-tokens.sh", tmp_path)
    assert (done.status, done.stderr.splitlines()[-1]) == (1, "no-live-tokens.sh: so nothing is known")
