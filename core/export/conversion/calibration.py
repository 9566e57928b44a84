"""Training pictures that TensorRT measures the ranges of values with."""

from pathlib import Path

import numpy as np

from core.export.conversion.export_job import ExportJob


def save_calibration_pictures(job: ExportJob) -> Path:
    """Decode them once; gives the `.npy` they are in, uint8 `(n, height, width, 3)`."""
    path = job.work / "calibration.npy"
    if not path.exists():
        np.save(path, job.training_pictures(job.options.tftrt.num_calibration))
    return path
