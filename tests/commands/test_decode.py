"""``jwtcli decode``: shows what anyone could have written, and never says that it is verified."""

from pathlib import Path

import pytest

from tests.conftest import AT, Run
from tests.forge import ENV, raw, segment, token

WARNING = "jwtcli: warning: not verified: anyone can write a token that reads like this\n"
TOKEN = token({"sub": "alice", "iat": AT, "exp": AT + 3600, "admin": True}, header={"alg": "HS256", "kid": "k"})


def test_text_is_header_claims_signature_and_status(jwtcli: Run) -> None:
    shown = jwtcli("decode", "--at", str(AT + 60), stdin=f"{TOKEN}\n")
    assert (shown.status, shown.stderr) == (0, WARNING)
    assert shown.stdout == (
        "Header\n"
        '  alg  "HS256"\n'
        '  kid  "k"\n'
        "\n"
        "Claims\n"
        '  sub    "alice"\n'
        "  iat    1700000000  2023-11-14T22:13:20Z, 1m ago\n"
        "  exp    1700003600  2023-11-14T23:13:20Z, in 59m\n"
        "  admin  true\n"
        "\n"
        "Signature  32 bytes, not verified\n"
        "Status     active: expires in 59m\n"
    )


def test_json_is_this_object(jwtcli: Run) -> None:
    shown = jwtcli("decode", "--json", "--at", str(AT + 4000), TOKEN)
    assert (shown.status, shown.stderr) == (0, WARNING)
    assert shown.json == {
        "verified": False,
        "kind": "jws",
        "at": "2023-11-14T23:20:00Z",
        "header": {"alg": "HS256", "kid": "k"},
        "claims": {"sub": "alice", "iat": AT, "exp": AT + 3600, "admin": True},
        "signature": TOKEN.rpartition(".")[2],
        "lifetime": {
            "status": "expired",
            "issued_at": "2023-11-14T22:13:20Z",
            "not_before": None,
            "expires_at": "2023-11-14T23:13:20Z",
            "expires_in": -400,
        },
    }


@pytest.mark.parametrize(
    ("claims", "status", "text"),
    [
        ({"exp": AT + 3600}, "active", "active: expires in 1h"),
        ({"exp": AT}, "expired", "expired now"),
        ({"exp": AT - 86400 * 3}, "expired", "expired 3 days ago"),
        ({"nbf": AT + 5, "exp": AT + 50}, "not_yet_valid", "not yet valid: starts in 5s"),
        ({}, "no_expiry", "active: never expires"),
        ({"exp": "soon"}, "invalid", "invalid: exp, nbf or iat is not a number"),
        ({"exp": 10**400}, "active", "active: expires in more than 9999 years"),
        ({"exp": -(10**400)}, "expired", "expired more than 9999 years ago"),
    ],
)
def test_the_status_is_that_of_the_clock(jwtcli: Run, claims: dict[str, object], status: str, text: str) -> None:
    shown = jwtcli("decode", "--at", str(AT), token(claims))
    assert (shown.status, shown.stdout.splitlines()[-1]) == (0, f"Status     {text}")
    for at in (f"{AT}", f"{AT}.25"):
        assert jwtcli("decode", "--json", "--at", at, token(claims)).json["lifetime"]["status"] == status


@pytest.mark.parametrize(
    ("given", "note"),
    [
        (f"  {TOKEN}\r\n", ""),
        (f"Bearer {TOKEN}", "jwtcli: note: took off 'Bearer'\n"),
        (f"authorization: bearer {TOKEN}\n", "jwtcli: note: took off 'authorization: bearer'\n"),
        (f'"{TOKEN}"', "jwtcli: note: took off the quotes around the token\n"),
        (f"{TOKEN[:40]}\n  {TOKEN[40:]}", "jwtcli: note: joined the 2 pieces that the token was broken into\n"),
    ],
)
def test_what_pasting_leaves_around_a_token_is_taken_off_with_a_note(jwtcli: Run, given: str, note: str) -> None:
    plain = jwtcli("decode", "--at", str(AT), TOKEN)
    for shown in (jwtcli("decode", "--at", str(AT), stdin=given), jwtcli("decode", "--at", str(AT), given)):
        assert (shown.status, shown.stdout, shown.stderr) == (0, plain.stdout, note + WARNING)
    assert jwtcli("decode", "-q", "--at", str(AT), given).stderr == WARNING


