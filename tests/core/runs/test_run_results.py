"""What a run folder tells of its model, in this version's form and in earlier ones."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.data.dataset import Split
from core.errors import RunError
from core.models.model_info import MODEL_FILE
from core.runs.run_folder import RunFolder
from core.runs.run_images import RunImage, write_run_images
from core.runs.run_results import load_run_results
from core.storage.atomic_file import write_json_atomically
from tests.models import model_info
from tests.run_folders import make_run

LABELS = ("daisy", "rose")
MATRICES = {
    Split.TEST: np.array([[9, 1], [3, 1]]),
    Split.VALIDATION: np.array([[8, 0], [0, 2]]),
}
TRAINING_COUNTS = (5, 3)


def test_the_test_is_measured_and_the_training_counted_from_the_record(tmp_path: Path) -> None:
    run_dir = make_run(tmp_path, LABELS, MATRICES, training_counts=TRAINING_COUNTS)
    results = load_run_results(run_dir)
    assert results.training_counts == TRAINING_COUNTS
    figures = results.figures(results.best_split)
    assert figures.measured_on is Split.TEST
    assert figures.balanced_accuracy == pytest.approx((9 / 10 + 1 / 4) / 2)
    assert figures.majority_accuracy == 10 / 14


def test_a_model_that_knows_its_training_is_asked_first(tmp_path: Path) -> None:
    run_dir = make_run(tmp_path, LABELS, MATRICES, training_counts=TRAINING_COUNTS)
    (run_dir / "model").mkdir()
    info = replace(model_info(), labels=LABELS, training_counts=(2, 6))
    write_json_atomically(run_dir / "model" / MODEL_FILE, info.to_json_dict())
    assert load_run_results(run_dir).training_counts == (2, 6)
    info = replace(info, training_counts=())  # of an earlier version
    write_json_atomically(run_dir / "model" / MODEL_FILE, info.to_json_dict())
    assert load_run_results(run_dir).training_counts == TRAINING_COUNTS


def test_without_a_test_split_validation_is_measured(tmp_path: Path) -> None:
    only = {Split.VALIDATION: MATRICES[Split.VALIDATION]}
    results = load_run_results(make_run(tmp_path, LABELS, only))
    assert results.figures(results.best_split).measured_on is Split.VALIDATION


@pytest.mark.parametrize("labels", [None, ("other", "names")], ids=["missing", "of other classes"])
def test_without_its_record_of_images_there_are_figures_and_no_baseline(tmp_path, labels):
    run_dir = make_run(tmp_path, LABELS, MATRICES)
    if labels:
        image = RunImage(Path("/p"), 0, Split.TRAINING, bytes(32))
        write_run_images(RunFolder(run_dir).images_path, labels, [image])
    figures = load_run_results(run_dir).figures(Split.TEST)
    assert figures.balanced_accuracy is not None
    assert figures.majority_accuracy is None


def test_a_run_without_measured_images_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no pictures to evaluate"):
        load_run_results(make_run(tmp_path, LABELS, {}))
