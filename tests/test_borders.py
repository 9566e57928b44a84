"""Import rules that import-linter (`make lint`) can't check, and what sources must not call."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.export.formats.format import export_formats

CHECKOUT = Path(__file__).resolve().parent.parent
QT = {"PySide6", "shiboken6", "pyqtgraph"}
TENSORFLOW = {"tensorflow", "tensorflow_hub", "tf_keras", "keras"}
# Imported where they are used, in functions.
LATE = {"filelock", "httpx", "optuna", "psutil", "pynvml"}
# The only modules that may import TensorFlow. The worker process alone imports them.
TENSORFLOW_MODULES = (
    "core/training/*.py",
    "core/training/**/*.py",
    "core/export/conversion/*.py",
    "core/export/coreml/*_program.py",
    "core/export/predict/*.py",
    "core/export/tfjs/*_program.py",
    "core/export/tftrt/*_program.py",
    "core/export/tftrt/graph_preparation.py",
    "core/export/tftrt/run_tftrt.py",
    "core/features/tensorflow_extractor.py",
    "core/backbones/saved_model_*.py",
    "core/backbones/litert_conversion.py",
    "core/backbones/efficientnet_lite/network.py",
    "core/backbones/efficientnet_lite/saved_model.py",
)
IMAGE_READING = Path("core/image_reading")  # imports itself relatively: it is copied as a folder
RUNTIMES = {chosen.predict: chosen.runtimes for chosen in export_formats()}


def sources(package: str) -> list[Path]:
    paths = (path.relative_to(CHECKOUT) for path in (CHECKOUT / package).rglob("*.py"))
    return sorted(paths, key=str)


def may_import_tensorflow(path: Path) -> bool:
    return any(path.match(pattern) for pattern in TENSORFLOW_MODULES)


def imported(path: Path) -> Iterator[str]:
    """Full names that the file imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse((CHECKOUT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            is_copied_whole = path.parent == IMAGE_READING and node.level == 1
            assert node.level == 0 or is_copied_whole, f"{path}:{node.lineno}: absolute here"
            yield f"core.image_reading.{node.module}" if node.level else node.module or ""


def imported_packages(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imported(path)}


def module_name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def packages_loaded_by(modules: list[str]) -> set[str]:
    """Top-level packages that a fresh interpreter holds after importing the modules."""
    code = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {name.split(".")[0] for name in done.stdout.split()}


_RUN_OR_UNPACK = {"eval", "exec", "compile", ".extractall", ".unpack_archive", "unpack_archive"}


def calls(path: Path) -> Iterator[ast.Call]:
    tree = ast.parse((CHECKOUT / path).read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    """Name of the function, or of the method with a dot before it."""
    function = call.func
    if isinstance(function, ast.Name):
        return function.id
    return f".{function.attr}" if isinstance(function, ast.Attribute) else ""


@pytest.mark.parametrize("path", [*sources("core"), *sources("gui"), Path("main.py")], ids=str)
def test_no_file_can_bring_code(path):
    """What is read from disk is data: none of these can be made to run what a file says."""
    assert not imported_packages(path) & {"pickle", "marshal", "shelve", "dill", "joblib", "yaml"}
    for call in calls(path):
        assert called(call) not in _RUN_OR_UNPACK, call.lineno
        for argument in call.keywords:
            if argument.arg == "allow_pickle":
                assert isinstance(argument.value, ast.Constant), call.lineno
                assert argument.value.value is False, call.lineno


def is_our_own_text(node: ast.expr) -> bool:
    """Whether an expression is a text of the program's, or one that was made harmless."""
    if isinstance(node, ast.IfExp):
        return is_our_own_text(node.body) and is_our_own_text(node.orelse)
    if isinstance(node, ast.Call):
        # Arguments may come from elsewhere.
        is_translation = called(node) == "tr" and len(node.args) == 1
        return is_translation or called(node) == "plain_tooltip"
    return isinstance(node, ast.Constant)


# What is shown there is escaped by hand, or made of the program's own words and numbers.
_ESCAPES_ITSELF = {"gui/widgets/elided_label.py", "gui/classify/unknown_threshold.py"}


@pytest.mark.parametrize("path", sources("gui"), ids=str)
def test_no_text_from_elsewhere_is_taken_for_html(path):
    """Qt guesses whether a text is HTML: in labels, tooltips and message boxes."""
    names = {called(call) for call in calls(path)}
    if str(path) != "gui/widgets/plain_text.py":
        assert "QLabel" not in names
        assert "QErrorMessage" not in names
    if "QMessageBox" in names:
        assert "show_plainly" in names
    for call in calls(path):
        if called(call) == ".setToolTip" and str(path) not in _ESCAPES_ITSELF:
            assert is_our_own_text(call.args[0]), call.lineno


# core/worker/ is left out: it runs in both processes, and may import TensorFlow late.
@pytest.mark.parametrize(
    "path",
    [
        path
        for path in sources("core")
        if not may_import_tensorflow(path) and not path.is_relative_to("core/worker")
    ],
    ids=str,
)
def test_tensorflow_is_imported_in_the_modules_made_for_it_only(path):
    assert not imported_packages(path) & TENSORFLOW
    assert not [name for name in imported(path) if name.startswith("core.training")]


BESIDE = {"predict", "picture", "command_line", "image_reading", "cuda_memory"}


@pytest.mark.parametrize(
    "path",
    [*sources("core/export/predict"), *sources("core/image_reading")],
    ids=str,
)
def test_what_is_copied_beside_artifacts_needs_a_runtime_and_no_more(path):
    names = {name for name in imported(path) if not name.startswith("core.image_reading.")}
    packages = {name.split(".")[0] for name in names}
    assert not {name for name in packages if (CHECKOUT / name).is_dir()}
    others = packages - sys.stdlib_module_names - BESIDE
    assert others <= {"numpy", "PIL", "pi_heif", *RUNTIMES.get(path.name, ())}


# Each of these calls `require_computing_only` first, or has a copy from one that did.
LOADERS_OF_SAVED_MODELS = {
    "core/export/conversion/signature_renewal.py",
    "core/backbones/saved_model_inspection.py",
    "core/backbones/saved_model_training.py",
    "core/export/conversion/onnx.py",
    "core/export/conversion/saved_model.py",
    "core/export/conversion/tflite.py",
    "core/export/coreml/conversion_program.py",
    # Programs of exports, which `ExportRun` gives its copy to, or which run with the user's own.
    "core/export/predict/saved_model.py",
    "core/export/predict/tftrt.py",
    "core/export/tfjs/conversion_program.py",
    "core/export/tftrt/conversion_program.py",
    "core/export/tftrt/graph_preparation.py",
    "core/export/tftrt/run_tftrt.py",
}


def loads_saved_models(path: Path) -> bool:
    named = re.compile(r"(^|\.)(saved_model|hub)\.load|load_model$|KerasLayer$")
    nodes = ast.walk(ast.parse((CHECKOUT / path).read_text(encoding="utf-8")))
    return any(
        isinstance(node, ast.Attribute) and named.search(ast.unparse(node)) for node in nodes
    )


def test_saved_models_are_loaded_behind_the_gate_only():
    found = {str(path) for path in (*sources("core"), *sources("gui")) if loads_saved_models(path)}
    assert found == LOADERS_OF_SAVED_MODELS


@pytest.mark.parametrize("path", sources("core"), ids=str)
def test_keras_own_loader_which_runs_python_code_of_models_is_never_used(path):
    assert "load_model(" not in (CHECKOUT / path).read_text(encoding="utf-8")


def test_the_window_starts_without_the_camera():
    code = "import sys, gui.app, gui.window.fieldguide_window; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert "PySide6.QtWidgets" in done.stdout.split()
    assert "PySide6.QtMultimedia" not in done.stdout.split()


def test_command_line_starts_without_tensorflow():
    assert not packages_loaded_by(["main", "core.cli.main"]) & (TENSORFLOW | QT)


def test_the_start_loads_no_library_that_few_commands_need():
    assert not packages_loaded_by(["main", "core.cli.main", "gui.app", "gui.quick_app"]) & LATE


@pytest.mark.parametrize("package", ["core", "gui"])
def test_importing_all_that_is_not_the_workers_loads_no_tensorflow(package):
    modules = [
        module_name(path)
        for path in sources(package)
        # Qt's start file runs when imported, as such files do.
        if not may_import_tensorflow(path) and path.name != "__main__.py"
    ]
    assert not packages_loaded_by(modules) & TENSORFLOW
