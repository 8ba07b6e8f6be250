"""One target under atheris; ``python -m tests.fuzz`` calls it."""

import sys

import atheris

with atheris.instrument_imports(include=["jwtcli"]):
    from tests.fuzz.targets import TARGETS

if __name__ == "__main__":
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
