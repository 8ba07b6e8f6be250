"""What several commands refuse, in one wording."""

import pytest

from jwtcli.commands._refusals import refuse_raw
from jwtcli.core.errors import UsageError

DER = b"\x30\x03\x02\x01\xff"


def test_bytes_that_are_no_text_go_to_a_pipe_or_file_and_to_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("GITHUB_ACTIONS", "TF_BUILD"):
        monkeypatch.delenv(variable, raising=False)
    refuse_raw(DER)
    monkeypatch.setattr("jwtcli.commands._refusals.is_terminal", lambda _: True)
    refuse_raw(b"-----BEGIN PUBLIC KEY-----\n")
    with pytest.raises(UsageError, match=r"^DER is no text that a terminal could show$"):
        refuse_raw(DER)
