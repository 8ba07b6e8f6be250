"""A line as it is typed or pasted, byte by byte: erasing, and the marks by which a terminal tells what is pasted."""

MARKING, NOT_MARKING = b"\x1b[?2004h", b"\x1b[?2004l"
"""What has a terminal mark what is pasted (bracketed paste), and mark it no longer."""

LONGEST_MARK = 6
"""So many bytes at the end of what was read may be the beginning of a mark."""

_PASTE, _PASTED = b"\x1b[200~", b"\x1b[201~"


class TypedLine:
    """What was typed so far: erasing is ours, as the line editor is off, and within a paste nothing erases.

    ``pasting`` is true between the marks of a paste, ``broken_off`` once its end did not come in time.
    """

    def __init__(self, *, pasting: bool = False) -> None:
        self.content = bytearray()
        self.pasting = pasting
        self.broken_off = False

    @property
    def literal(self) -> bool:
        """Tell whether a key is but a byte of a paste, and does nothing else."""
        return self.pasting and not self.broken_off

    def take(self, byte: int) -> None:
        """Add a byte, or take one letter or the line away; a mark of the terminal's begins or ends a paste."""
        if byte in (0x08, 0x7F) and not self.literal:
            while len(self.content) > 1 and self.content[-1] & 0xC0 == 0x80:  # within a letter of UTF-8
                del self.content[-1]
            del self.content[-1:]
        elif byte == 0x15 and not self.literal:  # Ctrl-U
            self.content.clear()
        else:
            self.content.append(byte)
            mark = _PASTED if self.pasting else _PASTE
            if byte == mark[-1] and self.content.endswith(mark):
                del self.content[-len(mark) :]
                self.pasting, self.broken_off = not self.pasting, False
