"""One line that is typed or pasted on a terminal and not shown; no signal leaves the terminal without its echo."""

import errno
import os
import signal
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from select import POLLIN, poll
from types import FrameType
from typing import Any, NamedTuple

from jwtcli.commands._wakeup import Wakeup
from jwtcli.core.endings import ENDING

_LEAVING = ENDING | {signal.SIGTSTP}
_WATCH = 50  # milliseconds between two looks at whether another program shows what is typed
_QUIET = 50  # milliseconds without another byte, after which a paste is over


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
                    entered, rest = typing.read(limit, wakeup)
                return Typed(bytes(typing.line), entered, _drain(terminal) or rest)
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
        self.line = bytearray()
        self._descriptor = descriptor
        self._ask = ask
        self._before: list[Any] = termios.tcgetattr(descriptor)
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

    def read(self, limit: int, wakeup: Wakeup) -> tuple[bool, bool]:
        """Read up to the end of a line; tell whether Enter ended it, and whether more came with it."""
        while len(self.line) <= limit:
            ready = wakeup.wait(self._descriptor, _WATCH)
            self._hide_again()
            if not ready:
                continue
            try:
                chunk = os.read(self._descriptor, 65536)
            except BlockingIOError:  # another program took it
                continue
            for position, byte in enumerate(chunk):
                if byte in b"\r\n":
                    return True, bool(chunk[position + 1 :].strip())
                if byte == 0x04:  # Ctrl-D
                    return False, False
                self._take(byte)
            if not chunk:
                break
        return False, False

    def _take(self, byte: int) -> None:
        """Add a byte, or take one letter or the line away: the line editor is off, so erasing is ours."""
        if byte in (0x08, 0x7F):
            while len(self.line) > 1 and self.line[-1] & 0xC0 == 0x80:  # within a letter of UTF-8
                del self.line[-1]
            del self.line[-1:]
        elif byte == 0x15:  # Ctrl-U
            self.line.clear()
        else:
            self.line.append(byte)

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
        signal.signal(number, self._leave)  # it was Ctrl-Z, and we are back; or nobody could bring us back
        self._hide(termios.TCSAFLUSH)

    def _return(self, _number: int, _frame: FrameType | None) -> None:
        """Hide again: the shell that had the terminal in between has its own ideas of it."""
        if self._over:
            return
        self._hide(termios.TCSAFLUSH)
        self.line.clear()
        self._ask()

    def _hide(self, when: int) -> None:
        hidden = list(self._before)
        hidden[6] = list(hidden[6])
        # The kernel's line editor keeps 4095 bytes and drops the rest; its echo would show a credential.
        hidden[3] &= ~(termios.ICANON | termios.ECHO)
        hidden[6][termios.VMIN], hidden[6][termios.VTIME] = 1, 0
        if not self._over:
            self._set(when, hidden)

    def _hide_again(self) -> None:
        """Hide what another program showed, which asked at this terminal too; what it put back is what was before."""
        mode = termios.tcgetattr(self._descriptor)
        if mode[3] & termios.ECHO:
            self._before = mode
            self._hide(termios.TCSADRAIN)

    def _show(self) -> None:
        try:
            self._set(termios.TCSAFLUSH, self._before)  # what is still unread is no command for a shell
        except termios.error:  # it hung up
            return

    def _set(self, when: int, mode: list[Any]) -> None:
        while True:
            try:
                return termios.tcsetattr(self._descriptor, when, mode)
            except termios.error as error:
                if error.args[0] != errno.EINTR:  # halted in the background, and called back meanwhile
                    raise


def _drain(descriptor: int) -> bool:
    """Throw away what is pending; tell whether it was more than white space."""
    pending = poll()
    pending.register(descriptor, POLLIN)
    drained = False
    while pending.poll(_QUIET):
        try:
            chunk = os.read(descriptor, 65536)
        except BlockingIOError:  # another program took it
            continue
        if not chunk:
            break
        drained = drained or bool(chunk.strip())
    return drained
