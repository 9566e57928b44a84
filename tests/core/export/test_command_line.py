"""`predict.py` says how it is called and what is missing, in a line and without its runtime."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from core.export.formats.format import export_formats
from core.models.predict_program import copy_predict_program

PROGRAMS = sorted({each.predict for each in export_formats()})
# Of those that import one; under Linux Core ML's says that it needs a Mac.
PACKAGES = {
    "onnx.py": "onnxruntime",
    "saved_model.py": "tensorflow",
    "tensorrt.py": "tensorrt",
    "tflite.py": "ai-edge-litert",
    "tftrt.py": "tensorflow",
}


def run(folder: Path, *arguments: object, packages: Path | None = None):
    """Run the program under a Python without packages, or with those of a folder."""
    environment = {"PYTHONPATH": str(packages)} if packages else {}
    return subprocess.run(
        [sys.executable, "-S", "-B", folder / "predict.py", *arguments],
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def numpy_and_pillow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages that holds what each program needs beside its runtime."""
    folder = tmp_path_factory.mktemp("packages")
    for name in ("numpy", "PIL"):
        spec = importlib.util.find_spec(name)
        assert spec is not None
        (place,) = spec.submodule_search_locations or ()
        for path in Path(place).parent.glob(f"{'pillow' if name == 'PIL' else name}.libs"):
            (folder / path.name).symlink_to(path)
        (folder / name).symlink_to(place)
    return folder


@pytest.mark.parametrize("program", PROGRAMS)
def test_it_tells_its_usage_without_any_package(program: str, tmp_path: Path):
    copy_predict_program(program, tmp_path)
    for option in ("-h", "--help"):
        done = run(tmp_path, option)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("Usage: python predict.py PHOTO...\n")
        assert "\nNeeds " in done.stdout
    bare = run(tmp_path)
    assert (bare.returncode, bare.stdout, bare.stderr) == (2, "", done.stdout)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_python_without_packages_is_told_the_first_that_it_needs(program: str, tmp_path: Path):
    copy_predict_program(program, tmp_path)
    done = run(tmp_path, "photo.jpg")
    assert (done.returncode, done.stdout) == (1, "")
    if program == "coreml.py" and sys.platform != "darwin":
        assert done.stderr == "Core ML runs on macOS alone: use this folder on a Mac.\n"
    else:
        assert done.stderr == "The package numpy is missing: pip install numpy\n"


@pytest.mark.parametrize("program", PACKAGES)
def test_a_runtime_that_is_missing_is_a_line_with_its_package(
    program: str, numpy_and_pillow: Path, tmp_path: Path
):
    copy_predict_program(program, tmp_path)
    (tmp_path / "cuda_memory.py").touch()
    done = run(tmp_path, "photo.jpg", packages=numpy_and_pillow)
    package = PACKAGES[program]
    assert done.returncode == 1
    assert done.stderr == f"The package {package} is missing: pip install {package}\n"


def test_a_part_of_the_program_that_is_missing_is_named(numpy_and_pillow: Path, tmp_path: Path):
    copy_predict_program("tfjs.py", tmp_path)
    (tmp_path / "picture.py").unlink()
    done = run(tmp_path, "photo.jpg", packages=numpy_and_pillow)
    assert done.returncode == 1
    assert done.stderr.startswith("picture is missing: it belongs beside predict.py.")


def test_imported_by_another_program_it_raises_as_any_module_does(tmp_path: Path):
    copy_predict_program("onnx.py", tmp_path)
    done = subprocess.run(
        [sys.executable, "-S", "-B", "-c", "import predict"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ModuleNotFoundError" in done.stderr
