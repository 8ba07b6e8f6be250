"""What is fuzzed, and what must hold for any bytes: own errors only, documented statuses, clean text, no forged yes."""

import json
import os
import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import jwt
from click.testing import CliRunner

from jwtcli.cli import run
from jwtcli.core import as_json, as_text, keysets, reading
from jwtcli.core.errors import JwtcliError, Status
from jwtcli.core.keyfiles import from_secret, load
from jwtcli.core.keys import Key
from jwtcli.core.keysets import KeySet
from jwtcli.core.lookalikes import what_it_looks_like
from jwtcli.core.sources import KeySource
from jwtcli.core.text import find
from jwtcli.core.verdict import Expectations
from jwtcli.core.verifier import verify
from tests.drawn import Clock, sign

AT = 1_700_000_000
SEPARATOR = b"\x1e"
"""Stands between the parts of an input for ``verify_command``: the token, the key file, one byte of options."""

SECRET = Key("oct", b"a secret of thirty-two bytes here", private=True, bits=264)

# Each bit of the options byte adds one of these.
_OPTIONS = (
    ("--json",),
    ("--any-aud",),
    ("--allow-weak-key",),
    ("--leeway", "60"),
    ("--alg", "HS256"),
    ("--require", "exp"),
    ("--claim", "sub"),
    ("--color", "always"),
)
_COLOUR = re.compile("\x1b\\[[0-9;]*m")
_UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def parser(data: bytes) -> None:
    """Read a token of any kind, and show it in both views."""
    with suppress(JwtcliError):
        read = reading.read(find(data, mend=True).compact)
        shown = as_text.reading(read, AT)
        assert not _UNCLEAN.search(shown)
        assert json.loads(as_json.reading(read, AT))["verified"] is False
        assert as_json.reading(read, AT).isascii()
        list(reading.caveats(read))


def key_loader(data: bytes) -> None:
    """Read a key file, a key set and a secret; what comes back says nothing of the key's bytes."""
    for read in (load, from_secret, what_it_looks_like):
        try:
            assert data not in repr(read(data)).encode() or len(data) < 16
        except JwtcliError as error:
            _assert_own_words(error, data)
    try:
        keys = keysets.read(KeySource("fuzz", data))
    except JwtcliError as error:
        _assert_own_words(error, data)
        return
    for key in keys.keys:
        with suppress(JwtcliError):
            assert keys.algorithms(key)


def verify_command(data: bytes) -> None:
    """Run the whole command on a token and a key file, with some of its options."""
    token, key, options = (*data.split(SEPARATOR, 2), b"", b"")[:3]
    switches = options[0] if options else 0
    args = [word for bit, words in enumerate(_OPTIONS) if switches >> bit & 1 for word in words]
    with tempfile.NamedTemporaryFile() as file:
        file.write(key)
        file.flush()
        status, stdout, stderr = call("verify", "--at", str(AT), "--key", file.name, *args, stdin=token)
    assert status in set(Status) - {Status.INTERRUPTED, Status.PIPE_CLOSED, Status.FAILED, Status.FETCH}, status
    for text in (stdout, stderr):
        assert not _UNCLEAN.search(_COLOUR.sub("", text)), text
    assert all(line.startswith("jwtcli: ") for line in stderr.splitlines()), stderr
    if status == Status.DONE and "--json" in args and "--claim" not in args:
        verdict = json.loads(stdout)
        assert verdict["accepted"] is True
        assert [check["passed"] for check in verdict["checks"]] == [True] * len(verdict["checks"])
        assert {"form", "key", "algorithm", "signature"} <= {check["name"] for check in verdict["checks"]}


def signed(data: bytes) -> None:
    """Sign any header and claims with a known secret: what is accepted, PyJWT accepts too."""
    header, claims = (*data.split(SEPARATOR, 1), b"")[:2]
    token = sign(header, claims, key=SECRET)
    audience = "a" if b"aud" in claims else None
    verdict = verify(token, KeySet((SECRET,), "fuzz"), Expectations(aud=(audience,) if audience else ()), AT)
    assert as_json.verdict(verdict).isascii()
    assert not _UNCLEAN.search(as_text.verdict(verdict))
    if verdict.accepted and verdict.token is not None:
        exp = verdict.token.claims.get("exp")
        truncated = isinstance(exp, float) and AT < exp < AT + 1  # the exception: PyJWT cuts off a fraction
        with patch("jwt.api_jwt.datetime", Clock(AT)):
            options: Any = {"verify_exp": not truncated}
            jwt.decode(token, SECRET.native, algorithms=["HS256"], audience=audience, options=options)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "parser": parser,
    "keys": key_loader,
    "verify": verify_command,
    "signed": signed,
}


def call(*args: str, stdin: bytes) -> tuple[int, str, str]:
    """Run a command line in this process, with nothing in the environment."""
    cleared: dict[str, str | None] = dict.fromkeys(os.environ)
    with CliRunner().isolation(stdin, env={**cleared, "PATH": os.environ.get("PATH", "")}) as (out, err, _):
        status = run(list(args))
        return status, out.getvalue().decode(), err.getvalue().decode()


def corpus(target: str) -> list[Path]:
    """The inputs that a target starts from: examples, and every finding since."""
    return sorted((Path(__file__).parent / "corpus" / target).iterdir())


def _assert_own_words(error: JwtcliError, data: bytes) -> None:
    """No stretch of a key file stands in what is said about it; a kid may, being made to be told."""
    said = f"{error.message} {error.hint}".encode("utf-8", "replace")
    if error.code != "duplicate_kid":
        assert not any(data[start : start + 16] in said for start in range(0, len(data) - 16, 16)), error.message
