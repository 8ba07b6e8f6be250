"""One line that is typed or pasted on a terminal and not shown; no signal leaves the terminal without its echo.

Where the terminal marks what is pasted (bracketed paste), all of a paste is read here: what stands in it behind the
first line is no answer to the next prompt, and no command for the shell.
"""

import errno
import os
import signal
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NamedTuple

from jwtcli.commands._typed_line import LONGEST_MARK, MARKING, NOT_MARKING, TypedLine
from jwtcli.commands._wakeup import Wakeup
from jwtcli.core.endings import ENDING

_LEAVING = ENDING | {signal.SIGTSTP}
_WATCH = 50  # milliseconds between two looks at whether another program shows what is typed
_QUIET = 50  # milliseconds without another byte, after which a paste without marks is over
_BROKEN_OFF = 5_000  # milliseconds without another byte, after which one with marks is: its end will not come
_KEYS = ((termios.VINTR, signal.SIGINT), (termios.VQUIT, signal.SIGQUIT), (termios.VSUSP, signal.SIGTSTP))


class Typed(NamedTuple):
    """What was typed: a line, whether Enter ended it, and whether anything came behind it and was thrown away."""

    line: bytes
    entered: bool
    rest: bool


def typed_line(descriptor: int, ask: Callable[[], object], limit: int, *, ahead: bool = False) -> Typed:
    """Ask, and read one line of any length up to ``limit`` from a terminal, which is then left as it was.

    What was typed before the question counts where it is ``ahead``. Ctrl-C works as ever, and Ctrl-D
    ends the line. After Ctrl-Z it is asked again, and the line begins anew: whoever types it cannot see how far it
    had come. Raises OSError where the terminal cannot be read, as by a process in the background.
    """
    try:
        with _not_waiting(descriptor) as terminal:
            typing = _Typing(terminal, ask)
            try:
                with Wakeup() as wakeup:
                    typing.begin(ahead=ahead)
                    entered, behind = typing.read(limit, wakeup)
                    return Typed(bytes(typing.line.content), entered, typing.throw_away(behind, wakeup))
            finally:
                typing.end()
    except termios.error as error:
        raise OSError(*error.args) from None


