"""Asking a person: only where one is, never a silent wait, and the terminal is left as it was."""

import errno
import fcntl
import io
import os
import signal
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from select import select
from typing import IO, Any

import pytest

from jwtcli.cli import run
from jwtcli.commands import _hidden, _terminal
from jwtcli.commands._inputs import read_limited
from jwtcli.commands._passphrases import Passphrases
from jwtcli.commands._wakeup import Wakeup
from jwtcli.core.errors import FileError, TokenError, UnusableKeyError, UsageError

NOBODY = ({"CI": "true"}, {"JWTCLI_NO_INPUT": "1"})


class Terminal:
    """A pseudo-terminal with stdin and stderr on one side, and whoever types on the other."""

    def __init__(self, keyboard: int, stream: IO[str]) -> None:
        self.keyboard = keyboard
        self.stream = stream
        self.before = termios.tcgetattr(stream.fileno())

    def type_once_asked(self, *keys: bytes, pause: float = 0) -> threading.Thread:
        """Type as soon as the kernel's line editor is off, piece after piece."""

        def type_all() -> None:
            while termios.tcgetattr(self.stream.fileno())[3] & termios.ICANON:
                time.sleep(0.001)
            for piece in keys:
                os.write(self.keyboard, piece)
                time.sleep(pause)

        typist = threading.Thread(target=type_all)
        typist.start()
        return typist

    def shown(self, size: int) -> bytes:
        """Return what reached the screen, once it is this long: it comes in pieces."""
        seen = b""
        while len(seen) < size and select([self.keyboard], [], [], 10)[0]:
            seen += os.read(self.keyboard, 100)
        return seen

    @property
    def unchanged(self) -> bool:
        return termios.tcgetattr(self.stream.fileno()) == self.before


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    keyboard, screen = os.openpty()
    with open(screen, "r+b", buffering=0) as raw, open(screen, closefd=False) as stream:
        assert raw.isatty()
        for variable in ("CI", "JWTCLI_NO_INPUT"):
            monkeypatch.delenv(variable, raising=False)
        monkeypatch.setenv("TERM", "dumb")
        monkeypatch.setattr(sys, "stdin", stream)
        monkeypatch.setattr(
            _terminal, "someone_is_here", lambda environ: not environ.keys() & {"CI", "JWTCLI_NO_INPUT"}
        )
        monkeypatch.setattr("jwtcli.commands._inputs.someone_is_here", _terminal.someone_is_here)
        yield Terminal(keyboard, stream)
    os.close(keyboard)


def test_someone_is_here_only_with_a_terminal_to_ask_on(monkeypatch: pytest.MonkeyPatch) -> None:
    keyboard, screen = os.openpty()
    with open(screen, "w") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        assert _terminal.someone_is_here({})
        assert _terminal.someone_is_here({"CI": ""})
        assert not any(map(_terminal.someone_is_here, NOBODY))
    monkeypatch.setattr(sys, "stderr", None)
    assert not _terminal.someone_is_here({})
    os.close(keyboard)


@pytest.mark.parametrize("size", [1, 4095, 4096, 200_000])
def test_a_pasted_line_of_any_length_is_read_whole(
    terminal: Terminal, capsys: pytest.CaptureFixture[str], size: int
) -> None:
    typist = terminal.type_once_asked(b"x" * size, b"\n")
    assert _terminal.pasted_line(2**21) == b"x" * size
    typist.join()
    assert capsys.readouterr().err == "jwtcli: note: paste a token and press Enter (it is not shown; Ctrl-D gives up)\n"
    assert terminal.unchanged


