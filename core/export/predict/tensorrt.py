"""Classifies pictures: python predict.py PHOTO...

Needs a GPU, NVIDIA's tensorrt, NumPy and Pillow; for some pictures more, see picture.py.
"""

import sys

if __name__ == "__main__":
    # Before the imports below, any of which may be missing.
    from command_line import main

    sys.exit(main(__doc__, sys.argv[1:]))


import numpy as np
import tensorrt
from cuda_memory import CudaDevice
from picture import DescribedModel


class Classifier(DescribedModel):
    """The engine in this folder."""

    def __init__(self, folder):
        super().__init__(folder)
        # Before TensorRT, which ends the process where there is no GPU.
        self._gpu = CudaDevice()
        self.runtime = f"TensorRT {tensorrt.__version__} on {self._gpu.name}"
        runtime = tensorrt.Runtime(tensorrt.Logger(tensorrt.Logger.WARNING))
        content = self.artifact().read_bytes()
        engine = runtime.deserialize_cuda_engine(content)
        if engine is None:
            raise RuntimeError(
                "The engine is for another TensorRT or another GPU; export it again here"
            )
        self._most = engine.get_tensor_profile_shape("images", 0)[2][0]
        self._runtime, self._context = runtime, engine.create_execution_context()
        self._images = self._gpu.allocate(4 * self._most * self.size[0] * self.size[1] * 3)
        self._answers = self._gpu.allocate(4 * self._most * len(self.labels))
        self._context.set_tensor_address("images", self._images)
        self._context.set_tensor_address("probabilities", self._answers)

    def probabilities(self, images):
        """From RGB pixels, uint8 `(n, height, width, 3)`, to float32 `(n, num_classes)`."""
        starts = range(0, len(images), self._most)
        parts = [self._batch(images[start : start + self._most]) for start in starts]
        return np.concatenate(parts)

    def _batch(self, images):
        scaled = np.ascontiguousarray(images.astype(np.float32) / np.float32(255))
        answers = np.empty((len(images), len(self.labels)), np.float32)
        self._context.set_input_shape("images", scaled.shape)
        self._gpu.write(self._images, scaled)
        if not self._context.execute_async_v3(0):
            raise RuntimeError("TensorRT could not run the engine")
        self._gpu.read(self._answers, answers)
        return answers
