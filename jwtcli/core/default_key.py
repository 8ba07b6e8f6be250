"""The key that is used where no option and no variable gives one: the file that ``keygen`` makes."""

from pathlib import Path

from jwtcli.core.errors import FileError, UnusableKeyError
from jwtcli.core.files import unreadable
from jwtcli.core.ownership import read_own
from jwtcli.core.sources import MAX_KEY_BYTES, KeySource, bounded, exposed

_NAME = "default key file"


def read(path: Path, *, verifying: bool) -> KeySource:
    """Read the default key file, where none but this user could have put it there.

    Raises UnusableKeyError where it is not there or not to be trusted, FileError where it cannot be read.
    """
    try:
        content = read_own(path, MAX_KEY_BYTES + 1)
    except FileNotFoundError:
        raise _no_key(path, verifying=verifying) from None
    except FileError as error:
        raise untrusted(path, error.message) from None
    except (OSError, ValueError) as error:
        raise unreadable(str(path), error) from None
    return KeySource(_NAME, bounded(content, _NAME, str(path)), warnings=exposed(str(path)))


def untrusted(path: Path, reason: str) -> UnusableKeyError:
    """Return the refusal of a default key file whose content may be somebody else's."""
    return UnusableKeyError(
        f"the default key file is not trusted: {reason}",
        hint=f"--key {path} takes it all the same",
        code="untrusted_key_file",
    )


def _no_key(path: Path, *, verifying: bool) -> UnusableKeyError:
    default = f"there is no key: no option, no variable, and no default key file {path}"
    hint = "'jwtcli keygen' makes one to sign with; or --key FILE / --secret-file FILE; or JWTCLI_KEY / JWTCLI_SECRET"
    if verifying:  # a new one verifies no token that is there already
        hint = "--key FILE, --secret-file FILE, --jwks FILE|URL, --issuer-url URL; or JWTCLI_KEY / JWTCLI_SECRET"
    return UnusableKeyError(default, hint=hint, code="no_key")
