"""Classifies pictures: python predict.py PHOTO...

Needs NumPy, Pillow and ai-edge-litert, or what came before it: tflite-runtime 2.14, which needs a
NumPy below 2; for some pictures more, see picture.py.
"""

import sys

if __name__ == "__main__":
    # Before the imports below, any of which may be missing.
    from command_line import main

    sys.exit(main(__doc__, sys.argv[1:]))

import os
from importlib.metadata import version

import numpy as np
from picture import DescribedModel

try:
    from ai_edge_litert.interpreter import Interpreter

    RUNTIME = "LiteRT " + version("ai-edge-litert")
except ImportError:  # what came before it, on small devices
    from tflite_runtime.interpreter import Interpreter

    RUNTIME = "TFLite " + version("tflite-runtime")


class Classifier(DescribedModel):
    """The model in this folder."""

    def __init__(self, folder):
        super().__init__(folder)
        self.runtime = RUNTIME
        path = str(self.artifact("model.tflite"))
        self._interpreter = Interpreter(model_path=path, num_threads=os.cpu_count())
        self._interpreter.allocate_tensors()
        (self._input,) = self._interpreter.get_input_details()
        (self._output,) = self._interpreter.get_output_details()
        # What the input holds for each value of a pixel: a full-integer model's are bytes.
        self._values = np.arange(256, dtype=np.float32) / np.float32(255)
        scale, zero = self._input["quantization"]
        if scale:
            self._values = np.rint(self._values / np.float32(scale)) + zero
        self._values = self._values.astype(self._input["dtype"])

    def probabilities(self, images):
        """From RGB pixels, uint8 `(n, height, width, 3)`, to float32 `(n, num_classes)`."""
        # One by one: on a CPU batches are no faster.
        return np.concatenate([self._classify(image[np.newaxis]) for image in images])

    def _classify(self, image):
        self._interpreter.set_tensor(self._input["index"], self._values[image])
        self._interpreter.invoke()
        found = self._interpreter.get_tensor(self._output["index"]).astype(np.float32)
        scale, zero = self._output["quantization"]
        return (found - zero) * np.float32(scale) if scale else found
