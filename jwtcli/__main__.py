"""The way in: the ``jwtcli`` script and ``python -m jwtcli``."""

import sys
import warnings


def main() -> int:
    """Run one command line and return its exit status."""
    # Libraries warn with paths and in their own words; what a user must know, jwtcli says itself.
    warnings.simplefilter("ignore")
    try:
        from jwtcli.cli import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
