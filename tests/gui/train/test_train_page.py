"""The page in a small window, with words as long as German ones."""

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QPushButton, QScrollArea, QStackedWidget, QToolButton

from core.backbones.store import list_backbones
from core.settings.config import TrainConfig
from core.settings.presets import Preset
from gui.train.train_page import TrainPage

# What is left of a window of 1024×640 beside rail, menu and status bar.
ROOM = (938, 590)


class LongWords(QTranslator):
    """Makes each word a third longer."""

    def isEmpty(self):  # noqa: N802
        return False

    def translate(self, context, text, disambiguation=None, n=-1):
        words = text.split(" ")
        return " ".join(word + "enlich"[: round(0.35 * len(word))] for word in words)


@pytest.fixture
def long_words(qapp):
    translator = LongWords()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


@pytest.fixture
def page(qtbot):
    page = TrainPage()
    qtbot.addWidget(page)
    form = page.form
    form.set_backbones(list_backbones())
    form.set_num_gpus(0)
    form.set_config(TrainConfig(fine_tune=True, epochs=3))
    form.set_times(dict.fromkeys(Preset, "about 12 min 40 s"))
    form.show_all(True)
    for group in form._groups.values():
        group.set_open(True)
    page.show_expected("1,420 pictures, about 12 min 40 s")
    page.show_measure(is_offered=True, is_measuring=False)
    page.resize(*ROOM)
    page.show()
    return page


def fits(page):
    area = page.findChild(QScrollArea)
    assert page.minimumSizeHint().width() <= ROOM[0]
    assert page.minimumSizeHint().height() <= ROOM[1]
    return page.form.minimumSizeHint().width() <= area.viewport().width()


def test_the_whole_form_fits_a_small_window(page):
    assert fits(page)


def test_long_words_fit_too(long_words, page):
    assert page.form.rows["epochs"].editor.accessibleName() == "Epochsen"
    assert fits(page)


def test_the_button_that_measures_keeps_its_place(page):
    before = page.form.mapTo(page, page.form.rect().topLeft())
    page.show_measure(is_offered=False, is_measuring=False)
    assert not page.offers_to_measure
    assert page.form.mapTo(page, page.form.rect().topLeft()) == before


def test_the_button_that_measures_does_not_take_the_focus_first(qtbot):
    pages, page = QStackedWidget(), TrainPage()
    qtbot.addWidget(pages)
    pages.addWidget(QPushButton("Another page"))
    pages.addWidget(page)
    page.show_measure(is_offered=True, is_measuring=False)
    with qtbot.waitExposed(pages):
        pages.show()
    pages.setCurrentWidget(page)
    focused = pages.focusWidget()
    assert focused is None or focused.objectName() != "Measure speed"


def test_a_simple_view_comes_first_and_all_settings_are_one_click_away(qtbot):
    page = TrainPage()
    qtbot.addWidget(page)
    page.show()
    epochs = page.form.rows["epochs"].editor
    assert page.form.presets.isVisible()
    assert page.panel.start.isVisible()
    assert not epochs.isVisible()
    [more] = [b for b in page.findChildren(QToolButton) if b.accessibleName() == "All settings"]
    more.click()
    assert epochs.isVisible()
    more.click()
    assert not epochs.isVisible()
