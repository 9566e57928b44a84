"""Classifies pictures: python predict.py PHOTO...

Needs a GPU, TensorFlow 2.17 with TensorRT and Pillow; for some pictures more, see picture.py.
"""

import sys

if __name__ == "__main__":
    # Before the imports below, any of which may be missing.
    from command_line import main

    sys.exit(main(__doc__, sys.argv[1:]))

import os
from pathlib import Path

import numpy as np
import tensorflow as tf
from picture import DescribedModel

BUILT_HERE = "saved_model_with_engines"


class Classifier(DescribedModel):
    """The model in this folder; with the engines that `run_tftrt.py` built, if it did."""

    def __init__(self, folder):
        super().__init__(folder)
        if tuple(map(int, tf.__version__.split(".")[:2])) > (2, 17):
            raise RuntimeError(
                f"TensorFlow {tf.__version__} has no TensorRT in it; TensorFlow 2.17.1 is needed"
            )
        if not tf.config.list_physical_devices("GPU"):
            raise RuntimeError("TensorRT needs an NVIDIA GPU, and TensorFlow finds none here")
        self.runtime = "TF-TRT, TensorFlow " + tf.__version__
        built = Path(folder) / BUILT_HERE
        path = built if built.is_dir() else self.artifact()
        # Registers TensorRT's operations; without it the model can't be loaded.
        from tensorflow.python.compiler.tensorrt import trt_convert  # noqa: F401

        self._model = tf.saved_model.load(os.fspath(path))
        self._classify = self._model.signatures["serving_default"]

    def probabilities(self, images):
        """From RGB pixels, uint8 `(n, height, width, 3)`, to float32 `(n, num_classes)`."""
        scaled = tf.constant(images.astype(np.float32) / np.float32(255))
        return self._classify(images=scaled)["probabilities"].numpy()
