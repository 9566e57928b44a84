"""The filter by split shows what a run's record says, not what a split of today would be."""

import hashlib
from pathlib import Path

import pytest

from core.data.dataset import Dataset, LabeledImage, Split
from core.data.edits.edited_images import EditedImages
from core.data.edits.edits import NO_EDITS
from core.data.edits.image_table import ImageTable
from core.runs.run_images import RunImage, write_run_images
from gui.images.project_images_model import ImageFilter, ProjectImagesModel
from gui.images.split_controller import SplitController

PATHS = [Path(f"/pictures/{label}/{number}.png") for label in "ab" for number in range(4)]
# No share of today's: one of each class to learn from, and one that came later.
SPLITS = [Split.TEST, Split.TEST, Split.TRAINING, None] * 2


@pytest.fixture
def model() -> ProjectImagesModel:
    return ProjectImagesModel()


@pytest.fixture
def controller(model) -> SplitController:
    images = tuple(LabeledImage(path, place // 4) for place, path in enumerate(PATHS))
    images = EditedImages(ImageTable.from_dataset(Dataset(("a", "b"), images, ())), NO_EDITS)
    model.set_images(images)
    controller = SplitController(model)
    controller.set_images(images)
    return controller


def shown(model: ProjectImagesModel, which: ImageFilter) -> list[Path]:
    model.choose(shown=which)
    return [model.path_at(row) for row in range(model.rowCount())]


def test_the_filter_shows_the_splits_of_the_runs_record(qtbot, model, controller, tmp_path):
    record = [
        RunImage(path, place // 4, split, hashlib.sha256(bytes(path)).digest())
        for place, (path, split) in enumerate(zip(PATHS, SPLITS, strict=True))
        if split is not None
    ]
    write_run_images(tmp_path / "images.jsonl", ("a", "b"), record)
    controller.set_run(tmp_path)
    qtbot.waitUntil(lambda: shown(model, ImageFilter.TEST) != [])
    for which in (ImageFilter.TEST, ImageFilter.TRAINING, ImageFilter.VALIDATION):
        of_split = [image.path for image in record if image.split.value == which.value]
        assert shown(model, which) == of_split


def test_a_run_without_a_record_has_no_splits(qtbot, model, controller, tmp_path):
    write_run_images(
        tmp_path / "images.jsonl", ("a", "b"), [RunImage(PATHS[0], 0, Split.TEST, b"")]
    )
    controller.set_run(tmp_path)
    qtbot.waitUntil(lambda: shown(model, ImageFilter.TEST) == [PATHS[0]])
    controller.set_run(tmp_path / "gone")
    qtbot.waitUntil(lambda: shown(model, ImageFilter.TEST) == [])
