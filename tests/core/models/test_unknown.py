"""Older models get their threshold from their run."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.data.dataset import Split
from core.models.unknown import unknown_threshold
from core.runs.run_predictions import RunPrediction, write_run_predictions
from tests.models import model_info

INFO = model_info()


def prediction(number: int, split: Split) -> RunPrediction:
    confidence = 0.5 + number / 1000
    return RunPrediction(Path(f"{number}.jpg"), 0, split, ((0, confidence), (1, 1 - confidence)))


@pytest.fixture
def run_dir(tmp_path):
    predictions = [prediction(number, Split.VALIDATION) for number in range(99)]
    predictions += [prediction(-400 + number, Split.TEST) for number in range(99)]
    write_run_predictions(tmp_path, INFO.labels, predictions)
    return tmp_path


def test_it_is_learned_from_the_validation_pictures_of_the_run(run_dir):
    assert unknown_threshold(run_dir / "model", INFO) == 0.504


def test_the_models_own_counts_first(run_dir):
    assert unknown_threshold(run_dir / "model", replace(INFO, unknown_threshold=0.3)) == 0.3


def test_without_a_run_nothing_is_unknown(tmp_path):
    assert unknown_threshold(tmp_path / "model", INFO) == 0


def test_the_run_of_another_model_says_nothing(run_dir):
    other = replace(INFO, labels=("others", *INFO.labels[1:]))
    assert unknown_threshold(run_dir / "model", other) == 0


def test_a_damaged_file_says_nothing(run_dir):
    (run_dir / "predictions.jsonl").write_text("rubbish")
    assert unknown_threshold(run_dir / "model", INFO) == 0
