"""A model measured on labelled images."""

from pathlib import Path

import pytest

from core.data.dataset import Dataset, LabeledImage
from core.errors import DatasetError
from core.models.evaluate import evaluate_model
from core.models.predictor import ClassifierSpec, trained_classifier
from tests.models import PHOTOS, write_model


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> ClassifierSpec:
    return trained_classifier(write_model(tmp_path_factory.mktemp("model")))


def dataset(labels: tuple[str, ...], *images: tuple[Path, int]) -> Dataset:
    return Dataset(labels, tuple(LabeledImage(path, index) for path, index in images), ())


def test_classes_are_matched_by_name_not_by_position(spec: ClassifierSpec) -> None:
    images = dataset(
        ("rocket", "cat"),
        (PHOTOS / "rocket.jpg", 0),
        (PHOTOS / "cat.jpg", 1),
        (PHOTOS / "coffee.jpg", 1),
    )
    done = []
    result = evaluate_model(spec, images, done.append)
    assert result.labels == ("cat", "coffee", "rocket")
    assert result.evaluation.confusion_matrix.tolist() == [[1, 1, 0], [0, 0, 0], [0, 0, 1]]
    assert result.evaluation.accuracy == pytest.approx(2 / 3)
    assert (result.skipped, done) == ((), [1, 2, 3])


def test_unusable_images_are_left_out_with_the_reason(spec: ClassifierSpec, tmp_path: Path) -> None:
    (tmp_path / "bad.jpg").write_bytes(b"")
    images = dataset(("cat",), (tmp_path / "bad.jpg", 0), (PHOTOS / "cat.jpg", 0))
    result = evaluate_model(spec, images, lambda done: None)
    assert result.skipped == ((tmp_path / "bad.jpg", "is empty (0 bytes)"),)
    assert result.evaluation.num_images == 1


def test_one_file_in_two_classes_counts_in_none(spec: ClassifierSpec) -> None:
    paths = [PHOTOS / f"{name}.jpg" for name in ("cat", "coffee", "cat")]
    done = []
    result = evaluate_model(
        spec, dataset(("cat", "coffee"), *zip(paths, (0, 1, 1), strict=True)), done.append
    )
    assert (result.evaluation.num_images, result.num_in_two_classes, done) == (1, 2, [3])
    with pytest.raises(DatasetError, match=r"cat\.jpg is excluded: the same picture"):
        evaluate_model(spec, dataset(("cat", "coffee"), (paths[0], 0), (paths[0], 1)), done.append)


def test_class_that_the_model_does_not_know_is_an_error_with_those_it_does(
    spec: ClassifierSpec,
) -> None:
    images = dataset(("cat", "dog"), (PHOTOS / "cat.jpg", 0))
    with pytest.raises(DatasetError, match=r"“dog”.*cat, coffee, rocket"):
        evaluate_model(spec, images, lambda done: None)


def test_nothing_usable_is_an_error_with_the_reasons(spec: ClassifierSpec, tmp_path: Path) -> None:
    (tmp_path / "bad.jpg").write_bytes(b"")
    images = dataset(("cat",), (tmp_path / "bad.jpg", 0))
    with pytest.raises(DatasetError, match=r"bad\.jpg is empty"):
        evaluate_model(spec, images, lambda done: None)
