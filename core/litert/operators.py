"""Append operators to LiteRT files, without TensorFlow.

Only operators that the oldest runtimes have, in their first version.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.litert.graph import LitertGraph


class LitertOperators:
    """Appends operators to a graph; each method returns the index of its output tensor."""

    def __init__(self, graph: LitertGraph) -> None:
        self._graph = graph

    def dense(
        self,
        source: int,
        kernel: NDArray[np.float32],
        bias: NDArray[np.float32],
        name: str,
        *,
        relu: bool,
    ) -> int:
        """Append a fully connected operator, and return the index of its output tensor.

        Args:
            source: Index of its input tensor.
            kernel: Shape `(inputs, outputs)`.
            bias: Shape `(outputs,)`.
            name: Prefix of its tensors' names.
            relu: Whether negative outputs become zero.
        """
        schema = self._graph.schema
        weights = self._graph.add_constant(f"{name}/kernel", np.ascontiguousarray(kernel.T))
        offsets = self._graph.add_constant(f"{name}/bias", bias)
        output = self._graph.add_activation(f"{name}/output", len(bias))
        options = schema.FullyConnectedOptionsT()
        activations = schema.ActivationFunctionType
        options.fusedActivationFunction = activations.RELU if relu else activations.NONE
        self._graph.add_operator(
            schema.BuiltinOperator.FULLY_CONNECTED,
            schema.BuiltinOptions.FullyConnectedOptions,
            options,
            [source, weights, offsets],
            output,
        )
        return output

    def dequantization(self, source: int, name: str) -> int:
        """Append the way from 8-bit numbers to float32; return the index of the output."""
        output = self._graph.add_like(source, name)
        code = self._graph.schema.BuiltinOperator.DEQUANTIZE
        # The first version that takes signed numbers.
        self._graph.add_operator(code, 0, None, [source], output, version=2)
        return output

    def quantization(self, source: int, target: int) -> None:
        """Append the way from float32 to a tensor of 8-bit numbers, which has its scale."""
        code = self._graph.schema.BuiltinOperator.QUANTIZE
        self._graph.add_operator(code, 0, None, [source], target)

    def mean(self, source: int, name: str) -> int:
        """Append the mean over height and width, and return the index of its output tensor.

        Args:
            source: Index of a tensor `(batch, height, width, channels)`.
        """
        schema = self._graph.schema
        axes = self._graph.add_constant(f"{name}/axes", np.array([1, 2], np.int32))
        output = self._graph.add_activation(name, self._graph.tensor_shape(source)[3])
        options = schema.ReducerOptionsT()
        options.keepDims = False
        self._graph.add_operator(
            schema.BuiltinOperator.MEAN,
            schema.BuiltinOptions.ReducerOptions,
            options,
            [source, axes],
            output,
        )
        return output

    def root(self, source: int, name: str) -> int:
        """Append the square root of what isn't negative; return the index of the output."""
        schema = self._graph.schema
        width = self._graph.tensor_shape(source)[-1]
        positive = self._graph.add_activation(f"{name}/positive", width)
        self._graph.add_operator(schema.BuiltinOperator.RELU, 0, None, [source], positive)
        output = self._graph.add_activation(name, width)
        # The one version for float32; a quantized file may have the other.
        code = schema.BuiltinOperator.SQRT
        self._graph.add_operator(code, 0, None, [positive], output, version=1)
        return output

    def scaling(
        self, source: int, factors: NDArray[np.float32], offsets: NDArray[np.float32], name: str
    ) -> int:
        """Append a product and a sum with constants; return the index of the output.

        Args:
            factors: Shape `(width,)`.
            offsets: Shape `(width,)`, added afterwards.
        """
        schema = self._graph.schema
        scaled = self._graph.add_activation(f"{name}/scaled", len(factors))
        constant = self._graph.add_constant(f"{name}/factors", factors)
        self._graph.add_operator(
            schema.BuiltinOperator.MUL,
            schema.BuiltinOptions.MulOptions,
            schema.MulOptionsT(),
            [source, constant],
            scaled,
        )
        output = self._graph.add_activation(name, len(factors))
        constant = self._graph.add_constant(f"{name}/offsets", offsets)
        self._graph.add_operator(
            schema.BuiltinOperator.ADD,
            schema.BuiltinOptions.AddOptions,
            schema.AddOptionsT(),
            [scaled, constant],
            output,
        )
        return output

    def normalization(self, source: int, name: str) -> int:
        """Append the division by the Euclidean length; return the index of the output."""
        schema = self._graph.schema
        output = self._graph.add_activation(name, self._graph.tensor_shape(source)[-1])
        self._graph.add_operator(
            schema.BuiltinOperator.L2_NORMALIZATION,
            schema.BuiltinOptions.L2NormOptions,
            schema.L2NormOptionsT(),
            [source],
            output,
        )
        return output

    def concatenation(self, sources: Sequence[int], name: str) -> int:
        """Append the concatenation of vectors; return the index of the output."""
        schema = self._graph.schema
        output = self._graph.add_activation(
            name, sum(self._graph.tensor_shape(each)[-1] for each in sources)
        )
        options = schema.ConcatenationOptionsT()
        options.axis = 1
        self._graph.add_operator(
            schema.BuiltinOperator.CONCATENATION,
            schema.BuiltinOptions.ConcatenationOptions,
            options,
            list(sources),
            output,
        )
        return output

    def softmax(self, source: int, name: str) -> int:
        """Append a softmax operator, and return the index of its output tensor, `name`."""
        schema = self._graph.schema
        num_classes = self._graph.tensor_shape(source)[-1]
        output = self._graph.add_activation(name, num_classes)
        options = schema.SoftmaxOptionsT()
        options.beta = 1.0
        self._graph.add_operator(
            schema.BuiltinOperator.SOFTMAX,
            schema.BuiltinOptions.SoftmaxOptions,
            options,
            [source],
            output,
        )
        return output
