"""Claims that are nearly what was demanded, in tokens that PyJWT made."""

import shlex
from typing import Any

import jwt
import pytest

from jwtcli.core.errors import Status
from jwtcli.core.near_claims import find
from jwtcli.core.tokens import Token
from jwtcli.core.verdict import Check, Expectations
from tests.conftest import AT, Result, Run, within_reason
from tests.explaining import CLAIMS, causes, explained

SECRET = "a secret for tests, long enough for HS256"


def with_claims(jwtcli: Run, claims: dict[str, Any], *args: str, **header: Any) -> Result:
    token = jwt.encode({**CLAIMS, **claims}, SECRET, algorithm="HS256", headers=header)
    return explained(jwtcli, token, *args, env={"JWTCLI_SECRET": SECRET})


@pytest.mark.parametrize("name", ["iat", "nbf"])
def test_a_time_in_milliseconds_is_found(jwtcli: Run, name: str) -> None:
    result = with_claims(jwtcli, {name: AT * 1000 - 60_000})
    assert (result.status, causes(result)) == (6, ["milliseconds"])
    assert result.json["findings"][0] == {
        "code": "milliseconds",
        "message": f"{name} in milliseconds since 1970, where RFC 7519 counts seconds: "
        f"{name} 2023-11-14T22:12:20Z is meant",
        "remedy": "have the issuer divide by 1000, such as Math.floor(Date.now() / 1000)",
        "evidence": {name: AT * 1000 - 60_000},
    }


def test_all_times_in_milliseconds_are_one_finding(jwtcli: Run) -> None:
    result = with_claims(jwtcli, {"iat": AT * 1000, "exp": AT * 1000 + 3_600_000})
    assert causes(result) == ["milliseconds"]
    assert list(result.json["findings"][0]["evidence"]) == ["iat", "exp"]


def test_an_expiry_in_milliseconds_is_told_although_the_token_is_accepted(jwtcli: Run) -> None:
    result = with_claims(jwtcli, {"exp": AT * 1000})
    assert (result.status, result.json["accepted"]) == (0, True)
    assert [finding["code"] for finding in result.json["findings"]] == ["milliseconds"]


def test_a_time_that_is_only_far_away_is_no_time_in_milliseconds(jwtcli: Run) -> None:
    assert causes(with_claims(jwtcli, {"iat": AT + 99 * 365 * 86_400})) == []
    assert causes(with_claims(jwtcli, {"iat": AT * 1_000_000})) == []
    assert causes(with_claims(jwtcli, {"iat": 253_402_300_799})) == []  # the last second of the year 9999
    assert causes(with_claims(jwtcli, {"iat": 10**400})) == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1700000000", "1700000000"),
        ("1700000000.5", "1700000000.5"),
        ("2023-11-14T22:13:20Z", "1700000000"),
        ("2023-11-14 23:13:20.25+01:00", "1700000000.25"),
    ],
)
@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
def test_a_time_that_is_text_is_found(jwtcli: Run, name: str, text: str, read: str) -> None:
    result = with_claims(jwtcli, {name: text})
    assert (result.status, result.json["findings"]) == (
        7,
        [
            {
                "code": "time_type",
                "message": f"{name} is text, where RFC 7519 wants a JSON number: read so, {name} is {read}",
                "remedy": "have the issuer write seconds since 1970, as a number without quotes",
                "evidence": {name: text},
            }
        ],
    )


def test_all_times_that_are_text_are_one_finding(jwtcli: Run) -> None:
    result = with_claims(jwtcli, {"exp": str(AT + 60), "iat": str(AT), "nbf": "soon"})
    assert causes(result) == ["time_type"]
    assert result.json["findings"][0]["message"] == (
        f"iat and exp are text, where RFC 7519 wants a JSON number: read so, iat is {AT} and exp is {AT + 60}"
    )


def test_a_time_that_is_text_in_milliseconds_is_both(jwtcli: Run) -> None:
    assert causes(with_claims(jwtcli, {"iat": str(AT * 1000)})) == ["milliseconds", "time_type"]


@pytest.mark.parametrize(
    "value", ["", "tomorrow", "1h", "2023-11-14", "2023-13-14T22:13:20Z", "9" * 400, True, [AT], None]
)
def test_what_reads_as_no_time_is_no_matter_of_its_type(jwtcli: Run, value: object) -> None:
    result = with_claims(jwtcli, {"exp": value})
    assert (result.status, causes(result)) == (7, [])


@pytest.mark.parametrize(
    ("ahead", "leeway"), [(1, "1m"), (40, "1m"), (60, "1m"), (61, "2m"), (299, "5m"), (600, "10m")]
)
@pytest.mark.parametrize("names", [("iat",), ("iat", "nbf")])
def test_a_clock_that_is_off_is_found_with_the_leeway_that_would_do(
    jwtcli: Run, names: tuple[str, ...], ahead: int, leeway: str
) -> None:
    claims = dict.fromkeys(names, AT + ahead)
    result = with_claims(jwtcli, claims)
    assert (result.status, causes(result)) == (6, ["clocks_differ"])
    assert result.json["findings"][0]["evidence"] == {
        "ahead_seconds": ahead,
        "claims": list(names),
        "leeway": leeway,
    }
    mended = with_claims(jwtcli, claims, "--leeway", leeway)
    assert (mended.status, mended.json["findings"]) == (0, []), "the remedy does not help"


