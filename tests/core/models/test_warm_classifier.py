import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelError
from core.models import warm_classifier
from core.models.warm_classifier import WarmClassifier
from tests.models import LABELS, PHOTO_NAMES, PHOTOS, write_model


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder with a model that knows the photographs."""
    folder = tmp_path_factory.mktemp("run")
    write_model(folder / "model")
    return folder


def test_run_folder_stands_for_its_model(run: Path) -> None:
    classifier = WarmClassifier(run)
    assert (classifier.labels, classifier.info) == ((), None)
    outcome = classifier.classify(PHOTOS / "coffee.jpg")
    assert outcome.probabilities is not None
    assert LABELS[int(np.argmax(outcome.probabilities))] == "coffee"
    assert classifier.labels == LABELS
    assert classifier.info is not None
    assert classifier.info.name == "photos"


def test_threads_get_the_answers_of_one(run: Path) -> None:
    classifier = WarmClassifier(run)
    paths = [PHOTOS / name for name in PHOTO_NAMES * 8]
    alone = [classifier.classify(path).probabilities for path in paths]
    with ThreadPoolExecutor(4) as pool:
        together = [outcome.probabilities for outcome in pool.map(classifier.classify, paths)]
    np.testing.assert_array_equal(alone, together)


def test_second_question_loads_nothing(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    classifier = WarmClassifier(run)
    classifier.warm_up()
    monkeypatch.setattr(warm_classifier, "Predictor", None)
    assert classifier.classify(PHOTOS / "cat.jpg").error == ""


def test_unusable_image_has_its_reason(tmp_path: Path) -> None:
    assert WarmClassifier().classify(tmp_path / "gone.jpg").error == "is not there"


def test_damaged_model_can_be_mended(run: Path, tmp_path: Path) -> None:
    classifier = WarmClassifier(tmp_path)
    with pytest.raises(ModelError, match="no model folder"):
        classifier.warm_up()
    write_model(tmp_path)
    classifier.warm_up()
    assert classifier.labels == LABELS


def test_what_is_released_takes_no_memory_and_answers_again(run: Path) -> None:
    classifier = WarmClassifier(run)
    with classifier._predictor() as predictor:
        loaded = weakref.ref(predictor)
    del predictor
    before = classifier.classify(PHOTOS / "cat.jpg").probabilities
    classifier.release()
    assert loaded() is None
    np.testing.assert_array_equal(classifier.classify(PHOTOS / "cat.jpg").probabilities, before)
