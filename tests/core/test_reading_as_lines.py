"""A token of any kind as lines to read."""

from typing import Any

from jwtcli.core.reading_as_lines import reading_lines
from jwtcli.core.sd_jwt import Disclosure, SdJwt
from jwtcli.core.styled import render
from jwtcli.core.tokens import Token
from tests.conftest import AT


def disclosures_of(*shown: Disclosure) -> list[str]:
    token = Token("", {"alg": "ES256"}, {}, b"x", b"")
    lines = render(reading_lines(SdJwt(token, "sha-256", shown), AT), colour=False).splitlines()
    return lines[lines.index("Disclosures, by sha-256") + 1 :]


def test_a_long_disclosure_is_indented_and_told_of_on_its_first_line() -> None:
    address: dict[str, Any] = {"street_address": "Schulstr. 12", "locality": "Schulpforta", "country": "DE" * 20}
    assert disclosures_of(
        Disclosure("address", address, "salt", matched=True), Disclosure(None, "DE", "salt", matched=False)
    ) == [
        "  address    {  in the token",
        '      "street_address": "Schulstr. 12",',
        '      "locality": "Schulpforta",',
        f'      "country": "{"DE" * 20}"',
        "    }",
        '  (element)  "DE"  not in the token: it is no part of it',
    ]


def test_no_disclosures_are_said_to_be_none() -> None:
    assert disclosures_of() == ["  (none)"]
