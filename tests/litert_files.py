"""Run any classifier's LiteRT file on 8-bit pixels, and change one."""

from pathlib import Path

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter


def litert_probabilities(path: Path, pixels: np.ndarray) -> np.ndarray:
    """All images in one call; full-integer files give 256 times the probabilities."""
    interpreter = Interpreter(model_path=str(path))
    (taken,), (given,) = interpreter.get_input_details(), interpreter.get_output_details()
    interpreter.resize_tensor_input(taken["index"], pixels.shape)
    interpreter.allocate_tensors()
    is_float = taken["dtype"] is np.float32
    interpreter.set_tensor(taken["index"], pixels / np.float32(255) if is_float else pixels)
    interpreter.invoke()
    found = interpreter.get_tensor(given["index"])
    return found if is_float else found / np.float32(256)


def with_versions(content: bytes, versions: dict[str, int]) -> bytes:
    """The same file with other versions of some operators."""
    model = schema.ModelT.InitFromPackedBuf(content, 0)
    codes = {getattr(schema.BuiltinOperator, name): number for name, number in versions.items()}
    for opcode in model.operatorCodes:
        opcode.version = codes.get(opcode.builtinCode, opcode.version)
    builder = flatbuffers.Builder(len(content))
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())
