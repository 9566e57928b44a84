"""Finds out what a Python can do with TF-TRT, in its own process, which may abort.

    python capability_program.py [--words]

It prints facts as it finds them, one JSON object per line, so that those before an abort are known;
with `--words` it prints sentences instead. `PYTHONPATH` names the folder that holds `core`.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from core.export.programs.messages import end_with_parent, say
from core.export.tftrt.capability_words import LAST_WITH_TENSORRT, problems_of, version_of

_DISTRIBUTIONS = ("tensorflow", "tensorflow-cpu", "tensorflow-gpu")
_TENSORRT_LIBRARIES = ("libnvinfer.so", "libnvinfer_plugin.so")
_CUDA_LIBRARIES = (
    "libcudart.so.12",
    "libcublas.so.12",
    "libcudnn.so.8",
    "libcufft.so.11",
    "libcusolver.so.11",
    "libcusparse.so.12",
)


def main(arguments: list[str]) -> int:
    """Print facts or sentences; return the exit code: 1 with `--words` if it can't convert."""
    if "--words" in arguments:
        facts: dict[str, object] = {}
        find_facts(facts.update)
        problems, notes, can_convert = problems_of(facts, sys.executable)
        for sentence in (*problems, *notes):
            print(sentence)
        if can_convert:
            print("Models can be converted to TF-TRT with this environment.")
        return 0 if can_convert else 1
    end_with_parent()
    find_facts(lambda found: say(**found))
    return 0


def find_facts(tell: Callable[[dict[str, object]], object]) -> None:
    """Report facts, those that can't abort first."""
    tell({"python": platform.python_version(), "asking": "looking for TensorFlow"})
    tell({"tensorflow": installed_tensorflow()})
    if version_of(installed_tensorflow()) > LAST_WITH_TENSORRT or not installed_tensorflow():
        tell({"asking": ""})
        return
    tell({"asking": "importing TensorFlow"})
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tensorflow as tf
    from tensorflow.compiler.tf2tensorrt import _pywrap_py_utils as tensorrt

    linked = tensorrt.get_linked_tensorrt_version()
    tell({"linked_tensorrt": ".".join(map(str, linked)) if any(linked) else ""})
    is_enabled = bool(any(linked) and tensorrt.is_tensorrt_enabled())
    tell({"has_tensorrt": is_enabled, "missing": missing_tensorrt(linked)})
    tell({"asking": "asking for TensorRT's version"})
    # Without the library this call aborts the process.
    if is_enabled:
        tell({"loaded_tensorrt": ".".join(map(str, tensorrt.get_loaded_tensorrt_version()))})
    tell({"asking": "looking for GPUs"})
    gpus = [
        tf.config.experimental.get_device_details(d) for d in tf.config.list_physical_devices("GPU")
    ]
    tell(
        {
            "gpus": [
                [g.get("device_name", "GPU"), *g.get("compute_capability", (0, 0))] for g in gpus
            ]
        }
    )
    tell({"has_nvidia_device": has_nvidia_device(), "missing_cuda": missing(_CUDA_LIBRARIES)})
    tell({"asking": ""})


def installed_tensorflow() -> str:
    """Return the version of TensorFlow; "" if there is none."""
    for name in _DISTRIBUTIONS:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return ""


def missing_tensorrt(linked: tuple[int, int, int]) -> list[str]:
    """Return the libraries of TensorRT that TensorFlow needs and that can't be loaded."""
    version = ".".join(map(str, linked))
    return missing([f"{name}.{version}" for name in _TENSORRT_LIBRARIES]) if any(linked) else []


def missing(names: list[str] | tuple[str, ...]) -> list[str]:
    """Return the libraries that can't be loaded."""
    absent = []
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            absent.append(name)
    return absent


def has_nvidia_device() -> bool:
    """Return whether the machine has an NVIDIA GPU, even if TensorFlow doesn't see it."""
    return Path("/dev/nvidia0").exists()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
