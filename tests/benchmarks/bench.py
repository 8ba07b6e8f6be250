"""Measures jwtcli against yardsticks, side by side in one run, and prints a table of ratios.

    python tests/benchmarks/bench.py            # everything, about a quarter of an hour on two cores
    python tests/benchmarks/bench.py --quick    # a tenth of the tokens, rougher
    python tests/benchmarks/bench.py --profile  # where a stream spends its time

Ratios, because machines differ and are busy: commands that run once are timed in interleaved pairs (median of the
pairs' wall-clock ratios); streams in CPU seconds, user and system, of the process and its children (median of the
runs).
"""

import argparse
import os
import re
import shutil
import subprocess
import sysconfig
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from statistics import median

SCRIPTS = Path(sysconfig.get_path("scripts"))
JWTCLI = str(SCRIPTS / "jwtcli")
PYTHON = Path(JWTCLI).read_text(encoding="utf-8").splitlines()[0].removeprefix("#!")
CLAIMS = (
    '{"iss": "https://issuer.example/", "sub": "248289761001", "aud": "https://api.example/", "name": "Alice Liddell",'
    ' "email": "alice@example.com", "scope": "openid profile email", "roles": ["admin", "developer"]}'
)
ALGORITHMS = ("HS256", "RS256", "ES256", "EdDSA")
OPENSSL = {"RS256": ("rsa2048", 0.45), "ES256": ("ecdsap256", 0.70), "EdDSA": ("ed25519", 0.75)}
LOOP = (
    "import json, sys, jwt\n"
    "from jwtcli.core.keyfiles import load\n"
    "key = load(open(sys.argv[1], 'rb').read(), None)\n"
    "for line in sys.stdin.buffer:\n"
    "    print(json.dumps(jwt.decode(line.strip(), key.native, [sys.argv[2]], audience='https://api.example/')))\n"
)
TAB = 'source "$0"; COMP_WORDS=(jwtcli verify --) COMP_CWORD=2; _jwtcli jwtcli; [[ ${COMPREPLY[*]} == *--aud* ]]'
PEAK = (
    "import resource, subprocess, sys\n"
    "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)\n"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
)


@dataclass(frozen=True)
class Run:
    """What one run of a command took, in seconds."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    tokens: int
    pairs: int
    runs: int
    memory: tuple[int, int]


def main() -> None:
    """Measure, and print the table row by row."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the tokens, fewer runs")
    parser.add_argument("--profile", action="store_true", help="show where a stream spends its time, and nothing else")
    chosen = parser.parse_args()
    plan = Plan(10_000, 11, 3, (10_000, 100_000)) if chosen.quick else Plan(100_000, 21, 5, (10_000, 1_000_000))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["JWTCLI_HOME"] = name
        if chosen.profile:
            profile(folder)
            return
        print("| what | against | reach | measured |\n|---|---|---|---|", flush=True)
        for row in chain(one_shots(folder, plan), streams(folder, plan)):
            print(f"| {' | '.join(row)} |", flush=True)


def one_shots(folder: Path, plan: Plan) -> Iterator[tuple[str, str, str, str]]:
    """Time commands that judge or read one token."""
    token = folder / "token"
    bare, libraries = [PYTHON, "-I", "-c", "pass"], [PYTHON, "-c", "import click, jwt"]
    for alg in ("HS256", "RS256"):
        make(folder, alg, 1).rename(folder / f"{alg}.one")
    token = folder / "HS256.one"
    tab = [str(shutil.which("bash")), "--norc", "-c", TAB, str(folder / "completion")]
    with open(tab[-1], "wb") as script:
        subprocess.run([JWTCLI, "completion", "bash"], stdout=script, check=True)
    kids = {"_JWTCLI_COMPLETE": "bash_complete", "COMP_WORDS": "jwtcli verify --kid ", "COMP_CWORD": "3"}
    rows: tuple[tuple[str, list[str], dict[str, str], list[str], str, float], ...] = (
        ("`decode` one token in a pipe", [JWTCLI, "decode", "--json"], {}, bare, "`python -I -c pass`", 4.0),
        ("`--help`", [JWTCLI, "--help"], {}, bare, "the same", 4.1),
        ("a TAB behind `verify --` in bash, its start included", tab, {}, bare, "the same", 4.1),
        ("a TAB behind `--kid`, which asks jwtcli", [JWTCLI], kids, bare, "the same", 4.1),
        ("`verify` one HS256 token", verifying(folder, "HS256"), {}, libraries, '`python -c "import click, jwt"`', 1.0),
        ("`verify` one RS256 token", verifying(folder, "RS256"), {}, libraries, "the same", 1.0),
    )
    for what, command, environment, yardstick, against, limit in rows:
        given = folder / "RS256.one" if "RS256" in what else token
        ratios = [
            run(command, given, environment).wall / run(yardstick, given).wall for _ in range(plan.pairs + 1)
        ]  # the first pair warms the caches of the file system
        yield f"{what}, wall", against, f"at most {limit} x", f"{median(ratios[1:]):.2f} x"


