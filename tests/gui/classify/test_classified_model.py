from pathlib import Path

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtGui import QPixmap

from core.models.named_image import NamedImage
from gui.classify.classified_filter import ClassifiedFilter
from gui.classify.classified_model import ClassifiedColumn, ClassifiedModel
from gui.image_views.thumbnails import ThumbnailLoader

CAT = NamedImage(Path("/p/b.jpg"), (("cat", 0.9), ("dog & co", 0.08), ("cow", 0.02)))
DOG = NamedImage(Path("/p/a.jpg"), (("dog & co", 0.6), ("cat", 0.4)))
BAD = NamedImage(Path("/p/c.jpg"), (), "is cut off (truncated)")


@pytest.fixture
def model(qtmodeltester):
    model = ClassifiedModel()
    model.append([CAT, DOG])
    model.append([BAD])
    qtmodeltester.check(model)
    return model


@pytest.fixture
def shown(model, qtmodeltester):
    shown = ClassifiedFilter()
    shown.setSourceModel(model)
    qtmodeltester.check(shown)
    return shown


def column(model, number, role=Qt.ItemDataRole.DisplayRole):
    return [model.index(row, number).data(role) for row in range(model.rowCount())]


def test_texts(model):
    assert column(model, ClassifiedColumn.IMAGE) == ["b.jpg", "a.jpg", "c.jpg"]
    assert column(model, ClassifiedColumn.LABEL) == [
        "cat",
        "dog & co",
        "This file is cut off (truncated).",
    ]
    assert column(model, ClassifiedColumn.PROBABILITY) == ["90.0%", "60.0%", ""]
    assert column(model, ClassifiedColumn.SECOND) == ["dog & co 8.0%", "cat 40.0%", ""]
    assert column(model, ClassifiedColumn.THIRD) == ["cow 2.0%", "", ""]


def test_new_answer_takes_the_place_of_the_old_one(qtbot, model):
    again = NamedImage(DOG.path, (("cow", 1.0),))
    with qtbot.waitSignal(model.dataChanged):
        model.append([again])
    assert column(model, ClassifiedColumn.LABEL)[1] == "cow"
    assert model.rowCount() == 3


def test_same_image_twice_in_a_batch_is_one_row(qtmodeltester):
    model = ClassifiedModel()
    model.append([CAT, CAT])
    qtmodeltester.check(model)
    assert model.rowCount() == 1


def test_clear(model):
    model.clear()
    assert model.rowCount() == 0
    model.append([CAT])
    assert model.rowCount() == 1


def test_sorted_by_number_not_by_text(shown):
    shown.sort(ClassifiedColumn.PROBABILITY, Qt.SortOrder.DescendingOrder)
    assert column(shown, ClassifiedColumn.IMAGE) == ["b.jpg", "a.jpg", "c.jpg"]
    shown.sort(ClassifiedColumn.IMAGE, Qt.SortOrder.AscendingOrder)
    assert column(shown, ClassifiedColumn.IMAGE) == ["a.jpg", "b.jpg", "c.jpg"]


def test_order_of_arrival_comes_back(shown):
    shown.sort(ClassifiedColumn.IMAGE, Qt.SortOrder.DescendingOrder)
    assert column(shown, ClassifiedColumn.IMAGE) == ["c.jpg", "b.jpg", "a.jpg"]
    shown.sort(-1, Qt.SortOrder.AscendingOrder)
    assert column(shown, ClassifiedColumn.IMAGE) == ["b.jpg", "a.jpg", "c.jpg"]


def test_indexes_follow_their_rows(model, shown):
    index = QPersistentModelIndex(shown.index(0, ClassifiedColumn.LABEL))
    shown.sort(ClassifiedColumn.IMAGE, Qt.SortOrder.AscendingOrder)
    assert (index.row(), index.data()) == (1, "cat")
    assert model.row_of(DOG.path) == 0


def test_filters(shown):
    shown.set_label("cat")
    assert column(shown, ClassifiedColumn.IMAGE) == ["b.jpg"]
    shown.set_label(None)
    shown.set_below(0.7)
    assert column(shown, ClassifiedColumn.IMAGE) == ["a.jpg"]
    shown.show_unusable()
    assert column(shown, ClassifiedColumn.IMAGE) == ["c.jpg"]


def test_thumbnails_arrive_later(qtbot, tmp_path):
    QPixmap(8, 8).save(str(tmp_path / "x.png"))
    thumbnails = ThumbnailLoader()
    model = ClassifiedModel(thumbnails)
    model.append([NamedImage(tmp_path / "x.png", (("a", 1.0),))])
    with qtbot.waitSignal(model.dataChanged, timeout=10_000):
        column(model, ClassifiedColumn.IMAGE, Qt.ItemDataRole.DecorationRole)
    thumbnails.close()
