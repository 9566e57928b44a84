"""Computes a Core ML package's own program with TensorFlow, where there is no Core ML.

It reads the package as Core ML does: its operations, its weights, its classes. Numbers that Core ML
keeps in 16 bits are rounded to 16 bits after each operation.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from core.export.coreml.mil_operations_program import OPERATIONS

_WEIGHTS = "Data/com.apple.CoreML/weights"


class NotComputedError(Exception):
    """The program has an operation that isn't known here; the message names it."""


class MlProgram:
    """The program of a package.

    Attributes:
        specification_version: Of Core ML's format: 6 is iOS 15 and macOS 12.
        image_size: `(height, width)` of the pictures that it takes.
        labels: Its classes, in their order.

    Args:
        package: The `.mlpackage` folder.

    Raises:
        ValueError: If it is no classifier of RGB pictures.
    """

    def __init__(self, package: Path) -> None:
        from coremltools.converters.mil.frontend.milproto.load import load
        from coremltools.models.utils import load_spec

        spec = load_spec(str(package))
        self.specification_version = int(spec.specificationVersion)
        (taken,) = spec.description.input
        image = taken.type.imageType
        if image.colorSpace != image.ColorSpace.Value("RGB"):
            raise ValueError("the package takes no RGB pictures")
        self.image_size = (int(image.height), int(image.width))
        main = load(spec, self.specification_version, str(package / _WEIGHTS)).functions["main"]
        (self._input,) = main.inputs
        # Constants are values of the operations that use them.
        self._operations = [each for each in main.operations if each.op_type != "const"]
        classify = self._operations.pop()
        if classify.op_type != "classify":
            raise ValueError("the package is no classifier")
        self._probabilities = classify.probabilities.name
        self.labels = [str(label) for label in classify.classes.val]
        spec_of_pixels = tf.TensorSpec([1, 3, *self.image_size], tf.float32)
        self._function = tf.function(
            self._computed, input_signature=[spec_of_pixels], autograph=False
        )

    def trace(self) -> None:
        """Find out whether the program can be computed here, without computing it.

        Raises:
            NotComputedError: If it can't.
        """
        self._function.get_concrete_function()

    def probabilities(self, image: Any) -> Any:
        """Classify one image.

        Args:
            image: uint8 `(height, width, 3)`, RGB.

        Returns:
            float32 `(num_classes,)`, in the order of `labels`.
        """
        channels_first = np.moveaxis(np.asarray(image, np.float32), -1, 0)[np.newaxis]
        return self._function(tf.constant(channels_first)).numpy()[0]

    def _computed(self, pixels: Any) -> Any:
        values = {self._input: pixels}
        for operation in self._operations:
            compute = OPERATIONS.get(operation.op_type)
            if compute is None:
                raise NotComputedError(operation.op_type)
            given = {name: _value(of, values) for name, of in operation.inputs.items()}
            try:
                found = compute(**given)
            except (TypeError, ValueError, KeyError, NotImplementedError) as error:
                raise NotComputedError(operation.op_type) from error
            outputs = found if isinstance(found, list) else [found]
            for variable, value in zip(operation.outputs, outputs, strict=True):
                values[variable.name] = _rounded(value, variable)
        return values[self._probabilities]


def _value(of: Any, values: dict[str, Any]) -> Any:
    """Return what an operation is given: a tensor, a constant or a list of such."""
    if isinstance(of, list | tuple):
        return [_value(each, values) for each in of]
    if of.name in values:
        return values[of.name]
    value = of.val
    is_half = isinstance(value, np.ndarray | np.generic) and value.dtype == np.float16
    return value.astype(np.float32) if is_half else value


def _rounded(value: Any, variable: Any) -> Any:
    from coremltools.converters.mil.mil import types

    if variable.dtype is not types.fp16:
        return value
    return tf.cast(tf.cast(value, tf.float16), tf.float32)
