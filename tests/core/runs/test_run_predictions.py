from pathlib import Path

import numpy as np
import pytest

from core.data.dataset import Split
from core.errors import RunError, StorageError
from core.runs.run_images import RunImage
from core.runs.run_predictions import (
    RunPrediction,
    predictions_of,
    read_run_predictions,
    write_run_predictions,
)

LABELS = ("a b", "-dash", "line\nbreak", "名前\u2028", "byte \udce9")
PREDICTIONS = [
    RunPrediction(Path(f"/p/{label}.jpg"), index, split, ((1, 0.75), (0, 0.25)))
    for index, label in enumerate(LABELS)
    for split in (Split.VALIDATION, Split.TEST)
]


def image(class_index: int) -> RunImage:
    return RunImage(Path("/p/a.jpg"), class_index, Split.TEST, bytes(32))


def test_what_was_written_comes_back(tmp_path):
    write_run_predictions(tmp_path, LABELS, PREDICTIONS)
    assert read_run_predictions(tmp_path) == (LABELS, PREDICTIONS)


def test_probabilities_are_those_of_the_calibrated_model():
    logits = np.array([[2.0, 0.0], [0.0, 4.0]], np.float32)
    first, second = predictions_of([image(0), image(0)], logits, 2.0)
    assert first.predicted == 0
    assert first.confidence == pytest.approx(1 / (1 + np.exp(-1)), abs=1e-6)
    assert second.predicted == 1
    assert dict(second.top)[0] == pytest.approx(1 / (1 + np.exp(2)), abs=1e-6)


def test_of_many_classes_the_ten_most_probable_are_kept():
    logits = np.arange(1000, dtype=np.float32)[np.newaxis] / 100
    (prediction,) = predictions_of([image(3)], logits, 1.0)
    assert [index for index, _ in prediction.top] == list(range(999, 989, -1))


def test_extreme_logits_stay_numbers_and_in_order():
    logits = np.array([[9e4, 9.1e4, -9e4]], np.float32)
    (prediction,) = predictions_of([image(1)], logits, 0.5)
    assert prediction.top[0] == (1, 1.0)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]\n",
        '{"schema": 1}\n',
        '{"schema": 2, "labels": ["a"]}\n',
        '{"schema": 1, "labels": ["a"]}\n["/p.jpg", 0, "test"]\n',
        '{"schema": 1, "labels": ["a"]}\n["/p.jpg", 0, "exam", [[0, 1.0]]]\n',
        '{"schema": 1, "labels": ["a"]}\n["/p.jpg", 0, "test", [[1, 1.0]]]\n',
        '{"schema": 1, "labels": ["a"]}\n["/p.jpg", 0, "test", []]\n',
        '{"schema": 1, "labels": ["a"]}\n["/p.jpg", 0, "te',
        '{"schema": 1, "labels": ["a"]}\n["/p.jpg", 0, "test", [[1e999, 1.0]]]\n',
        '{"schema": 1, "labels": ["a"]}\n' + "[" * 100_000,
        '{"schema": 1, "labels": [' + ", ".join(['"a"'] * 40_000) + "]}\n",
        "\x00\x00",
    ],
)
def test_a_damaged_file_is_named(tmp_path, content):
    (tmp_path / "predictions.jsonl").write_text(content)
    with pytest.raises(RunError, match=r"predictions\.jsonl can't be used.*Start a new training"):
        read_run_predictions(tmp_path)


def test_a_run_that_has_not_ended_has_no_results(tmp_path):
    with pytest.raises(RunError, match="has no results"):
        read_run_predictions(tmp_path)


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="file/predictions"):
        write_run_predictions(tmp_path / "file", LABELS, PREDICTIONS)
