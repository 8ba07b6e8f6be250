"""``jwtcli verify``: exit statuses, the list of checks, the verdict object."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AT, KeyFiles, Result, Run, write_key_files
from tests.forge import ENV, SECRET, raw, segment, token

CLAIMS = {"sub": "alice", "iat": AT, "exp": AT + 3600}
TOKEN = token(CLAIMS)
SLASHED = token({"exp": AT + 3600, "iat": AT}, header={"alg": "HS256", "typ": "Application/AT+JWT"})


def judge(jwtcli: Run, compact: str, *args: str, at: float = AT + 60, env: dict[str, str] = ENV) -> Result:
    clock = () if "--at" in args else ("--at", str(at))
    return jwtcli("verify", *clock, *args, stdin=compact, env=env)


def test_a_token_of_every_algorithm_is_accepted_by_its_public_half(jwtcli: Run, key_files: KeyFiles) -> None:
    minted = jwtcli("encode", "--key", key_files.private, "--sub", "alice", "--at", str(AT))
    judged = jwtcli("verify", "--json", "--key", key_files.public, "--at", str(AT + 1), stdin=minted.stdout)
    assert (minted.status, judged.status) == (0, 0)
    assert judged.json["claims"] == {"sub": "alice", "iat": AT, "exp": AT + 3600}
    assert judged.json["key"]["alg"] == key_files.alg


def test_text_of_an_accepted_token_is_every_check_and_the_claims(jwtcli: Run) -> None:
    judged = judge(jwtcli, TOKEN)
    assert (judged.status, judged.stderr) == (0, "")
    assert judged.stdout == (
        "accepted  at 2023-11-14T22:14:20Z\n"
        "  ok    form\n"
        "  ok    key        a secret of 264 bits from JWTCLI_SECRET\n"
        "  ok    algorithm  HS256\n"
        "  ok    signature\n"
        "  ok    crit\n"
        "  ok    exp        expires in 59m\n"
        "  ok    iat        issued 1m ago\n"
        '  ok    sub        "alice"\n'
        "\n"
        "Claims\n"
        '  sub  "alice"\n'
        "  iat  1700000000  2023-11-14T22:13:20Z, 1m ago\n"
        "  exp  1700003600  2023-11-14T23:13:20Z, in 59m\n"
    )


def test_text_of_a_refused_token_is_every_check_and_no_claims(jwtcli: Run) -> None:
    judged = judge(jwtcli, TOKEN, "--aud", "api", at=AT + 4000)
    assert (judged.status, judged.stderr) == (5, "")
    assert judged.stdout == (
        "refused  expired 6m 40s ago  at 2023-11-14T23:20:00Z\n"
        "  ok    form\n"
        "  ok    key        a secret of 264 bits from JWTCLI_SECRET\n"
        "  ok    algorithm  HS256\n"
        "  ok    signature\n"
        "  ok    crit\n"
        "  FAIL  exp        expired 6m 40s ago (exp 2023-11-14T23:13:20Z, now 2023-11-14T23:20:00Z)\n"
        "  ok    iat        issued 1h 6m ago\n"
        '  FAIL  aud        the token has no aud; wanted "api"\n'
        '  ok    sub        "alice"\n'
    )


def test_json_of_an_accepted_token_is_this_object(jwtcli: Run, tmp_path: Path) -> None:
    files = write_key_files(tmp_path, "ES256")
    kid = json.loads(Path(files.private).read_text())["kid"]
    minted = jwtcli("encode", "--key", files.private, "--at", str(AT)).stdout
    judged = judge(jwtcli, minted, "--json", env={"JWTCLI_KEY_FILE": files.public})
    assert (judged.status, judged.stderr) == (0, "")
    assert judged.json == {
        "accepted": True,
        "status": 0,
        "reason": "ok",
        "at": "2023-11-14T22:14:20Z",
        "checks": [
            {"name": "form", "passed": True, "code": "ok", "reason": None},
            {"name": "key", "passed": True, "code": "ok", "reason": "a P-256 public key from JWTCLI_KEY_FILE"},
            {"name": "algorithm", "passed": True, "code": "ok", "reason": "ES256"},
            {"name": "signature", "passed": True, "code": "ok", "reason": None},
            {"name": "crit", "passed": True, "code": "ok", "reason": None},
            {"name": "exp", "passed": True, "code": "ok", "reason": "expires in 59m"},
            {"name": "iat", "passed": True, "code": "ok", "reason": "issued 1m ago"},
        ],
        "key": {"kid": kid, "thumbprint": kid, "alg": "ES256", "source": "JWTCLI_KEY_FILE"},
        "header": {"alg": "ES256", "typ": "JWT", "kid": kid},
        "claims": {"iat": AT, "exp": AT + 3600},
        "unverified_claims": None,
    }


def test_json_of_a_refused_token_calls_its_claims_unverified(jwtcli: Run) -> None:
    forged = token(CLAIMS, secret="another")
    judged = judge(jwtcli, forged, "--json")
    assert (judged.status, judged.stderr) == (4, "")
    assert judged.json["checks"][3] == {
        "name": "signature",
        "passed": False,
        "code": "bad_signature",
        "reason": "it is not this key's HS256 signature over this header and payload",
    }
    assert {name: judged.json[name] for name in judged.json if name != "checks"} == {
        "accepted": False,
        "status": 4,
        "reason": "bad_signature",
        "at": "2023-11-14T22:14:20Z",
        "key": {"kid": None, "thumbprint": None, "alg": "HS256", "source": "JWTCLI_SECRET"},
        "header": {"alg": "HS256", "typ": "JWT"},
        "claims": None,
        "unverified_claims": CLAIMS,
    }


def test_json_of_what_is_no_token_says_what_could_not_be_checked(jwtcli: Run) -> None:
    judged = judge(jwtcli, "a.b", "--json")
    assert judged.status == 3
    assert [(check["name"], check["passed"], check["code"]) for check in judged.json["checks"]] == [
        ("form", False, "malformed"),
        ("key", None, "not_checked"),
        ("algorithm", None, "not_checked"),
        ("signature", None, "not_checked"),
    ]
    assert (judged.json["header"], judged.json["claims"], judged.json["unverified_claims"]) == (None, None, None)


REFUSALS: tuple[tuple[int, str, str, str, tuple[str, ...]], ...] = (
    (3, "form", "malformed", "a.b.c.d", ()),
    (3, "form", "malformed", token([1]), ()),
    (3, "form", "malformed", token({}, header={"alg": "HS256", "kid": 1}), ()),
    (3, "form", "b64", token({}, header={"alg": "HS256", "b64": False}), ()),
    (3, "form", "jwe", "a.b.c.d.e", ()),
    (4, "signature", "bad_signature", f"{TOKEN[:-3]}AAA"[:-1] + "A", ()),
    (4, "algorithm", "alg_not_allowed", f"{segment(b'{}')}.{segment(b'{}')}.", ()),
    (4, "algorithm", "alg_not_allowed", token(CLAIMS, header={"alg": "none"}), ()),
    (4, "algorithm", "alg_not_allowed", token(CLAIMS, header={"alg": "hs256"}), ()),
    (4, "algorithm", "alg_not_allowed", token(CLAIMS, header={"alg": "HS384"}), ()),
    (4, "algorithm", "alg_not_allowed", token(CLAIMS, header={"alg": ["HS256"]}), ()),
    (5, "exp", "expired", token({"exp": AT + 60}), ()),
    (5, "exp", "expired", token({"exp": AT + 60.5}), ("--at", str(AT + 61))),
    (6, "nbf", "not_yet_valid", token({**CLAIMS, "nbf": AT + 61}), ()),
    (6, "iat", "issued_in_future", token({**CLAIMS, "iat": AT + 61}), ()),
    (7, "crit", "crit_unsupported", token(CLAIMS, header={"alg": "HS256", "crit": ["x"], "x": 1}), ()),
    (7, "exp", "wrong_type", token({"exp": str(AT + 99)}), ()),
    (7, "exp", "wrong_type", token({"exp": None}), ()),
    (7, "iat", "wrong_type", token({**CLAIMS, "iat": True}), ()),
    (7, "sub", "wrong_type", token({**CLAIMS, "sub": 12345}), ()),
    (7, "jti", "wrong_type", token({**CLAIMS, "jti": 1}), ()),
    (7, "aud", "wrong_type", token({**CLAIMS, "aud": ["api", 1]}), ("--aud", "api")),
    (7, "aud", "aud_unexpected", token({**CLAIMS, "aud": "api"}), ()),
    (7, "aud", "aud_mismatch", token({**CLAIMS, "aud": ["a", "b"]}), ("--aud", "c", "--aud", "d")),
    (7, "aud", "missing", TOKEN, ("--aud", "api")),
    (7, "iss", "missing", TOKEN, ("--iss", "a")),
    (7, "iss", "iss_mismatch", token({**CLAIMS, "iss": "a"}), ("--iss", "A", "--iss", "b")),
    (7, "sub", "sub_mismatch", TOKEN, ("--sub", "bob")),
    (7, "typ", "typ_mismatch", TOKEN, ("--typ", "at+jwt")),
    (7, "max_age", "too_old", TOKEN, ("--max-age", "59s")),
    (7, "max_age", "missing", token({"exp": AT + 99}), ("--max-age", "1h")),
    (7, "expect:role", "missing", TOKEN, ("--expect", "role=dev")),
    (7, "expect:a", "mismatch", token({**CLAIMS, "a": True}), ("--expect", "a:=1")),
    (7, "expect:a", "mismatch", token({**CLAIMS, "a": 1}), ("--expect", "a=1")),
    (7, "expect:a", "missing", token({**CLAIMS, "a": None}), ("--expect", "a:=null")),
    (7, "require:exp", "missing", token({}), ("--require", "exp")),
    (7, "require:a", "missing", token({**CLAIMS, "a": None}), ("--require", "a")),
    (8, "key", "weak_key", TOKEN, ("--alg", "HS512")),
    (8, "key", "unfit_key", TOKEN, ("--alg", "RS256")),
)


@pytest.mark.parametrize(("status", "name", "code", "compact", "args"), REFUSALS)
def test_each_refusal_has_its_status_check_and_code(
    jwtcli: Run, status: int, name: str, code: str, compact: str, args: tuple[str, ...]
) -> None:
    judged = judge(jwtcli, compact, "--json", *args)
    failed = [(check["name"], check["code"]) for check in judged.json["checks"] if check["passed"] is False]
    assert failed == [(name, code)]
    assert (judged.status, judged.json["status"], judged.json["reason"]) == (status, status, code)
    assert (judged.json["accepted"], judged.json["claims"]) == (False, None)
    assert judge(jwtcli, compact, *args).stdout.startswith("refused  ")


@pytest.mark.parametrize(
    ("claims", "args"),
    [
        ({**CLAIMS, "aud": "api"}, ("--aud", "x", "--aud", "api")),
        ({**CLAIMS, "aud": ["a", "api"]}, ("--aud", "api")),
        ({**CLAIMS, "aud": "api"}, ("--any-aud",)),
        (CLAIMS, ("--any-aud",)),
        ({**CLAIMS, "iss": "b"}, ("--iss", "a", "--iss", "b")),
        (CLAIMS, ("--sub", "alice", "--require", "sub", "--require", "exp")),
        ({**CLAIMS, "n": 1}, ("--expect", "n:=1.0")),
        ({**CLAIMS, "n": {"a": [True]}, "t": "1"}, ("--expect", 'n:={"a":[true]}', "--expect", "t=1")),
        ({"exp": AT + 59}, ("--leeway", "2s")),
        ({**CLAIMS, "nbf": AT + 61, "iat": AT + 62}, ("--leeway", "2")),
        (CLAIMS, ("--max-age", "1m")),
        (CLAIMS, ("--max-age", "59s", "--leeway", "1s")),
        (CLAIMS, ("--typ", "JWT")),
        (CLAIMS, ("--alg", "HS256", "--alg", "HS512", "--allow-weak-key")),
    ],
)
def test_a_token_that_meets_every_demand_is_accepted(
    jwtcli: Run, claims: dict[str, Any], args: tuple[str, ...]
) -> None:
    assert judge(jwtcli, token(claims), *args).status == 0


def test_typ_ignores_case_and_a_leading_application(jwtcli: Run) -> None:
    for wanted in ("at+jwt", "application/at+JWT", "AT+JWT"):
        assert judge(jwtcli, SLASHED, "--typ", wanted).status == 0


def test_a_token_without_exp_is_accepted_with_a_note(jwtcli: Run) -> None:
    judged = judge(jwtcli, token({}))
    note = "jwtcli: note: the token has no exp and never expires (--require exp refuses such tokens)\n"
    assert (judged.status, judged.stderr) == (0, note)
    assert judge(jwtcli, token({}), "-q").stderr == ""


def test_the_first_refusal_in_the_frozen_order_is_the_status(jwtcli: Run) -> None:
    everything = {"exp": AT, "nbf": AT + 100, "aud": "x"}
    args = ("--json",)
    assert judge(jwtcli, token(everything, secret="other"), *args).status == 4
    assert judge(jwtcli, token(everything), *args).status == 5
    assert judge(jwtcli, token({**everything, "exp": AT + 100}), *args).status == 6
    assert judge(jwtcli, token({"aud": "x"}), *args).status == 7
    assert judge(jwtcli, token(everything, secret="other"), *args, "--alg", "HS512").status == 8
    failed = [check["name"] for check in judge(jwtcli, token(everything), *args).json["checks"] if not check["passed"]]
    assert failed == ["exp", "nbf", "aud"]


def test_quiet_drops_the_list_and_says_a_refusal_in_one_line(jwtcli: Run) -> None:
    assert judge(jwtcli, TOKEN, "-q") == Result(0, "", "")
    judged = judge(jwtcli, TOKEN, "-q", "--aud", "api", at=AT + 4000)
    assert judged == Result(
        5,
        "",
        "jwtcli: error: refused: exp: expired 6m 40s ago (exp 2023-11-14T23:13:20Z, now 2023-11-14T23:20:00Z); "
        'aud: the token has no aud; wanted "api"\n',
    )
    assert judge(jwtcli, TOKEN, "-q", "--json").json["accepted"] is True


def test_a_claim_is_printed_only_of_an_accepted_token(jwtcli: Run) -> None:
    assert judge(jwtcli, TOKEN, "--claim", "sub") == Result(0, "alice\n", "")
    assert judge(jwtcli, TOKEN, "--claim", "exp") == Result(0, f"{AT + 3600}\n", "")
    assert judge(jwtcli, TOKEN, "--claim", "sub", "--json") == Result(0, '"alice"\n', "")
    assert judge(jwtcli, TOKEN, "--claim", "sub", "-q") == Result(0, "alice\n", "")


@pytest.mark.parametrize(
    ("status", "reason", "compact", "args"),
    [
        (
            5,
            "exp: expired now (exp 2023-11-14T22:14:20Z, now 2023-11-14T22:14:20Z)",
            token({"sub": "a", "exp": AT + 60}),
            (),
        ),
        (7, 'require:sub: the token has no "sub"', token({"exp": AT + 99}), ()),
        (7, 'require:sub: the token has no "sub"', token({"exp": AT + 99}), ("-q",)),
        (3, "form: a signed token has three parts joined by dots, this text has one part", "abc", ()),
    ],
)
def test_a_claim_of_a_refused_token_is_not_printed(
    jwtcli: Run, status: int, reason: str, compact: str, args: tuple[str, ...]
) -> None:
    judged = judge(jwtcli, compact, "--claim", "sub", *args)
    assert judged == Result(status, "", f"jwtcli: error: refused: {reason}\n")


def test_a_claim_that_no_line_can_hold_is_refused(jwtcli: Run) -> None:
    judged = judge(jwtcli, token({**CLAIMS, "sub": "a\nroot"}), "--claim", "sub")
    assert (judged.status, judged.stdout) == (7, "")
    assert judge(jwtcli, token({**CLAIMS, "sub": "a\nroot"}), "--claim", "sub", "--json").json == "a\nroot"


def test_reasons_that_quote_a_hostile_token_are_made_printable(jwtcli: Run) -> None:
    hostile = token({"sub": "\x1b[2J\u202e", "iss": "x\ny", "aud": "\x9b"}, header={"alg": "\x1b]0;x\x07"})
    for judged in (judge(jwtcli, hostile), judge(jwtcli, hostile, "-q"), judge(jwtcli, hostile, "--claim", "\x1b[2J")):
        assert not set(judged.stdout + judged.stderr) & set("\x1b\x07\u202e\x9b")
        assert len(judged.stderr.splitlines()) <= 3
    assert judge(jwtcli, hostile, "--json").stdout.isascii()


@pytest.mark.parametrize(
    ("given", "status", "message"),
    [
        (f"Bearer {TOKEN}", 0, "jwtcli: note: took off 'Bearer'\n"),
        (f" {TOKEN}\n\n", 0, ""),
        (f'"{TOKEN}"', 3, "jwtcli: error: quotes stand around the token\n"),
        (f"{TOKEN[:9]}\n{TOKEN[9:]}", 3, "jwtcli: error: white space stands inside the token"),
        (f"{TOKEN}\n{TOKEN}", 2, "jwtcli: error: there is more than one token here\n"),
        ("", 3, "jwtcli: error: there is no token: the input is empty\n"),
    ],
)
def test_verify_mends_nothing_but_the_prefix(jwtcli: Run, given: str, status: int, message: str) -> None:
    judged = judge(jwtcli, given)
    assert judged.status == status
    assert judged.stderr.startswith(message)
    assert status == 0 or "hint: " in judged.stderr or "empty" in message


@pytest.mark.parametrize(
    ("message", "args"),
    [
        ("--leeway is at most 1d", ("--leeway", "86401")),
        ("invalid value for '--leeway': 'nan' is no duration", ("--leeway", "nan")),
        ("invalid value for '--leeway': '-1' is no duration", ("--leeway", "-1")),
        ("invalid value for '--at': 'inf' is no moment", ("--at", "inf")),
        ("--aud and --any-aud do not go together", ("--aud", "a", "--any-aud")),
        ("--aud is empty", ("--aud", "")),
        ("--iss is empty", ("--iss", "")),
        ("--sub is empty", ("--sub", "")),
        ("--typ is empty", ("--typ", "")),
        ("--require is empty", ("--require", "")),
        ("--claim is empty", ("--claim", "")),
        ("--alg names two families: HMAC and RSA", ("--alg", "HS256", "--alg", "RS256")),
        ("two sources for the key: --key and --secret-file", ("--key", "a", "--secret-file", "b")),
        ("standard input is asked for the command's input and --key", ("--key", "-")),
        ("standard input is asked for --key and --passphrase-file", ("--key", "-", "--passphrase-file", "-", "abc")),
    ],
)
@pytest.mark.parametrize("compact", [TOKEN, "junk"])
def test_wrong_usage_is_told_whatever_the_token(jwtcli: Run, message: str, args: tuple[str, ...], compact: str) -> None:
    refused = judge(jwtcli, compact, *args)
    assert (refused.status, refused.stdout) == (2, "")
    assert refused.stderr.startswith(f"jwtcli: error: {message}")


def test_what_is_no_token_is_told_before_an_unusable_key(jwtcli: Run) -> None:
    for env in ({}, {"JWTCLI_SECRET": ""}, {"JWTCLI_KEY": "junk"}):
        assert judge(jwtcli, "junk", env=env).status == 3
        refused = judge(jwtcli, TOKEN, "--json", env=env)
        assert (refused.status, list(refused.json)) == (8, ["error", "status"])
    assert judge(jwtcli, "junk", "--key", "missing", env={}).status == 1


def test_the_tokens_own_key_headers_are_never_used(jwtcli: Run) -> None:
    own = {"kty": "oct", "k": segment(b"whoever makes the token knows this key")}
    forged = token(
        CLAIMS,
        header={"alg": "HS256", "jwk": own, "jku": "https://evil.example/"},
        secret="whoever makes the token knows this key",
    )
    assert judge(jwtcli, forged).status == 4


def test_a_kid_that_differs_draws_a_note_and_decides_nothing(jwtcli: Run, tmp_path: Path) -> None:
    jwk = {"kty": "oct", "kid": "mine", "k": segment(SECRET.encode())}
    (tmp_path / "key.jwk").write_text(json.dumps(jwk))
    (tmp_path / "key.jwk").chmod(0o600)
    named = token(CLAIMS, header={"alg": "HS256", "kid": "yours"})
    judged = judge(jwtcli, named, "--key", "key.jwk")
    assert (judged.status, judged.stderr) == (0, "jwtcli: note: the token's kid is 'yours', the key's is 'mine'\n")


def test_a_private_key_verifies_with_its_public_half(jwtcli: Run, tmp_path: Path) -> None:
    files = write_key_files(tmp_path, "PS256")
    minted = jwtcli("encode", "--key", files.private, "--at", str(AT)).stdout
    assert judge(jwtcli, minted, "--key", files.private).status == 0


def test_payload_and_signature_are_read_as_bytes_not_as_text(jwtcli: Run) -> None:
    assert judge(jwtcli, raw(b'{"alg":"HS256"}', b'{"sub":"\xc3\xbc"}')).status == 0
    assert judge(jwtcli, raw(b'{"alg":"HS256"}', '{"sub":"ü"}'.encode("utf-16"))).status == 3


def test_what_to_do_about_what_is_no_token_stands_beside_it_and_not_in_the_first_line(jwtcli: Run) -> None:
    told = jwtcli("verify", "--at", str(AT), stdin="null\n", env=ENV)
    first, form, *_ = told.stdout.splitlines()
    assert (told.status, first) == (3, "refused  this is the text null, not a token  at 2023-11-14T22:13:20Z")
    assert (
        form == "  FAIL  form       this is the text null, not a token (jq -r prints that where a field is not there)"
    )
