"""Nothing that steers a terminal or hides in a line comes through."""

import json
import sys
import unicodedata

import pytest

from jwtcli.core.printable import printable, printable_json

# Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties: what is there and cannot be seen.
IGNORABLE = [
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
]


@pytest.mark.parametrize("text", ["", "alice", "Zoë Ærø 東京 🦊 𝄞", "a b", '"\\', "[red]x[/x]", "e\u0301"])
def test_what_can_be_seen_stays(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "\\u001b[31m"),
        ("a\nb\r\tc", "a\\u000ab\\u000d\\u0009c"),
        ("\x00\x7f\x9b", "\\u0000\\u007f\\u009b"),
        ("\u202eevil\u2066", "\\u202eevil\\u2066"),
        ("\u2028\u2029", "\\u2028\\u2029"),
        ("\u200b\ufeff", "\\u200b\\ufeff"),
        ("\u00a0\u3000", "\\u00a0\\u3000"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\udb40\\udc41"),
        ("\U0010ffff", "\\udbff\\udfff"),
        ("\u3164\ufe0f", "\\u3164\\ufe0f"),
    ],
)
def test_what_cannot_be_seen_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    "command", ["##[set-output name=a]b", "x ##[add-mask]e", "##vso[task.setvariable]", "##VSO[", "##teamcity[x"]
)
def test_no_command_to_a_ci_runner_comes_through(command: str) -> None:
    """GitHub's, Azure's and TeamCity's obey these wherever they stand in a line of the log."""
    for shown in (printable(command), printable_json(command)[1:-1], printable(f"\x1b{command}")):
        assert "##[" not in shown
        assert "##vso[" not in shown.lower()
        assert "##teamcity[" not in shown
    assert json.loads(printable_json(command)) == json.loads(f'"{printable(command)}"') == command


@pytest.mark.parametrize("text", ["##", "# [x]", "#[x]", "## [x]", "##x[", "vso["])
def test_what_no_runner_obeys_stays(text: str) -> None:
    assert (printable(text), printable_json(text)) == (text, f'"{text}"')


def test_every_character_is_visible_or_escaped() -> None:
    hidden = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}
    through = [
        code
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(char := chr(code)) in hidden and char != " " and printable(char) == char
    ]
    assert through == []


def test_every_ignorable_character_is_escaped() -> None:
    codes = [code for first, last in IGNORABLE for code in range(first, last + 1)]
    assert [hex(code) for code in codes if printable(chr(code)) == chr(code)] == []


@pytest.mark.parametrize("text", ["a\x1b\u202e\U000e0041\U0010ffff\ud800", "\u2028\x00\x7f", "é🦊\u3164"])
def test_the_escapes_are_those_of_json(text: str) -> None:
    assert json.loads(f'"{printable(text)}"') == text
