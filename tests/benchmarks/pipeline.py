"""Whether decoding and augmentation keep up with fine-tuning steps.

The same steps are made on one batch that lies in memory and on batches from image files, in
alternating rounds; a step's time is taken from one step's end to the next one's, waiting for
images included.
"""

import hashlib
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core.backbones.prepare import prepare_backbone
from core.data.dataset import Split
from core.runs.run_images import RunImage
from core.settings.config import TrainConfig
from core.settings.presets import Preset, apply_preset
from core.training.devices import configure_tensorflow
from core.training.fine_tuning_stage import make_fine_tuning_steps
from core.training.fine_tuning_steps import FineTuningSteps
from core.training.head import initial_weights
from core.training.pixel_batches import PixelBatch, PixelBatches
from tests.benchmarks.surroundings import own_home, photo_data

_ROUNDS = 6
_STEPS = 6
_CONFIG = apply_preset(Preset.THOROUGH, TrainConfig())


def main() -> list[str]:
    """Measure; gives lines of Markdown."""
    with own_home():
        configure_tensorflow(_CONFIG)
        backbone = prepare_backbone(_CONFIG.backbone)
        classes = sorted(path for path in (photo_data() / "flowers").iterdir() if path.is_dir())
        layers = initial_weights(backbone.info.feature_dim, 0, len(classes), 0)
        steps = make_fine_tuning_steps(backbone, layers, _CONFIG)
        batches = PixelBatches(
            _images(classes),
            _CONFIG,
            backbone.info.input_size,
            np.ones(len(classes), np.float32),
        )
        in_memory = next(iter(batches.epoch(1)))
        from_files = _endless(batches)
        _seconds(steps, iter([in_memory]), 1)  # makes the graph
        memory, files = [], []
        for _ in range(_ROUNDS):
            memory += _seconds(steps, iter([in_memory] * _STEPS), _STEPS)
            files += _seconds(steps, from_files, _STEPS)[1:]  # the first finds the queue full
    ratio = statistics.median(files) / statistics.median(memory)
    return [
        f"| fine-tuning step, batch {_CONFIG.batch_size}, augmentation of the preset Thorough "
        "| ms, median |",
        "|---|---|",
        f"| one batch in memory | {1000 * statistics.median(memory):.0f} |",
        f"| batches from files: read, decoded, changed | {1000 * statistics.median(files):.0f} |",
        "",
        f"Ratio: **{ratio:.2f}** (target at most 1.10).",
    ]


def _images(classes: list[Path]) -> list[RunImage]:
    return [
        RunImage(path, index, Split.TRAINING, hashlib.sha256(path.read_bytes()).digest())
        for index, folder in enumerate(classes)
        for path in sorted(folder.iterdir())[:200]
    ]


def _endless(batches: PixelBatches) -> Iterator[PixelBatch]:
    epoch = 1
    while True:
        epoch += 1
        for batch in batches.epoch(epoch):
            if len(batch.images) == batches.batch_size:
                yield batch


def _seconds(steps: FineTuningSteps, batches: Iterator[PixelBatch], count: int) -> list[float]:
    times = []
    for step in range(count):
        start = time.perf_counter()
        steps.run(next(batches), 1e-5, step)
        times.append(time.perf_counter() - start)
    return times


if __name__ == "__main__":
    print("\n".join(main()))
