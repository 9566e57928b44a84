"""Classifies pictures: python predict.py PHOTO...

Needs TensorFlow 2.17 or later and Pillow; for some pictures more, see picture.py.
"""

import sys

if __name__ == "__main__":
    # Before the imports below, any of which may be missing.
    from command_line import main

    sys.exit(main(__doc__, sys.argv[1:]))

import shutil
import tempfile

import numpy as np
import tensorflow as tf
from picture import DescribedModel


class Classifier(DescribedModel):
    """The model in this folder."""

    def __init__(self, folder):
        super().__init__(folder)
        self.runtime = "TensorFlow " + tf.__version__
        self._model = load(self.artifact("saved_model"))
        self._classify = self._model.signatures["serving_default"]

    def probabilities(self, images):
        """From RGB pixels, uint8 `(n, height, width, 3)`, to float32 `(n, num_classes)`."""
        scaled = tf.constant(images.astype(np.float32) / np.float32(255))
        return self._classify(images=scaled)["probabilities"].numpy()


def load(path):
    """A SavedModel; of one that lies in a path with brackets a copy, as TensorFlow can't see it."""
    if not set(str(path)) & set("[]*?"):
        return tf.saved_model.load(str(path))
    with tempfile.TemporaryDirectory() as folder:
        return tf.saved_model.load(shutil.copytree(path, folder + "/saved_model"))
