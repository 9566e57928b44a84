"""Run any classifier's LiteRT file on 8-bit pixels."""

from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter


def litert_probabilities(path: Path, pixels: np.ndarray) -> np.ndarray:
    """All pictures in one call; full-integer files give 256 times the probabilities."""
    interpreter = Interpreter(model_path=str(path))
    (taken,), (given,) = interpreter.get_input_details(), interpreter.get_output_details()
    interpreter.resize_tensor_input(taken["index"], pixels.shape)
    interpreter.allocate_tensors()
    is_float = taken["dtype"] is np.float32
    interpreter.set_tensor(taken["index"], pixels / np.float32(255) if is_float else pixels)
    interpreter.invoke()
    found = interpreter.get_tensor(given["index"])
    return found if is_float else found / np.float32(256)
