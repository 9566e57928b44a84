"""Sentences about an environment: what is missing, and how to get it.

Programs under Python 3.9 use this too.
"""

from __future__ import annotations

from typing import Any

from core.text import Text

LAST_WITH_TENSORRT = (2, 17)
"""The last release of TensorFlow with TensorRT."""

NEWEST_GPU = (9, 0)
"""Compute capability of the newest GPUs that TensorFlow 2.17 and TensorRT 8.6 know."""

MAKE_ENVIRONMENT = "make tftrt (packaging/tftrt/make_environment.sh)"
"""The command for an environment with all that is needed."""

_ADVICE = Text("Make an environment with: %1", MAKE_ENVIRONMENT)


def version_of(text: str) -> tuple[int, int]:
    """Return major and minor number of a version; `(0, 0)` if it has none."""
    parts = text.split(".")
    if len(parts) < 2 or not (parts[0].isdigit() and parts[1].isdigit()):
        return 0, 0
    return int(parts[0]), int(parts[1])


def problems_of(facts: dict[str, Any], python: str) -> tuple[list[str], list[str], bool]:
    """Evaluate the facts of `capability_program.py`.

    Args:
        facts: By name.
        python: Path of its interpreter, for the sentences.

    Returns:
        Problems and notes as sentences, and whether models can be converted.
    """
    if reason := _obstacle(facts, python):
        return [reason], [], False
    notes = _version_notes(facts)
    problems = _gpu_problems(facts)
    return problems, notes, True


def can_run(facts: dict[str, Any]) -> bool:
    """Return whether engines can be built and run: there is a GPU that TF-TRT supports."""
    gpus = facts.get("gpus") or []
    return bool(gpus) and all(tuple(gpu[1:3]) <= NEWEST_GPU for gpu in gpus)


def gpu_name(gpu: list[Any]) -> str:
    """Name a GPU, such as `NVIDIA L4 (compute capability 8.9)`."""
    return f"{gpu[0]} (compute capability {gpu[1]}.{gpu[2]})"


def _obstacle(facts: dict[str, Any], python: str) -> str:
    """Say why nothing can be converted; "" if it can."""
    tensorflow = facts.get("tensorflow", "")
    linked, loaded = facts.get("linked_tensorrt", ""), facts.get("loaded_tensorrt", "")
    if not tensorflow:
        return Text("%1 has no TensorFlow. %2", python, _ADVICE)
    if version_of(tensorflow) > LAST_WITH_TENSORRT:
        return Text(
            "%1 has TensorFlow %2, which has no TensorRT in it: 2.17 was the last release with "
            "it. %3",
            python,
            tensorflow,
            _ADVICE,
        )
    if not linked:
        return Text(
            "TensorFlow %1 of %2 was built without TensorRT. %3", tensorflow, python, _ADVICE
        )
    if not facts.get("has_tensorrt"):
        return Text(
            "TensorFlow %1 of %2 doesn't find TensorRT's libraries; missing: %3. Install TensorRT "
            "%4 and add its folder to LD_LIBRARY_PATH, or make an environment with: %5",
            tensorflow,
            python,
            ", ".join(facts.get("missing") or ["libnvinfer"]),
            linked,
            MAKE_ENVIRONMENT,
        )
    if version_of(loaded) != version_of(linked):
        return Text(
            "TensorRT %1 was loaded, and TensorFlow %2 of %3 was built with TensorRT %4: they "
            "don't work together. Install TensorRT %4, or make an environment with: %5",
            loaded,
            tensorflow,
            python,
            linked,
            MAKE_ENVIRONMENT,
        )
    return ""


def _version_notes(facts: dict[str, Any]) -> list[str]:
    linked, loaded = facts["linked_tensorrt"], facts["loaded_tensorrt"]
    if loaded == linked:
        return []
    if is_older_patch(loaded, linked):
        return [
            Text(
                "TensorRT %1 was loaded where TensorFlow was built with %2. TensorFlow's refusal "
                "of an older last digit is lifted for conversions.",
                loaded,
                linked,
            )
        ]
    return [Text("TensorRT %1 was loaded where TensorFlow was built with %2.", loaded, linked)]


def is_older_patch(loaded: str, linked: str) -> bool:
    """Return whether the versions differ only in their last number, and the loaded is older."""
    return version_of(loaded) == version_of(linked) and _numbers(loaded) < _numbers(linked)


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdigit()]


def _gpu_problems(facts: dict[str, Any]) -> list[str]:
    gpus = facts.get("gpus") or []
    if not gpus and facts.get("has_nvidia_device"):
        if missing := ", ".join(facts.get("missing_cuda") or []):
            return [
                Text(
                    "There is an NVIDIA GPU that TensorFlow can't use; missing: %1. Models can be "
                    "converted; for engines install NVIDIA's driver and make the environment with "
                    "--gpu.",
                    missing,
                )
            ]
        return [
            Text(
                "There is an NVIDIA GPU that TensorFlow can't use; its driver may be too old for "
                "CUDA 12. Models can be converted; for engines install NVIDIA's driver and make "
                "the environment with --gpu."
            )
        ]
    if not gpus:
        return [
            Text(
                "There is no NVIDIA GPU here. Models can be converted to FP32 and FP16; engines "
                "can't be built or run and INT8 can't be calibrated. On the machine with the GPU, "
                "run_tftrt.py from the export builds the engines; export INT8 there."
            )
        ]
    newer = [gpu for gpu in gpus if tuple(gpu[1:3]) > NEWEST_GPU]
    return [
        Text(
            "%1 is too new for TF-TRT, which supports compute capability %2 at most. Export a "
            "TensorRT engine instead (format tensorrt).",
            gpu_name(gpu),
            f"{NEWEST_GPU[0]}.{NEWEST_GPU[1]}",
        )
        for gpu in newer
    ]