def test_a_token_comes_from_the_argument_a_file_or_stdin(jwtcli: Run, tmp_path: Path) -> None:
    (tmp_path / "token.txt").write_text(TOKEN)
    other = token({"sub": "bob"})
    for args, stdin in (((TOKEN,), other), (("@token.txt",), other), (("-",), TOKEN), ((), TOKEN), (("--", TOKEN), "")):
        assert jwtcli("decode", "--claim", "sub", *args, stdin=stdin).stdout == "alice\n"


@pytest.mark.parametrize(
    ("status", "message", "args", "stdin"),
    [
        (3, "there is no token: the input is empty", (), ""),
        (3, "there is no token: the input is empty", (), " \n"),
        (3, "the token is empty (is a variable unset?)", ("",), TOKEN),
        (1, "cannot read missing: no such file or directory", ("@missing",), ""),
        (1, "cannot read .: is a directory", ("@.",), ""),
        (2, "there is more than one token here", (), f"{TOKEN}\n{TOKEN}"),
        (2, "one argument too many", (TOKEN, TOKEN), ""),
        (2, "--claim and --header do not go together", ("--claim", "a", "--header", TOKEN), ""),
        (2, "--claim is empty", ("--claim", "", TOKEN), ""),
        (3, "this is an encrypted token (JWE, five parts)", ("a.b.c.d.e",), ""),
        (3, "this is JSON, not a token in compact serialization", (), '{"payload": "a b"}'),
        (3, "this is an SD-JWT", (f"{TOKEN}~x~y.z",), ""),
        (3, "a signed token has three parts joined by dots, this text has one part", ("hello",), ""),
        (3, "a signed token has three parts joined by dots, this text has 2 parts", ("a.b",), ""),
        (3, "the token's header is not base64url: it has '!'", ("!.b.c",), ""),
        (3, "the token's payload is not a claims set: it is JSON an array", (token([]),), ""),
        (3, 'the token\'s payload is not a claims set: it has the name "a" twice', (raw(b"{}", b'{"a":1,"a":2}'),), ""),
        (3, "the token's header is not a JOSE header: it is not UTF-8", (raw(b'{"a":"\xff"}', b"{}"),), ""),
        (3, "the input is larger than 2 MiB", (), "a" * (2 * 1024 * 1024 + 1)),
        (3, "this is not one token: white space stands between pieces", (), "a b"),
    ],
)
def test_what_is_no_token_is_named(jwtcli: Run, status: int, message: str, args: tuple[str, ...], stdin: str) -> None:
    refused = jwtcli("decode", *args, stdin=stdin)
    assert (refused.status, refused.stdout) == (status, "")
    assert refused.stderr.startswith(f"jwtcli: error: {message}")


