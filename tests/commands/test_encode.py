"""``jwtcli encode``: what goes into a token, in which order, and what is refused before anything is signed."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from jwtcli.core.tokens import parse
from tests.conftest import AT, Result, Run, write_key_files
from tests.forge import ENV, SECRET

HOUR_NOTE = "jwtcli: note: the token expires in 1h (--ttl sets another lifetime)\n"


def mint(jwtcli: Run, *args: str, **options: Any) -> Result:
    clock = () if "--at" in args else ("--at", str(AT))
    return jwtcli("encode", *clock, *args, env=ENV, **options)


def claims(minted: Result) -> dict[str, Any]:
    assert minted.status == 0, minted.stderr
    return parse(minted.stdout.strip()).claims


def test_nothing_but_a_key_makes_a_token_of_one_hour(jwtcli: Run) -> None:
    minted = mint(jwtcli)
    token = parse(minted.stdout.strip())
    assert minted.stdout == f"{token.compact}\n"
    assert minted.stderr == HOUR_NOTE
    assert token.header == {"alg": "HS256", "typ": "JWT"}
    assert token.claims == {"iat": AT, "exp": AT + 3600}


def test_json_is_this_object(jwtcli: Run) -> None:
    minted = mint(jwtcli, "--json", "--sub", "alice")
    compact = minted.json["token"]
    assert minted.stderr == HOUR_NOTE
    assert minted.json == {
        "token": compact,
        "header": {"alg": "HS256", "typ": "JWT"},
        "claims": {"sub": "alice", "iat": AT, "exp": AT + 3600},
        "expires_at": "2023-11-14T23:13:20Z",
    }
    assert parse(compact).claims == minted.json["claims"]
    assert mint(jwtcli, "--json", "--no-exp").json["expires_at"] is None


def test_named_flags_are_text_and_numbers_of_the_right_kind(jwtcli: Run) -> None:
    minted = mint(
        jwtcli,
        *[
            "--sub",
            "12345",
            "--iss",
            "a=b",
            "--aud",
            "api",
            "--jti",
            "7",
            "--nbf",
            "-5m",
            "--iat",
            "2023-11-14T22:00:00+00:00",
            "--exp",
            "+2h",
        ],
    )
    assert minted.stderr == ""
    assert claims(minted) == {
        "iss": "a=b",
        "sub": "12345",
        "aud": "api",
        "jti": "7",
        "iat": AT - 800,
        "nbf": AT - 300,
        "exp": AT + 7200,
    }


def test_several_audiences_are_an_array(jwtcli: Run) -> None:
    assert claims(mint(jwtcli, "--aud", "a", "--aud", "b"))["aud"] == ["a", "b"]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("a=1", "1"),
        ("a=", ""),
        ("a=b=c", "b=c"),
        ("a==", "="),
        ("a:=1", 1),
        ("a:=1.5", 1.5),
        ("a:=true", True),
        ("a:=null", None),
        ('a:={"b":[1,"="]}', {"b": [1, "="]}),
        ("a:=-0.0", -0.0),
        ("a:=123456789012345678901234567890", 123456789012345678901234567890),
    ],
)
def test_a_member_splits_at_its_first_equals_sign(jwtcli: Run, member: str, value: object) -> None:
    minted = claims(mint(jwtcli, "-c", member))
    assert (minted["a"], type(minted["a"])) == (value, type(value))


def test_a_name_may_hold_a_colon(jwtcli: Run) -> None:
    assert claims(mint(jwtcli, "-c", "https://id.example/role=dev"))["https://id.example/role"] == "dev"
    assert claims(mint(jwtcli, "-c", "a::=1"))["a:"] == 1


def test_later_sources_override_json_then_members_then_flags(jwtcli: Run) -> None:
    minted = mint(
        jwtcli,
        '{"sub": "json", "iss": "json", "x": "json", "exp": 1, "iat": 2}',
        *("-c", "sub=member", "-c", "iss=member", "--sub", "flag", "--ttl", "1m", "--iat", "+0s"),
    )
    assert claims(minted) == {"sub": "flag", "iss": "member", "x": "json", "exp": AT + 60, "iat": AT}


def test_defaults_fill_only_what_was_left_out(jwtcli: Run) -> None:
    minted = mint(jwtcli, f'{{"exp": {AT + 5}, "iat": {AT - 5}}}', "-H", "typ=at+jwt")
    assert minted.stderr == ""
    assert claims(minted) == {"exp": AT + 5, "iat": AT - 5}
    assert parse(minted.stdout.strip()).header == {"alg": "HS256", "typ": "at+jwt"}


def test_no_expiry_and_no_iat_only_when_asked_for(jwtcli: Run) -> None:
    minted = mint(jwtcli, "--no-exp", "--no-iat", '{"exp": 5, "iat": 5, "a": 1}')
    assert claims(minted) == {"a": 1}


def test_a_new_jti_is_random(jwtcli: Run) -> None:
    first, second = (claims(mint(jwtcli, "--new-jti"))["jti"] for _ in range(2))
    assert UUID(first).version == UUID(second).version == 4
    assert first != second


def test_header_parameters_are_set_like_claims(jwtcli: Run) -> None:
    minted = mint(jwtcli, "--json", "-H", "cty=JWT", "-H", "x:=[1]", "--typ", "at+jwt", "--kid", "k1")
    assert minted.json["header"] == {"alg": "HS256", "typ": "at+jwt", "kid": "k1", "cty": "JWT", "x": [1]}


def test_the_kid_of_the_key_goes_into_the_header(jwtcli: Run, tmp_path: Path) -> None:
    files = write_key_files(tmp_path, "ES256")
    kid = json.loads(Path(files.private).read_text())["kid"]
    assert jwtcli("encode", "--json", "--key", files.private).json["header"]["kid"] == kid
    assert jwtcli("encode", "--json", "--key", files.private, "--kid", "mine").json["header"]["kid"] == "mine"


def test_claims_come_from_a_file_or_stdin(jwtcli: Run, tmp_path: Path) -> None:
    (tmp_path / "claims.json").write_text(' {"a": "ü"}\n')
    assert claims(mint(jwtcli, "@claims.json"))["a"] == "ü"
    assert claims(mint(jwtcli, "-", stdin='{"a": "ü"}'))["a"] == "ü"


def test_stdin_is_not_read_unless_asked_for(jwtcli: Run) -> None:
    assert "a" not in claims(mint(jwtcli, stdin='{"a": 1}'))


UNREAD = "jwtcli: note: standard input was not read: - takes claims from there"


@pytest.mark.parametrize("args", [(), ("--ttl", "5m"), ("--no-exp", "--nbf", "+1m")])
def test_claims_that_were_piped_in_and_not_asked_for_are_told(
    jwtcli: Run, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...]
) -> None:
    monkeypatch.setattr("jwtcli.commands.encode.stdin_is_attached", lambda: True)
    made = jwtcli("encode", *args, env=ENV)
    assert (made.status, UNREAD in made.stderr.splitlines()) == (0, True)
    assert jwtcli("encode", *args, "-q", env=ENV).stderr == ""


@pytest.mark.parametrize("args", [("{}",), ("--sub", "alice"), ("-c", "a=b"), ("--new-jti",), ("-",), ("--lines",)])
def test_a_token_that_says_something_needs_nothing_from_stdin(
    jwtcli: Run, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...]
) -> None:
    monkeypatch.setattr("jwtcli.commands.encode.stdin_is_attached", lambda: True)
    assert UNREAD not in jwtcli("encode", *args, stdin="{}", env=ENV).stderr


def test_a_real_pipe_is_noticed(installed: Run) -> None:
    made = installed("encode", stdin='{"sub": "alice"}', env=ENV)
    assert (made.status, UNREAD in made.stderr.splitlines()) == (0, True)
    assert "sub" not in claims(made)


def test_a_fraction_of_the_clock_is_dropped(jwtcli: Run) -> None:
    minted = jwtcli("encode", "--at", f"{AT}.75", "--ttl", "90", env=ENV)
    assert claims(minted) == {"exp": AT + 90, "iat": AT}


def test_an_expired_token_is_made_with_an_earlier_clock(jwtcli: Run) -> None:
    minted = jwtcli("encode", "--at", "-2h", "--ttl", "1h", env=ENV)
    assert (minted.status, jwtcli("verify", stdin=minted.stdout, env=ENV).status) == (0, 5)


@pytest.mark.parametrize(
    ("warning", "args"),
    [
        (
            "exp lies more than 9999 years ahead: is it in milliseconds? RFC 7519 counts seconds",
            ("--exp", "1700000000000"),
        ),
        ("nbf is not before exp: the token will never be valid", ("--nbf", "+2h")),
    ],
)
def test_an_odd_time_is_minted_with_a_warning_that_stays_with_quiet(
    jwtcli: Run, warning: str, args: tuple[str, ...]
) -> None:
    minted = mint(jwtcli, "-q", *args)
    assert minted.status == 0
    assert minted.stderr == f"jwtcli: warning: {warning}\n"


@pytest.mark.parametrize(
    ("args", "note", "header"),
    [
        (("-H", "typ=a", "--typ", "b"), "--typ counts, and -H typ does not", {"typ": "b"}),
        (
            ("-H", "kid=a", "--kid", "b"),
            "-H kid is written, whatever key --kid chose",
            {"typ": "JWT", "kid": "a"},
        ),
        (
            ("--kid", "auto"),
            "the kid is the word auto itself; 'jwtcli key thumbprint FILE' prints the one that keygen writes for it",
            {"typ": "JWT", "kid": "auto"},
        ),
    ],
)
def test_which_of_two_words_for_a_header_parameter_counts_is_told(
    jwtcli: Run, args: tuple[str, ...], note: str, header: dict[str, str]
) -> None:
    minted = mint(jwtcli, "--ttl", "1h", *args)
    assert parse(minted.stdout.strip()).header == {"alg": "HS256", **header}
    assert minted.stderr == f"jwtcli: note: {note}\n"


@pytest.mark.parametrize(
    ("message", "args"),
    [
        ("--ttl and --exp do not go together", ("--ttl", "1h", "--exp", "+1h")),
        ("--ttl and --exp do not go together", ("--ttl", "0", "--exp", "+1h")),
        ("--ttl, --exp and --no-exp do not go together", ("--ttl", "1h", "--exp", "+1h", "--no-exp")),
        ("--iat and --no-iat do not go together", ("--iat", "now", "--no-iat")),
        ("--jti and --new-jti do not go together", ("--jti", "1", "--new-jti")),
        ("exp (2023-11-14T22:13:20Z) is not after the moment of issue (2023-11-14T22:13:20Z)", ("--ttl", "0")),
        ("exp (2023-11-14T22:13:19Z) is not after the moment of issue", ("--exp", "-1s")),
        ("exp (1970-01-01T00:00:05Z) is not after the moment of issue", ("-c", "exp:=5")),
        ("-c names 'a' twice", ("-c", "a=1", "-c", "a:=2")),
        ("-H names 'a' twice", ("-H", "a=1", "-H", "a=2")),
        ("the header parameter 'alg' cannot be set with -H", ("-H", "alg=none")),
        ("the header parameter 'b64' cannot be set with -H", ("-H", "b64:=false")),
        ("the header parameter 'crit' cannot be set with -H", ("-H", 'crit:=["x"]')),
        ("the header parameter 'kid' must be text, not a number", ("-H", "kid:=1")),
        ("the header parameters hold text that is not Unicode", ("-H", 'x:="\\ud800"')),
        ("the claim 'sub' must be text, not a number", ("-c", "sub:=1")),
        ("the claim 'exp' must be a number of seconds since 1970 (NumericDate), not text", ("-c", "exp=1")),
        ("the claim 'iat' must be a number of seconds", ("-c", "iat:=true")),
        ("the claim 'aud' must be text or an array of texts, and it holds more", ("-c", "aud:=[1]")),
        ("the claims hold text that is not Unicode (a lone surrogate)", ("-c", 'a:=["\\ud800"]')),
        ("the claims hold text that is not Unicode (a lone surrogate)", ("-c", 'a:={"\\udc00": 1}')),
        (
            "the claims hold a private key, and whoever reads the token would have it",
            ("-c", 'cnf:={"jwk":{"kty":"oct","k":"AAAA"}}'),
        ),
        (
            "the header parameters hold a private key, and whoever reads the token would have it",
            ("-H", 'jwk:={"kty":"OKP","crv":"Ed25519","x":"AAAA","d":"AAAA"}'),
        ),
        ("CLAIMS cannot be used: it is not JSON (NaN is no JSON number)", ('{"a": NaN}',)),
        ('CLAIMS cannot be used: it has the name "a" twice', ('{"a": 1, "a": 2}',)),
        ("CLAIMS cannot be used: it is JSON an array, not an object", ("[]",)),
        ("CLAIMS cannot be used: it is not UTF-8", ("-",)),
        ("CLAIMS cannot be used: they are larger than 2 MiB", ("@large",)),
        ("CLAIMS is empty (is a variable unset?)", ("",)),
        ("invalid value for '-c' / '--set': the value of 'a' cannot be used: it is not JSON", ("-c", "a:=x")),
        ("invalid value for '-c' / '--set': it has neither the form NAME=TEXT nor NAME:=JSON", ("-c", "a")),
        ("invalid value for '-H': it has neither the form NAME=TEXT nor NAME:=JSON", ("-H", "=b")),
        ("invalid value for '--ttl': '1e9' is no duration", ("--ttl", "1e9")),
        ("invalid value for '--ttl': '-1h' is no duration", ("--ttl", "-1h")),
        ("invalid value for '--ttl': '9999999999999' is no duration", ("--ttl", "9" * 13)),
        ("invalid value for '--exp': '9999999999999999' is no moment", ("--exp", "9" * 16)),
        ("invalid value for '--at': '99999999999999999999' is no moment", ("--at", "9" * 20)),
        ("--sub is empty", ("--sub", "")),
        ("--aud is empty", ("--aud", "a", "--aud", "")),
        ("--kid is empty", ("--kid", "")),
        ("--typ is empty", ("--typ", "")),
        ("unknown algorithm 'ES521'", ("--alg", "ES521")),
        ("unknown algorithm 'none'", ("--alg", "none")),
        ("--secret-encoding does not go with --key", ("--key", "x", "--secret-encoding", "hex")),
        ("standard input is asked for the command's input and --key", ("-", "--key", "-")),
    ],
)
def test_what_makes_no_sense_is_wrong_usage_and_nothing_is_minted(
    jwtcli: Run, tmp_path: Path, message: str, args: tuple[str, ...]
) -> None:
    (tmp_path / "large").write_bytes(b" " * (2 * 1024 * 1024 + 1))
    refused = mint(jwtcli, *args, stdin=b'{"a": "\xff"}')
    assert (refused.status, refused.stdout) == (2, "")
    assert refused.stderr.startswith(f"jwtcli: error: {message}")


def test_an_expired_token_is_refused_with_the_way_to_make_one(jwtcli: Run) -> None:
    hint = "jwtcli: hint: an expired token, for a test, is made with --at -2h --ttl 1h\n"
    assert mint(jwtcli, "--exp", "-1h").stderr.endswith(hint)


@pytest.mark.parametrize("args", [("@missing",), ("@.",), ("@a\0b",), ("--key", "missing"), ("--secret-file", ".")])
def test_a_file_that_cannot_be_read_is_named(jwtcli: Run, args: tuple[str, ...]) -> None:
    refused = mint(jwtcli, *args)
    assert (refused.status, refused.stdout) == (1, "")
    assert refused.stderr.startswith("jwtcli: error: cannot read ")


def test_a_public_key_signs_nothing(jwtcli: Run, tmp_path: Path) -> None:
    refused = jwtcli("encode", "--json", "--key", write_key_files(tmp_path, "RS256").public)
    assert (refused.status, refused.json["error"]) == (
        8,
        {
            "code": "public_key",
            "message": "this is an RSA public key of 2048 bits: only the private key can sign",
            "hint": None,
        },
    )


def test_a_weak_secret_signs_only_when_allowed(jwtcli: Run) -> None:
    weak = {"JWTCLI_SECRET": "short"}
    refused = jwtcli("encode", env=weak)
    assert (refused.status, refused.stdout) == (8, "")
    assert "--allow-weak-key takes it all the same" in refused.stderr
    assert jwtcli("encode", "--allow-weak-key", env=weak).status == 0


@pytest.mark.parametrize(
    ("alg", "default"),
    [
        ("HS512", "HS256"),
        ("RS256", "RS256"),
        ("ES256", "ES256"),
        ("ES384", "ES384"),
        ("ES512", "ES512"),
        ("ES256K", "ES256K"),
        ("EdDSA", "EdDSA"),
        ("Ed448", "EdDSA"),
    ],
)
def test_a_key_without_alg_signs_with_the_default_of_its_kind(
    jwtcli: Run, tmp_path: Path, alg: str, default: str
) -> None:
    files = write_key_files(tmp_path, alg)
    jwk = json.loads(Path(files.private).read_text())
    del jwk["alg"]
    (tmp_path / "bare.jwk").write_text(json.dumps(jwk))
    assert jwtcli("encode", "--json", "--key", "bare.jwk").json["header"]["alg"] == default


def test_numbers_survive_exactly(jwtcli: Run) -> None:
    numbers = '{"big": 123456789012345678901234567890, "float": 0.1, "small": 5e-324, "neg": -0.0}'
    decoded = jwtcli("decode", "--json", stdin=mint(jwtcli, numbers).stdout).stdout
    assert '"big": 123456789012345678901234567890, "float": 0.1, "small": 5e-324, "neg": -0.0' in decoded


def test_the_secret_is_never_shown(jwtcli: Run) -> None:
    for args in ((), ("--json",), ("--alg", "RS256"), ("--secret-encoding", "hex")):
        minted = mint(jwtcli, *args)
        assert SECRET not in minted.stdout + minted.stderr


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (("-c", "exp=1h"), "--ttl or --exp sets it"),
        (("claims.json",), "this is the name of a file: @claims.json reads it"),
        (
            ("{'sub': 'alice'}",),
            """CLAIMS is a JSON object such as '{"sub": "alice"}', @FILE or -; one claim alone is -c NAME=TEXT""",
        ),
    ],
)
def test_claims_that_cannot_be_used_are_told_how_they_are_written(
    jwtcli: Run, tmp_path: Path, args: tuple[str, ...], hint: str
) -> None:
    (tmp_path / "claims.json").write_text("{}")
    assert mint(jwtcli, *args).stderr.splitlines()[-1] == f"jwtcli: hint: {hint}"
