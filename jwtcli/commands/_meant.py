"""What was meant by a command or an option that there is not: told by its spelling, or by what others call it."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

import click

from jwtcli.core.algorithms import ALGORITHMS

# What other tools call it, and what it is here. Of several that stand for one, a command has one at most.
_COMMANDS = {
    "help": "--help",
    "version": "--version",
    "check": "verify",
    "validate": "verify",
    "sign": "encode",
    "create": "encode",
    "show": "decode",
    "inspect": "decode",
    "parse": "decode",
    "generate": "keygen",
}
_OPTIONS = {
    "--claim": ("--set",),
    "--expires-in": ("--ttl", "--max-age"),
    "--public-key": ("--key",),
    "--private-key": ("--key",),
    "--type": ("--alg", "--typ"),
}
# What there is no option for, and what does it, by the command where it was sought.
_INSTEAD = {
    "encode": {
        "--payload": "the claims are the argument: a JSON object, @FILE or -",
        "--claims": "the claims are the argument: a JSON object, @FILE or -",
        "--header": "-H NAME=TEXT sets a header parameter",
        "--output": "the token goes to standard output: > FILE takes it",
        "-o": "the token goes to standard output: > FILE takes it",
    },
    "decode": {
        "--payload": "--json prints the claims set, for jq '.claims' to choose from",
        "--claims": "--json prints the claims set, for jq '.claims' to choose from",
        "--file": "< FILE, or @FILE in the token's place",
        "--key": "decode needs none: verify judges a token by a key",
        "--secret-file": "decode needs none: verify judges a token by a secret",
    },
    "verify": {
        "--file": "< FILE, or @FILE in the token's place",
        "--ignore-exp": "no check can be left out; every one is made and shown, and decode shows a token unjudged",
        "--no-verify": "decode shows a token without verifying it",
    },
    "lint": {"--lines": "lint takes one token at a time", "--file": "< FILE, or @FILE in the token's place"},
    "jwtcli": {"-v": "did you mean -V?"},
}
_ALIKE = 0.8  # below it 'did you mean' names options that nobody meant
_LONGEST_WORD = 20


def command(word: str, names: Sequence[str]) -> str:
    """Say in a hint which of a group's commands may be meant, or which there are."""
    called = _COMMANDS.get(word)
    meant = [called] if called in names or (called or "").startswith("-") else get_close_matches(word, names, n=1)
    return f"did you mean '{meant[0]}'?" if meant else f"the commands are {', '.join(names)}"


def may_be_told(word: str) -> bool:
    """Tell a word that may be repeated from what may be a token or its beginning: no credential belongs in a log."""
    return len(word) <= _LONGEST_WORD and "." not in word


def surplus(words: str, params: Iterable[click.Parameter]) -> str | None:
    """Say what arguments that a command does not take may be meant as, None where that is not to be guessed."""
    names = [name for param in params for name in (param.name, *param.opts)]
    if words in ALGORITHMS and "--alg" in names:
        return f"did you mean --alg {words}?"
    if words.startswith("-") and words[1:2].strip():
        return "what stands behind -- is no option: options go before it"
    return "a token with a space in it stands in quotes; better, hand it over on stdin" if "token" in names else None


def instead(command: str | None, option: str) -> str | None:
    """Say what does what an option was sought for that there is not, None where that is not known."""
    return _INSTEAD.get(command or "", {}).get(option)


def options(name: str, known: Iterable[str]) -> list[str]:
    """Name the options that may be meant: by another's name for it, one that is its beginning, or one that is alike."""
    there = [option for option in known if option.startswith("--")]
    called = [option for option in _OPTIONS.get(name, ()) if option in there]
    begun = [option for option in there if name.startswith(option) or (len(name) > 4 and option.startswith(name))]
    return called[:1] or begun[:3] or get_close_matches(name, there, n=2, cutoff=_ALIKE)
