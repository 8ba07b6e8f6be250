"""Wycheproof's JWS and JWK files: the bare signature, judged with the readers, allow-lists and crypto of ``verify``."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from jwtcli.core import keysets
from jwtcli.core.choice import to_verify
from jwtcli.core.errors import JwtcliError
from jwtcli.core.signatures import matches
from jwtcli.core.sources import KeySource
from jwtcli.core.tokens import object_in, split
from tests.conftest import SHARED

FOLDER = SHARED / "vectors" / "wycheproof"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/vectors is not beside this checkout")

# Labels that contradict the file itself; jwtcli keeps to the RFC, so it says the opposite.
MISLABELLED = {
    346: "the key's alg is PS256, the header says PS384",
    350: "the key's alg is PS256, the header says PS384",
    347: "the unregistered name ES521",
    351: "the unregistered name ES521",
    367: "called invalid, and byte for byte the valid 357",
    370: "called invalid, and byte for byte the valid 357",
    372: "called valid, with '?' inside base64url",
    373: "called valid, with '?' inside base64url",
}
# The file leaves these open; a set of a secret and a public key is no confusion where the key decides the algorithm.
LEFT_OPEN = {("json_web_key_test.json", 1): True}


def cases(name: str) -> list[Any]:
    return list(_cases(name))


def _cases(name: str) -> Iterator[Any]:
    path = FOLDER / name
    groups = json.loads(path.read_text())["testGroups"] if path.exists() else []
    for group in groups:
        key = group.get("public", group["private"])
        for test in group["tests"]:
            yield pytest.param(name, test, key, id=f"{test['tcId']}-{test['comment']}")


def holds(jws: str, key: dict[str, Any]) -> bool:
    """Judge a bare JWS the way ``verify`` judges a token, but for the claims, which these have none of."""
    try:
        keys = keysets.read(KeySource("wycheproof", json.dumps(key).encode()))
        parts = split(jws)
        header = object_in("header", parts.header)
        chosen = to_verify(keys, header.get("kid"), header.get("alg"))
        allowed = header.get("alg") in keys.algorithms(chosen)
        return allowed and matches(parts.signing_input, parts.signature, chosen, header["alg"])
    except JwtcliError:
        return False


@pytest.mark.parametrize(("name", "test", "key"), cases("json_web_signature_test.json"))
def test_a_signature_holds_where_wycheproof_says_so(name: str, test: dict[str, Any], key: dict[str, Any]) -> None:
    labelled = test["result"] == "valid"
    assert holds(test["jws"], key) is (labelled is not (test["tcId"] in MISLABELLED))


@pytest.mark.parametrize(("name", "test", "key"), cases("json_web_key_test.json"))
def test_a_key_set_is_used_where_wycheproof_says_so(name: str, test: dict[str, Any], key: dict[str, Any]) -> None:
    expected = LEFT_OPEN.get((name, test["tcId"]), test["result"] == "valid")
    assert holds(test["jws"], key) is expected


def test_the_mislabelled_cases_are_byte_for_byte_what_is_said_of_them() -> None:
    by_id = {case.values[1]["tcId"]: case.values[1] for case in cases("json_web_signature_test.json")}
    for twin in (367, 370):
        assert twin not in by_id or by_id[twin]["jws"] == by_id[357]["jws"]
    for broken in (372, 373):
        assert broken not in by_id or "?" in by_id[broken]["jws"]
