"""Where a key or secret comes from, option or environment, read to bytes."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from typing import NamedTuple

from jwtcli.core import files
from jwtcli.core.encodings import ENCODINGS, decode_secret, mended_key, without_line_break
from jwtcli.core.errors import FileError, UnusableKeyError, UsageError
from jwtcli.core.mixups import may_be_a_secret, refuse_content_as_path, refuse_path_as_content
from jwtcli.core.urls import check_asked, is_url

MAX_KEY_BYTES = 1024 * 1024
KEY_VARIABLES = ("JWTCLI_KEY", "JWTCLI_KEY_FILE", "JWTCLI_SECRET", "JWTCLI_SECRET_FILE")
ENCODING_VARIABLE = "JWTCLI_SECRET_ENCODING"
_DISCOVERY = "/.well-known/openid-configuration"


class Outside(NamedTuple):
    """What the core may know of the process around it, handed in as values and calls.

    ``read_stdin`` reads at most so many bytes; ``ask`` prompts for something hidden, or is None
    where no person can answer.
    """

    environ: Mapping[str, str]
    read_stdin: Callable[[int], bytes]
    ask: Callable[[str], bytes] | None = None

    def __repr__(self) -> str:
        """Leave out the environment, which may hold secrets."""
        return "Outside(...)"


class KeyRequest(NamedTuple):
    """What the options of a command say about its key."""

    key: str | None = None
    secret_file: str | None = None
    secret_prompt: bool = False
    jwks: str | None = None
    secret_encoding: str | None = None
    passphrase_file: str | None = None
    issuer_url: str | None = None
    allow_http: bool = False


class KeySource(NamedTuple):
    """A key or secret as bytes, and the option or variable it came by.

    ``name`` is fit for messages and the promised JSON; ``notes`` are for the user, and so are
    ``warnings`` where the key turns out to be private. A key set still to be fetched is named by
    its ``url``, or by the ``issuer`` that publishes it.
    """

    name: str
    content: bytes
    secret: bool = False
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    url: str | None = None
    issuer: str | None = None

    def __repr__(self) -> str:
        """Leave out the content, which may be a secret."""
        return f"KeySource({self.name!r})"


def find(request: KeyRequest, outside: Outside, default: Callable[[], KeySource], *, verifying: bool) -> KeySource:
    """Find the one key source: option, then environment, then what ``default`` gives or raises.

    Raises UsageError for two sources at one level, UnusableKeyError for a variable that is set but empty,
    FileError for a file that cannot be read.
    """
    return _from_options(request, outside) or _from_environment(request, outside, verifying=verifying) or default()


def named_files(request: KeyRequest, environ: Mapping[str, str], *, verifying: bool) -> tuple[tuple[str, str], ...]:
    """Return what the key and its passphrase may be read from: each option or variable, and the path that it names."""
    options = (("--key", request.key), ("--secret-file", request.secret_file), ("--jwks", request.jwks))
    named = [(name, path) for name, path in options if path is not None]
    if not (named or request.secret_prompt or request.issuer_url is not None):
        variables = ("JWTCLI_KEY_FILE", "JWTCLI_SECRET_FILE", *(("JWTCLI_JWKS",) if verifying else ()))
        named = [(name, environ[name]) for name in variables if name in environ]
    if request.passphrase_file is not None:
        named.append(("--passphrase-file", request.passphrase_file))
    return tuple(named)


def read_file(path: str, outside: Outside, option: str) -> bytes:
    """Read the file of a key, FIFO or ``-`` (stdin) once, at most 1 MiB; raises FileError and UnusableKeyError."""
    return bounded(read_secret_file(path, MAX_KEY_BYTES + 1, outside, option), option, path)


def read_secret_file(path: str, limit: int, outside: Outside, option: str) -> bytes:
    """Read at most ``limit`` bytes of a file, FIFO or ``-`` (stdin), once; raises FileError.

    Raises UsageError for what is no name but the secret content itself, which no message tells back.
    """
    if not path:
        raise UsageError(f"{option} is empty (is a variable unset?)", code="empty_option")
    if path == "-":
        return outside.read_stdin(limit)
    refuse_content_as_path(path, option)
    named = f"the file of {option}, whose name reads like a key" if may_be_a_secret(path) else path
    try:
        return files.read_file(path, limit, named)
    except FileError as error:
        if path.startswith("@") and os.path.isfile(path[1:]):
            error.hint = f"{option} takes the name without the @"
        raise


def key_file(name: str, path: str, outside: Outside) -> KeySource:
    """Read the file that ``name``, an option or variable, names; raises FileError and UnusableKeyError."""
    return KeySource(name, read_file(path, outside, name), warnings=exposed(path))


def bounded(content: bytes, option: str, path: str) -> bytes:
    """Return what was read of a key; raises UnusableKeyError for more than 1 MiB."""
    if len(content) > MAX_KEY_BYTES:
        raise UnusableKeyError(f"{option} {path}: larger than 1 MiB, which no key is", code="too_large")
    return content


def exposed(path: str) -> tuple[str, ...]:
    """Warn where others on this machine can read a private key or secret, as OpenSSH does."""
    if path == "-":
        return ()
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return ()
    if os.name == "nt" or not stat.S_ISREG(mode) or not mode & 0o077:
        return ()
    return (f"others can read {path} (mode {mode & 0o777:04o}): chmod 600 it",)


def empty_variable(name: str) -> UnusableKeyError:
    """Return the refusal of a variable that is set to nothing, which in CI is mostly a secret that is missing."""
    return UnusableKeyError(
        f"{name} is set but empty",
        hint="is a CI secret missing here? unset the variable or fill it",
        code="empty_variable",
    )


def _from_options(request: KeyRequest, outside: Outside) -> KeySource | None:
    given = [
        name
        for name, value in (
            ("--key", request.key),
            ("--secret-file", request.secret_file),
            ("--secret-prompt", request.secret_prompt or None),
            ("--jwks", request.jwks),
            ("--issuer-url", request.issuer_url),
        )
        if value is not None
    ]
    _refuse_two(given)
    if request.secret_encoding is not None and given and given[0] in ("--key", "--jwks", "--issuer-url"):
        raise UsageError(f"--secret-encoding does not go with {given[0]}: a key file tells its own form")
    if request.key is not None:
        return key_file("--key", request.key, outside)
    if request.jwks is not None:
        return _key_set("--jwks", request.jwks, request, outside)
    if request.issuer_url is not None:
        check_asked(request.issuer_url, "--issuer-url", allow_http=request.allow_http)
        if request.issuer_url.rstrip("/").endswith(_DISCOVERY):
            raise UsageError("--issuer-url is the issuer alone", hint=f"leave out {_DISCOVERY}", code="url_refused")
        return KeySource("--issuer-url", b"", issuer=request.issuer_url)
    if request.secret_file is not None:
        return _secret_file("--secret-file", request.secret_file, request, outside)
    if request.secret_prompt:
        if outside.ask is None:
            raise UnusableKeyError(
                "nobody is here to be asked for the secret", hint="use --secret-file FILE or JWTCLI_SECRET"
            )
        return _secret("--secret-prompt", outside.ask("Secret"), request, outside)
    return None


def _from_environment(request: KeyRequest, outside: Outside, *, verifying: bool) -> KeySource | None:
    names = (*KEY_VARIABLES, "JWTCLI_JWKS") if verifying else KEY_VARIABLES
    given = [name for name in names if name in outside.environ]
    for name in given:
        if not outside.environ[name]:
            raise empty_variable(name)
    _refuse_two(given)
    if not given:
        return None
    name, value = given[0], outside.environ[given[0]]
    if name in ("JWTCLI_KEY", "JWTCLI_SECRET"):
        refuse_path_as_content(name, value)
    if name == "JWTCLI_KEY":
        return KeySource(name, mended_key(os.fsencode(value)))
    if name == "JWTCLI_KEY_FILE":
        return key_file(name, value, outside)
    if name == "JWTCLI_JWKS":
        return _key_set(name, value, request, outside)
    if name == "JWTCLI_SECRET_FILE":
        return _secret_file(name, value, request, outside)
    return _secret(name, os.fsencode(value), request, outside)


def _key_set(name: str, place: str, request: KeyRequest, outside: Outside) -> KeySource:
    if not is_url(place):
        return key_file(name, place, outside)
    check_asked(place, name, allow_http=request.allow_http)
    return KeySource(name, b"", url=place)


def _secret_file(name: str, path: str, request: KeyRequest, outside: Outside) -> KeySource:
    content = read_file(path, outside, name)
    notes: tuple[str, ...] = ()
    if _encoding(request, outside) == "utf8" and content != without_line_break(content):
        content = without_line_break(content)
        notes = (f"the line break at the end of {path} is not part of the secret (--secret-encoding raw keeps it)",)
    source = _secret(name, content, request, outside)
    return KeySource(name, source.content, secret=True, notes=notes, warnings=exposed(path))


def _secret(name: str, text: bytes, request: KeyRequest, outside: Outside) -> KeySource:
    return KeySource(name, decode_secret(text, _encoding(request, outside)), secret=True)


def _encoding(request: KeyRequest, outside: Outside) -> str:
    encoding = request.secret_encoding or outside.environ.get(ENCODING_VARIABLE, "utf8")
    if encoding not in ENCODINGS:
        raise UsageError(f"{ENCODING_VARIABLE} is none of {', '.join(ENCODINGS)}")
    return encoding


def _refuse_two(given: list[str]) -> None:
    if len(given) > 1:
        raise UsageError(
            f"two sources for the key: {' and '.join(given)}", hint="give exactly one", code="several_sources"
        )