def test_a_token_of_tomorrow_is_no_matter_of_clocks(jwtcli: Run) -> None:
    assert causes(with_claims(jwtcli, {"iat": AT + 601})) == []
    assert causes(with_claims(jwtcli, {"iat": AT - 1, "nbf": AT + 30})) == []
    assert causes(with_claims(jwtcli, {"exp": AT - 1})) == []
    assert causes(with_claims(jwtcli, {"exp": AT - 1, "iat": AT + 1})) == []


@pytest.mark.parametrize(
    ("iss", "differs_by"),
    [
        ("https://id.example", ["a trailing slash"]),
        ("https://ID.example/", ["upper and lower case"]),
        ("http://id.example/", ["http and https"]),
        ("HTTPS://id.example/", ["upper and lower case"]),
        ("http://ID.example", ["a trailing slash", "upper and lower case", "http and https"]),
    ],
)
def test_an_issuer_that_is_spelled_otherwise_is_found(jwtcli: Run, iss: str, differs_by: list[str]) -> None:
    result = with_claims(jwtcli, {"iss": iss}, "--iss", "https://other.example", "--iss", "https://id.example/")
    assert (result.status, causes(result)) == (7, ["iss_spelling"])
    assert result.json["findings"][0]["evidence"] == {
        "iss": iss,
        "wanted": "https://id.example/",
        "differs_by": differs_by,
    }


SPELLED = "https://api.example/"


@pytest.mark.parametrize(
    ("aud", "differs_by"),
    [
        ("https://api.example", ["a trailing slash"]),
        ("https://API.example/", ["upper and lower case"]),
        ("http://api.example/", ["http and https"]),
        ("HTTP://api.example", ["a trailing slash", "upper and lower case", "http and https"]),
    ],
)
@pytest.mark.parametrize("several", [False, True])
def test_an_audience_that_is_spelled_otherwise_is_found(
    jwtcli: Run, aud: str, differs_by: list[str], several: bool
) -> None:
    named = ["web", aud, "https://api.example//"] if several else aud
    result = with_claims(jwtcli, {"aud": named}, "--aud", "other", "--aud", SPELLED)
    assert (result.status, result.json["findings"]) == (
        7,
        [
            {
                "code": "aud_spelling",
                "message": f'aud is "{aud}" and differs from the wanted "{SPELLED}" only by {" and ".join(differs_by)}',
                "remedy": f'if this is the audience that you mean, write it as the token does: --aud "{aud}"',
                "evidence": {"aud": aud, "wanted": SPELLED, "differs_by": differs_by},
            }
        ],
    )
    assert with_claims(jwtcli, {"aud": named}, "--aud", aud).json["accepted"], "the remedy does not help"


def test_another_audience_is_no_matter_of_spelling(jwtcli: Run) -> None:
    assert causes(with_claims(jwtcli, {"aud": "https://api.example/v1"}, "--aud", SPELLED)) == []
    assert causes(with_claims(jwtcli, {"aud": ["api1", "1api"]}, "--aud", "api")) == []
    accepted = with_claims(jwtcli, {"aud": ["API", "api"]}, "--aud", "api")
    assert (accepted.status, accepted.json["findings"]) == (0, [])
    unwanted = with_claims(jwtcli, {"aud": "API"})
    assert (unwanted.status, causes(unwanted)) == (7, [])


def test_of_many_audiences_the_one_in_another_spelling_is_found_in_time_that_grows_with_the_token() -> None:
    claims = {"aud": [f"https://api.example/{number}" for number in range(40_000)]}
    wanted = tuple(f"https://API.example/{number}" for number in range(40_000, 39_998, -1))
    unmet = {"aud": Check("aud", False, "aud_mismatch", None, Status.CLAIM, None)}
    token = Token("", {}, claims, b"", b"")
    within_reason(lambda: list(find(token, unmet, Expectations(aud=wanted * 500), AT)))


@pytest.mark.parametrize(
    ("have", "demand", "types", "instead"),
    [
        ("true", "x:=true", ("text", "true or false"), "x=true"),
        ("1", "x:=1", ("text", "a number"), "x=1"),
        ("1.0", "x:=1", ("text", "a number"), "x=1.0"),
        ("null", "x:=null", ("text", "null"), "x=null"),
        (False, "x=false", ("true or false", "text"), "x:=false"),
        (1, "x=1", ("a number", "text"), "x:=1"),
        (1.5, "x=1.5", ("a number", "text"), "x:=1.5"),
        (" 1", "x:=1", ("text", "a number"), "'x= 1'"),
    ],
)
def test_a_claim_that_is_demanded_in_another_type_is_found(
    jwtcli: Run, have: object, demand: str, types: tuple[str, str], instead: str
) -> None:
    result = with_claims(jwtcli, {"x": have}, "--expect", demand)
    assert (result.status, result.json["findings"]) == (
        7,
        [
            {
                "code": "expect_type",
                "message": f'"x" has the wanted value as {types[0]}, not as {types[1]}',
                "remedy": f"the issuer's type is what counts: --expect {instead} demands that "
                "(NAME=TEXT is text, NAME:=JSON any other type)",
                "evidence": {"x": {"type": types[0], "wanted_type": types[1]}},
            }
        ],
    )
    (member,) = shlex.split(instead)
    assert with_claims(jwtcli, {"x": have}, "--expect", member).json["accepted"], "the remedy does not help"


