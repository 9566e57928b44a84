"""What the oldest promised LiteRT runtime loads, by our table and by that runtime itself."""

import base64
import json
import subprocess
from pathlib import Path

import flatbuffers
import pytest
from ai_edge_litert import schema_py_generated as schema

from core.computer.freed_memory import give_freed_memory_back
from core.export.conversion.oldest_litert import NEWEST_VERSION, newer_operators
from core.export.conversion.quantization import Quantization
from core.models.litert_head import join_litert
from resources import resource_path
from tests.convertible_models import write_photo_model
from tests.models import photo_pixels, random_layers
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


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_all_tflite_files_hold_operators_that_the_oldest_runtime_has(tmp_path: Path):
    from core.export.conversion.tflite import convert_to_tflite

    info = write_photo_model(tmp_path / "model")
    for chosen in Quantization:
        path = tmp_path / f"{chosen}.tflite"
        notes = convert_to_tflite(tmp_path / "model", info, chosen, path, photo_pixels())
        give_freed_memory_back()
        assert newer_operators(path.read_bytes()) == (), chosen
        assert not any("newer runtime" in note for note in notes)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_an_export_that_needs_a_newer_runtime_says_so(tmp_path: Path):
    from core.export.conversion.tflite import convert_to_tflite

    info = write_photo_model(tmp_path)
    path = tmp_path / "model.tflite"
    path.write_bytes(with_versions(path.read_bytes(), {"FULLY_CONNECTED": 12}))
    notes = convert_to_tflite(tmp_path, info, Quantization.NONE, tmp_path / "out.tflite", None)
    assert any("newer runtime than tflite-runtime 2.14" in note for note in notes)
    assert any("FULLY_CONNECTED version 12" in note for note in notes)


def test_newer_versions_and_unknown_operators_are_named():
    content = join_litert(BACKBONE, random_layers([3]))
    assert newer_operators(content) == ()
    newer = with_versions(content, {"FULLY_CONNECTED": 12, "SOFTMAX": 3})
    assert newer_operators(newer) == ("FULLY_CONNECTED version 12",)


def with_versions(content: bytes, versions: dict[str, int]) -> bytes:
    """The same file with other versions of some operators."""
    model = schema.ModelT.InitFromPackedBuf(content, 0)
    for opcode in model.operatorCodes:
        for name, version in versions.items():
            if opcode.builtinCode == KINDS[name]:
                opcode.version = version
    builder = flatbuffers.Builder(len(content))
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())
