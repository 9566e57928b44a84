from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor

from core.library.entry import Entry
from core.library.library import LibraryProject
from gui.image_views.thumbnails import ThumbnailLoader
from gui.library.card_delegate import CARD, _places
from gui.library.library_model import LibraryRow
from gui.library.library_page import LibraryPage

COLORS = ((250, 20, 20), (20, 250, 20), (20, 20, 250), (250, 250, 20))


@pytest.fixture
def page(qtbot):
    loader = ThumbnailLoader()
    page = LibraryPage(loader)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    yield page
    loader.close()


def show(page: LibraryPage, covers: tuple[Path, ...], name: str = "zoo", problem: str = "") -> None:
    project = LibraryProject(Entry(Path("/data/zoo")), name, problem=problem)
    page.set_rows([LibraryRow(project, covers)], "/data")


def card(page: LibraryPage):
    """The card as an image, of the size in the view."""
    rect = page.view.visualRect(page.view.model().index(0, 0))
    return page.view.viewport().grab(rect).toImage()


def colors_of(image) -> set[tuple[int, int, int]]:
    """Which of the strong colours it holds."""
    found = set()
    for x in range(0, image.width(), 4):
        for y in range(0, image.height(), 4):
            pixel = QColor(image.pixel(x, y)).getRgb()[:3]
            found |= {color for color in COLORS if max(map(abs_gap, pixel, color)) < 12}
    return found


def abs_gap(first: int, second: int) -> int:
    return abs(first - second)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_the_card_shows_its_pictures(qtbot, page, tmp_path, count):
    covers = []
    for number, color in enumerate(COLORS[:count]):
        Image.new("RGB", (64, 40), color).save(tmp_path / f"{number}.png")
        covers.append(tmp_path / f"{number}.png")
    show(page, tuple(covers))
    qtbot.waitUntil(lambda: colors_of(card(page)) == set(COLORS[:count]))


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_places_fill_the_area_and_do_not_overlap(count):
    area = QRect(3, 5, 201, 143)
    places = _places(area, count)
    assert len(places) == count
    assert all(area.contains(place) for place in places)
    for position, place in enumerate(places):
        assert not any(place.intersects(other) for other in places[position + 1 :])
    covered = sum(place.width() * place.height() for place in places)
    assert covered > 0.95 * area.width() * area.height()


def test_a_picture_that_can_not_be_read_and_none_at_all_are_no_reason_to_fail(
    qtbot, page, tmp_path
):
    (tmp_path / "bad.png").write_bytes(b"no image")
    with qtbot.waitSignal(loaded(page)):
        show(page, (tmp_path / "bad.png",))
        card(page)
    card(page)
    show(page, ())
    assert not card(page).isNull()


def loaded(page: LibraryPage):
    return page.view.itemDelegate()._thumbnails.loaded


def test_names_that_no_line_holds_are_shown(page):
    for name in ("line\nbreak", "x" * 500, "\udc80 not Unicode", "<b>bold</b>"):
        show(page, (), name, problem="damaged")
        assert not card(page).isNull()


def test_selected_and_damaged_cards_look_otherwise(page):
    show(page, ())
    plain = card(page)
    page.view.setCurrentIndex(page.view.model().index(0, 0))
    selected = card(page)
    assert plain != selected
    page.view.clearSelection()
    show(page, (), problem="damaged")
    assert card(page) != plain
    assert plain.width() >= CARD.width() - 1
