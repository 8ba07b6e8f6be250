"""Each way to break a token is exactly that way, for every algorithm, in the eyes of jwtcli and of others."""

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import jwt
import pytest
from joserfc import jwt as jose
from joserfc.errors import JoseError
from joserfc.jwk import KeySet as JoseKeySet
from joserfc.jwt import JWTClaimsRegistry

from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.breaks import BREAKS, Draft, broken
from jwtcli.core.errors import UsageError
from jwtcli.core.fixtures import fixtures
from jwtcli.core.keysets import KeySet
from jwtcli.core.tokens import parse
from jwtcli.core.verdict import Expectations
from jwtcli.core.verifier import verify
from tests.conftest import AT, key_for

DEMANDS = Expectations(iss=("iss",), aud=("aud",), require=("exp",))


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_a_broken_token_fails_in_one_check_and_with_its_code(alg: str) -> None:
    key = key_for(alg)
    keys = KeySet((key,), "test", chosen_by_kid=True)
    claims = {"iss": "iss", "aud": "aud", "sub": "alice", "iat": AT, "nbf": AT, "exp": AT + 3600}
    draft = Draft({"typ": "JWT", "kid": key.kid}, claims, key, alg, AT)
    assert verify(draft.signed(), keys, DEMANDS, AT).accepted
    for way in BREAKS.values():
        verdict = verify(broken(draft, way.name), keys, DEMANDS, AT)
        assert [(way.name, check.code, check.status) for check in verdict.refusals] == [
            (way.name, way.code, way.status)
        ]


def test_an_unknown_way_is_refused_with_the_ways_there_are() -> None:
    with pytest.raises(UsageError) as refused:
        broken(Draft({}, {}, key_for("HS256"), "HS256", AT), "nonsense")
    assert refused.value.hint == f"it is one of {', '.join(BREAKS)}"


def test_an_unknown_kid_is_no_kid_of_a_key_that_there_is() -> None:
    key = replace(key_for("ES256"), kid="no-such-key")
    token = parse(broken(Draft({"kid": key.kid}, {}, key, "ES256", AT), "unknown-kid"))
    assert token.kid == "no-such-key-either"


@pytest.mark.parametrize(
    ("way", "times"),
    [
        ("expired", {"exp": 10**400, "iat": 0.5}),
        ("expired", {"exp": int("9" * 4300), "iat": -int("9" * 4300)}),
        ("not-yet", {"exp": int("9" * 4300)}),
    ],
    ids=["fraction", "digits", "one digit more"],
)
def test_times_that_no_number_can_carry_on_are_wrong_usage(way: str, times: dict[str, Any]) -> None:
    draft = Draft({}, times, key_for("HS256"), "HS256", AT)
    with pytest.raises(UsageError, match="the token's times are too far away"):
        broken(draft, way)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The fixtures of a lifetime that reaches far beyond today."""
    files = fixtures(key_for("ES256"), "ES256", issuer="https://i.example", audience="api", lifetime=4 * 10**9, at=AT)
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def _manifest(folder: Path) -> Any:
    return json.loads((folder / "manifest.json").read_text())


def test_no_private_key_is_among_the_fixtures(folder: Path) -> None:
    assert '"d"' not in "".join(path.read_text() for path in folder.iterdir())


def test_pyjwt_agrees_with_the_manifest_today(folder: Path) -> None:
    keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(json.loads((folder / "jwks.json").read_text())).keys}
    manifest = _manifest(folder)
    for token in manifest["tokens"]:
        compact = (folder / token["file"]).read_text().strip()
        try:
            key = keys[jwt.get_unverified_header(compact)["kid"]]
            jwt.decode(
                compact, key, algorithms=["ES256"], issuer=manifest["issuer"], audience=manifest["audience"],
                options={"require": ["exp"]},
            )  # fmt: skip
            accepted = True
        except (jwt.InvalidTokenError, KeyError):
            accepted = False
        if token["file"] != "not-yet.jwt":  # by today it is valid: its hour is long over
            assert (token["file"], accepted) == (token["file"], token["accepted"])


def test_joserfc_agrees_with_the_manifest(folder: Path) -> None:
    keys = JoseKeySet.import_key_set(json.loads((folder / "jwks.json").read_text()))
    manifest = _manifest(folder)
    rules = JWTClaimsRegistry(
        now=AT,
        iss={"essential": True, "value": manifest["issuer"]},
        aud={"essential": True, "value": manifest["audience"]},
        exp={"essential": True},
    )
    for token in manifest["tokens"]:
        try:
            rules.validate(jose.decode((folder / token["file"]).read_text().strip(), keys, algorithms=["ES256"]).claims)
            accepted = True
        except (JoseError, ValueError):
            accepted = False
        assert (token["file"], accepted) == (token["file"], token["accepted"])


NODE = """
import { readFileSync } from "node:fs";
import { createLocalJWKSet, jwtVerify } from "jose";
const folder = process.argv[2];
const manifest = JSON.parse(readFileSync(`${folder}/manifest.json`));
const keys = createLocalJWKSet(JSON.parse(readFileSync(`${folder}/jwks.json`)));
const options = {
  issuer: manifest.issuer,
  audience: manifest.audience,
  requiredClaims: ["exp"],
  currentDate: new Date(manifest.at * 1000),
};
const seen = {};
for (const { file } of manifest.tokens) {
  const compact = readFileSync(`${folder}/${file}`, "utf8").trim();
  seen[file] = await jwtVerify(compact, keys, options).then(() => true, () => false);
}
console.log(JSON.stringify(seen));
"""


def test_npm_jose_agrees_with_the_manifest(folder: Path) -> None:
    if shutil.which("node") is None or _node('import "jose"').returncode != 0:
        pytest.skip("npm's jose is not installed (npm install --prefix tests jose)")
    done = _node(NODE, str(folder))
    manifest = _manifest(folder)
    assert json.loads(done.stdout) == {token["file"]: token["accepted"] for token in manifest["tokens"]}


def _node(script: str, *args: str) -> "subprocess.CompletedProcess[str]":
    """Run a module that finds its packages beside or above the tests."""
    return subprocess.run(
        ["node", "--input-type=module", "-", *args],
        input=script,
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