def test_all_claims_that_are_demanded_in_another_type_are_one_finding(jwtcli: Run) -> None:
    demands = ("--expect", "admin:=true", "--expect", "level=3", "--expect", "name=bob")
    result = with_claims(jwtcli, {"admin": "true", "level": 3, "name": "alice"}, *demands)
    assert causes(result) == ["expect_type"]
    (finding,) = result.json["findings"]
    assert finding["message"] == (
        '"admin" has the wanted value as text, not as true or false; '
        '"level" has the wanted value as a number, not as text'
    )
    assert "--expect admin=true --expect level:=3 demands that" in finding["remedy"]


@pytest.mark.parametrize(
    ("have", "demand"),
    [
        ("false", "x:=true"),
        ("2", "x:=1"),
        (1, "x:=true"),
        (True, "x=1"),
        ("one", "x:=1"),
        ("a", "x=b"),
        (["1"], "x:=1"),
        ("[1]", "x:=[1]"),
        ({"a": 1}, "x=1"),
        (None, "x=null"),
        ("9" * 5000, "x:=9"),
    ],
)
def test_another_value_is_no_matter_of_its_type(jwtcli: Run, have: object, demand: str) -> None:
    result = with_claims(jwtcli, {"x": have}, "--expect", demand)
    assert (result.status, causes(result)) == (7, [])


def test_another_issuer_is_no_matter_of_spelling(jwtcli: Run) -> None:
    for iss in ("https://id.example/tenant", "https://ban\u212a.example"):  # the Kelvin sign, of which others make a k
        assert (
            causes(with_claims(jwtcli, {"iss": iss}, "--iss", "https://id.example", "--iss", "https://bank.example"))
            == []
        )


@pytest.mark.parametrize("aud", ["api web", "web,api", '["api"]'])
def test_an_audience_that_lists_several_in_one_text_is_found(jwtcli: Run, aud: str) -> None:
    result = with_claims(jwtcli, {"aud": aud}, "--aud", "api")
    assert (result.status, causes(result)) == (7, ["aud_type"])
    assert result.json["findings"][0]["evidence"] == {"type": "text", "names_a_wanted_one": True}


@pytest.mark.parametrize(
    ("aud", "kind", "named"),
    [
        (42, "a number", True),
        ([42], "an array", True),
        ({"api": "42"}, "an object", True),
        (None, "null", False),
        (True, "true or false", False),
        ([["42"]], "an array", False),
    ],
)
def test_an_audience_of_another_type_is_found(jwtcli: Run, aud: object, kind: str, named: bool) -> None:
    result = with_claims(jwtcli, {"aud": aud}, "--aud", "42")
    assert (result.status, causes(result)) == (7, ["aud_type"])
    assert result.json["findings"][0]["evidence"] == {"type": kind, "names_a_wanted_one": named}


@pytest.mark.parametrize("aud", ["other", "other one", " api ", '{"api": 1}', ["web", "app"]])
def test_an_audience_that_is_somebody_else_is_no_matter_of_type(jwtcli: Run, aud: object) -> None:
    assert causes(with_claims(jwtcli, {"aud": aud}, "--aud", "api")) == []


@pytest.mark.parametrize("sign", [{"nonce": "n"}, {"at_hash": "h"}, {"token_use": "id"}, {"typ": "ID"}])
def test_an_id_token_where_an_access_token_is_expected_is_found(jwtcli: Run, sign: dict[str, str]) -> None:
    by_typ = with_claims(jwtcli, sign, "--typ", "at+jwt")
    by_aud = with_claims(jwtcli, {**sign, "aud": "client"}, "--aud", "api")
    assert (causes(by_typ), causes(by_aud)) == (["id_token"], ["id_token"])
    assert by_typ.json["findings"][0]["evidence"] == {"typ": "JWT", "told_by": list(sign)}


def test_what_is_no_id_token_is_not_called_one(jwtcli: Run) -> None:
    assert causes(with_claims(jwtcli, {"scope": "read"}, "--typ", "at+jwt")) == []
    assert causes(with_claims(jwtcli, {"nonce": "n"}, "--typ", "secevent+jwt")) == []
    assert causes(with_claims(jwtcli, {"nonce": "n", "aud": "x"}, "--aud", "api", typ="at+jwt")) == []
