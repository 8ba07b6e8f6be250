"""SD-JWTs (RFC 9901): disclosures, their digests, and what is no disclosure."""

import json
from typing import Any

import pytest

from jwtcli.core.errors import TokenError
from jwtcli.core.sd_jwt import read
from jwtcli.core.strict import base64url_encode

# RFC 9901 section 5.1: two disclosures and the digests that the issuer wrote for them.
FAMILY_NAME = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
FAMILY_NAME_DIGEST = "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"


def presentation(claims: dict[str, Any], *disclosures: str) -> bytes:
    header, payload = (base64url_encode(json.dumps(part).encode()) for part in ({"alg": "ES256"}, claims))
    return f"{header}.{payload}.AAAA~{''.join(f'{disclosure}~' for disclosure in disclosures)}".encode()


def disclosure(*array: Any) -> str:
    return base64url_encode(json.dumps(array).encode())


def test_the_disclosure_of_the_rfc_has_the_digest_of_the_rfc() -> None:
    (shown,) = read(presentation({"_sd": [FAMILY_NAME_DIGEST]}, FAMILY_NAME)).disclosures
    assert (shown.name, shown.value, shown.digest, shown.matched) == ("family_name", "Möbius", FAMILY_NAME_DIGEST, True)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"_sd": []},
        {"_sd": FAMILY_NAME_DIGEST},
        {"_sd": {FAMILY_NAME_DIGEST: 1}},
        {"list": [{"...": FAMILY_NAME_DIGEST}]},
        {"_sd": [FAMILY_NAME_DIGEST], "_sd_alg": "sha-512"},
        {"_sd": [FAMILY_NAME_DIGEST], "_sd_alg": "md5"},
        {"_sd": [FAMILY_NAME_DIGEST.lower()]},
    ],
)
def test_a_digest_that_stands_elsewhere_or_was_made_otherwise_does_not_match(claims: dict[str, Any]) -> None:
    (shown,) = read(presentation(claims, FAMILY_NAME)).disclosures
    assert shown.matched is False


def test_an_element_of_an_array_is_found_only_where_elements_stand() -> None:
    element = disclosure("salt", "DE")
    digest = read(presentation({}, element)).disclosures[0].digest
    with_another = {"list": [{"...": digest, "x": 1}]}  # RFC 9901 section 4.2.4.2: that key alone
    for claims, found in (({"list": [{"...": digest}]}, True), ({"_sd": [digest]}, False), (with_another, False)):
        assert read(presentation(claims, element)).disclosures[0].matched is found


def test_a_disclosure_inside_a_disclosure_counts_only_behind_one_that_counts() -> None:
    inner = disclosure("salt", "street", "1 Main St")
    digest = read(presentation({}, inner)).disclosures[0].digest
    outer = disclosure("salt", "address", {"_sd": [digest]})
    outer_digest = read(presentation({}, outer)).disclosures[0].digest
    reached = read(presentation({"_sd": [outer_digest]}, inner, outer))
    assert [one.matched for one in reached.disclosures] == [True, True]
    loose = read(presentation({}, inner, outer))
    assert [one.matched for one in loose.disclosures] == [False, False]


@pytest.mark.parametrize("claims", [{"_sd_alg": "md5"}, {}])
def test_a_key_binding_without_a_digest_binds_nothing(claims: dict[str, Any]) -> None:
    for bound_to in ({}, {"sd_hash": None}):
        binding = presentation(bound_to).removesuffix(b"~")
        assert read(presentation(claims, FAMILY_NAME) + binding).bound is False


def test_a_hash_that_is_not_named_by_a_text_is_refused() -> None:
    with pytest.raises(TokenError, match="the token's _sd_alg is not text"):
        read(presentation({"_sd_alg": 5}, FAMILY_NAME))


def test_an_unknown_hash_leaves_the_digest_open() -> None:
    (shown,) = read(presentation({"_sd_alg": "md5"}, FAMILY_NAME)).disclosures
    assert shown.digest is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!",
        disclosure(),
        disclosure("salt"),
        disclosure("salt", "name", 1, 2),
        disclosure(1, "name", 1),
        disclosure("salt", 1, 1),
        disclosure("salt", "_sd", []),
        disclosure("salt", "...", "x"),
        disclosure(1, 2),
        base64url_encode(b'{"salt":"name"}'),
        base64url_encode(b"[1"),
    ],
)
def test_what_is_no_disclosure_is_refused_by_its_number(text: str) -> None:
    with pytest.raises(TokenError, match="disclosure 2 "):
        read(presentation({}, FAMILY_NAME, text))


def test_without_a_disclosure_it_is_an_sd_jwt_all_the_same() -> None:
    assert read(presentation({"sub": "alice"})).disclosures == ()
