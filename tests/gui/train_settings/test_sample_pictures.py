from dataclasses import replace
from pathlib import Path

import pytest

from core.data.dataset import Dataset, LabeledImage
from core.data.edited_pictures import EditedPictures
from core.data.edits import NO_EDITS
from core.data.picture_table import PictureTable
from gui.train_settings.sample_pictures import sample_pictures

PATHS = [Path(f"/p/{label}/{number:02}.png") for label in "abc" for number in range(10)]


@pytest.fixture
def table():
    images = [LabeledImage(path, "abc".index(path.parent.name)) for path in PATHS]
    return PictureTable.from_dataset(Dataset(("a", "b", "c"), tuple(images), ()))


def test_samples_come_from_all_classes(table):
    found = sample_pictures(EditedPictures(table, NO_EDITS), 12)
    assert len(found) == len(set(found)) == 12
    assert {path.parent.name for path in found} == {"a", "b", "c"}


def test_few_pictures_are_all_taken_but_those_that_are_left_out(table):
    edits = replace(NO_EDITS, excluded=frozenset(PATHS[1:]))
    assert sample_pictures(EditedPictures(table, edits), 12) == PATHS[:1]
    edits = replace(NO_EDITS, excluded=frozenset(PATHS))
    assert sample_pictures(EditedPictures(table, edits), 12) == []


def test_without_pictures_there_are_none():
    assert sample_pictures(None, 12) == []
