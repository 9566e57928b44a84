"""A list of the project's models, by the names of their runs."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from gui.widgets.run_model_box import RunModel, RunModelBox

BEST = RunModel(Path("/runs/1/model"), "Best one", 0.925, is_starred=True)
LATEST = RunModel(Path("/runs/2/model"), "two\nlines", 0.5)
UNTESTED = RunModel(Path("/runs/3/model"), "no test split")


@pytest.fixture
def box(qtbot) -> RunModelBox:
    made = RunModelBox()
    qtbot.addWidget(made)
    made.set_models([LATEST, BEST, UNTESTED])
    return made


def test_models_are_offered_by_name_with_accuracy_and_star(box: RunModelBox) -> None:
    texts = [box.itemText(index) for index in range(box.count())]
    assert texts == ["two lines · 50.0%", "Best one · 92.5%", "no test split"]
    assert [box.itemIcon(index).isNull() for index in range(box.count())] == [True, False, True]
    told = box.itemData(1, Qt.ItemDataRole.AccessibleTextRole)
    assert told == "Best one, the project’s model, test accuracy 92.5%"


def test_it_is_hidden_without_models(box: RunModelBox) -> None:
    assert not box.isHidden()
    box.set_models([])
    assert box.isHidden()
    assert box.count() == 0


@pytest.mark.parametrize("folder", ["/runs/1/model", "/runs/1"])
def test_the_model_in_use_is_shown(box: RunModelBox, folder: str) -> None:
    assert box.currentIndex() == -1
    box.show_folder(Path(folder))
    assert box.currentText() == "Best one · 92.5%"
    assert box.name_in_use() == "Best one"
    box.set_models([BEST])
    assert box.currentIndex() == 0
    for other in (Path("/elsewhere/model"), None):
        box.show_folder(other)
        assert (box.currentIndex(), box.name_in_use()) == (-1, "")


def test_a_chosen_model_is_asked_for_and_shown_when_it_is_in_use(qtbot, box: RunModelBox) -> None:
    box.show_folder(LATEST.folder)
    box.setCurrentIndex(1)
    with qtbot.waitSignal(box.folder_chosen) as chosen:
        box.activated.emit(1)
    assert chosen.args == [BEST.folder]
    assert box.name_in_use() == LATEST.name


def test_scrolling_past_it_changes_nothing(qtbot, box: RunModelBox) -> None:
    box.show_folder(LATEST.folder)
    with qtbot.assertNotEmitted(box.folder_chosen):
        wheel = QWheelEvent(
            QPointF(5, 5),
            QPointF(5, 5),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(box, wheel)
    assert box.currentIndex() == 0
    assert not wheel.isAccepted()


def test_a_long_name_leaves_the_accuracy_to_be_seen(qtbot, box: RunModelBox) -> None:
    long = "Everything that was tried on Sunday evening with many more pictures"
    images = []
    for accuracy in (0.5, 0.9):
        box.set_models([RunModel(Path("/m"), long, accuracy)])
        box.setCurrentIndex(0)
        box.resize(200, 32)
        images.append(box.grab().toImage())
    assert images[0] != images[1]
