"""The RFCs' own files: their tokens verify with their keys, and what is no JWT is named."""

import json
from pathlib import Path

import pytest

from jwtcli.core import keysets
from jwtcli.core.choice import to_verify
from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.jwk import thumbprint
from jwtcli.core.signatures import matches
from jwtcli.core.sources import KeySource
from jwtcli.core.tokens import object_in, split
from tests.conftest import SHARED, Run

FOLDER = SHARED / "vectors" / "rfc"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/vectors is not beside this checkout")


def read_keys(path: Path) -> keysets.KeySet:
    return keysets.read(KeySource(path.name, path.read_bytes()))


@pytest.mark.parametrize("section", ["A.1", "A.2", "A.3", "A.4"])
def test_the_signature_of_rfc_7515_holds_and_fails_once_a_bit_is_turned(section: str) -> None:
    keys = read_keys(FOLDER / f"rfc7515_{section}.jwk")
    parts = split((FOLDER / f"rfc7515_{section}.jwsc").read_text().strip())
    alg = object_in("header", parts.header)["alg"]
    assert alg in keys.algorithms(keys.keys[0])
    assert matches(parts.signing_input, parts.signature, keys.keys[0], alg)
    turned = parts.signature[:-1] + bytes([parts.signature[-1] ^ 1])
    assert not matches(parts.signing_input, turned, keys.keys[0], alg)


def test_the_unsecured_jws_of_rfc_7515_is_refused_for_its_algorithm(jwtcli: Run) -> None:
    key = FOLDER / "rfc7515_A.1.jwk"
    judged = jwtcli("verify", "--json", "--jwks", str(key), stdin=(FOLDER / "rfc7515_A.5.jwsc").read_bytes())
    assert (judged.status, judged.json["reason"]) == (4, "alg_not_allowed")


@pytest.mark.parametrize(("name", "count"), [("rfc7515_A.6.jwsg", 2), ("rfc7515_A.7.jwsf", 1)])
def test_the_json_serializations_of_rfc_7515_are_shown_and_refused(jwtcli: Run, name: str, count: int) -> None:
    content = (FOLDER / name).read_bytes()
    shown = jwtcli("decode", "--json", stdin=content)
    assert (shown.status, shown.json["kind"], len(shown.json["signatures"])) == (3, "jws_json", count)
    assert shown.json["claims"]["iss"] == "joe"
    judged = jwtcli("verify", "--json", "--jwks", str(FOLDER / "rfc7515_A.6.jwkset"), stdin=content)
    assert (judged.status, judged.json["reason"]) == (3, "jws_json")


def test_both_signatures_of_the_general_serialization_hold_by_the_one_key_that_can_be_meant() -> None:
    keys = read_keys(FOLDER / "rfc7515_A.6.jwkset")
    document = json.loads((FOLDER / "rfc7515_A.6.jwsg").read_text())
    for signed in document["signatures"]:
        parts = split(f"{signed['protected']}.{document['payload']}.{signed['signature']}")
        alg = object_in("header", parts.header)["alg"]
        key = to_verify(keys, None, alg)
        assert matches(parts.signing_input, parts.signature, key, alg)


@pytest.mark.parametrize(("name", "usable"), [("rfc7517_A.1.jwkset", 2), ("rfc7517_A.2.jwkset", 2)])
def test_the_key_sets_of_rfc_7517_are_read(name: str, usable: int) -> None:
    assert len(read_keys(FOLDER / name).keys) == usable


def test_a_key_of_rfc_7517_that_is_for_encryption_verifies_nothing() -> None:
    keys = read_keys(FOLDER / "rfc7517_A.1.jwkset")
    encryption = next(key for key in keys.keys if key.use == "enc")
    with pytest.raises(UnusableKeyError, match="not for signatures"):
        keys.algorithms(encryption)


def test_the_thumbprint_is_that_of_rfc_7638() -> None:
    (key,) = read_keys(FOLDER / "rfc7638_3.1.jwk").keys
    assert thumbprint(key) == (FOLDER / "rfc7638_3.1.thp").read_text().strip()
