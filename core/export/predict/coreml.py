"""Classifies pictures: python predict.py PHOTO...

Needs macOS 12 or later, coremltools 9, NumPy and Pillow; for some pictures more, see picture.py.
"""

import sys

if __name__ == "__main__":
    # Before the imports below, any of which may be missing.
    from command_line import main

    sys.exit(main(__doc__, sys.argv[1:]))

if sys.platform != "darwin":
    # Before coremltools, which takes seconds to load, and warns of much, where it can't run.
    raise RuntimeError("Core ML runs on macOS alone: use this folder on a Mac")

import platform
from pathlib import Path

import coremltools
import numpy as np
from picture import DescribedModel
from PIL import Image


class Classifier(DescribedModel):
    """The model in this folder."""

    def __init__(self, folder):
        super().__init__(folder)
        # Core ML answers by these names, which may be written otherwise than the labels.
        lines = (Path(folder) / "labels.txt").read_bytes().decode("utf-8")
        self._names = lines.removesuffix("\n").split("\n")
        self._model = coremltools.models.MLModel(str(self.artifact()))
        system = platform.mac_ver()[0]
        self.runtime = f"Core ML of macOS {system}, coremltools {coremltools.__version__}"

    def probabilities(self, images):
        """From RGB pixels, uint8 `(n, height, width, 3)`, to float32 `(n, num_classes)`."""
        asked = [{"images": Image.fromarray(image)} for image in images]
        found = [answer["classLabel_probs"] for answer in self._model.predict(asked)]
        return np.array([[row[name] for name in self._names] for row in found], np.float32)
