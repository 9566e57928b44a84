"""Exports of one training of the flowers: size, agreement, accuracy, speed, by format.

And the verdicts of all formats, for a model of several stages and one of two backbones, trained on
the hand signs.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from core.text import decimal_text
from tests.benchmarks.surroundings import ROOT, fieldguide, own_home, photo_data

_SEED = "1"
_FORMATS = ("saved-model", "tflite", "tflite-float16", "tflite-dynamic", "tflite-int8", "onnx")
_PRECISIONS = ("fp32", "fp16", "int8")
_ALL_FORMATS = (*_FORMATS, "tfjs", "coreml", "tf-trt", "tensorrt")
_SIGNS = {
    "a model of several stages": ("--seed", "1"),
    "a model of two backbones": ("--preset", "accurate", "--seed", "101"),
}
_VERDICTS = {True: "passed", False: "failed", None: "in part"}
_NEEDS_GPU = "not run: needs a GPU"


def main() -> list[str]:
    """Measure; gives lines of Markdown."""
    with own_home() as home:
        fieldguide(
            "train", photo_data() / "flowers", "--seed", _SEED, "--output", home / "run", "--json"
        )
        lines = _table(_exported(home / "run", "--format", *_FORMATS))
        lines.append("")
        lines += _tftrt_table(
            _exported(home / "run", "--format", "tf-trt", "--precision", *_PRECISIONS)
        )
        for number, (name, settings) in enumerate(_SIGNS.items()):
            run = home / f"signs_{number}"
            fieldguide("train", photo_data() / "sign_digits", *settings, "--output", run, "--json")
            lines += ["", f"Verdicts, {name} ({' '.join(settings)}):", ""]
            lines += verdict_table(_exported(run, "--format", *_ALL_FORMATS))
    return lines


def verdict_table(artifacts: list[dict[str, Any]]) -> list[str]:
    """Make the table of the verdicts from the lines of an export."""
    lines = [
        "| format, runtime | MB | same class | largest Δp | accuracy (change) | verdict |",
        "|---|---|---|---|---|---|",
    ]
    for found in artifacts:
        if "error" in found:
            lines.append(f"| {found['format']} | | | | | {found['error'].partition(':')[0]} |")
            continue
        lines.append(f"{_agreement(found)}| {_VERDICTS[found['passed']]} |")
    return lines


def _agreement(found: dict[str, Any]) -> str:
    """The first five cells of an artifact's row."""
    return (
        f"| {found['format']}, {found['runtime']} | {found['size_bytes'] / 1e6:.1f} "
        f"| {100 * found['top1_agreement']:.2f}% | {decimal_text(found['max_abs_diff'], 2)} "
        f"| {100 * found['accuracy']:.2f}% ({100 * found['accuracy_change']:+.2f}) "
    )


def _exported(run_dir: Path, *arguments: str) -> list[dict[str, Any]]:
    """The line of each artifact, with `seconds` from the line before it."""
    command = [sys.executable, str(ROOT / "main.py"), "export", "--json", "--model", str(run_dir)]
    artifacts = []
    before = time.perf_counter()
    with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            now = time.perf_counter()
            artifacts.append(json.loads(line) | {"seconds": now - before})
            before = now
    return artifacts


def _table(artifacts: list[dict[str, Any]]) -> list[str]:
    lines = [
        "| format, runtime | MB | same class | largest Δp | accuracy (change) "
        "| ms, p50 / p95 | pictures/s | seconds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for found in artifacts:
        if "error" in found:
            lines.append(f"| {found['format']} | {found['error']} | | | | | | |")
            continue
        lines.append(
            f"{_agreement(found)}| {found['latency_ms_p50']:.1f} / {found['latency_ms_p95']:.1f} "
            f"| {found['images_per_s']:.0f} | {found['seconds']:.0f} |"
        )
    images = {found["num_images"] for found in artifacts if "error" not in found}
    return [*lines, "", f"Pictures compared: {', '.join(map(str, images))}."]


def _tftrt_table(artifacts: list[dict[str, Any]]) -> list[str]:
    lines = [
        "| TF-TRT | operations in TensorRT | engines | seconds | speed |",
        "|---|---|---|---|---|",
    ]
    for found in artifacts:
        if "error" in found:
            reason = found["error"].partition(".")[0]
            lines.append(f"| {found['precision']} | {reason} | | | |")
            continue
        details = found["details"]
        fraction = f"{details['num_converted']} of {details['num_operations']}"
        lines.append(
            f"| {found['precision']} | {fraction} ({100 * details['share_converted']:.1f}%) "
            f"| {details['engines']} | {found['seconds']:.0f} | {_speed(details)} |"
        )
    return lines


def _speed(details: dict[str, Any]) -> str:
    native, converted = details["native"], details["tftrt"]
    if native is None or converted is None:
        return _NEEDS_GPU
    return (
        f"{converted['latency_ms_p50']:.2f} ms, TensorFlow alone {native['latency_ms_p50']:.2f} ms"
    )


if __name__ == "__main__":
    print("\n".join(main()))
