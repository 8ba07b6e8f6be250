"""A key on standard output: no bytes that steer a terminal, and a warning where it stays on the screen."""

from itertools import product
from pathlib import Path

import pytest

from jwtcli.commands._key_output import print_key
from jwtcli.commands._options import View
from jwtcli.core.errors import UsageError
from tests.conftest import Run

DER = b"\x30\x03\x02\x01\xff"
# Of Ed25519 and Ed448 keys every byte may be ASCII, and those of the point are what their author likes.
ASCII_DER = bytes.fromhex("302a300506032b6570032100") + b"\x1b[31m all of these are mine \n".ljust(32)
TEXT = b"-----BEGIN PRIVATE KEY-----\n"
WARNING = "jwtcli: warning: the key goes to the terminal, where it stays in the scroll-back\n"


@pytest.fixture(autouse=True)
def no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"):
        monkeypatch.delenv(variable, raising=False)


def test_a_pipe_or_file_gets_any_key_as_it_is(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    print_key(DER, View(), private=True)
    print_key(TEXT, View(), private=True)
    assert capfdbinary.readouterr() == (DER + TEXT, b"")


def test_a_terminal_gets_text_alone_with_a_warning_of_private_keys(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("jwtcli.commands._key_output.is_terminal", lambda _: True)
    for private, der in product((True, False), (DER, ASCII_DER)):
        with pytest.raises(UsageError, match=r"^DER is no text that a terminal could show$"):
            print_key(der, View(), private=private)
    print_key(TEXT, View(), private=False)
    print_key(TEXT, View(), private=True)
    assert capfd.readouterr() == (TEXT.decode() * 2, WARNING)


def test_a_name_that_promises_another_form_is_told(jwtcli: Run, tmp_path: Path) -> None:
    note = "jwtcli: note: {} holds jwk whatever its name says ({} pem makes it pem)\n"
    made = jwtcli("keygen", "-a", "ES256", "-o", "k.pem", "--public", "p.pem")
    assert made.stderr.endswith(note.format("k.pem", "-f") + note.format("p.pem", "-f"))
    assert jwtcli("key", "convert", "k.pem", "-o", "c.PEM").stderr == note.format("c.PEM", "--to")
    for name, form in (("d.pem", "pem"), ("e.der", "der"), ("f.jwk", "jwk"), ("g.pem", "openssh"), ("h.key", "der")):
        assert jwtcli("key", "convert", "k.pem", "-o", name, "--to", form).stderr == ""
    assert jwtcli("key", "convert", "-q", "k.pem", "-o", "i.der").stderr == ""
