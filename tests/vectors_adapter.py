"""Maps the cases of the shared conformance corpus to command lines, for its runner ``run_cli.py``."""

import json
import os
from typing import Any

EXE = [os.environ.get("JWTCLI", "jwtcli")]
HANDLES_NOW = True
EXIT = {"valid": {0}, "invalid": {3, 4, 5, 6, 7}}
REASONS = {3: "malformed", 4: "signature", 5: "expired", 6: "not-yet", 7: "claims", 8: "key"}


def verify(case: dict[str, Any], keyfile: str) -> list[str]:
    key, options = case["key"], case["options"]
    argv = [*EXE, "verify", "--json"]
    if key["format"] == "secret":
        argv += ["--secret-file", keyfile, "--secret-encoding", key["encoding"]]
    else:
        argv += ["--jwks" if key["format"] == "jwks" else "--key", keyfile]
    for option, values in (
        ("--alg", case["algs"]),
        ("--aud", options.get("aud", ())),
        ("--iss", options.get("iss", ())),
    ):
        for value in values:
            argv += [option, value]
    for name in options.get("require", ()):
        argv += ["--require", name]
    if "sub" in options:
        argv += ["--sub", options["sub"]]
    if "leeway" in options:
        argv += ["--leeway", f"{options['leeway']}s"]
    if "now" in options:
        argv += ["--at", str(options["now"])]
    return argv


def decode(case: dict[str, Any]) -> list[str]:
    return [*EXE, "decode", "--json"]


def reason(rc: int, out: bytes, err: bytes) -> str | None:
    if rc == 4 and b'"alg_not_allowed"' in out:
        return "alg"
    return REASONS.get(rc)


def payload(out: bytes) -> Any:
    return json.loads(out)["claims"]


def payload_raw(document: dict[str, Any]) -> Any:
    return document["claims"]
