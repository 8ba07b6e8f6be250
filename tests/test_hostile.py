"""What somebody with hostile intent tried: to pass for accepted, to steer a terminal, to make a key worth nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from jwtcli.core.strict import base64url_encode
from tests.conftest import AT, Run, write_key_files
from tests.drawn import sign


def unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """A token that anyone can write."""
    return ".".join(base64url_encode(json.dumps(part).encode()) for part in (header, claims)) + ".AAAA"


@pytest.mark.parametrize("char", ["\x1b", "\x7f", "\x9b", "\r", "\u2028", "\u202e", "\u2066", "\ud800"])
def test_a_claim_that_would_steer_a_terminal_reaches_it_in_no_view(jwtcli: Run, char: str) -> None:
    token = unsigned({"alg": "HS256"}, {"text": f"a{char}b", "list": [f"a{char}b"]})
    alone = jwtcli("decode", "--claim", "text", stdin=token)
    assert (alone.status, alone.stdout) == (7, "")
    in_json = jwtcli("decode", "--json", "--claim", "text", stdin=token)
    assert (in_json.status, in_json.json) == (0, f"a{char}b")
    shown = [in_json.stdout, *(jwtcli("decode", *view, stdin=token).stdout for view in ([], ["--json"]))]
    shown.append(jwtcli("decode", "--claim", "list", stdin=token).stdout)
    assert [text for text in shown if char in text] == []


@pytest.mark.parametrize("name", ["typ", "cty", "kid"])
@pytest.mark.parametrize("value", [None, 1, True, ["JWT"], {}])
def test_a_header_parameter_of_the_wrong_type_is_refused(jwtcli: Run, tmp_path: Path, name: str, value: object) -> None:
    key = write_key_files(tmp_path, "HS256").private
    token = sign(json.dumps({"alg": "HS256", name: value}).encode(), b'{"sub":"alice"}')
    judged = jwtcli("verify", "--json", "--key", key, "--at", str(AT), stdin=token)
    assert (judged.status, judged.json["checks"][0]["reason"]) == (
        3,
        f"the header's {name} is not text (RFC 7515 section 4.1)",
    )


@pytest.mark.parametrize("value", [False, None, 0, "true", []])
def test_b64_is_true_or_the_token_is_refused(jwtcli: Run, tmp_path: Path, value: object) -> None:
    key = write_key_files(tmp_path, "HS256").private
    token = sign(json.dumps({"alg": "HS256", "b64": value}).encode(), b'{"sub":"alice"}')
    judged = jwtcli("verify", "--json", "--key", key, "--at", str(AT), stdin=token)
    assert (judged.status, judged.json["reason"]) == (3, "b64")
