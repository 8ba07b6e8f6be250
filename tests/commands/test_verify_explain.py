"""``jwtcli verify --explain``: findings below the checks, in JSON, as hints; statuses as ever."""

import re
from base64 import b64encode

import pytest

from tests.conftest import AT, Run

SECRET = b"0123456789 0123456789 0123456789"
BASE64 = {"JWTCLI_SECRET_ENCODING": "base64"}


def test_explain_tells_cause_and_remedy_below_the_checks(jwtcli: Run) -> None:
    text = b64encode(SECRET).decode()
    token = jwtcli("encode", "--sub", "alice", "--at", str(AT), "-q", env={"JWTCLI_SECRET": text, **BASE64}).stdout
    result = jwtcli("verify", "--explain", "--at", str(AT), stdin=token, env={"JWTCLI_SECRET": text})
    assert (result.status, result.stderr) == (4, "")
    assert (
        result.stdout
        == """\
refused  it is not this key's HS256 signature over this header and payload  at 2023-11-14T22:13:20Z
  ok    form
  ok    key        a secret of 352 bits from JWTCLI_SECRET
  ok    algorithm  HS256
  FAIL  signature  it is not this key's HS256 signature over this header and payload
  ok    crit
  ok    exp        expires in 1h
  ok    iat        issued now
  ok    sub        "alice"

Findings
  secret_encoding  the secret is right once it is decoded from base64
                   remedy: --secret-encoding base64, or JWTCLI_SECRET_ENCODING=base64
"""
    )
    coloured = jwtcli(
        "verify", "--explain", "--at", str(AT), "--color", "always", stdin=token, env={"JWTCLI_SECRET": text}
    )
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured.stdout) == result.stdout


def test_explain_says_where_nothing_explains_a_refusal_and_nothing_of_an_accepted_token(jwtcli: Run) -> None:
    env = {"JWTCLI_SECRET": SECRET.decode("latin-1")}
    token = jwtcli("encode", "--at", str(AT), "-q", env=env).stdout
    expired = jwtcli("verify", "--explain", "--at", str(AT + 3600), stdin=token, env=env)
    assert expired.status == 5
    assert expired.stdout.endswith("\n\nFindings\n  (none: nothing that was tried tells more than the checks above)\n")
    plain, explained = (jwtcli("verify", *flag, "--at", str(AT), stdin=token, env=env) for flag in ([], ["--explain"]))
    assert plain == explained
    assert jwtcli("verify", "--json", "--explain", "--at", str(AT), stdin=token, env=env).json["findings"] == []
    assert "findings" not in jwtcli("verify", "--json", "--at", str(AT), stdin=token, env=env).json


def test_explain_beside_claim_gives_its_findings_as_hints(jwtcli: Run) -> None:
    env = {"JWTCLI_SECRET": SECRET.decode("latin-1")}
    token = jwtcli("encode", "--sub", "alice", "--at", str(AT + 40), "-q", env=env).stdout
    args = ("verify", "--explain", "--claim", "sub", "--at", str(AT))
    assert jwtcli(*args, stdin=token, env=env).stderr.splitlines()[1:] == [
        (
            "jwtcli: hint: issued 40s in the future: the clocks differ -> --leeway 1m would do; "
            "setting both clocks (NTP) is better"
        )
    ]
    quiet = jwtcli(*args, "-q", stdin=token, env=env)
    assert (quiet.status, quiet.stdout, len(quiet.stderr.splitlines())) == (6, "", 1)


def test_explain_takes_a_wrapped_or_quoted_token_and_refuses_it_as_ever(jwtcli: Run) -> None:
    env = {"JWTCLI_SECRET": SECRET.decode("latin-1")}
    token = jwtcli("encode", "--at", str(AT), "-q", env=env).stdout.strip()
    for broken in (f'"{token}"', f"{token[:20]}\n{token[20:]}"):
        plain = jwtcli("verify", "--json", "--at", str(AT), stdin=broken, env=env)
        told = jwtcli("verify", "--json", "--explain", "--at", str(AT), stdin=broken, env=env)
        assert (plain.status, told.status, told.json["accepted"], len(told.json["findings"])) == (3, 3, False, 1)
    assert jwtcli("verify", "--explain", "--at", str(AT), stdin=f"{token} {token}", env=env).status == 2


