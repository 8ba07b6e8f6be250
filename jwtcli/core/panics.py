"""Panics of libraries written in Rust, which are no Exceptions in Python, told as ordinary errors."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def panics_as_errors() -> Iterator[None]:
    """Raise ValueError in place of a panic; what ends a program passes, and so does every Exception.

    The panics have a class without a name to import (PyO3's PanicException, a BaseException), so they are
    told by what they are not.
    """
    try:
        yield
    except (Exception, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException:
        raise ValueError("a library gave up") from None
