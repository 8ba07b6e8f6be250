"""The shared conformance corpus, run in this process; a sample of it goes through the installed command."""

import base64
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests import vectors_adapter
from tests.conftest import SHARED, Run

SAMPLE = 40
"""Every so many cases one goes through the installed command as well."""

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/vectors is not beside this checkout")


def cases(name: str) -> list[dict[str, Any]]:
    path = SHARED / name
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def token(case: dict[str, Any]) -> bytes:
    if case.get("token") is not None:
        return str(case["token"]).encode("utf-8", "surrogatepass")
    if "token_b64" in case:
        return base64.b64decode(case["token_b64"])
    return b"".join(
        base64.b64decode(piece[1]) if piece[0] == "b64" else piece[1].encode() * piece[2]
        for piece in case["token_recipe"]
    )


def key_text(key: dict[str, Any]) -> bytes:
    shapes = {"jwk": "jwk", "jwks": "jwks", "pem": "pem", "text": "text", "secret": "value"}
    value = key[shapes[key["format"]]]
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "surrogatepass")


def command_line(case: dict[str, Any], folder: Path) -> list[str]:
    if case["op"] == "decode":
        return vectors_adapter.decode(case)[1:]
    file = folder / "key"
    file.write_bytes(key_text(case["key"]))
    file.chmod(0o600)
    return vectors_adapter.verify(case, str(file))[1:]


def problems(case: dict[str, Any], result: Any) -> Iterator[str]:
    """Yield what the runner of the corpus would say, its soft remarks about reasons included."""
    also = case.get("also_ok", [])
    if case["op"] == "decode":
        allowed = {"ok": result.status == 0, "error": result.status == 3, "either": result.status in (0, 3)}
        if not allowed[case["expected"]]:
            yield f"status {result.status}, expected {case['expected']}"
        if result.status == 0 and "json_lossless" in case["checks"] and case.get("payload_json"):
            yield from _lost(case, result.stdout)
        return
    if result.status == 2:  # an allow-list of two families, or two tokens: wrong usage, before any token is judged
        if case["expected"] == "valid" or result.json["error"]["code"] not in ("mixed_families", "several_tokens"):
            yield f"status 2: {result.json['error']}"
        return
    accepted = result.status == 0
    if result.status not in (0, 3, 4, 5, 6, 7, 8):
        yield f"status {result.status} is no verdict"
    if (case["expected"] == "valid") != accepted and ("valid" if accepted else "invalid") not in {
        one.partition(":")[0] for one in also
    }:
        yield f"status {result.status}, expected {case['expected']}"
    reason = vectors_adapter.reason(result.status, result.stdout.encode(), b"")
    allowed_reasons = {*case.get("reasons_ok", ()), *(one.partition(":")[2] for one in also)}
    if not accepted and case["expected"] == "invalid" and reason not in allowed_reasons:
        yield f"reason {reason}, expected one of {sorted(allowed_reasons)}"
    if accepted and "claims" in case and result.json["claims"] != case["claims"]:
        yield "the claims differ"


def _lost(case: dict[str, Any], stdout: str) -> Iterator[str]:
    def read(text: str) -> Any:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal)

    if read(stdout)["claims"] != read(case["payload_json"]):
        yield "the claims differ from the payload"


@pytest.mark.parametrize("name", ["verify.jsonl", "decode.jsonl"])
def test_every_case_has_the_verdict_and_the_reason_of_the_corpus(jwtcli: Run, tmp_path: Path, name: str) -> None:
    corpus = cases(name)
    assert corpus
    wrong = {}
    for case in corpus:
        result = jwtcli(*command_line(case, tmp_path), stdin=token(case))
        found = list(problems(case, result))
        if found:
            wrong[f"{case['id']} {case['name']}"] = found
    assert wrong == {}


@pytest.mark.parametrize(
    "case", (cases("verify.jsonl") + cases("decode.jsonl"))[::SAMPLE], ids=lambda case: str(case["id"])
)
def test_the_installed_command_says_the_same(installed: Run, jwtcli: Run, tmp_path: Path, case: dict[str, Any]) -> None:
    args = command_line(case, tmp_path)
    process, here = installed(*args, stdin=token(case)), jwtcli(*args, stdin=token(case))
    assert list(problems(case, process)) == []
    assert (process.status, process.stderr) == (here.status, here.stderr)
    if "--at" in args:  # decode tells the time of day
        assert process.stdout == here.stdout
