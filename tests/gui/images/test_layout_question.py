"""With the real image worker on real folders."""

import pytest

from core.data.dataset import ImageSource
from core.project.project_file import read_project, write_project
from tests.gui.images.project_images import add, classes, make_class


@pytest.fixture
def vehicles(tmp_path):
    for index, name in enumerate(("bus/back", "bus/front", "car/back", "car/front")):
        make_class(tmp_path / "vehicles" / name, 2 + index, index)
    return tmp_path / "vehicles"


@pytest.fixture
def splits(tmp_path):
    for index, name in enumerate(("train", "test")):
        make_class(tmp_path / "set" / name, 3 + index, index)
    return tmp_path / "set"


def answer(qtbot, page, images, text):
    with qtbot.waitSignal(images.busy_changed, check_params_cb=lambda text: text == ""):
        page.banner.buttons()[text].click()


def undo(qtbot, project, images):
    with qtbot.waitSignal(images.busy_changed, check_params_cb=lambda text: text == ""):
        project.undo_stack.undo()


def test_folders_that_may_be_parts_are_asked_about(qtbot, page, images, vehicles):
    add(qtbot, images, ImageSource(vehicles))
    assert classes(page) == {"bus": 5, "car": 9}
    assert "“vehicles”" in page.banner.text()
    assert "such as back, front. Are the outer ones, bus, car, the classes" in page.banner.text()
    assert set(page.banner.buttons()) == {"They are classes", "They are parts"}


def test_parts_are_merged_until_that_is_undone(qtbot, page, project, images, vehicles):
    add(qtbot, images, ImageSource(vehicles))
    answer(qtbot, page, images, "They are parts")
    assert classes(page) == {"back": 6, "front": 8}
    assert page.banner.text() == ""
    assert project.project.sources == tuple(ImageSource(vehicles / n) for n in ("bus", "car"))
    undo(qtbot, project, images)
    assert classes(page) == {"bus": 5, "car": 9}
    assert "They are parts" in page.banner.buttons()


def test_classes_stay_and_the_project_file_remembers(
    qtbot, page, project, images, vehicles, tmp_path
):
    add(qtbot, images, ImageSource(vehicles))
    answer(qtbot, page, images, "They are classes")
    assert classes(page) == {"bus": 5, "car": 9}
    write_project(tmp_path / "p.fieldguide", project.project)
    sources = read_project(tmp_path / "p.fieldguide").sources
    assert sources == tuple(ImageSource(vehicles / name, name) for name in ("bus", "car"))
    with qtbot.waitSignal(images.busy_changed, check_params_cb=lambda text: text == ""):
        images.look_again()
    assert page.banner.text() == ""


def test_other_sources_stay_where_they_are(qtbot, page, project, images, vehicles, pets):
    add(qtbot, images, ImageSource(pets), ImageSource(vehicles), ImageSource(vehicles / "car", "x"))
    answer(qtbot, page, images, "They are parts")
    assert project.project.sources == (
        ImageSource(pets),
        ImageSource(vehicles / "bus"),
        ImageSource(vehicles / "car"),
        ImageSource(vehicles / "car", "x"),
    )


def test_classes_named_like_splits_are_asked_about(qtbot, page, project, images, splits):
    add(qtbot, images, ImageSource(splits))
    assert "named like splits" in page.banner.text()
    answer(qtbot, page, images, "They are classes")
    assert classes(page) == {"test": 4, "train": 3}
    assert page.banner.text() == ""
    assert {source.label for source in project.project.sources} == {"test", "train"}
    undo(qtbot, project, images)
    page.banner.buttons()["Remove from the project"].click()
    assert project.project.sources == ()
    assert page.shows_empty


def test_folders_of_splits_added_one_by_one_are_one_question(qtbot, page, project, images, splits):
    add(qtbot, images, ImageSource(splits / "train"), ImageSource(splits / "test"))
    answer(qtbot, page, images, "They are classes")
    assert project.project.sources == (
        ImageSource(splits / "train", "train"),
        ImageSource(splits / "test", "test"),
    )


def test_a_question_is_withdrawn_when_it_has_its_answer(qtbot, page, project, images, splits, pets):
    add(qtbot, images, ImageSource(pets))
    add(qtbot, images, ImageSource(splits))
    assert "named like splits" in page.banner.text()
    assert "test, train" in page.banner.text()
    images.forget_sources([ImageSource(splits)])
    qtbot.waitUntil(lambda: page.banner.text() == "")
    undo(qtbot, project, images)
    assert "named like splits" in page.banner.text()


def test_a_folder_like_a_split_is_asked_about_beside_others(
    qtbot, page, project, images, splits, pets
):
    add(qtbot, images, ImageSource(pets))
    add(qtbot, images, ImageSource(splits / "train"))
    answer(qtbot, page, images, "They are classes")
    assert project.project.sources == (ImageSource(pets), ImageSource(splits / "train", "train"))
    assert page.banner.text() == ""


def test_other_classes_of_a_folder_are_not_removed_with_its_splits(
    qtbot, page, project, images, splits
):
    make_class(splits / "cat", 2, 2)
    add(qtbot, images, ImageSource(splits))
    assert set(page.banner.buttons()) == {"They are classes"}
    answer(qtbot, page, images, "They are classes")
    assert classes(page) == {"cat": 2, "test": 4, "train": 3}
    assert page.banner.text() == ""


def test_renamed_classes_are_not_asked_about_again(qtbot, page, images, splits):
    add(qtbot, images, ImageSource(splits))
    images.edits.rename_class("train", "locomotive")
    with qtbot.waitSignal(images.busy_changed, check_params_cb=lambda text: text == ""):
        images.look_again()
    assert classes(page) == {"locomotive": 3, "test": 4}
    assert page.banner.text() == ""
