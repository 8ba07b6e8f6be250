"""Everything that can go wrong, as messages a person can act on, and the frozen exit statuses."""

from enum import IntEnum


class Status(IntEnum):
    """The exit statuses: frozen, and told in the README."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    MALFORMED = 3
    SIGNATURE = 4
    EXPIRED = 5
    NOT_YET_VALID = 6
    CLAIM = 7
    KEY = 8
    FETCH = 9
    INTERRUPTED = 130
    PIPE_CLOSED = 141


MEANINGS = {
    Status.DONE: "done; for verify, if and only if every token was accepted",
    Status.FAILED: "jwtcli itself failed: a file, the output, or a bug",
    Status.USAGE: "wrong usage, or claims that encode refuses",
    Status.MALFORMED: "not a token",
    Status.SIGNATURE: "the signature does not verify, or its algorithm is not allowed",
    Status.EXPIRED: "expired",
    Status.NOT_YET_VALID: "not yet valid",
    Status.CLAIM: "another claim, header or policy check failed",
    Status.KEY: "the key: none given, unusable, weak or not fit",
    Status.FETCH: "a key set could not be fetched (worth a retry)",
    Status.INTERRUPTED: "interrupted",
    Status.PIPE_CLOSED: "the reader of standard output went away",
}
"""What each exit status says, in the words of the help and the manual."""

# Where several refusals meet, the first of these is the exit status.
PRECEDENCE = (
    Status.MALFORMED,
    Status.KEY,
    Status.FETCH,
    Status.SIGNATURE,
    Status.EXPIRED,
    Status.NOT_YET_VALID,
    Status.CLAIM,
)


class JwtcliError(Exception):
    """A failure that the user can act on.

    ``message`` says what and why, ``hint`` what to do, ``code`` is a stable slug for scripts and
    ``status`` the exit status. No message may hold key material or another library's text about a
    key; text from a token may stand in it, because the edge makes it printable.
    """

    status = Status.FAILED
    code = "failed"

    def __init__(self, message: str, *, hint: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        """Tell the message as it stands now: the edge may leave out of it what must not be told."""
        return self.message


class FileError(JwtcliError):
    """A file or stream that cannot be read or written (status 1)."""

    code = "file"


class UsageError(JwtcliError):
    """Options, arguments or claims that make no sense together (status 2)."""

    status = Status.USAGE
    code = "usage"


class TokenError(JwtcliError):
    """Text that is not a signed JWT in compact serialization (status 3).

    ``part`` names the part that is wrong where there is one: header, payload or signature.
    """

    status = Status.MALFORMED
    code = "malformed"

    def __init__(
        self, message: str, *, hint: str | None = None, code: str | None = None, part: str | None = None
    ) -> None:
        super().__init__(message, hint=hint, code=code)
        self.part = part


class ClaimError(JwtcliError):
    """A claim that was asked for and is not there, or cannot be printed as it is (status 7)."""

    status = Status.CLAIM
    code = "claim"


class UnusableKeyError(JwtcliError):
    """The operator's key: missing, damaged, weak or not fit for what was asked (status 8)."""

    status = Status.KEY
    code = "unusable_key"


class FetchError(JwtcliError):
    """A key set that could not be fetched; worth a retry (status 9)."""

    status = Status.FETCH
    code = "fetch"
