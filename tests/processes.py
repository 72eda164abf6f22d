"""Processes, as tests start them."""

import sys
from collections.abc import Sequence
from signal import Signals


def hearing(signal: Signals, command: Sequence[str]) -> list[str]:
    """A command that hears a signal even where it is ignored: behind nohup, or as a job in the background."""
    heard = f"import os, signal, sys; signal.signal({int(signal)}, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
    return [sys.executable, "-c", heard, *command]
