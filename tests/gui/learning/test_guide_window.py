import pytest
from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QApplication, QPushButton

from gui.learning.guide_controller import GuideController
from gui.look.theme import SchemeChoice, ThemeSwitch
from resources import guide_path


@pytest.fixture
def guide(qtbot, app):
    ThemeSwitch(app, SchemeChoice.LIGHT)
    controller = GuideController()
    controller.open()
    window = controller.window()
    qtbot.waitExposed(window)
    yield window
    controller.close()


def top(window) -> tuple[str, str]:
    section = window.view.section()
    return section.document, section.anchor


def marked(window) -> list[str]:
    return [mark.cursor.selectedText().lower() for mark in window.view.extraSelections()]


def image(window, name: str) -> QImage:
    document = window.view.document()
    url = document.baseUrl().resolved(QUrl(name))
    return document.resource(QTextDocument.ResourceType.ImageResource, url)


def press(window, text: str) -> None:
    [button] = [each for each in window.findChildren(QPushButton) if each.text() == text]
    button.click()


def test_it_opens_at_the_beginning_of_the_guide(guide):
    assert top(guide) == ("user-guide.md", "user-guide")
    assert guide.contents.currentItem().text(0) == "User guide"
    assert guide.view.toPlainText().startswith("User guide")


def test_a_search_lists_the_best_first_and_enter_shows_it(qtbot, guide):
    qtbot.keyClicks(guide.search, "batch")
    assert guide.is_searching()
    assert guide.hits.item(0).text() == "Batch"
    qtbot.keyClick(guide.search, Qt.Key.Key_Return)
    assert top(guide) == ("glossary", "batch")
    assert set(marked(guide)) == {"batch"}
    qtbot.keyClick(guide.search, Qt.Key.Key_Down)
    assert top(guide) != ("glossary", "batch")
    qtbot.keyClick(guide.search, Qt.Key.Key_Up)
    assert top(guide) == ("glossary", "batch")


def test_esc_ends_the_search_and_then_closes(qtbot, guide):
    qtbot.keyClicks(guide.search, "batch")
    qtbot.keyClick(guide, Qt.Key.Key_Escape)
    assert not guide.is_searching()
    assert marked(guide) == []
    qtbot.keyClick(guide, Qt.Key.Key_Escape)
    assert not guide.isVisible()


def test_nothing_found_is_said(qtbot, guide):
    qtbot.keyClicks(guide.search, "zzzz")
    assert guide._count.text() == "Nothing found. Try another word."


def test_contents_lead_to_sections_and_back_and_forward_return(qtbot, guide):
    keyboard = guide.contents.findItems("Keyboard", Qt.MatchFlag.MatchRecursive)[0]
    guide.contents.itemActivated.emit(keyboard, 0)
    assert guide.contents.currentItem() is keyboard
    guide.show_entry("glossary", "head")
    press(guide, "Back")
    assert top(guide) == ("user-guide.md", "keyboard")
    assert guide.view._blocks[0].begin().fragment().charFormat().font().pixelSize() == 20
    press(guide, "Forward")
    assert top(guide) == ("glossary", "head")


@pytest.mark.parametrize(
    ("link", "document"),
    [("#train", "user-guide.md"), ("formats.md#what-is-refused", "formats.md")],
)
def test_a_link_within_the_guide_leads_there(guide, link, document):
    address = guide.view.source().resolved(QUrl(link))
    guide.view.anchorClicked.emit(address)
    assert top(guide) == (document, link.partition("#")[2])
    assert guide.banner.isHidden()


@pytest.mark.parametrize(
    ("link", "shown"),
    [("https://example.org/a", "https://example.org/a"), ("../README.md", "README.md")],
)
def test_a_link_outside_opens_nothing_and_can_be_copied(guide, link, shown):
    before = guide.view.source()
    guide.view.anchorClicked.emit(before.resolved(QUrl(link)))
    assert guide.view.source() == before
    assert shown in guide.banner.text()
    guide.banner.buttons()["Copy address"].click()
    assert QApplication.clipboard().text() == shown


def test_a_section_too_short_to_reach_the_top_is_selected_all_the_same(guide):
    guide.show_entry("user-guide.md", "when-something-goes-wrong")
    assert guide.contents.currentItem().text(0) == "When something goes wrong"


def test_scrolling_selects_the_section_in_the_contents(qtbot, guide):
    guide.resize(1000, 2000)  # The last section doesn't reach the top.
    bar = guide.view.verticalScrollBar()

    def is_laid_out() -> bool:
        height = guide.view.document().size().height()
        return bar.pageStep() > 1500 and abs(bar.maximum() + bar.pageStep() - height) < 2

    qtbot.waitUntil(is_laid_out)
    bar.setValue(bar.maximum())
    assert guide.contents.currentItem().text(0) == "Keyboard"


def test_images_fit_the_column_after_the_window_changes(qtbot, guide):
    name = "screenshots/train-light.png"
    guide.resize(1100, 700)
    qtbot.waitUntil(lambda: image(guide, name).deviceIndependentSize().width() > 500)
    guide.resize(700, 500)

    def fits() -> bool:
        view = guide.view
        return round(view.document().size().width()) <= view.viewport().width()

    qtbot.waitUntil(fits)
    assert image(guide, name).deviceIndependentSize().width() == guide.view._column()


def test_each_scheme_has_its_images_and_keeps_the_place(qtbot, app, guide):
    guide.show_entry("user-guide.md", "train")
    name = "screenshots/train-light.png"
    light = image(guide, name)
    assert light.pixelColor(2, 2).lightness() > 200
    ThemeSwitch(app, SchemeChoice.DARK)
    qtbot.waitUntil(lambda: image(guide, name).pixelColor(2, 2).lightness() < 60)
    assert top(guide) == ("user-guide.md", "train")
    heading = guide.view._blocks[0].begin().fragment().charFormat()
    assert heading.font().pixelSize() == 20


def test_a_second_link_in_a_document_does_not_read_it_again(guide):
    guide.show_entry("user-guide.md", "train")
    revision = guide.view.document().revision()
    guide.show_entry("user-guide.md", "export")
    assert guide.view.document().revision() == revision
    heading = guide.view._blocks[0].begin().fragment().charFormat()
    assert heading.font().pixelSize() == 20


def test_a_picture_that_is_missing_is_left_out(guide, monkeypatch):
    assert guide_path("user-guide.md").is_file()
    assert isinstance(guide.view.loadResource(2, QUrl("guide:///no.png")), QImage)


def test_it_fits_a_small_screen(guide):
    guide.resize(guide.minimumSize())
    assert guide.minimumSize().width() <= QSize(1024, 640).width()
    assert guide.view.viewport().width() > 200
