"""The way in: the ``jwtcli`` script and ``python -m jwtcli``."""

import gc
import sys
import warnings
from contextlib import suppress


def main() -> int:
    """Run one command line and return its exit status."""
    gc.disable()  # one command makes little garbage, and imports make the collector run for nothing
    # Libraries warn with paths and in their own words; what a user must know, jwtcli says itself.
    warnings.simplefilter("ignore")
    try:
        _leave_no_core()
        sys.set_int_max_str_digits(4300)  # Python's own bound (core/strict.py), whatever PYTHONINTMAXSTRDIGITS says
        from jwtcli.cli import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # where even telling of a failure failed; a traceback would quote messages
        return _last_words(error)
    finally:
        gc.freeze()  # the interpreter need not search at its end what it throws away as a whole


def _leave_no_core() -> None:
    """See to it that a crash writes no memory, and no key in it, to a disk."""
    try:
        import resource
    except ImportError:  # no such limit here
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _last_words(error: Exception) -> int:
    with suppress(Exception):  # nobody may be there to hear them
        sys.stderr.write(f"jwtcli: error: this is a bug in jwtcli ({type(error).__name__})\n")
        sys.stderr.flush()
    return 1


if __name__ == "__main__":
    sys.exit(main())
