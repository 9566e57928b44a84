"""Feature vectors through LiteRT: the fastest way on a CPU, and free of TensorFlow."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import BackboneError
from core.litert.graph import LitertGraph
from core.litert.interpreter import load_interpreter, set_images
from core.text import Text

OUTPUT_NAME = "feature_vector"


def read_litert_backbone(path: Path) -> bytes:
    """Read a backbone's LiteRT file without the operators that its feature vector doesn't need.

    The embedded backbone's ImageNet classes would cost 5% of the time: their 5 MB of weights
    have to come from memory for every image.

    Args:
        path: A `.tflite` file whose input is float32 `(batch, height, width, 3)` in [0, 1]
            and whose signature has an output `feature_vector`.

    Raises:
        BackboneError: If it is none.
    """
    try:
        graph = LitertGraph(path.read_bytes())
        vector = graph.output_tensor(OUTPUT_NAME)
    except (OSError, ValueError) as error:
        message = Text("The backbone's file %1 can't be used: %2.", str(path), str(error))
        raise BackboneError(message) from error
    graph.prune_to(vector)
    graph.name_ends("images", OUTPUT_NAME, vector)
    return graph.to_bytes()


class LitertExtractor:
    """One single-threaded LiteRT interpreter; use one per thread.

    On a CPU several of these work in parallel, each on images of its own, so that no core
    waits for another within an image.

    Args:
        model: From `read_litert_backbone`.

    Raises:
        BackboneError: If the file can't be loaded.
    """

    batch_size = 1

    def __init__(self, model: bytes) -> None:
        self._model = model  # the interpreter reads from it as long as it lives
        try:
            self._interpreter = load_interpreter(model, num_threads=1)
            outputs = self._interpreter.get_signature_runner().get_output_details()
            self._output_index = outputs[OUTPUT_NAME]["index"]
        except (ValueError, RuntimeError, KeyError) as error:
            message = Text("The backbone can't be run by LiteRT: %1", str(error))
            raise BackboneError(message) from error
        self._input_index = self._interpreter.get_input_details()[0]["index"]

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Compute the feature vectors of some images.

        Args:
            pixels: RGB, shape `(batch, height, width, 3)`, values 0 to 255.

        Returns:
            Shape `(batch, feature_dim)`.
        """
        return np.stack([self._vector(image) for image in pixels])

    def _vector(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        # Images go through one by one: a batch is no faster, and the tensors of one
        # image stay in the processor's cache.
        set_images(self._interpreter, self._input_index, image[np.newaxis])
        self._interpreter.invoke()
        vector: NDArray[np.float32] = self._interpreter.get_tensor(self._output_index)
        return vector.reshape(-1)
