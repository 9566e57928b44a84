"""What the oldest promised LiteRT runtime loads, by our table and by that runtime itself."""

import base64
import json
import subprocess

import flatbuffers
from ai_edge_litert import schema_py_generated as schema

from core.export.conversion.oldest_litert import NEWEST_VERSION, newer_operators
from core.models.litert_head import join_litert
from resources import resource_path
from tests.litert_files import with_versions
from tests.models import random_layers
from tests.old_runtimes import old_runtimes_python

BACKBONE = resource_path("backbones", "efficientnet_lite0", "model.tflite")
# Names that stand for no operator of their own.
NO_OPERATORS = {"CUSTOM", "DELEGATE", "PLACEHOLDER_FOR_GREATER_OP_CODES"}
KINDS = {
    name: code
    for name, code in vars(schema.BuiltinOperator).items()
    if isinstance(code, int) and name not in NO_OPERATORS
}
# Codes above it have a field of their own, beside the older one of a byte.
KINDS_OF_ONE_BYTE = 127
LARGEST_ASKED = 15
ASK = """
import base64, json, sys
from tflite_runtime.interpreter import Interpreter
found = {}
for name, version, content in json.load(sys.stdin):
    try:
        Interpreter(model_content=base64.b64decode(content))
    except (ValueError, RuntimeError) as error:
        if "Didn't find op" in str(error) or "out of range" in str(error):
            continue  # other complaints are about the file, made after the operator was found
    found[name] = version
json.dump(found, sys.stdout)
"""


def file_of(code: int, version: int) -> bytes:
    """A LiteRT file of one operator, as far as a runtime looks before it knows the kind."""
    opcode = schema.OperatorCodeT()
    opcode.builtinCode, opcode.version = code, version
    opcode.deprecatedBuiltinCode = min(code, KINDS_OF_ONE_BYTE)
    tensor = schema.TensorT()
    tensor.shape, tensor.name = [1], "a"
    operator = schema.OperatorT()
    operator.inputs, operator.outputs = [0], [0]
    graph = schema.SubGraphT()
    graph.tensors, graph.inputs, graph.outputs = [tensor], [0], [0]
    graph.operators = [operator]
    model = schema.ModelT()
    model.version, model.operatorCodes, model.subgraphs = 3, [opcode], [graph]
    model.buffers = [schema.BufferT()]
    builder = flatbuffers.Builder(256)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def test_the_table_is_what_the_runtime_says():
    python = old_runtimes_python()
    asked = [
        (name, version, base64.b64encode(file_of(code, version)).decode())
        for name, code in KINDS.items()
        for version in range(1, LARGEST_ASKED + 1)
    ]
    done = subprocess.run(
        [python, "-c", ASK], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == NEWEST_VERSION


def test_newer_versions_and_unknown_operators_are_named():
    content = join_litert(BACKBONE, random_layers([3]))
    assert newer_operators(content) == ()
    newer = with_versions(content, {"FULLY_CONNECTED": 12, "SOFTMAX": 3})
    assert newer_operators(newer) == ("FULLY_CONNECTED version 12",)
