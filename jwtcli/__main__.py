"""The way in: the ``jwtcli`` script and ``python -m jwtcli``."""

import gc
import sys
import warnings


def main() -> int:
    """Run one command line and return its exit status."""
    gc.disable()  # one command makes little garbage, and imports make the collector run for nothing
    # Libraries warn with paths and in their own words; what a user must know, jwtcli says itself.
    warnings.simplefilter("ignore")
    try:
        _leave_no_core()
        from jwtcli.cli import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    finally:
        gc.freeze()  # the interpreter need not search at its end what it throws away as a whole


def _leave_no_core() -> None:
    """See to it that a crash writes no memory, and no key in it, to a disk."""
    try:
        import resource
    except ImportError:  # no such limit here
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
