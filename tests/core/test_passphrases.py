"""Where a passphrase comes from, and that nothing waits where nobody can be asked."""

from pathlib import Path
from typing import Any

import pytest

from jwtcli.core.errors import UnusableKeyError, UsageError
from jwtcli.core.passphrases import read
from jwtcli.core.sources import Outside


def outside(stdin: bytes = b"", ask: Any = None, **environ: str) -> Outside:
    return Outside(environ, lambda limit: stdin[:limit], ask)


def test_a_passphrase_comes_from_its_file_its_variable_or_a_person(tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(b"file\n")
    assert read(str(tmp_path / "p"), outside(JWTCLI_PASSPHRASE="variable")) == b"file"
    assert read("-", outside(stdin=b"stdin\n")) == b"stdin"
    assert read(None, outside(ask=lambda _: b"person", JWTCLI_PASSPHRASE="variable")) == b"variable"
    assert read(None, outside(ask=lambda purpose: purpose.encode()), prompt="For what") == b"For what"


def test_a_passphrase_that_nobody_gives_is_asked_for_by_name() -> None:
    with pytest.raises(UnusableKeyError, match="nobody is here") as caught:
        read(None, outside())
    assert (caught.value.code, caught.value.hint) == (
        "no_passphrase",
        "use --passphrase-file FILE or JWTCLI_PASSPHRASE",
    )
    with pytest.raises(UsageError, match=r"^--passphrase-file is empty \(is a variable unset\?\)$"):
        read("", outside())
    with pytest.raises(UnusableKeyError, match="JWTCLI_PASSPHRASE is set but empty"):
        read(None, outside(JWTCLI_PASSPHRASE="", ask=lambda _: b"person"))
