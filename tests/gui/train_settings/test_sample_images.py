from dataclasses import replace
from pathlib import Path

import pytest

from core.data.dataset import Dataset, LabeledImage
from core.data.edits.edited_images import EditedImages
from core.data.edits.edits import NO_EDITS
from core.data.edits.image_table import ImageTable
from gui.train_settings.sample_images import sample_images

PATHS = [Path(f"/p/{label}/{number:02}.png") for label in "abc" for number in range(10)]


@pytest.fixture
def table():
    images = [LabeledImage(path, "abc".index(path.parent.name)) for path in PATHS]
    return ImageTable.from_dataset(Dataset(("a", "b", "c"), tuple(images), ()))


def test_samples_come_from_all_classes(table):
    found = sample_images(EditedImages(table, NO_EDITS), 12)
    assert len(found) == len(set(found)) == 12
    assert {path.parent.name for path in found} == {"a", "b", "c"}


def test_few_images_are_all_taken_but_those_that_are_left_out(table):
    edits = replace(NO_EDITS, excluded=frozenset(PATHS[1:]))
    assert sample_images(EditedImages(table, edits), 12) == PATHS[:1]
    edits = replace(NO_EDITS, excluded=frozenset(PATHS))
    assert sample_images(EditedImages(table, edits), 12) == []


def test_without_images_there_are_none():
    assert sample_images(None, 12) == []
