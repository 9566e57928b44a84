"""The Train page in the window: where it leads, and what it remembers."""

import pytest
from PySide6.QtWidgets import QAbstractButton


def press(page, name):
    [found] = [b for b in page.findChildren(QAbstractButton) if b.accessibleName() == name]
    assert found.isVisible()
    found.click()


@pytest.fixture
def trained(qtbot, make_window, pets):
    window = make_window(pets)
    window.window.show_page(window.train_page)
    qtbot.waitUntil(window.train_page.panel.start.isEnabled, timeout=20_000)
    with qtbot.waitSignal(
        window.training.running_changed, timeout=60_000, check_params_cb=lambda running: not running
    ):
        window.training.start()
    return window


def test_without_images_the_page_leads_to_them(qtbot, make_window, pets):
    window = make_window()
    page = window.train_page
    window.window.show_page(page)
    assert page.shows_empty
    assert not page.panel.isVisible()
    [go] = [b for b in page.findChildren(QAbstractButton) if b.text() == "Go to Images"]
    go.click()
    assert window.window.page is window.images_page
    window.dialogs.paths_chosen.emit([pets])
    qtbot.waitUntil(page.panel.start.isEnabled, timeout=20_000)
    assert not page.shows_empty


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("See results", "results_page"),
        ("Try a picture", "classify_page"),
        ("Compare with other trainings", "runs_page"),
        ("Export this model", "export_page"),
    ],
)
def test_a_finished_training_leads_on(trained, name, page):
    press(trained.train_page, name)
    assert trained.window.page is getattr(trained, page)


def test_a_new_project_offers_no_steps_with_the_model_of_another(trained):
    trained.project.new()
    assert not trained.train_page.panel.next_steps.isVisibleTo(trained.train_page.panel)
    assert trained.train_page.shows_empty


def test_whether_all_settings_are_shown_is_remembered(qtbot, make_window):
    first = make_window()
    assert not first.train_page.form.shows_all
    first.train_page.form.show_all(True)
    with qtbot.waitSignal(first.closing.closed, timeout=20_000):
        first.quit()
    assert make_window().train_page.form.shows_all