def streams(folder: Path, plan: Plan) -> Iterator[tuple[str, str, str, str]]:
    """Time streams of tokens."""
    files = {alg: make(folder, alg, plan.tokens) for alg in ALGORITHMS}
    for alg, least in (("HS256", 3.0), ("RS256", 2.0)):
        ours = lining(folder, alg, "--jobs", "1")
        loop = [PYTHON, "-c", LOOP, public(folder, alg), alg]
        ratio = median(run(loop, files[alg]).cpu / run(ours, files[alg]).cpu for _ in range(plan.runs))
        yield f"verify stream {alg}, 1 job, CPU", "the loop", f"at least {least} x as many", f"{ratio:.2f} x"
    for alg, (name, least) in OPENSSL.items():
        shares = [rate(folder, alg, files[alg], plan.tokens) / openssl(name) for _ in range(plan.runs)]
        what = f"verify stream {alg}, CPU"
        yield what, f"`openssl speed {name}`, one core", f"at least {least:.0%}", f"{median(shares):.0%}"
    yield "2 jobs, wall", "two unrelated processes side by side", "at least 90%", f"{two_jobs(folder, files, plan):.0%}"
    for alg in ("RS256", "ES256"):
        once, tenfold = tens(folder, files[alg])
        ratio = median(
            rate(folder, alg, tenfold, plan.tokens) / rate(folder, alg, once, plan.tokens) for _ in range(plan.runs)
        )
        yield f"each {alg} token ten times, CPU", "each once", "at least 3 x", f"{ratio:.2f} x"
    few, many = (peak(folder, files["HS256"], plan.tokens, count) for count in plan.memory)
    what = f"peak of the largest process, {plan.memory[1]:,} tokens"
    yield what, f"{plan.memory[0]:,}", "at most 1.1 x", f"{many / few:.2f} x ({many // 1024} MiB)"


