"""Many files, in order, each with its answer or its error."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.computer import threaded_map
from core.errors import ModelError
from core.models import classify_many
from core.models.classify_many import classify_files
from core.models.predictor import ClassifierSpec, trained_classifier
from tests.models import LABELS, PHOTO_NAMES, PHOTOS, write_model


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> ClassifierSpec:
    return trained_classifier(write_model(tmp_path_factory.mktemp("model")))


def test_answers_come_in_the_order_of_the_files(spec: ClassifierSpec) -> None:
    paths = [PHOTOS / name for name in PHOTO_NAMES * 7]
    outcomes = list(classify_files(spec, paths))
    assert [outcome.path for outcome in outcomes] == paths
    assert [int(outcome.probabilities.argmax()) for outcome in outcomes] == [0, 1, 2] * 7


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_few_files(spec: ClassifierSpec, count: int) -> None:
    outcomes = list(classify_files(spec, [PHOTOS / "cat.jpg"] * count))
    assert [int(outcome.probabilities.argmax()) for outcome in outcomes] == [0] * count


@pytest.mark.parametrize("alone", [True, False])
def test_bad_file_is_one_answer_among_others(
    spec: ClassifierSpec, tmp_path: Path, alone: bool
) -> None:
    (tmp_path / "bad.jpg").write_bytes(b"")
    paths = [tmp_path / "bad.jpg", tmp_path / "gone.jpg", tmp_path, PHOTOS / "cat.jpg"]
    outcomes = [next(classify_files(spec, [path])) for path in paths] if alone else None
    outcomes = outcomes or list(classify_files(spec, paths))
    assert [outcome.probabilities is None for outcome in outcomes] == [True] * 3 + [False]
    reasons = [outcome.error for outcome in outcomes]
    assert reasons == ["is empty (0 bytes)", "is not there", "is not a regular file", ""]


@pytest.mark.parametrize("count", [1, 5])
def test_damaged_model_is_an_error(spec: ClassifierSpec, tmp_path: Path, count: int) -> None:
    damaged = replace(spec, path=tmp_path / "model.tflite")
    (tmp_path / "model.tflite").write_bytes(b"no model")
    with pytest.raises(ModelError, match=r"model\.tflite"):
        list(classify_files(damaged, [PHOTOS / "cat.jpg"] * count))


def test_no_more_files_are_taken_than_needed(spec: ClassifierSpec, tmp_path: Path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "small.png")
    num_taken = 0

    def files() -> Iterator[Path]:
        nonlocal num_taken
        for _ in range(10_000):
            num_taken += 1
            yield tmp_path / "small.png"

    outcomes = classify_files(spec, files())
    for _ in range(3):
        next(outcomes)
    assert num_taken <= 5 + threaded_map._AHEAD_PER_THREAD * classify_many.num_cores()
    outcomes.close()
    assert not [thread for thread in threading.enumerate() if "threaded map" in thread.name]


def test_number_of_threads_changes_nothing(spec: ClassifierSpec, monkeypatch) -> None:
    paths = [PHOTOS / name for name in PHOTO_NAMES * 2]
    answers = []
    for count in (1, 3):
        monkeypatch.setattr(classify_many, "num_cores", lambda count=count: count)
        answers.append([outcome.probabilities for outcome in classify_files(spec, paths)])
    assert np.array_equal(*answers)
    assert len(LABELS) == answers[0][0].size
