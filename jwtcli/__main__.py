"""The way in: the ``jwtcli`` script and ``python -m jwtcli``."""

import gc
import sys
import warnings
from contextlib import suppress
from types import TracebackType


def main() -> int:
    """Run one command line and return its exit status."""
    _tell_no_tracebacks()
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
    except Exception as error:  # where even telling of a failure failed
        return _last_words(type(error))
    finally:
        gc.freeze()  # the interpreter need not search at its end what it throws away as a whole


def _tell_no_tracebacks() -> None:
    """Keep Python from quoting what goes wrong outside of ``main`` and while the interpreter ends.

    There a second Ctrl-C is heard, or memory is gone; the status is known by then.
    """
    sys.unraisablehook = lambda _: None
    sys.excepthook = _told_by_type


def _told_by_type(kind: type[BaseException], _error: BaseException, _at: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        _last_words(kind)


def _leave_no_core() -> None:
    """See to it that a crash writes no memory, and no key in it, to a disk."""
    try:
        import resource
    except ImportError:  # no such limit here
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _last_words(kind: type[BaseException]) -> int:
    with suppress(Exception):  # nobody may be there to hear them
        sys.stderr.write(f"jwtcli: error: this is a bug in jwtcli ({kind.__name__})\n")
        sys.stderr.flush()
    return 1


if __name__ == "__main__":
    sys.exit(main())
