from dataclasses import replace
from pathlib import Path

import pytest

from core.data.dataset import Split
from core.messages.events import (
    BatchFinished,
    EpochFinished,
    Phase,
    PhaseProgressed,
    TrainingCancelled,
    TrainingFinished,
)
from gui.train.run_texts import batch_text, cancelled_text, epoch_text, finished_text, progress_text
from tests.measured import measured

FIGURES = measured([[48, 0], [2, 0]], (410, 4), labels=("100 %1 daisy", "rose"))
FINISHED = TrainingFinished(Path("r"), Path("m"), 1.0, 0.96, (0.865, 0.989), 50, 48, 12.0, FIGURES)


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
    assert epoch_text(event).startswith("Fine-tuning epoch 3 of 55: accuracy 90.0%")


def test_a_step_of_fine_tuning_says_so():
    event = BatchFinished(3, 10, 40, 0.5, 0.9)
    text = "poch 3, step 10 of 40: accuracy 90.0%, loss 0.500"
    assert batch_text(event) == f"E{text}"
    assert batch_text(replace(event, is_fine_tuning=True)) == f"Fine-tuning e{text}"


def test_the_result_tells_what_accuracy_would_hide():
    first, figures, notes = finished_text(FINISHED).splitlines()
    assert "96.0% of unseen test pictures" in first
    assert figures == (
        "Balanced accuracy 50.0% · Majority baseline 96.0% (always “100 %1 daisy”) · "
        "Recall: “rose” 0.0% of 2, “100 %1 daisy” 100.0% of 48"
    )
    assert notes.startswith("Always answering “100 %1 daisy” would reach 96.0%")
    assert "“rose” has only 2 test pictures" in notes


def test_iterations_of_an_exact_fit_are_no_epochs():
    assert "Kept the best epoch: 48 of 50." in finished_text(FINISHED)
    assert "Kept the best iteration: 48 of 50." in finished_text(FINISHED, is_iteration=True)
    event = TrainingCancelled(Path("r"), Path("m"), 3, 1.0, 0.96, FIGURES)
    assert "Stopped after 3 iterations;" in cancelled_text(event, is_iteration=True)


def test_a_result_on_validation_is_said_to_be_optimistic():
    figures = replace(FIGURES, measured_on=Split.VALIDATION)
    event = replace(FINISHED, test_accuracy=None, test_interval=None, figures=figures)
    text = finished_text(event)
    assert "100.0% of validation pictures classified correctly (95% interval" in text
    assert "They were used to pick the best epoch, so this is slightly optimistic." in text
    assert "“rose” has only 2 validation pictures" in text


def test_a_stopped_run_tells_the_figures_of_what_it_keeps():
    event = TrainingCancelled(Path("r"), Path("m"), 3, 1.0, 0.96, FIGURES)
    text = cancelled_text(event)
    assert "3 epochs" in text
    assert "96.0% of test pictures classified correctly." in text
    assert "Balanced accuracy 50.0%" in text
    untested = replace(event, test_accuracy=None)
    told = "100.0% of validation pictures, which were also used to pick the epoch"
    assert told in cancelled_text(untested)
    assert "nothing was trained" in cancelled_text(TrainingCancelled(Path("r"), None, 0))
