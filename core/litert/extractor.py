"""Feature vectors through LiteRT: the fastest way on a CPU, and free of TensorFlow."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import BackboneError
from core.litert.graph import LitertGraph
from core.litert.interpreter import load_interpreter, set_images
from core.text import Text

OUTPUT_NAME = "feature_vector"
_PART_NAME = "feature_part_{}"


def part_names(count: int) -> list[str]:
    """Return the names of a LiteRT backbone's outputs, by the number of its vector's parts."""
    return [OUTPUT_NAME] if count == 1 else [_PART_NAME.format(index) for index in range(count)]


def part_tensors(graph: LitertGraph) -> list[int]:
    """Return the output tensors of a backbone that together are the feature vector, in order.

    Raises:
        ValueError: If there are none.
    """
    names = graph.output_names()
    parts = sum(_PART_NAME.format(index) in names for index in range(len(names)))
    return [graph.output_tensor(name) for name in part_names(max(1, parts))]


def read_litert_backbone(path: Path) -> bytes:
    """Read a backbone's LiteRT file without the operators that its feature vector doesn't need.

    The embedded backbone's ImageNet classes would cost 5% of the time: their 5 MB of weights
    have to come from memory for every image.

    Args:
        path: A `.tflite` file whose input is float32 `(batch, height, width, 3)` in [0, 1]
            and whose signature has the outputs that `part_names` says.

    Raises:
        BackboneError: If it is none.
    """
    try:
        graph = LitertGraph(path.read_bytes())
        parts = part_tensors(graph)
    except (OSError, ValueError) as error:
        message = Text("The backbone's file %1 can't be used: %2.", str(path), str(error))
        raise BackboneError(message) from error
    graph.prune_to(parts)
    graph.name_ends("images", dict(zip(part_names(len(parts)), parts, strict=True)))
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
            self._outputs = [outputs[name]["index"] for name in part_names(len(outputs))]
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
        parts = [self._interpreter.get_tensor(index).reshape(-1) for index in self._outputs]
        return np.concatenate(parts)
