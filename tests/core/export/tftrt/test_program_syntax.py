"""What runs under another Python keeps to Python 3.9 and to what that one has."""

import ast
import sys
from pathlib import Path

import pytest

import core.export.tftrt as package
from core import text
from core.export.programs import messages

FOLDER = Path(package.__path__[0])
NOT_FOR_OTHERS = {"capability", "conversion", "report", "verification"}
IN_FOLDER = sorted(path for path in FOLDER.glob("*.py") if path.stem not in NOT_FOR_OTHERS)
PROGRAMS = [
    *IN_FOLDER,
    Path(text.__file__),
    Path(messages.__file__),
    FOLDER.parent / "tensorrt_engine" / "engine_program.py",
    *(
        FOLDER.parent / "predict" / name
        for name in ("tftrt.py", "tensorrt.py", "cuda_memory.py", "command_line.py")
    ),
]
OWN = {f"core.export.tftrt.{path.stem}" for path in IN_FOLDER} | {
    "core.export.tftrt",
    "core.export.predict.cuda_memory",
    "core.export.programs.messages",
    "core.text",
}
# The last four lie beside the programs that import them.
RUNTIMES = {"numpy", "tensorflow", "tensorrt", "picture", "cuda_memory", "command_line", "predict"}
ALLOWED = sys.stdlib_module_names | RUNTIMES


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.name)
def test_programs_keep_to_python_3_9_and_its_packages(path):
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert all(alias.name.split(".")[0] in ALLOWED for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] in ALLOWED or node.module in OWN