@pytest.mark.parametrize("rest", [b"second line\n", b"second line"])
def test_what_is_pending_behind_the_line_is_thrown_away_with_a_warning(
    terminal: Terminal, capsys: pytest.CaptureFixture[str], rest: bytes
) -> None:
    typist = terminal.type_once_asked(b"a.b.c\n" + rest)
    assert _terminal.pasted_line(100) == b"a.b.c"
    typist.join()
    assert capsys.readouterr().err.endswith(
        "jwtcli: warning: what was pasted behind the first line was thrown away: "
        "a token in several lines comes through a pipe, or from @FILE\n"
    )
    os.set_blocking(terminal.stream.fileno(), False)
    with pytest.raises(BlockingIOError):
        os.read(terminal.stream.fileno(), 1)


def test_a_line_break_pending_behind_the_line_is_no_reason_to_warn(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    typist = terminal.type_once_asked(b"a.b.c\n\n")
    assert _terminal.pasted_line(100) == b"a.b.c"
    typist.join()
    assert "warning" not in capsys.readouterr().err


def test_what_comes_late_is_thrown_away_too(
    terminal: Terminal, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks = iter([b"a.b.c\n", b"more", b""])
    monkeypatch.setattr(os, "read", lambda *_: next(chunks))
    monkeypatch.setattr(Wakeup, "wait", lambda *_: True)
    assert _terminal.pasted_line(100) == b"a.b.c"
    assert "warning" in capsys.readouterr().err


BEGIN, END = b"\x1b[200~", b"\x1b[201~"


@pytest.mark.parametrize("pause", [0, 0.2])
@pytest.mark.parametrize(
    ("paste", "line", "more"),
    [
        ((BEGIN + b"a.b.c" + END, b"\n"), b"a.b.c", False),
        ((BEGIN + b"a.b.c\n" + END,), b"a.b.c", False),
        ((BEGIN + b"a.b.c\n \t", b"\r\n\n" + END), b"a.b.c", False),
        ((BEGIN + b"a.b.c\n", b"reboot\n", END), b"a.b.c", True),
        ((BEGIN + b"a.b.c\nreboot", b"\n", b"reboot\n" + END), b"a.b.c", True),
        ((BEGIN + b"a.b.c\n\x04\x15", b"\x04reboot\n" + END), b"a.b.c", True),
        ((BEGIN + b"a.b.c\n\x03\x1a\x1c", b"\x03reboot\n" + END), b"a.b.c", True),
        ((BEGIN + b"a\x03\x1a\x1cb" + END + b"\n",), b"a\x03\x1a\x1cb", False),
        ((BEGIN[:3], BEGIN[3:] + b"a.b.c\n", END[:4], END[4:]), b"a.b.c", False),
        ((BEGIN + b"a", END + BEGIN + b"b\n" + END), b"ab", False),
        ((BEGIN + b"a\x7f\x08\x15\x04b" + END + b"c\x7f\n",), b"a\x7f\x08\x15\x04b", False),
        ((b"typed" + END + b"\n",), b"typed" + END, False),
    ],
)
def test_a_paste_that_the_terminal_marks_is_read_to_its_end_whenever_that_comes(
    terminal: Terminal,
    capsys: pytest.CaptureFixture[str],
    paste: tuple[bytes, ...],
    line: bytes,
    more: bool,
    pause: float,
) -> None:
    typist = terminal.type_once_asked(*paste, pause=pause)
    assert _terminal.pasted_line(100) == line
    typist.join()
    assert ("warning" in capsys.readouterr().err) is more
    assert not select([terminal.stream], [], [], 0)[0], "something is left for whoever reads next"


def test_a_paste_whose_end_never_comes_is_not_waited_for_for_ever(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_hidden, "_BROKEN_OFF", 100)
    typist = terminal.type_once_asked(BEGIN + b"a.b.c\n")
    assert _terminal.pasted_line(100) == b"a.b.c"
    typist.join()


def test_keys_work_again_where_the_end_of_a_paste_never_came(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_hidden, "_BROKEN_OFF", 100)
    typist = terminal.type_once_asked(BEGIN + b"abc", b"\x15x\n", pause=0.5)
    assert _terminal.pasted_line(100) == b"x"
    typist.join()


def test_what_stands_behind_a_pause_in_a_paste_is_thrown_away_too(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(_hidden, "_BROKEN_OFF", 400)
    first = terminal.type_once_asked(BEGIN + b"a.b")

    def type_on() -> None:
        first.join()
        for pause, piece in ((0.8, b".c\nreboot"), (0.2, b"\nreboot\n" + END)):
            time.sleep(pause)
            os.write(terminal.keyboard, piece)

    typist = threading.Thread(target=type_on)
    typist.start()
    assert _terminal.pasted_line(100) == b"a.b.c"
    typist.join()
    assert "warning" in capsys.readouterr().err
    assert not select([terminal.stream], [], [], 0)[0], "something is left for whoever reads next"


def test_a_ctrl_s_halts_nothing_while_a_line_is_asked_for(terminal: Terminal) -> None:
    typist = terminal.type_once_asked(b"a\x13\x11b\n")
    assert _terminal.pasted_line(100) == b"a\x13\x11b"
    typist.join()
    assert terminal.unchanged


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP])
def test_process_1_which_the_kernel_spares_ends_by_a_signal_all_the_same(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """As the first process of a container it would else go on asking, with the echo on."""

    class EndedError(BaseException):
        pass

    def end(status: int) -> None:
        raise EndedError(status)

    def signal_once_asked() -> None:
        while termios.tcgetattr(terminal.stream.fileno())[3] & termios.ICANON:
            time.sleep(0.001)
        signal.pthread_kill(threading.main_thread().ident or 0, number)

    monkeypatch.setattr(os, "kill", lambda *_: None)
    monkeypatch.setattr(os, "_exit", end)
    sender = threading.Thread(target=signal_once_asked)
    sender.start()
    with pytest.raises(EndedError) as ended:
        _terminal.pasted_line(100)
    sender.join()
    assert ended.value.args == (128 + number,)
    assert terminal.unchanged


@pytest.mark.parametrize(
    ("mode", "keys"), [(True, {3: signal.SIGINT, 28: signal.SIGQUIT, 26: signal.SIGTSTP}), (False, {})]
)
def test_the_keys_of_signals_are_those_of_the_terminal(terminal: Terminal, mode: bool, keys: dict[int, int]) -> None:
    before = termios.tcgetattr(terminal.stream.fileno())
    if not mode:
        before[3] &= ~termios.ISIG
    assert _hidden._signal_keys(terminal.stream.fileno(), before) == keys
    before[6][termios.VQUIT] = b"\0"  # as stty quit undef has it
    assert _hidden._signal_keys(terminal.stream.fileno(), before) == {key: keys[key] for key in keys if key != 28}


@pytest.mark.parametrize(
    ("key", "number"), [(b"\x03", signal.SIGINT), (b"\x1c", signal.SIGQUIT), (b"\x1a", signal.SIGTSTP)]
)
def test_the_key_of_a_signal_sends_it_to_all_in_the_foreground_and_what_came_with_it_is_no_answer(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, key: bytes, number: int
) -> None:
    sent: list[tuple[int, int]] = []

    def heard_by_nobody(group: int, number: int) -> None:  # else it would end the tests, too
        sent.append((group, number))
        os.write(terminal.keyboard, b"\x15answer\n")

    monkeypatch.setattr(os, "kill", heard_by_nobody)
    typist = terminal.type_once_asked(b"before" + key + b"behind\n")
    assert _terminal.pasted_line(100) == b"answer"
    typist.join()
    assert sent == [(0, number)]
    assert terminal.unchanged


@pytest.mark.parametrize(("kind", "marked"), [("xterm", True), ("dumb", False), (None, False)])
def test_a_terminal_is_asked_to_mark_what_is_pasted_while_it_is_asked_for(
    controlled: Terminal, monkeypatch: pytest.MonkeyPatch, kind: str | None, marked: bool
) -> None:
    monkeypatch.delenv("TERM")
    if kind is not None:
        monkeypatch.setenv("TERM", kind)
    typist = controlled.type_once_asked(BEGIN + b"a" + END + b"\n")
    assert _asked()("Secret") == b"a"
    typist.join()
    shown = b"\x1b[?2004hSecret: \x1b[?2004l\r\n" if marked else b"Secret: \r\n"
    assert controlled.shown(len(shown)) == shown


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (b"a\x7fb\x08c\n", b"c"),
        (b"\x7fab\n", b"ab"),
        ("aü€\x7f\x7f\n".encode(), b"a"),
        (b"\x80\x7f\n", b""),
        (b"ab\x15c\n", b"c"),
        (b"ab\x04", b"ab"),
        (b"\x04", b""),
        (b"a\r", b"a"),
    ],
)
def test_erasing_and_giving_up_work_as_ever(terminal: Terminal, keys: bytes, line: bytes) -> None:
    typist = terminal.type_once_asked(keys)
    assert _terminal.pasted_line(100) == line
    typist.join()


