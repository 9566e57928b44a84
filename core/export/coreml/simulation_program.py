"""Classifies images with a Core ML package's own program, computed with TensorFlow.

    python simulation_program.py EXPORT_FOLDER PICTURES.npy RESULT.npz BATCH_SIZE

It verifies all of a package except Core ML itself, which runs on macOS alone. It measures no times,
since they would not be Core ML's. `PYTHONPATH` names the folder that holds `core`.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

import numpy as np

from core.export.programs.messages import end_with_parent, say


def main(folder: str, images_path: str, result_path: str, batch_size: str) -> int:
    """Write probabilities; return the exit code."""
    end_with_parent()
    warnings.simplefilter("ignore")
    try:
        import tensorflow as tf

        from core.export.coreml.ml_program import MlProgram

        about = json.loads((Path(folder) / "export.json").read_text(encoding="utf-8"))
        images = np.load(images_path, mmap_mode="r")
        program = MlProgram(Path(folder) / about["artifact"])
        say(runtime=f"TensorFlow {tf.__version__} in place of Core ML")
        answers = []
        for image in images:
            answers.append(program.probabilities(image))
            if len(answers) % int(batch_size) == 0 or len(answers) == len(images):
                say(done=len(answers), total=len(images))
        np.savez(
            result_path,
            probabilities=np.array(answers, np.float32),
            latency_ms=np.zeros(0),
            images_per_s=np.float64(0),
        )
    except Exception as error:  # noqa: BLE001 - any error of the libraries becomes a message
        reason = next(iter(str(error).strip().splitlines()), "")
        say(error=f"{type(error).__name__}: {reason}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
