"""What a person sees: whole outputs, plain and coloured, with hostile text made harmless."""

import re
from dataclasses import replace
from typing import Any

import pytest

from jwtcli.core.as_text import claim, header, key_note, reading, refusal, slim_line, verdict
from jwtcli.core.errors import ClaimError, Status
from jwtcli.core.keysets import KeySet
from jwtcli.core.signatures import sign
from jwtcli.core.strict import MAX_DEPTH
from jwtcli.core.tokens import Token
from jwtcli.core.verdict import Expectations, Verdict
from jwtcli.core.verifier import verify
from tests.conftest import AT, key_for

SGR = re.compile(r"\x1b\[[0-9;]*m")
HOSTILE = "\x1b]8;;http://evil\x1b\\\x9b31m\r\n\t\x00\u202e\u2066\u200b\u2028\ud800[red]x[/red][/x]\u3164"
KEYS = KeySet((key_for("HS256"),), "--key")


def taken_apart(claims: dict[str, Any], head: dict[str, Any] | None = None, signature: bytes = b"\x01" * 32) -> Token:
    return Token("", head or {"alg": "HS256"}, claims, signature, b"")


def shown(claims: dict[str, Any], *, colour: bool = False, **parts: Any) -> str:
    return reading(taken_apart(claims, **parts), AT, colour=colour)


def judged(claims: dict[str, Any], demands: Expectations | None = None) -> Verdict:
    return verify(sign({}, claims, key_for("HS256"), "HS256"), KEYS, demands or Expectations(), AT)


def test_a_token_is_shown_in_its_own_order_with_its_times_in_words() -> None:
    claims = {"sub": "alice", "iat": AT - 60, "admin": True, "exp": AT + 3552, "roles": ["a", 1], "n": None}
    assert shown(claims, head={"typ": "JWT", "alg": "HS256"}) == (
        "Header\n"
        '  typ  "JWT"\n'
        '  alg  "HS256"\n'
        "\n"
        "Claims\n"
        '  sub    "alice"\n'
        "  iat    1699999940  2023-11-14T22:12:20Z, 1m ago\n"
        "  admin  true\n"
        "  exp    1700003552  2023-11-14T23:12:32Z, in 59m 12s\n"
        '  roles  ["a", 1]\n'
        "  n      null\n"
        "\n"
        "Signature  32 bytes, not verified\n"
        "Status     active: expires in 59m 12s"
    )


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({}, "active: never expires"),
        ({"exp": AT}, "expired now"),
        ({"exp": AT - 3 * 86_400}, "expired 3 days ago"),
        ({"nbf": AT + 60}, "not yet valid: starts in 1m"),
        ({"exp": "tomorrow"}, "invalid: exp, nbf or iat is not a number"),
        ({"exp": 10**400}, "active: expires in more than 9999 years"),
    ],
)
def test_the_status_is_plain(claims: dict[str, Any], status: str) -> None:
    assert shown(claims).splitlines()[-1] == f"Status     {status}"


def test_an_unsigned_token_is_called_so() -> None:
    assert "Signature  none: this token is not signed" in shown({}, signature=b"")
    assert "Claims\n  (none)\n" in shown({})


def test_long_values_break_between_members_and_never_inside() -> None:
    text = "x" * 300
    claims = {"long": text, "list": [text, text], "short": [1, 2]}
    lines = shown(claims).splitlines()
    assert f'  long   "{text}"' in lines
    assert [line for line in lines if text in line] == [f'  long   "{text}"', f'      "{text}",', f'      "{text}"']
    assert "  short  [1, 2]" in lines


def test_names_that_could_mislead_are_quoted() -> None:
    lines = shown({"": 1, " a": 2, 'b"': 3, "c:": 4, "d\n": 5, "http://x": 6, "plain_name": 7}).splitlines()
    names = [line[2:26].rstrip().rsplit("  ", 1)[0].rstrip() for line in lines[4:11]]
    assert [re.split(r"\s{2,}", name)[0] for name in names] == [
        '""',
        '" a"',
        '"b\\""',
        '"c:"',
        '"d\\n"',
        '"http://x"',
        "plain_name",
    ]


@pytest.mark.parametrize("colour", [True, False])
def test_hostile_text_stays_harmless_wherever_it_stands(colour: bool) -> None:
    claims = {HOSTILE: HOSTILE, "list": [HOSTILE] * 5, "deep": {HOSTILE: {HOSTILE: [HOSTILE]}}, "aud": HOSTILE}
    demands = Expectations(aud=(HOSTILE,), expect=((HOSTILE, "x"),), require=(HOSTILE + "y",))
    token_text = taken_apart(claims, {"alg": HOSTILE, HOSTILE: HOSTILE, "kid": HOSTILE})
    fine = {name: value for name, value in claims.items() if name == "list"}
    outputs = [
        reading(token_text, AT, colour=colour),
        header(token_text.header, colour=colour),
        verdict(judged({"a": 1}, demands)._replace(token=token_text), colour=colour),
        verdict(judged({"a": 1})._replace(token=taken_apart(fine)), colour=colour),
    ]
    for output in outputs:
        plain = SGR.sub("", output)
        assert all(line.isprintable() for line in plain.split("\n"))
        assert "evil" not in plain or "\\u001b]8;;" in plain