def test_no_more_than_the_limit_is_kept(terminal: Terminal) -> None:
    typist = terminal.type_once_asked(b"x" * 50)
    assert len(_terminal.pasted_line(10)) > 10
    typist.join()


def test_a_terminal_that_hangs_up_ends_the_line(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    chunks = iter([b"abc", b"", b""])
    monkeypatch.setattr(os, "read", lambda *_: next(chunks))
    monkeypatch.setattr(Wakeup, "wait", lambda *_: True)
    assert _terminal.pasted_line(100) == b"abc"


def test_a_line_that_another_program_took_is_waited_for_anew(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The wait is over for all who ask at a terminal, and what they waited for is there for one of them."""
    heard: list[bool] = []
    really = Wakeup.wait

    def too_early(wakeup: Wakeup, *how: Any) -> bool:
        heard.append(True)
        return len(heard) == 1 or really(wakeup, *how)

    monkeypatch.setattr(Wakeup, "wait", too_early)
    typist = terminal.type_once_asked(b"a.b.c\n")
    assert _terminal.pasted_line(100) == b"a.b.c"
    typist.join()
    assert len(heard) > 1


def test_what_another_program_takes_of_the_rest_is_waited_for_no_longer(
    terminal: Terminal, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks = iter([b"a.b.c\n", None, b"more", b""])

    def taken_once(*_: object) -> bytes:
        chunk = next(chunks)
        if chunk is None:
            raise BlockingIOError
        return chunk

    monkeypatch.setattr(os, "read", taken_once)
    monkeypatch.setattr(Wakeup, "wait", lambda *_: True)
    assert _terminal.pasted_line(100) == b"a.b.c"
    assert "warning" in capsys.readouterr().err


def test_a_terminal_that_another_program_shows_is_hidden_again_and_left_as_that_one_wants_it(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = termios.tcgetattr(terminal.stream.fileno())
    wanted[3] |= termios.ECHO | termios.ICANON
    wanted[3] &= ~termios.ECHOK

    def show_then_type() -> None:
        while termios.tcgetattr(terminal.stream.fileno())[3] & termios.ICANON:
            time.sleep(0.001)
        termios.tcsetattr(terminal.stream.fileno(), termios.TCSANOW, wanted)
        terminal.type_once_asked(b"a.b.c\n").join()

    other = threading.Thread(target=show_then_type)
    other.start()
    assert _terminal.pasted_line(100) == b"a.b.c"
    other.join()
    assert termios.tcgetattr(terminal.stream.fileno()) == wanted


def test_a_terminal_that_cannot_be_opened_by_its_name_is_asked_at_all_the_same(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def unnamed(_descriptor: int) -> str:
        raise OSError(errno.ENOTTY, "it has no name here")

    monkeypatch.setattr(os, "ttyname", unnamed)
    typist = terminal.type_once_asked(b"a.b.c\n")
    assert _terminal.pasted_line(100) == b"a.b.c"
    typist.join()
    assert terminal.unchanged


def test_the_terminal_is_left_as_it_was_after_ctrl_c(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "read", interrupted)
    monkeypatch.setattr(Wakeup, "wait", lambda *_: True)
    with pytest.raises(KeyboardInterrupt):
        _terminal.pasted_line(100)
    assert terminal.unchanged


def test_a_token_is_asked_for_where_somebody_is(terminal: Terminal) -> None:
    for argument in (None, "-"):
        typist = terminal.type_once_asked(b"a.b.c\n")
        assert read_limited(argument, 100) == b"a.b.c"
        typist.join()


@pytest.mark.parametrize("variable", ["CI", "JWTCLI_NO_INPUT"])
def test_nothing_waits_where_nobody_is(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "1")
    with pytest.raises(TokenError, match="standard input is a terminal and nobody is asked") as no_token:
        read_limited(None, 100)
    assert no_token.value.code == "no_token"
    with pytest.raises(FileError, match="standard input is a terminal, and nobody is asked"):
        _terminal.read_to_end(100)


def test_reading_a_terminal_to_its_end_says_what_it_waits_for(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    os.write(terminal.keyboard, b'{"a": 1}\n\x04')
    assert _terminal.read_to_end(9) == b'{"a": 1}\n'
    assert capsys.readouterr().err == "jwtcli: note: reading standard input (Ctrl-D on a line of its own ends it)\n"


@pytest.fixture
def controlled(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """The same terminal in the place of /dev/tty."""

    def opened(path: str, *_: object, **__: object) -> IO[bytes]:
        assert path == "/dev/tty"
        return open(os.dup(terminal.stream.fileno()), "r+b", buffering=0)

    monkeypatch.setattr(_terminal, "open", opened, raising=False)
    monkeypatch.setattr(os, "open", lambda *_: os.dup(terminal.stream.fileno()))
    return terminal


@pytest.fixture
def screen() -> Iterator[IO[str]]:
    """A terminal for stderr."""
    keyboard, screen = os.openpty()
    with open(screen, "w") as stream:
        yield stream
    os.close(keyboard)


def test_whoever_asks_second_at_a_terminal_waits_for_the_first_and_says_so(
    screen: IO[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(_terminal, "remark", lambda _, message: said.append(message))
    first = os.open(os.ttyname(screen.fileno()), os.O_RDWR | os.O_NOCTTY)
    fcntl.flock(first, fcntl.LOCK_EX)
    over: list[int] = []

    def end() -> None:
        over.append(first)
        os.close(first)

    threading.Timer(0.3, end).start()
    with _terminal._alone():
        assert over == [first]
    with _terminal._alone():
        pass
    assert said == ["another jwtcli asks at this terminal: its answer comes first"]


def test_a_terminal_without_locks_is_asked_all_the_same(screen: IO[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def unable(*_: object) -> None:
        raise OSError(errno.ENOTSUP, "not supported")

    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(fcntl, "flock", unable)
    with _terminal._alone():
        pass


def _asked() -> Callable[[str], bytes]:
    ask = _terminal.hidden_prompt({})
    assert ask is not None
    return ask


def test_a_hidden_prompt_gives_the_bytes_that_were_typed(controlled: Terminal) -> None:
    typist = controlled.type_once_asked(b"pass\xffw\xc3\xb6rd\n")
    assert _asked()("Secret") == b"pass\xffw\xc3\xb6rd"
    typist.join()
    assert controlled.shown(10) == b"Secret: \r\n"
    assert controlled.unchanged


def test_what_was_typed_before_a_hidden_prompt_is_no_answer_to_it(controlled: Terminal) -> None:
    os.write(controlled.keyboard, b"seen by everybody\n")
    assert select([controlled.stream], [], [], 10)[0]  # it takes a moment to get there
    typist = controlled.type_once_asked(b"unseen\n")
    assert _asked()("Secret") == b"unseen"
    typist.join()


@pytest.mark.parametrize("keys", [b"\x04", b"half a secr\x04"])
def test_a_prompt_without_an_answer_is_a_key_that_is_missing(controlled: Terminal, keys: bytes) -> None:
    typist = controlled.type_once_asked(keys)
    with pytest.raises(UnusableKeyError, match=r"^the prompt 'Secret' was left without an answer$"):
        _asked()("Secret")
    typist.join()


@pytest.mark.parametrize("broken", ["tcgetattr", "tcsetattr"])
def test_a_terminal_that_cannot_be_asked_is_told_and_stdin_is_no_answer(
    controlled: Terminal, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def background(*_: object) -> None:
        raise termios.error(errno.EIO, "somebody else's words")

    monkeypatch.setattr(termios, broken, background)
    monkeypatch.setattr(sys, "stdin", io.StringIO("the token stream\n"))
    with pytest.raises(UnusableKeyError, match=r"^the prompt 'Secret' cannot be answered: input/output error$") as no:
        _asked()("Secret")
    assert (no.value.code, no.value.status) == ("no_answer", 8)
    monkeypatch.setattr(sys, "stdin", controlled.stream)
    with pytest.raises(FileError, match=r"^the terminal cannot be read: input/output error$"):
        _terminal.pasted_line(100)


def test_a_call_back_to_the_foreground_in_between_changes_nothing(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failures = termios.tcsetattr, iter([termios.error(errno.EINTR, "")])

    def interrupted(descriptor: int, when: int, mode: list[Any]) -> None:
        for failure in failures:
            raise failure
        real(descriptor, when, mode)

    monkeypatch.setattr(termios, "tcsetattr", interrupted)
    typist = terminal.type_once_asked(b"a.b.c\n")
    assert _terminal.pasted_line(100) == b"a.b.c"
    typist.join()


def test_signals_are_left_as_they_were(terminal: Terminal) -> None:
    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGTSTP, signal.SIGCONT)
    ignored = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        before = [signal.getsignal(number) for number in numbers]
        during: list[object] = []

        def asked() -> None:
            during.extend(signal.getsignal(number) for number in numbers)

        typist = terminal.type_once_asked(b"a\n")
        assert _hidden.typed_line(terminal.stream.fileno(), asked, 100) == (b"a", True, False)
        typist.join()
        assert [signal.getsignal(number) for number in numbers] == before
        assert [callable(handler) for handler in during] == [True, False, True, True, True]
    finally:
        signal.signal(signal.SIGHUP, ignored)


def test_a_stop_that_stops_nothing_leaves_the_line_unseen_and_as_it_is(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[bool] = []

    def seen() -> bool:
        return bool(termios.tcgetattr(terminal.stream.fileno())[3] & termios.ECHO)

    def halt() -> None:
        monkeypatch.setattr(os, "kill", lambda *_: shown.append(seen()))  # an orphaned process is not stopped
        signal.raise_signal(signal.SIGTSTP)
        shown.append(seen())
        os.write(terminal.keyboard, b"a\n")

    assert _hidden.typed_line(terminal.stream.fileno(), halt, 100).line == b"a"
    assert shown == [True, False]


@pytest.fixture
def own_signals() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in signal.valid_signals()}
    yield
    for number, handler in before.items():
        if signal.getsignal(number) is not handler:
            signal.signal(number, handler)


@pytest.mark.usefixtures("own_signals")
def test_ctrl_c_while_ctrl_c_is_cleaned_up_after_leaves_the_echo_on(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(_hidden._Typing, "end", again)
    with pytest.raises(KeyboardInterrupt):
        _hidden.typed_line(terminal.stream.fileno(), lambda: signal.raise_signal(signal.SIGINT), 100)
    assert terminal.unchanged


@pytest.mark.usefixtures("own_signals")
@pytest.mark.parametrize("number", [signal.SIGCONT, signal.SIGTSTP])
def test_what_was_shown_at_the_end_is_hidden_by_no_signal(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    real, asked = termios.tcsetattr, []
    late = iter([number])

    def shown(descriptor: int, when: int, mode: list[Any]) -> None:
        real(descriptor, when, mode)
        if mode[3] & termios.ECHO:
            for one in late:
                signal.raise_signal(one)

    def interrupt() -> None:
        asked.append(True)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(termios, "tcsetattr", shown)
    monkeypatch.setattr(_hidden._Typing, "end", lambda _: None)
    monkeypatch.setattr(os, "kill", lambda *_: None)
    with pytest.raises(KeyboardInterrupt):
        _hidden.typed_line(terminal.stream.fileno(), interrupt, 100)
    assert (terminal.unchanged, asked) == (True, [True])


def test_whoever_comes_back_is_asked_again_from_the_start(terminal: Terminal) -> None:
    asked: list[bool] = []

    def ask() -> None:
        asked.append(bool(termios.tcgetattr(terminal.stream.fileno())[3] & termios.ECHO))
        if len(asked) == 1:
            termios.tcsetattr(terminal.stream.fileno(), termios.TCSANOW, terminal.before)  # as a shell does
            signal.raise_signal(signal.SIGCONT)
            os.write(terminal.keyboard, b"a\n")

    assert _hidden.typed_line(terminal.stream.fileno(), ask, 100).line == b"a"
    assert asked == [False, False]


def test_there_is_no_prompt_without_somebody_or_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_terminal(*_: object) -> int:
        raise OSError(6, "no such device")

    monkeypatch.setattr(_terminal, "someone_is_here", lambda _: False)
    assert _terminal.hidden_prompt({}) is None
    monkeypatch.setattr(_terminal, "someone_is_here", lambda _: True)
    monkeypatch.setattr(os, "open", no_terminal)
    assert _terminal.hidden_prompt({}) is None


@pytest.mark.parametrize(("answers", "outcome"), [(("a", "a"), b"a"), (("a", "b"), "differ"), (("", ""), "empty")])
def test_a_new_passphrase_is_asked_for_twice(
    controlled: Terminal, monkeypatch: pytest.MonkeyPatch, answers: tuple[str, str], outcome: bytes | str
) -> None:
    typed = iter(answers)
    monkeypatch.delenv("JWTCLI_PASSPHRASE", raising=False)
    monkeypatch.setattr(_terminal, "_ask", lambda _: next(typed).encode())
    if isinstance(outcome, bytes):
        assert Passphrases(None).of_the_new_key() == outcome
    else:
        with pytest.raises(UsageError, match=outcome):
            Passphrases(None).of_the_new_key()


def test_a_key_on_a_terminal_stays_in_the_scroll_back(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("jwtcli.commands._key_output.is_terminal", lambda _: True)
    assert run(["keygen", "-o", "-", "-f", "hex"]) == 0
    shown = capsys.readouterr()
    assert len(shown.out) == 65
    assert shown.err == (
        "jwtcli: warning: the key goes to the terminal, where it stays in the scroll-back\n"
        "jwtcli: note: read it back with --secret-encoding hex, or JWTCLI_SECRET_ENCODING=hex\n"
    )


def test_a_pipe_or_file_at_stdin_is_noticed_unread_and_without_waiting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reading, writing = os.pipe()  # nobody writes, and nobody closes it: whoever reads would wait for ever
    (tmp_path / "claims").write_text("{}")
    with open(reading) as pipe, open(tmp_path / "claims") as file, open(os.devnull) as nothing:
        for stream, attached in ((pipe, True), (file, True), (nothing, False), (None, False)):
            monkeypatch.setattr(sys, "stdin", stream)
            assert _terminal.stdin_is_attached() is attached
        assert file.read() == "{}"
    monkeypatch.setattr(sys, "stdin", file)  # closed by now
    assert not _terminal.stdin_is_attached()
    os.close(writing)
