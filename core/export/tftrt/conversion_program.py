"""Converts a SavedModel to TF-TRT, under a Python whose TensorFlow has TensorRT.

    python conversion_program.py REQUEST.json

It prints progress, then a report or an error, one JSON object per line. `PYTHONPATH` names the
folder that holds `core`. The request is what `core.export.tftrt.conversion` writes.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from core.export.programs.messages import end_with_parent, say
from core.export.tftrt import run_tftrt, segmenter_log

_ENGINE = "TRTEngineOp"
_NUM_RANDOM = 64
_CALIBRATION_BATCH = 8


def main(request_path: str) -> int:
    """Convert; return the exit code."""
    end_with_parent()
    segmenter_log.ask_for_reasons()
    request = json.loads(Path(request_path).read_text(encoding="utf-8"))
    try:
        say(report=convert(request))
    except Exception as error:  # noqa: BLE001 - any error of TensorFlow becomes a message
        reason = next(iter(str(error).strip().splitlines()), "")
        say(error=f"{type(error).__name__}: {reason}")
        return 1
    return 0


def convert(request: dict[str, Any]) -> dict[str, Any]:
    """Convert and save, with a GPU also build engines and measure; return the report."""
    say(progress="Loading TensorFlow with TensorRT")
    from core.export.tftrt.graph_preparation import prepare_for_conversion

    original, output = Path(request["saved_model"]), Path(request["output"])
    report = {"notes": run_tftrt.lift_checks()}
    with tempfile.TemporaryDirectory() as folder:
        say(progress="Preparing the graph")
        prepared = Path(folder) / "prepared"
        prepare_for_conversion(original, prepared)
        converter = run_tftrt.new_converter(
            prepared,
            precision=request["precision"].upper(),
            batch_sizes=request["batch_sizes"],
            workspace_mib=request["workspace_mib"],
            min_segment_size=request["min_segment_size"],
        )
        say(progress="Converting operations to TensorRT")
        images = _images(request, original)
        report.update(_converted(converter, request, images))
        if report["engines"] and request["build_engines"]:
            sizes = ", ".join(map(str, request["batch_sizes"]))
            say(progress=f"Building TensorRT engines for batch sizes {sizes}")
            converter.build(lambda: run_tftrt.batches(images, request["batch_sizes"]))
            report["built_batch_sizes"] = request["batch_sizes"]
        if report["engines"]:
            say(progress="Saving with both signatures")
            run_tftrt.save_with_all_signatures(converter, original, output)
    if report["built_batch_sizes"]:
        say(progress="Measuring against the original")
        report.update(run_tftrt.compare(original, output, images, request["batch_sizes"]))
    return report


def _converted(converter: Any, request: dict[str, Any], images: np.ndarray) -> dict[str, Any]:
    """Run the conversion and count its operations."""

    def calibration() -> Any:
        for start in range(0, len(images) - _CALIBRATION_BATCH + 1, _CALIBRATION_BATCH):
            batch = images[start : start + _CALIBRATION_BATCH]
            yield from run_tftrt.batches(batch, [_CALIBRATION_BATCH])

    lines: list[str] = []
    with segmenter_log.logged(lines):
        needs_it = request["precision"] == "int8"
        function = converter.convert(calibration_input_fn=calibration if needs_it else None)
    reasons = segmenter_log.reasons_in(lines, request["min_segment_size"])
    return _counted(function.graph.as_graph_def(), reasons)


def _counted(graph_def: Any, reasons: dict[str, str]) -> dict[str, Any]:
    segments = {f.signature.name: f for f in graph_def.library.function}
    converted: Counter[str] = Counter()
    left = []
    engines = 0
    for node in graph_def.node:
        if node.op == _ENGINE:
            engines += 1
            segment = segments[node.attr["segment_func"].func.name]
            converted.update(inner.op for inner in segment.node_def)
        else:
            reason = reasons.get(node.name, segmenter_log.NO_REASON)
            left.append([node.name, node.op, reason])
    return {
        "engines": engines,
        "converted": dict(sorted(converted.items())),
        "not_converted": left,
        "built_batch_sizes": [],
    }


def _images(request: dict[str, Any], saved_model: Path) -> np.ndarray:
    """Return calibration images, or random ones if their content doesn't matter."""
    import tensorflow as tf

    if request["calibration_pictures"]:
        return np.asarray(np.load(request["calibration_pictures"]))
    signature = tf.saved_model.load(str(saved_model)).signatures["serving_default"]
    (images,) = signature.structured_input_signature[1].values()
    shape = (_NUM_RANDOM, *images.shape.as_list()[1:])
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