def test_colour_changes_no_character() -> None:
    claims = {"sub": "alice [b]x[/b] :smile: http://x 127.0.0.1", "exp": AT + 1, "list": [1] * 60}
    coloured = shown(claims, colour=True)
    assert SGR.sub("", coloured) == shown(claims)
    assert "\x1b[" in coloured
    verdicts = judged(claims), judged({"exp": AT}), judged({"aud": "x"})
    for one in verdicts:
        assert SGR.sub("", verdict(one, colour=True)) == verdict(one)


def test_the_deepest_token_is_shown() -> None:
    deep: Any = 1
    for _ in range(MAX_DEPTH - 1):
        deep = [deep]
    assert shown({"x": deep}).count("[") == MAX_DEPTH - 1


def test_the_header_can_stand_alone() -> None:
    assert header({"alg": "HS256", "kid": "1"}) == '  alg  "HS256"\n  kid  "1"'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("alice", "alice"),
        ("", ""),
        ("Zoë 🦊", "Zoë 🦊"),
        ('"quoted"', '"quoted"'),
        (7, "7"),
        (1.5, "1.5"),
        (True, "true"),
        (None, "null"),
        (["é", {"a": 1}], '["\\u00e9", {"a": 1}]'),
    ],
)
def test_one_claim_is_text_as_it_is_or_json(value: object, text: str) -> None:
    assert claim(value) == text


@pytest.mark.parametrize(
    "char", ["\x00", "\n", "\t", "\r", "\x1b", "\x7f", "\x85", "\x9f", "\u2028", "\u2029", *map(chr, (0xD800, 0xDFFF))]
)
def test_a_claim_that_a_script_would_misread_is_refused(char: str) -> None:
    with pytest.raises(ClaimError) as caught:
        claim(f"alice{char}")
    assert (caught.value.code, caught.value.status) == ("unprintable_claim", Status.CLAIM)
    assert caught.value.hint == "--json prints it as a JSON string"


def test_an_accepted_token_is_shown_with_every_check_and_its_claims() -> None:
    assert verdict(judged({"sub": "alice", "exp": AT + 60})) == (
        "accepted  at 2023-11-14T22:13:20Z\n"
        "  ok    form\n"
        "  ok    key        a secret of 256 bits from --key\n"
        "  ok    algorithm  HS256\n"
        "  ok    signature\n"
        "  ok    crit\n"
        "  ok    exp        expires in 1m\n"
        '  ok    sub        "alice"\n'
        "\n"
        "Claims\n"
        '  sub  "alice"\n'
        "  exp  1700000060  2023-11-14T22:14:20Z, in 1m"
    )


def test_a_refused_token_is_shown_with_every_check_and_no_claims() -> None:
    refused = judged({"sub": "alice", "exp": AT - 60, "aud": "api"})
    assert verdict(refused) == (
        "refused  expired 1m ago  at 2023-11-14T22:13:20Z\n"
        "  ok    form\n"
        "  ok    key        a secret of 256 bits from --key\n"
        "  ok    algorithm  HS256\n"
        "  ok    signature\n"
        "  ok    crit\n"
        "  FAIL  exp        expired 1m ago (exp 2023-11-14T22:12:20Z, now 2023-11-14T22:13:20Z)\n"
        '  FAIL  aud        the token is meant for "api": name yourself with --aud, or take any with --any-aud\n'
        '  ok    sub        "alice"'
    )
    assert refusal(refused) == (
        "refused: exp: expired 1m ago (exp 2023-11-14T22:12:20Z, now 2023-11-14T22:13:20Z); "
        'aud: the token is meant for "api": name yourself with --aud, or take any with --any-aud'
    )


@pytest.mark.parametrize(
    ("claims", "short"),
    [
        ({"iss": 'Foo (Bar) "Inc"'}, r'iss is "Foo (Bar) \"Inc\"", not "me"'),
        ({"iss": "me", "aud": ["a (b)", "c ("]}, 'the token is for ["a (b)", "c ("], not for "my (api)"'),
        ({"iss": "me", "aud": "my (api)", "nbf": AT + 60}, "valid only in 1m"),
    ],
)
def test_the_first_line_leaves_out_our_own_aside_and_nothing_that_the_token_says(
    claims: dict[str, Any], short: str
) -> None:
    refused = judged(claims, Expectations(iss=("me",), aud=("my (api)",) if "aud" in claims else ()))
    assert verdict(refused).splitlines()[0] == f"refused  {short}  at 2023-11-14T22:13:20Z"
    assert slim_line(7, refused) == f"7 refused {short}"


def test_what_could_not_be_checked_is_marked() -> None:
    assert verdict(verify("x", KEYS, Expectations(), AT)).splitlines()[2:] == [
        "  -     key        could not be checked",
        "  -     algorithm  could not be checked",
        "  -     signature  could not be checked",
    ]


def test_a_new_key_is_told_without_its_material() -> None:
    key = replace(key_for("ES256"), kid="k")
    assert key_note(key, "key.jwk") == "made a P-256 private key for ES256, kid k, in key.jwk"
    assert key_note(replace(key, kid=None), "key.jwk") == "made a P-256 private key for ES256, in key.jwk"