@contextmanager
def _not_waiting(descriptor: int) -> Iterator[int]:
    """Open the terminal for reads that wait for nothing, of our own: what is inherited is shared.

    Another program may take the line that was there, and show the next one while we wait for it.
    """
    try:
        own = os.open(os.ttyname(descriptor), os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:  # another user's, or out of sight
        yield descriptor
        return
    try:
        yield own
    finally:
        os.close(own)


class _Typing:
    """A terminal whose echo is off, and what is done about it by each signal that would end or halt this process."""

    def __init__(self, descriptor: int, ask: Callable[[], object]) -> None:
        self.line = TypedLine()
        self._descriptor = descriptor
        self._ask = ask
        self._before: list[Any] = termios.tcgetattr(descriptor)
        self._keys = _signal_keys(descriptor, self._before)
        self._usual: dict[int, Any] = {}
        self._over = False

    def begin(self, *, ahead: bool) -> None:
        self._heed(signal.SIGINT, self._interrupt, signal.default_int_handler)
        for number in _LEAVING:
            self._heed(number, self._leave)
        self._hide(termios.TCSADRAIN if ahead else termios.TCSAFLUSH)
        self._heed(signal.SIGCONT, self._return)
        self._ask()

    def end(self) -> None:
        self._over = True  # else SIGCONT would hide again what is shown here
        self._show()
        for number, usual in self._usual.items():
            signal.signal(number, usual)

    def read(self, limit: int, wakeup: Wakeup) -> tuple[bool, bytes]:
        """Read up to the end of a line; tell whether Enter ended it, and what else came with it."""
        quiet = 0
        while len(self.line.content) <= limit:
            chunk = self._typed(wakeup, _WATCH)
            quiet = quiet + _WATCH if chunk is None else 0
            self.line.broken_off = self.line.broken_off or quiet >= _BROKEN_OFF
            for position, byte in enumerate(chunk or b""):
                if byte in b"\r\n":
                    return True, (chunk or b"")[position + 1 :]
                if byte == 0x04 and not self.line.literal:  # Ctrl-D
                    return False, b""
                if byte in self._keys and not self.line.literal:
                    os.kill(0, self._keys[byte])  # to all who are in the foreground, as the terminal does
                    break
                self.line.take(byte)
            if chunk == b"":
                break
        return False, b""

    def throw_away(self, behind: bytes, wakeup: Wakeup) -> bool:
        """Read what is pending, and the rest of a paste when it comes; tell whether it was more than white space."""
        rest, there, quiet = TypedLine(pasting=self.line.pasting), False, 0
        chunk: bytes | None = behind
        while quiet < (_BROKEN_OFF if rest.pasting else _QUIET):
            for byte in chunk or b"":
                rest.take(byte)
            there = there or bool(rest.content[:-LONGEST_MARK].strip())
            del rest.content[:-LONGEST_MARK]
            chunk = self._typed(wakeup, _QUIET)
            if chunk == b"":
                break
            quiet = quiet + _QUIET if chunk is None else 0
        return there or bool(rest.content.strip())

    def _typed(self, wakeup: Wakeup, milliseconds: int) -> bytes | None:
        """Return what was typed within a time: None if nothing was, empty at the end of the terminal."""
        while wakeup.wait(self._descriptor, milliseconds):
            self._hide_again()
            with suppress(BlockingIOError):  # another program took it
                return os.read(self._descriptor, 65536)
        self._hide_again()
        return None

    def _heed(self, number: int, handler: Callable[..., object], usual: object = signal.SIG_DFL) -> None:
        if signal.getsignal(number) is usual:  # nohup ignores one of them, and means it
            self._usual[number] = usual
            signal.signal(number, handler)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        """Show before the interruption is raised: a second one may come before anybody could clean up after it."""
        self._over = True
        self._show()
        signal.default_int_handler(number, frame)

    def _leave(self, number: int, _frame: FrameType | None) -> None:
        """Do what the signal does by itself, with the terminal as it was."""
        self._over = self._over or number != signal.SIGTSTP
        self._show()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        if number != signal.SIGTSTP:
            os._exit(128 + number)  # the kernel spares process 1, as which a container runs us, the signals' own way
        signal.signal(number, self._leave)  # it was Ctrl-Z, and we are back; or nobody could bring us back
        self._hide(termios.TCSAFLUSH)

    def _return(self, _number: int, _frame: FrameType | None) -> None:
        """Hide again: the shell that had the terminal in between has its own ideas of it."""
        if self._over:
            return
        self._hide(termios.TCSAFLUSH)
        self.line = TypedLine()
        self._ask()

    def _hide(self, when: int) -> None:
        hidden = list(self._before)
        hidden[6] = list(hidden[6])
        # The kernel's line editor keeps 4095 bytes and drops the rest; its echo would show a token or secret; of a
        # Ctrl-C that is pasted it would make a signal, behind which the shell obeyed the rest of the paste; and by a
        # Ctrl-S, pasted or typed before, it would halt the question, with no key left that ends the wait.
        hidden[0] &= ~termios.IXON
        hidden[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG)
        hidden[6][termios.VMIN], hidden[6][termios.VTIME] = 1, 0
        if not self._over:
            self._set(when, hidden)
            self._mark(MARKING)

    def _hide_again(self) -> None:
        """Hide what another program showed, which asked at this terminal too; what it put back is what was before."""
        mode = termios.tcgetattr(self._descriptor)
        if mode[3] & termios.ECHO:
            self._before = mode
            self._hide(termios.TCSADRAIN)

    def _show(self) -> None:
        self._mark(NOT_MARKING)
        try:
            self._set(termios.TCSAFLUSH, self._before)  # what is still unread is no command for a shell
        except termios.error:  # it hung up
            return

    def _mark(self, how: bytes) -> None:
        """Have the terminal mark what is pasted, or no longer; one that cannot is asked in vain."""
        if os.environ.get("TERM", "dumb") != "dumb":
            with suppress(OSError):  # its output is halted, or it hung up
                os.write(self._descriptor, how)

    def _set(self, when: int, mode: list[Any]) -> None:
        while True:
            try:
                return termios.tcsetattr(self._descriptor, when, mode)
            except termios.error as error:
                if error.args[0] != errno.EINTR:  # halted in the background, and called back meanwhile
                    raise


def _signal_keys(descriptor: int, mode: list[Any]) -> dict[int, signal.Signals]:
    """Return the signal of each key that has one in this mode; while we ask it is we who send it."""
    if not mode[3] & termios.ISIG:
        return {}
    none = os.fpathconf(descriptor, "PC_VDISABLE")
    return {mode[6][key][0]: number for key, number in _KEYS if mode[6][key][0] != none}
