"""Messages from a program to the process that started it: one JSON object per line.

Programs under Python 3.9 use this too.
"""

from __future__ import annotations

import json
import os
import threading


def say(**message: object) -> None:
    """Send a message."""
    print(json.dumps(message), flush=True)


def end_with_parent() -> None:
    """Exit when standard input closes, which the parent keeps open and never writes to."""

    def wait() -> None:
        # Not through `sys.stdin`: its lock, held while waiting, would abort Python's shutdown.
        while os.read(0, 4096):
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
