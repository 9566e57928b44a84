"""Test accuracy over seeds, paired with the defaults of the version before.

A seed decides the split, or which few images a class has. Features are computed once; what is
repeated is the training of the head, as `train` does it.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.data.dataset import FolderSource, Split
from core.data.edits.edits import NO_EDITS
from core.messages.control import RunControl
from core.messages.reporter import Reporter
from core.runs.run_folder import RunFolder
from core.settings.config import Features, Optimizer, TrainConfig
from core.settings.presets import Preset, apply_preset
from tests.benchmarks.surroundings import own_home, photo_data

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_USE_LEGACY_KERAS"] = "1"

_BEFORE = TrainConfig(features=Features.LAST, optimizer=Optimizer.ADAM, epochs=50)
"""The defaults of the version before."""
_CONFIGS = {
    "before": _BEFORE,
    "Balanced": apply_preset(Preset.BALANCED, TrainConfig()),
    "Accurate": apply_preset(Preset.ACCURATE, TrainConfig()),
}
_FEW = (5, 10, 20, 50)
_MOST_TESTED = 150  # images a class, where few are trained on
