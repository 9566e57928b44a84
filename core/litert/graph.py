"""Change the graphs in LiteRT files, without TensorFlow."""

import struct
from collections.abc import Collection, Mapping
from typing import Any

import flatbuffers
import numpy as np
from numpy.typing import NDArray

from core.text import Text

_FILE_IDENTIFIER = b"TFL3"


class LitertGraph:
    """The first subgraph and signature of a LiteRT file, open for changes.

    Args:
        content: The file.

    Raises:
        ValueError: If it is no LiteRT file with a signature.
    """

    def __init__(self, content: bytes) -> None:
        # Imported here: a big generated module that only changes of a file need.
        from ai_edge_litert import schema_py_generated as schema

        if content[4:8] != _FILE_IDENTIFIER:
            raise ValueError(Text("it is no LiteRT file"))
        self.schema: Any = schema
        self._size = len(content)
        try:
            self._model: Any = schema.ModelT.InitFromPackedBuf(content, 0)
            self._graph: Any = self._model.subgraphs[0]
        except (struct.error, LookupError, TypeError, AttributeError) as error:
            raise ValueError(Text("it is damaged")) from error
        if not self._model.signatureDefs:
            raise ValueError(Text("it has no signature"))

    def to_bytes(self) -> bytes:
        """Write the file as it is now."""
        builder = flatbuffers.Builder(self._size)
        builder.Finish(self._model.Pack(builder), _FILE_IDENTIFIER)
        return bytes(builder.Output())

    def operators(self) -> list[tuple[str, int]]:
        """List name and version of each kind of operator that a runtime needs to load the file."""
        kinds = vars(self.schema.BuiltinOperator)
        names = {code: name for name, code in kinds.items() if isinstance(code, int)}
        # Files from before 2020 have their numbers in the older field only.
        return [
            (names[max(code.builtinCode, code.deprecatedBuiltinCode)], code.version)
            for code in self._model.operatorCodes
        ]

    def output_names(self) -> list[str]:
        """List the names of the signature's outputs."""
        return [output.name.decode() for output in self._model.signatureDefs[0].outputs]

    def output_tensor(self, name: str) -> int:
        """Return the index of the tensor that the signature calls `name`.

        Raises:
            ValueError: If there is none.
        """
        for output in self._model.signatureDefs[0].outputs:
            if output.name.decode() == name:
                return int(output.tensorIndex)
        raise ValueError(Text("it has no output %1", repr(name)))

    def prune_to(self, tensors: Collection[int]) -> None:
        """Drop the operators that none of these tensors needs, and the weights of those."""
        needed, kept = set(tensors), []
        for operator in reversed(self._graph.operators):
            if needed.intersection(operator.outputs.tolist()):
                kept.append(operator)
                needed.update(index for index in operator.inputs.tolist() if index >= 0)
        self._graph.operators = kept[::-1]
        used = {self._graph.tensors[index].buffer for index in needed}
        # Loops and branches have subgraphs of their own, which an operator calls by number.
        for graph in self._model.subgraphs[1:]:
            used.update(tensor.buffer for tensor in graph.tensors)
        for index, buffer in enumerate(self._model.buffers):
            if index not in used and not self._is_metadata(index):
                buffer.data = None

    def operations(self) -> list[tuple[str, list[int], list[int]]]:
        """List name, input tensors and output tensors of each operator, in their order."""
        names = [name for name, _ in self.operators()]
        return [
            (
                names[operator.opcodeIndex],
                [index for index in operator.inputs.tolist() if index >= 0],
                operator.outputs.tolist(),
            )
            for operator in self._graph.operators
        ]

    def input_tensor(self) -> int:
        """Return the index of the first input tensor."""
        return int(self._graph.inputs[0])

    def tensor_shape(self, tensor: int) -> tuple[int, ...]:
        """Return a tensor's shape; an open batch counts as 1."""
        return tuple(int(size) for size in self._graph.tensors[tensor].shape)

    def has_constant(self, tensor: int) -> bool:
        """Return whether a tensor's values are in the file."""
        data = self._model.buffers[self._graph.tensors[tensor].buffer].data
        return data is not None and len(data) > 0

    def is_quantized(self, tensor: int) -> bool:
        """Return whether a tensor holds 8-bit numbers with a scale."""
        return bool(self._graph.tensors[tensor].type == self.schema.TensorType.INT8)

    def shift_constant(self, tensor: int, offsets: NDArray[np.float32], name: str) -> int:
        """Add a copy of a quantized int32 constant whose values differ; return its index.

        Args:
            tensor: The constant, a vector with a scale for all numbers or one for each.
            offsets: Real numbers to add, of its shape.
            name: Of the copy.

        Raises:
            ValueError: If it is no such constant.
        """
        original = self._graph.tensors[tensor]
        scales = None if original.quantization is None else original.quantization.scale
        if original.type != self.schema.TensorType.INT32 or scales is None:
            raise ValueError(Text("it is damaged"))
        data = self._model.buffers[original.buffer].data
        if data is None or data.nbytes != offsets.size * np.dtype(np.int32).itemsize:
            raise ValueError(Text("it is damaged"))
        steps = np.rint(np.asarray(offsets, np.float64) / scales)
        limits = np.iinfo(np.int32)
        shifted = np.clip(np.frombuffer(data.tobytes(), "<i4") + steps, limits.min, limits.max)
        copy = self.add_constant(name, shifted.astype(np.int32))
        self._graph.tensors[copy].quantization = original.quantization
        return copy

    def replace_input(self, operation: int, old: int, new: int) -> None:
        """Make an operator, by its place among `operations()`, take another tensor."""
        operator = self._graph.operators[operation]
        operator.inputs = np.where(operator.inputs == old, new, operator.inputs).astype(np.int32)

    def name_ends(self, input_name: str, outputs: Mapping[str, int]) -> None:
        """Make these tensors the model's only outputs and name the signature's ends.

        Args:
            outputs: Tensors by name.
        """
        self._graph.outputs = np.array(list(outputs.values()), np.int32)
        signature = self._model.signatureDefs[0]
        signature.inputs[0].name = input_name
        signature.outputs = []
        for name, tensor in outputs.items():
            named = self.schema.TensorMapT()
            named.name, named.tensorIndex = name, tensor
            signature.outputs.append(named)

    def describe(self, text: str) -> None:
        """Set the file's description."""
        self._model.description = text

    def set_metadata(self, name: str, content: bytes) -> None:
        """Add a metadata buffer to the file; one of the same name is replaced."""
        entries = list(self._model.metadata or [])
        buffer = self.schema.BufferT()
        buffer.data = np.frombuffer(content, np.uint8)
        for entry in entries:
            if entry.name.decode() == name:
                self._model.buffers[entry.buffer] = buffer
                return
        entry = self.schema.MetadataT()
        entry.name, entry.buffer = name, len(self._model.buffers)
        self._model.buffers.append(buffer)
        self._model.metadata = [*entries, entry]

    def _is_metadata(self, buffer: int) -> bool:
        return any(entry.buffer == buffer for entry in self._model.metadata or [])

    def add_constant(self, name: str, values: NDArray[np.float32] | NDArray[np.int32]) -> int:
        """Add a tensor whose values are in the file, and return its index."""
        buffer = self.schema.BufferT()
        little_endian = values.astype(values.dtype.newbyteorder("<"))
        buffer.data = np.frombuffer(little_endian.tobytes(), np.uint8)
        self._model.buffers.append(buffer)
        number = len(self._model.buffers) - 1
        constant = self._add_tensor(name, list(values.shape), None, number)
        if values.dtype == np.int32:
            self._graph.tensors[constant].type = self.schema.TensorType.INT32
        return constant

    def add_activation(self, name: str, width: int) -> int:
        """Add a tensor float32 `(batch, width)` for an operator's output, and return its index."""
        return self._add_tensor(name, [1, width], [-1, width], 0)

    def _add_tensor(
        self, name: str, shape: list[int], signature: list[int] | None, buffer: int
    ) -> int:
        tensor = self.schema.TensorT()
        tensor.name = name
        tensor.type = self.schema.TensorType.FLOAT32
        tensor.shape = np.array(shape, np.int32)
        tensor.shapeSignature = None if signature is None else np.array(signature, np.int32)
        tensor.buffer = buffer
        self._graph.tensors.append(tensor)
        return len(self._graph.tensors) - 1

    def add_like(self, tensor: int, name: str) -> int:
        """Add a float32 tensor of another one's shape for an output, and return its index."""
        like = self._graph.tensors[tensor]
        signature = like.shapeSignature
        return self._add_tensor(
            name, like.shape.tolist(), None if signature is None else signature.tolist(), 0
        )

    def add_operator(
        self,
        code: int,
        options_type: int,
        options: object,
        inputs: list[int],
        output: int,
        version: int | None = None,
    ) -> None:
        """Append an operator.

        Args:
            code: Of the schema's `BuiltinOperator`.
            options_type: Of its `BuiltinOptions`; 0 for none.
            options: The table of that type.
            inputs: Tensors.
            output: A tensor.
            version: Of the operator; None for any that the file has, or the first.
        """
        operator = self.schema.OperatorT()
        operator.opcodeIndex = self._opcode_index(code, version)
        operator.inputs = np.array(inputs, np.int32)
        operator.outputs = np.array([output], np.int32)
        operator.builtinOptionsType = options_type
        operator.builtinOptions = options
        self._graph.operators.append(operator)

    def remove_operators(self, outputs: Collection[int]) -> None:
        """Drop the operators that make these tensors, needed or not."""
        self._graph.operators = [
            operator
            for operator in self._graph.operators
            if not set(outputs).intersection(operator.outputs.tolist())
        ]

    def sort_operators(self) -> None:
        """Put each operator behind those that it needs.

        Raises:
            ValueError: If there is a circle.
        """
        waiting, ordered = list(self._graph.operators), []
        missing = {tensor for operator in waiting for tensor in operator.outputs.tolist()}
        while waiting:
            ready = [each for each in waiting if missing.isdisjoint(each.inputs.tolist())]
            if not ready:
                raise ValueError(Text("it is damaged"))
            missing.difference_update(*(each.outputs.tolist() for each in ready))
            chosen = {id(each) for each in ready}
            waiting = [each for each in waiting if id(each) not in chosen]
            ordered += ready
        self._graph.operators = ordered

    def forget_unused_versions(self) -> None:
        """Drop kinds and versions of operators that no operator has any more.

        A runtime refuses files that name one that it lacks.
        """
        operators = [each for graph in self._model.subgraphs for each in graph.operators]
        used = sorted({operator.opcodeIndex for operator in operators})
        for operator in operators:
            operator.opcodeIndex = used.index(operator.opcodeIndex)
        self._model.operatorCodes = [self._model.operatorCodes[index] for index in used]

    def _opcode_index(self, code: int, version: int | None = None) -> int:
        for index, known in enumerate(self._model.operatorCodes):
            if known.builtinCode == code and version in (None, known.version):
                return index
        opcode = self.schema.OperatorCodeT()
        opcode.builtinCode = opcode.deprecatedBuiltinCode = code
        opcode.version = version or 1
        self._model.operatorCodes.append(opcode)
        return len(self._model.operatorCodes) - 1