def two_jobs(folder: Path, files: dict[str, Path], plan: Plan) -> float:
    """Compare two jobs with two processes that know nothing of one another, each with half of the stream."""
    lines = files["RS256"].read_bytes().splitlines(keepends=True)
    halves = [folder / "first", folder / "second"]
    for half, part in zip(halves, (lines[: len(lines) // 2], lines[len(lines) // 2 :]), strict=True):
        half.write_bytes(b"".join(part))

    def apart() -> float:
        command = lining(folder, "RS256", "--jobs", "1")
        threads = [threading.Thread(target=run, args=(command, half)) for half in halves]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.perf_counter() - began

    together = lining(folder, "RS256", "--jobs", "2")
    return median(apart() / run(together, files["RS256"]).wall for _ in range(plan.runs))


def tens(folder: Path, file: Path) -> tuple[Path, Path]:
    """Return a stream of unlike tokens, and one as long in which each comes ten times, far apart."""
    lines = file.read_bytes().splitlines(keepends=True)
    again = folder / "again"
    again.write_bytes(b"".join(lines[: len(lines) // 10] * 10))
    return file, again


def rate(folder: Path, alg: str, file: Path, tokens: int) -> float:
    """Return how many tokens a stream judges in a CPU second."""
    return tokens / run(lining(folder, alg, "--jobs", "1"), file).cpu


def openssl(name: str) -> float:
    """Return how many signatures one core verifies in a second, by ``openssl speed``."""
    program = shutil.which("openssl")
    assert program is not None, "openssl is the yardstick of the signatures"
    told = subprocess.run([program, "speed", "-seconds", "2", name], capture_output=True, text=True, check=True).stdout
    return float(re.findall(r"[\d.]+", told.splitlines()[-1])[-1])


def peak(folder: Path, file: Path, tokens: int, wanted: int) -> int:
    """Return the peak of the largest process, in KiB, over a stream of so many tokens.

    A small process starts the command and asks for it: one that this process starts would begin with the memory
    that is held here, and that would be the peak of both streams.
    """
    command = [PYTHON, "-I", "-c", PEAK, *lining(folder, "HS256", "--jobs", "2")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for begun in range(0, wanted, tokens):
            with file.open("rb") as given:
                for line in islice(given, wanted - begun):
                    process.stdin.write(line)
        process.stdin.close()
        return int(process.stdout.read())


def verifying(folder: Path, alg: str) -> list[str]:
    return [JWTCLI, "verify", "--json", "--aud", "https://api.example/", "--key", public(folder, alg)]


def lining(folder: Path, alg: str, *args: str) -> list[str]:
    return [*verifying(folder, alg), "--lines", *args]


def key(folder: Path, alg: str) -> str:
    """Return the name of a key file, made at its first use."""
    file = folder / f"{alg}.jwk"
    if not file.exists():
        other = [] if alg == "HS256" else ["--public", public(folder, alg)]
        subprocess.run([JWTCLI, "keygen", "-q", "-a", alg, "-o", file, *other], stdout=subprocess.DEVNULL, check=True)
    return str(file)


def public(folder: Path, alg: str) -> str:
    """Return the name of the file that verifies what ``key`` signs."""
    return str(folder / (f"{alg}.jwk" if alg == "HS256" else f"{alg}.public.jwk"))


def make(folder: Path, alg: str, count: int) -> Path:
    """Make a file of tokens of 400 to 700 bytes, no two of them alike."""
    file = folder / f"{alg}.tokens"
    command = [
        JWTCLI,
        "encode",
        "-q",
        "--key",
        key(folder, alg),
        "--count",
        str(count),
        "--ttl",
        "7d",
        "--new-jti",
        CLAIMS,
    ]
    with file.open("wb") as out:
        subprocess.run(command, stdout=out, check=True)
    return file


def run(command: Sequence[str], file: Path | None = None, environment: dict[str, str] | None = None) -> Run:
    """Run a command on a file; account for it and the processes it waited for."""
    with open(file or os.devnull, "rb") as given, open(os.devnull, "wb") as nowhere:
        began = time.perf_counter()
        environment = {**os.environ, **(environment or {})}
        process = subprocess.Popen(command, stdin=given, stdout=nowhere, stderr=nowhere, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
    assert process.returncode == 0, f"{' '.join(command)[:200]} ended with {process.returncode}"
    return Run(wall, used.ru_utime + used.ru_stime)


def profile(folder: Path) -> None:
    """Print where streams of two algorithms spend their time."""
    for alg in ("HS256", "RS256"):
        file = make(folder, alg, 10_000)
        program = (
            "import cProfile, pstats, sys\n"
            "from jwtcli.cli import run\n"
            "profile = cProfile.Profile()\n"
            "profile.runcall(run, sys.argv[1:])\n"
            "pstats.Stats(profile, stream=sys.stderr).strip_dirs().sort_stats('tottime').print_stats(20)\n"
        )
        with file.open("rb") as given:
            command = [PYTHON, "-c", program, *lining(folder, alg, "--jobs", "1")[1:]]
            told = subprocess.run(command, stdin=given, capture_output=True, text=True, check=True)
        print(f"{alg}\n{told.stderr}")


if __name__ == "__main__":
    main()
