"""What TensorFlow Serving's REST interface answers in its row format, by the rules of its source.

They are those of `tensorflow_serving/util/json_tensor.cc`: `FillTensorMapFromInstancesList` makes
tensors of a request's `instances`, `MakeRowFormatJsonFromTensors` makes `predictions` of tensors.
"""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np

_BYTES_SUFFIX = "_bytes"


class ServingError(ValueError):
    """What Serving answers in place of predictions."""


class Serving:
    """A server of one SavedModel."""

    def __init__(self, saved_model: Path) -> None:
        import tensorflow as tf

        self._tf = tf
        self._model = tf.saved_model.load(str(saved_model))

    def predict(self, request: str) -> list[Any]:
        """The predictions for a request's JSON text, one an instance.

        Raises:
            ServingError: If the request or the model's answer is not as Serving demands.
        """
        asked = json.loads(request)
        signature = self._model.signatures[asked.get("signature_name", "serving_default")]
        inputs = {
            name: self._tf.constant(value, signature.structured_input_signature[1][name].dtype)
            for name, value in _tensors_of(asked["instances"], signature).items()
        }
        outputs = {name: np.asarray(tensor) for name, tensor in signature(**inputs).items()}
        return json.loads(json.dumps(_rows(outputs)))


def encoded_instance(content: bytes) -> dict[str, str]:
    """An image file as an element of `instances`."""
    return {"b64": base64.b64encode(content).decode()}


def _tensors_of(instances: list[Any], signature: Any) -> dict[str, list[Any]]:
    names = set(signature.structured_input_signature[1])
    if not instances:
        raise ServingError("No values in 'instances' array")
    if not _is_named(instances[0]):
        if len(names) > 1:
            raise ServingError("instances is a plain list, but expecting list of objects")
        (name,) = names
        instances = [{name: item} for item in instances]
    for item in instances:
        if set(item) != names:
            raise ServingError(f"keys must be equal to: {','.join(sorted(names))}")
    return {name: [_decoded(item[name]) for item in instances] for name in names}


def _is_named(item: Any) -> bool:
    return isinstance(item, dict) and set(item) != {"b64"}


def _decoded(value: Any) -> Any:
    if isinstance(value, dict):
        return base64.b64decode(value["b64"], validate=True)
    return value


def _rows(outputs: dict[str, np.ndarray]) -> list[Any]:
    batch_size = -1
    for name, tensor in outputs.items():
        if tensor.ndim == 0:
            raise ServingError(f"Tensor name: {name} has no shape information")
        if batch_size not in (-1, len(tensor)):
            raise ServingError(
                f"Tensor name: {name} has inconsistent batch size: {len(tensor)} "
                f"expecting: {batch_size}"
            )
        batch_size = len(tensor)
    rows = [
        {name: _value(name, tensor[index]) for name, tensor in outputs.items()}
        for index in range(batch_size)
    ]
    # A single output is not named.
    return rows if len(outputs) > 1 else [value for row in rows for value in row.values()]


def _value(name: str, value: Any) -> Any:
    if isinstance(value, bytes):
        if name.endswith(_BYTES_SUFFIX):
            return {"b64": base64.b64encode(value).decode()}
        return value.decode()
    if isinstance(value, np.ndarray):
        return [_value(name, item) for item in value]
    return value.item()
