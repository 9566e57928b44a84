from dataclasses import replace

import pytest

from core.worker.events import BatchFinished, EpochFinished, Phase, PhaseProgressed
from gui.run_texts import batch_text, epoch_text, progress_text


@pytest.mark.parametrize(
    ("phase", "rate", "expected"),
    [
        (Phase.TRAINING, 5.0, "20 of 50 · 5.0 epochs/s · about 6 s left"),
        (Phase.FINE_TUNING, 5.0, "20 of 50 · 5.0 pictures/s · about 6 s left"),
        (Phase.FINDING_LEARNING_RATE, 15.0, "20 of 50 · 15 steps/s · about 2 s left"),
    ],
)
def test_progress_has_the_unit_of_its_phase(phase, rate, expected):
    assert progress_text(PhaseProgressed(phase, 20, 50, rate)) == expected


def test_a_download_is_told_in_megabytes():
    event = PhaseProgressed(Phase.DOWNLOADING, 20_000_000, 130_000_000, 11_000_000.0)
    assert progress_text(event) == "20.0 MB of 130.0 MB · 11.0 MB/s · about 10 s left"


def test_an_epoch_of_fine_tuning_says_so():
    event = EpochFinished(3, 55, 0.5, 0.9, 0.4, 0.8, 1e-5, True, 9.0, is_fine_tuning=True)
    assert epoch_text(event).startswith("Fine-tuning epoch 3 of 55: accuracy 90.0 %")


def test_a_step_of_fine_tuning_says_so():
    event = BatchFinished(3, 10, 40, 0.5, 0.9)
    text = "poch 3, step 10 of 40: accuracy 90.0 %, loss 0.500"
    assert batch_text(event) == f"E{text}"
    assert batch_text(replace(event, is_fine_tuning=True)) == f"Fine-tuning e{text}"
