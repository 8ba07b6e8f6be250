"""What is told of an exception that nobody foresaw: types and places, never its message."""

from collections.abc import Iterator
from traceback import extract_tb


def frames(error: BaseException) -> Iterator[str]:
    """Yield the type of each exception of the chain and its frames as file, line and function.

    No message and no locals: an exception of another library may quote a key.
    """
    seen: set[int] = set()
    chained: BaseException | None = error
    while chained is not None and id(chained) not in seen:
        seen.add(id(chained))
        yield f"{type(chained).__module__}.{type(chained).__qualname__}"
        for frame in extract_tb(chained.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} {frame.name}"
        chained = chained.__cause__ or chained.__context__
