import json
from pathlib import Path

import numpy as np
import pytest

from core.data.dataset import Split
from core.errors import RunError
from core.runs.run_answers import read_content_keys, read_test_answers
from core.runs.run_images import RunImage, write_run_images
from core.runs.run_predictions import RunPrediction, read_run_predictions, write_run_predictions

LABELS = ("a b", "[[", 'quo"te', "名前\u2028", "byte \udce9")
PREDICTIONS = [
    RunPrediction(
        Path(f"/p [[0, 1]] test/{label}.jpg"), index, split, ((4 - index, 0.75), (0, 0.25))
    )
    for index, label in enumerate(LABELS)
    for split in (Split.VALIDATION, Split.TEST)
]


def test_answers_are_those_of_the_thorough_reader(tmp_path):
    write_run_predictions(tmp_path, LABELS, PREDICTIONS)
    labels, predictions = read_run_predictions(tmp_path)
    tests = [each for each in predictions if each.split is Split.TEST]
    answers = read_test_answers(tmp_path)
    assert answers.labels == labels
    assert answers.paths == tuple(str(each.path) for each in tests)
    assert answers.actual.tolist() == [each.class_index for each in tests]
    assert answers.predicted.tolist() == [each.predicted for each in tests]
    assert answers.confidences.tolist() == [each.confidence for each in tests]


def test_a_run_without_test_images_has_no_answers(tmp_path):
    write_run_predictions(tmp_path, LABELS, PREDICTIONS[:1])
    answers = read_test_answers(tmp_path)
    assert answers.paths == ()
    assert answers.actual.dtype == np.int64


def test_a_file_that_another_program_laid_out_is_read_too(tmp_path):
    write_run_predictions(tmp_path, LABELS, PREDICTIONS)
    expected = read_test_answers(tmp_path).predicted.tolist()
    path = tmp_path / "predictions.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    path.write_text("\n".join(json.dumps(row).replace("[", "[ ") for row in rows))
    assert read_test_answers(tmp_path).predicted.tolist() == expected


@pytest.mark.parametrize(
    "line",
    [
        '["/p.jpg", 0, "test"]',
        '["/p.jpg", 0, "test", [[1, 1.0]]]',
        '["/p.jpg", 0, "test", []]',
        '["/p.jpg", 0, "te',
        '["/p.jpg", 0, "test", [[0, null]]]',
        '["/p.jpg", 0, "test", [[0]]]',
    ],
)
def test_a_damaged_file_is_named(tmp_path, line):
    content = '{"schema": 1, "labels": ["a"]}\n["/q.jpg", 0, "test", [[0, 1.0]]]\n'
    (tmp_path / "predictions.jsonl").write_text(content + line)
    with pytest.raises(RunError, match=r"predictions\.jsonl can't be used.*Start a new training"):
        read_test_answers(tmp_path)


def test_a_run_that_has_not_ended_has_no_answers(tmp_path):
    with pytest.raises(RunError, match="has no results"):
        read_test_answers(tmp_path)


def test_contents_of_training_and_validation_are_told_from_those_of_the_test(tmp_path):
    images = [
        RunImage(Path(f"/p/{split}.jpg"), 0, split, bytes([number]) * 32)
        for number, split in enumerate(Split)
    ]
    write_run_images(tmp_path / "images.jsonl", LABELS, images)
    keys = read_content_keys(tmp_path / "images.jsonl")
    assert keys.of_path == {str(image.path): image.sha256.hex() for image in images}
    assert keys.num_training == 1
    assert keys.trained_on == {i.sha256.hex() for i in images if i.split is not Split.TEST}


@pytest.mark.parametrize("line", ['["/p.jpg", 0]', "{", "7"])
def test_a_damaged_record_of_images_is_named(tmp_path, line):
    path = tmp_path / "images.jsonl"
    path.write_text('{"schema": 1, "labels": ["a"]}\n' + line)
    with pytest.raises(RunError, match=r"images\.jsonl can't be used"):
        read_content_keys(path)
    path.unlink()
    with pytest.raises(RunError, match=r"images\.jsonl can't be used"):
        read_content_keys(path)
