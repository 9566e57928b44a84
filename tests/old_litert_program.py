"""Run by the Python of the oldest runtimes: what a LiteRT file gives for pixels.

    python old_litert_program.py MODEL.tflite IMAGES.npy

It prints a JSON list of probabilities for each image.
"""

import importlib
import json
import sys

import numpy as np


def main(path, images):
    # This program's own Python alone has it.
    runtime = importlib.import_module("tflite_runtime.interpreter")
    interpreter = runtime.Interpreter(model_path=path)
    interpreter.allocate_tensors()
    (taken,), (given,) = interpreter.get_input_details(), interpreter.get_output_details()
    is_float = taken["dtype"] is np.float32
    found = []
    for image in np.load(images):
        value = image / np.float32(255) if is_float else image
        interpreter.set_tensor(taken["index"], value[np.newaxis])
        interpreter.invoke()
        answer = interpreter.get_tensor(given["index"])[0]
        found.append((answer if is_float else answer / np.float32(256)).tolist())
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
