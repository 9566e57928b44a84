"""Load LiteRT files, without LiteRT's messages on the terminal."""

import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.text import Text

_CUSTOM_OPERATION = re.compile(r"Encountered unresolved custom op: ([^\s.]+)")
_stderr_lock = threading.Lock()


class LitertOperationError(RuntimeError):
    """A file holds operations that LiteRT doesn't run; the message is the reason."""


def load_interpreter(model: Path | bytes, num_threads: int) -> Any:
    """Make a LiteRT interpreter with its tensors allocated.

    Args:
        model: A `.tflite` file or its content.
        num_threads: Threads that one call may use.

    Raises:
        ValueError: If the file is missing or no LiteRT model.
        LitertOperationError: If it uses operations that LiteRT doesn't have. Operations of
            TensorFlow's or of a library's own might do more than compute; LiteRT's only compute.
    """
    # Imported here: it takes a tenth of a second that most commands needn't wait for.
    from ai_edge_litert.interpreter import Interpreter

    with _without_native_chatter():
        interpreter = (
            Interpreter(model_content=model, num_threads=num_threads)
            if isinstance(model, bytes)
            else Interpreter(model_path=str(model), num_threads=num_threads)
        )
        try:
            interpreter.allocate_tensors()
        except RuntimeError as error:
            raise LitertOperationError(_operation_message(str(error))) from error
    return interpreter


def _operation_message(reason: str) -> str:
    """Say why LiteRT can't prepare a file, without advice to developers."""
    if reason.startswith("Select TensorFlow op"):
        return Text("it holds operations of TensorFlow, which are never run from a LiteRT file")
    if match := _CUSTOM_OPERATION.search(reason):
        return Text("it holds the operation %1, which LiteRT doesn't have", match[1])
    return reason.strip().partition("\n")[0].rstrip(".")


@contextmanager
def _without_native_chatter() -> Iterator[None]:
    """Keep "Created TensorFlow Lite XNNPACK delegate" off the user's terminal.

    LiteRT writes it from C++ and offers no switch, so standard error leads nowhere for as
    long as a model takes to load (some milliseconds).
    """
    with _stderr_lock:
        sys.stderr.flush()
        kept = os.dup(2)
        sink = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(sink, 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            os.close(sink)


def set_images(interpreter: Any, index: int, pixels: NDArray[np.uint8]) -> None:
    """Scale pixels to [0, 1] straight into an input tensor of the same shape.

    It spares an array of 600 kB for every image, and the copy of it.
    """
    tensor = interpreter.tensor(index)()
    np.multiply(pixels, np.float32(1 / 255), out=tensor, dtype=np.float32)
