"""Where a worker's messages go, those of native libraries included: into the run's log file.

TensorFlow writes to the standard streams from C++, so the streams themselves are led away
from the terminal: first into a nameless file, then, when the run has a folder, into its log.
"""

import logging
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_STREAMS = (1, 2)


def log_to_nameless_file() -> None:
    """Lead both standard streams into a file without a name, and log records with them."""
    with tempfile.TemporaryFile() as file:
        _lead_streams_to(file.fileno())
    logging.basicConfig(stream=sys.stderr, format=_FORMAT, level=logging.WARNING)
    logging.getLogger("core").setLevel(logging.INFO)
    logging.captureWarnings(capture=True)


def continue_log_in(path: Path) -> None:
    """Append what was written so far to `path`, and all that follows.

    A log that can't be written is no reason to end a run: then all stays as it is.
    """
    with suppress(OSError), path.open("ab") as file:
        sys.stderr.flush()
        size = os.fstat(2).st_size
        file.write(os.pread(2, size, 0))
        file.flush()
        _lead_streams_to(file.fileno())


def _lead_streams_to(descriptor: int) -> None:
    for stream in _STREAMS:
        os.dup2(descriptor, stream)
