"""Fuzz the targets, each for a while: ``python -m tests.fuzz [SECONDS] [TARGET...]``, with the extra ``fuzz``.

An input that breaks a target is written to the folder of findings. Put it into the target's corpus
with a name that says what it is: from then on every run of the tests replays it.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FINDINGS = HERE / "findings"
MAX_BYTES, SLOW_SECONDS, MEMORY_MIB = 8192, 10, 1024


def main(seconds: int, names: list[str]) -> int:
    """Fuzz each target in a process of its own; return 1 where one of them broke."""
    FINDINGS.mkdir(exist_ok=True)
    statuses = []
    for name in names:
        grown = FINDINGS / f"corpus-{name}"
        grown.mkdir(exist_ok=True)
        limits = (
            f"-max_total_time={seconds}",
            f"-max_len={MAX_BYTES}",
            f"-timeout={SLOW_SECONDS}",
            f"-rss_limit_mb={MEMORY_MIB}",
            f"-artifact_prefix={FINDINGS}/{name}-",
            "-print_final_stats=1",
        )
        command = (sys.executable, "-m", "tests.fuzz.one", name, *limits, str(grown), str(HERE / "corpus" / name))
        statuses.append(subprocess.run(command, check=False).returncode)
    return int(any(statuses))


if __name__ == "__main__":
    from tests.fuzz.targets import TARGETS

    given = sys.argv[2:] or list(TARGETS)
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20, given))