def test_a_token_of_2_mib_is_read(jwtcli: Run) -> None:
    room = 2 * 1024 * 1024 - len(token({"a": ""}))
    large = token({"a": "x" * (room * 3 // 4 - 4)})
    assert 2 * 1024 * 1024 - 16 < len(large) <= 2 * 1024 * 1024
    assert jwtcli("decode", "--claim", "a", stdin=large).status == 0


@pytest.mark.parametrize(
    ("value", "text", "json"),
    [
        ("alice", "alice", '"alice"'),
        ("mü 🙂 [x]", "mü 🙂 [x]", '"m\\u00fc \\ud83d\\ude42 [x]"'),
        ("", "", '""'),
        (5, "5", "5"),
        (1.0, "1.0", "1.0"),
        (True, "true", "true"),
        (None, "null", "null"),
        (["a", {"b": "ü"}], '["a", {"b": "\\u00fc"}]', '["a", {"b": "\\u00fc"}]'),
    ],
)
def test_one_claim_is_printed_and_nothing_else(jwtcli: Run, value: object, text: str, json: str) -> None:
    compact = token({"x": value})
    assert jwtcli("decode", "--claim", "x", compact).stdout == f"{text}\n"
    assert jwtcli("decode", "--claim", "x", "--json", compact).stdout == f"{json}\n"


@pytest.mark.parametrize("value", ["a\nb", "\x1b[31m", "\x7f", "\x9b", "a\u2028b", "\u2029", "\ud800", "\0"])
def test_a_claim_that_is_no_line_of_text_is_printed_as_json_only(jwtcli: Run, value: str) -> None:
    compact = token({"x": value})
    refused = jwtcli("decode", "--claim", "x", compact)
    assert (refused.status, refused.stdout) == (7, "")
    assert refused.stderr == (
        f"{WARNING}jwtcli: error: the claim holds control characters, line separators or lone surrogates\n"
        "jwtcli: hint: --json prints it as a JSON string\n"
    )
    assert jwtcli("decode", "--claim", "x", "--json", compact).json == value


def test_a_claim_that_is_not_there_is_refused(jwtcli: Run) -> None:
    refused = jwtcli("decode", "--claim", "email", TOKEN)
    assert (refused.status, refused.stdout) == (7, "")
    assert refused.stderr == f"{WARNING}jwtcli: error: the token has no claim 'email'\n"
    in_the_header = jwtcli("decode", "--claim", "alg", TOKEN).stderr.splitlines()[-1]
    assert in_the_header == "jwtcli: hint: it stands in the header: --header shows that"
    nested = token(claims={"realm_access": {"roles": ["a"]}, "x": 1})
    hint = "jwtcli: hint: 'realm_access' is an object: --json prints it, for jq to choose from"
    assert jwtcli("decode", "--claim", "realm_access.roles", nested).stderr.splitlines()[-1] == hint
    assert "hint" not in jwtcli("decode", "--claim", "x.y", nested).stderr


def test_the_header_is_printed_alone(jwtcli: Run) -> None:
    assert jwtcli("decode", "--header", TOKEN).stdout == '  alg  "HS256"\n  kid  "k"\n'
    assert jwtcli("decode", "--header", "--json", TOKEN).stdout == '{"alg": "HS256", "kid": "k"}\n'


def test_an_unsigned_token_is_shown_for_what_it_is(jwtcli: Run) -> None:
    unsigned = f"{segment(b'{}')}.{segment(b'{}')}."
    shown = jwtcli("decode", unsigned)
    assert shown.stdout == (
        "Header\n  (none)\n\nClaims\n  (none)\n\n"
        "Signature  none: this token is not signed\nStatus     active: never expires\n"
    )


def test_hostile_text_cannot_steer_a_terminal(jwtcli: Run) -> None:
    hostile = token(
        {
            "\x1b[2J": "\x1b]0;x\x07",
            "bidi": "\u202eabc\u2066",
            "markup": "[/x][link=evil]",
            "c1": "\x9b1m",
            "nl": "a\nb",
        },
        header={"alg": "\x1b[31mHS256", "typ": "\u2028"},
    )
    for colour in ("never", "always"):
        shown = jwtcli("decode", "--color", colour, hostile).stdout
        plain = shown
        for code in ("1", "2", "32", "36", "33", "0", "1;31"):
            plain = plain.replace(f"\x1b[{code}m", "") if colour == "always" else plain
        assert not set(plain) & set("\x1b\x07\x9b\u202e\u2066\u2028")
        assert "[/x][link=evil]" in plain
        assert r'"a\nb"' in plain
    assert jwtcli("decode", "--json", hostile).stdout.isascii()


@pytest.mark.parametrize(
    ("env", "flag", "coloured"),
    [
        ({}, "auto", False),
        ({"TERM": "xterm"}, "auto", False),
        ({"FORCE_COLOR": "1"}, "auto", True),
        ({"FORCE_COLOR": "0"}, "auto", False),
        ({"FORCE_COLOR": ""}, "auto", False),
        ({"CLICOLOR_FORCE": "1"}, "auto", True),
        ({"CLICOLOR_FORCE": "0"}, "auto", False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, "auto", True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, "auto", False),
        ({"NO_COLOR": "", "FORCE_COLOR": "1"}, "auto", True),
        ({"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, "auto", False),
        ({"NO_COLOR": "1"}, "always", True),
        ({"TERM": "dumb"}, "always", True),
        ({"FORCE_COLOR": "1"}, "never", False),
    ],
)
def test_colour_is_decided_by_flag_then_environment(
    jwtcli: Run, env: dict[str, str], flag: str, coloured: bool
) -> None:
    shown = jwtcli("decode", "--color", flag, TOKEN, env=env).stdout
    assert ("\x1b[36malg\x1b[0m" in shown) is coloured
    assert ("\x1b" in shown) is coloured
    assert "\x1b" not in jwtcli("decode", "--json", "--color", flag, TOKEN, env=env).stdout


@pytest.mark.parametrize("width", ["20", "1", "x"])
def test_a_narrow_terminal_cuts_and_wraps_no_value(jwtcli: Run, width: str) -> None:
    long = token({"url": "https://id.example/" + "a" * 200, "list": ["word " * 10] * 10})
    for args in ((), ("--color", "always"), ("--json",)):
        line = ("decode", "--at", str(AT), *args, long)
        assert jwtcli(*line, env={"COLUMNS": width}) == jwtcli(*line)
    assert "a" * 200 in jwtcli("decode", long, env={"COLUMNS": width}).stdout


def test_a_key_in_the_environment_changes_nothing(jwtcli: Run) -> None:
    assert jwtcli("decode", "--at", "0", TOKEN, env=ENV) == jwtcli("decode", "--at", "0", TOKEN)
