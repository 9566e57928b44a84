"""Training images for TensorRT to measure value ranges with."""

from pathlib import Path

import numpy as np

from core.export.conversion.export_job import ExportJob


def save_calibration_images(job: ExportJob) -> Path:
    """Decode them once; return the path of a `.npy`, uint8 `(n, height, width, 3)`."""
    path = job.work / "calibration.npy"
    if not path.exists():
        np.save(path, job.training_images(job.options.tftrt.num_calibration))
    return path
