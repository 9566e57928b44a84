"""Join a backbone's LiteRT file and a trained head into one LiteRT file.

Converting a whole model takes TensorFlow 6 to 11 seconds for every training. The backbone's
part of it never changes, so it is converted once; the head's few operators are appended to
that file's tables, which takes a fraction of a second and needs no TensorFlow.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
from numpy.typing import NDArray

from core.errors import ModelError
from core.features.litert_extractor import OUTPUT_NAME
from core.models.dense_weights import DenseWeights

INPUT_NAME = "images"
PROBABILITIES_NAME = "probabilities"
_FILE_IDENTIFIER = b"TFL3"


def join_litert(backbone_path: Path, layers: Sequence[DenseWeights]) -> bytes:
    """A LiteRT file from float32 images in [0, 1] to class probabilities.

    Args:
        backbone_path: A `.tflite` whose signature has the output `feature_vector`; other
            outputs and what only they need are dropped.
        layers: The head, ReLU between layers, softmax at the end.

    Raises:
        ModelError: If the backbone's file can't be read.
    """
    # Imported here: only saving a model needs it.
    from ai_edge_litert import schema_py_generated as schema

    try:
        content = backbone_path.read_bytes()
    except OSError as error:
        raise ModelError(f"{backbone_path} can't be read: {error}") from error
    model = schema.ModelT.InitFromPackedBuf(content, 0)
    joiner = _Joiner(schema, model)
    tensor = joiner.output_tensor(OUTPUT_NAME)
    joiner.prune_to(tensor)
    for index, layer in enumerate(layers):
        tensor = joiner.add_dense(tensor, layer, f"head_{index}", relu=index < len(layers) - 1)
    joiner.finish(joiner.add_softmax(tensor))
    builder = flatbuffers.Builder(len(content))
    builder.Finish(model.Pack(builder), _FILE_IDENTIFIER)
    return bytes(builder.Output())


class _Joiner:
    """Edits the first subgraph of an unpacked model.

    Args:
        schema: The generated module of the file format.
        model: A `ModelT`; changed in place.
    """

    def __init__(self, schema: Any, model: Any) -> None:
        self._schema = schema
        self._model = model
        self._graph = model.subgraphs[0]

    def output_tensor(self, name: str) -> int:
        """Index of the tensor that the signature calls `name`."""
        for output in self._model.signatureDefs[0].outputs:
            if output.name.decode() == name:
                return int(output.tensorIndex)
        raise ModelError(f"The backbone's LiteRT file has no output {name!r}.")

    def prune_to(self, tensor: int) -> None:
        """Drop the operators that `tensor` doesn't need, and the weights of those."""
        needed, kept = {tensor}, []
        for operator in reversed(self._graph.operators):
            if needed.intersection(operator.outputs.tolist()):
                kept.append(operator)
                needed.update(index for index in operator.inputs.tolist() if index >= 0)
        self._graph.operators = kept[::-1]
        used = {self._graph.tensors[index].buffer for index in needed}
        for index, buffer in enumerate(self._model.buffers):
            if index not in used and not self._is_metadata(index):
                buffer.data = None

    def add_dense(self, source: int, layer: DenseWeights, name: str, *, relu: bool) -> int:
        """Append a fully connected operator; gives the index of its output tensor."""
        schema = self._schema
        kernel = self._add_constant(f"{name}/kernel", np.ascontiguousarray(layer.kernel.T))
        bias = self._add_constant(f"{name}/bias", layer.bias)
        output = self._add_activation(f"{name}/output", len(layer.bias))
        options = schema.FullyConnectedOptionsT()
        activations = schema.ActivationFunctionType
        options.fusedActivationFunction = activations.RELU if relu else activations.NONE
        self._add_operator(
            schema.BuiltinOperator.FULLY_CONNECTED,
            schema.BuiltinOptions.FullyConnectedOptions,
            options,
            [source, kernel, bias],
            output,
        )
        return output

    def add_softmax(self, source: int) -> int:
        """Append a softmax operator; gives the index of its output tensor."""
        schema = self._schema
        num_classes = int(self._graph.tensors[source].shape[-1])
        output = self._add_activation(PROBABILITIES_NAME, num_classes)
        options = schema.SoftmaxOptionsT()
        options.beta = 1.0
        self._add_operator(
            schema.BuiltinOperator.SOFTMAX,
            schema.BuiltinOptions.SoftmaxOptions,
            options,
            [source],
            output,
        )
        return output

    def finish(self, output: int) -> None:
        """Make `output` the model's only output and name the signature's ends."""
        self._graph.outputs = np.array([output], np.int32)
        signature = self._model.signatureDefs[0]
        signature.inputs[0].name = INPUT_NAME
        named = self._schema.TensorMapT()
        named.name, named.tensorIndex = PROBABILITIES_NAME, output
        signature.outputs = [named]
        self._model.description = "Image classifier made by Fieldguide"

    def _is_metadata(self, buffer: int) -> bool:
        return any(entry.buffer == buffer for entry in self._model.metadata or [])

    def _add_constant(self, name: str, values: NDArray[np.float32]) -> int:
        buffer = self._schema.BufferT()
        buffer.data = np.frombuffer(values.astype("<f4").tobytes(), np.uint8)
        self._model.buffers.append(buffer)
        return self._add_tensor(name, list(values.shape), None, len(self._model.buffers) - 1)

    def _add_activation(self, name: str, width: int) -> int:
        return self._add_tensor(name, [1, width], [-1, width], 0)

    def _add_tensor(
        self, name: str, shape: list[int], signature: list[int] | None, buffer: int
    ) -> int:
        tensor = self._schema.TensorT()
        tensor.name = name
        tensor.type = self._schema.TensorType.FLOAT32
        tensor.shape = np.array(shape, np.int32)
        tensor.shapeSignature = None if signature is None else np.array(signature, np.int32)
        tensor.buffer = buffer
        self._graph.tensors.append(tensor)
        return len(self._graph.tensors) - 1

    def _add_operator(
        self, code: int, options_type: int, options: Any, inputs: list[int], output: int
    ) -> None:
        operator = self._schema.OperatorT()
        operator.opcodeIndex = self._opcode_index(code)
        operator.inputs = np.array(inputs, np.int32)
        operator.outputs = np.array([output], np.int32)
        operator.builtinOptionsType = options_type
        operator.builtinOptions = options
        self._graph.operators.append(operator)

    def _opcode_index(self, code: int) -> int:
        for index, known in enumerate(self._model.operatorCodes):
            if known.builtinCode == code:
                return index
        opcode = self._schema.OperatorCodeT()
        opcode.builtinCode = opcode.deprecatedBuiltinCode = code
        opcode.version = 1
        self._model.operatorCodes.append(opcode)
        return len(self._model.operatorCodes) - 1