def test_a_token_without_a_kid_that_several_keys_could_have_signed_points_to_explain(jwtcli: Run) -> None:
    for name in ("a", "b"):
        assert jwtcli("keygen", "-q", "-a", "ES256", "--kid", name, "-o", f"{name}.jwk").status == 0
    jwtcli("key", "convert", "a.jwk", "--to", "pem", "-o", "a.pem")
    token = jwtcli("encode", "-q", "--key", "a.pem").stdout
    with open("set.json", "w", encoding="ascii") as file:
        file.write(jwtcli("jwks", "a.jwk", "b.jwk").stdout)
    refused = jwtcli("verify", "--jwks", "set.json", stdin=token)
    assert (refused.status, refused.stderr) == (8, "jwtcli: hint: --explain looks for the cause\n")
    told = jwtcli("verify", "--jwks", "set.json", "--explain", "--json", stdin=token)
    assert [finding["code"] for finding in told.json["findings"]] == ["other_key"]


def test_a_refused_signature_points_to_explain_once_and_not_where_it_was_asked_for(jwtcli: Run) -> None:
    token = jwtcli("encode", "-q", "--sub", "alice", "--ttl", "1h", env={"JWTCLI_SECRET": "a" * 32}).stdout
    other = {"JWTCLI_SECRET": "b" * 32}
    assert jwtcli("verify", stdin=token, env=other).stderr == "jwtcli: hint: --explain looks for the cause\n"
    for args in (("--explain",), ("-q",), ("--json",)):
        told = jwtcli("verify", *args, stdin=token, env=other)
        assert (told.status, "--explain looks" in told.stderr) == (4, False)


POINTER = "jwtcli: hint: --explain looks for the cause\n"


@pytest.mark.parametrize(
    ("status", "code", "made", "args"),
    [
        (4, "alg_not_allowed", (), ("--alg", "HS512", "--allow-weak-key")),
        (6, "not_yet_valid", ("--nbf", "+1m"), ()),
        (6, "issued_in_future", ("--iat", "+1m"), ()),
        (7, "iss_mismatch", ("--iss", "a"), ("--iss", "A")),
        (7, "aud_mismatch", ("--aud", "a"), ("--aud", "A")),
        (7, "typ_mismatch", (), ("--typ", "at+jwt")),
        (7, "mismatch", ("-c", "admin=true"), ("--expect", "admin:=true")),
    ],
)
def test_a_refusal_that_may_have_an_explanation_points_to_it(
    jwtcli: Run, status: int, code: str, made: tuple[str, ...], args: tuple[str, ...]
) -> None:
    env = {"JWTCLI_SECRET": SECRET.decode("latin-1")}
    token = jwtcli("encode", "-q", "--at", str(AT), *made, env=env).stdout
    args = ("verify", "--at", str(AT), *args)
    told = jwtcli(*args, stdin=token, env=env)
    assert (told.status, told.stderr) == (status, POINTER)
    as_json = jwtcli(*args, "--json", stdin=token, env=env)
    assert (as_json.json["reason"], as_json.stderr) == (code, "")
    one = jwtcli(*args, "--claim", "exp", stdin=token, env=env)
    assert (one.status, one.stderr.count(POINTER), one.stderr.endswith(POINTER)) == (status, 1, True)
    for flag in ("--explain", "-q"):
        assert POINTER not in jwtcli(*args, flag, stdin=token, env=env).stderr


@pytest.mark.parametrize(
    ("status", "made", "args"),
    [
        (0, (), ()),
        (5, ("--exp", "+1s", "--iat", "-1h"), ("--at", str(AT + 2))),
        (7, (), ("--require", "jti")),
        (7, (), ("--expect", "admin:=true")),
        (7, (), ("--iss", "a", "--aud", "b")),
        (7, ("--aud", "a"), ()),
        (7, ("--sub", "a"), ("--sub", "b")),
        (7, ("--iat", "-1h"), ("--max-age", "1m")),
        (8, (), ("--alg", "HS512")),
    ],
)
def test_what_the_checks_tell_in_full_points_nowhere(
    jwtcli: Run, status: int, made: tuple[str, ...], args: tuple[str, ...]
) -> None:
    env = {"JWTCLI_SECRET": SECRET.decode("latin-1")}
    token = jwtcli("encode", "-q", "--at", str(AT), *made, env=env).stdout
    at = () if "--at" in args else ("--at", str(AT))
    told = jwtcli("verify", *at, *args, stdin=token, env=env)
    assert (told.status, told.stderr) == (status, "")


def test_a_weak_secret_is_told_with_what_takes_it_first(jwtcli: Run) -> None:
    token = jwtcli("encode", "-q", "--at", str(AT), "--allow-weak-key", env={"JWTCLI_SECRET": "short"}).stdout
    told = jwtcli("verify", "--explain", "--at", str(AT), stdin=token, env={"JWTCLI_SECRET": "short"})
    assert told.status == 8
    assert (
        "a secret of 40 bits is too weak for HS256: RFC 7518 section 3.2 asks for 256 bits (--allow-weak-key takes it "
        "all the same; a strong one is for the issuer to make: jwtcli keygen --alg HS256 -o FILE)"
    ) in told.stdout
