"""The signals by which a process ends unless it heeds them."""

import signal

# Two cannot be caught, five end nothing, three stop, and a fault that is heeded comes again; Python heeds SIGINT.
_OTHERS = ("KILL", "STOP", "CONT", "CHLD", "URG", "WINCH", "INFO", "TSTP", "TTIN", "TTOU", "SEGV", "BUS", "FPE", "ILL")
ENDING = frozenset(signal.valid_signals()) - {getattr(signal, f"SIG{name}", None) for name in (*_OTHERS, "INT")}
"""Whoever has begun what must not stay half done, or has hidden what is typed, heeds them."""
