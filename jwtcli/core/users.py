"""Names and passwords of the people whom a local test issuer lets in."""

from jwtcli.core.errors import UsageError
from jwtcli.core.printable import printable

MAX_BYTES = 1024 * 1024
"""More than the users of a test issuer ever take."""


def read_users(content: bytes, source: str) -> dict[str, str]:
    """Read ``name:password`` lines; a password may hold colons.

    Raises UsageError, which names the source and the line's number and never the line, and for more than MAX_BYTES.
    """
    if len(content) > MAX_BYTES:
        raise UsageError(f"{source} is larger than {MAX_BYTES // 1024 // 1024} MiB", code="bad_users")
    try:
        lines = content.decode("utf-8-sig").split("\n")  # and at nothing else, which a password may hold
    except UnicodeDecodeError:
        raise UsageError(f"the users of {source} are not UTF-8 text", code="bad_users") from None
    users: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        name, colon, password = line.removesuffix("\r").partition(":")
        if not name or not colon:
            raise UsageError(f"line {number} of {source} is not name:password", code="bad_users")
        if printable(name) != name:
            raise UsageError(f"line {number} of {source} has a name with invisible characters", code="bad_users")
        if name in users:
            raise UsageError(f"line {number} of {source} has a name that stands there already", code="bad_users")
        users[name] = password
    if not users:
        raise UsageError(f"{source} holds no users: name:password lines are wanted", code="bad_users")
    return users
