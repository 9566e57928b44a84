"""Classifies pictures: python predict.py PHOTO...

Needs onnxruntime 1.16 or later, NumPy and Pillow; for some pictures more, see picture.py.
"""

import sys

if __name__ == "__main__":
    # Before the imports below, any of which may be missing.
    from command_line import main

    sys.exit(main(__doc__, sys.argv[1:]))


import numpy as np
import onnxruntime
from picture import DescribedModel


class Classifier(DescribedModel):
    """The model in this folder."""

    def __init__(self, folder):
        super().__init__(folder)
        self.runtime = "onnxruntime " + onnxruntime.__version__
        path = str(self.artifact())
        self._session = onnxruntime.InferenceSession(
            path, providers=onnxruntime.get_available_providers()
        )

    def probabilities(self, images):
        """From RGB pixels, uint8 `(n, height, width, 3)`, to float32 `(n, num_classes)`."""
        scaled = images.astype(np.float32) / np.float32(255)
        return self._session.run(["probabilities"], {"images": scaled})[0]
