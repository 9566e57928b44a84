"""With the real image worker on real files."""

import shutil
from pathlib import Path

import numpy as np
from PIL import Image

from core.data.dataset import Dataset, FindingKind, ImageSource, LabeledImage
from core.data.edits.edited_images import EditedImages
from core.data.edits.edits import Edits
from core.data.edits.image_table import ImageTable
from gui.image_views.image_roles import ImageRole
from gui.images.project_images_model import ImageFilter, ProjectImagesModel, RowFinding
from tests.gui.images.project_images import add, classes, make_class


def test_page_begins_with_the_three_gestures(page, images):
    assert page.shows_empty


def test_added_folder_brings_its_classes_and_findings(qtbot, page, project, images, pets):
    add(qtbot, images, ImageSource(pets))
    assert not page.shows_empty
    assert classes(page) == {"cats": 4, "dogs": 5}
    assert page.images_model.rowCount() == 9
    assert project.project.sources == (ImageSource(pets),)
    text = page.strip.text()
    assert "unreadable" in text
    assert "two classes" in text
    page.images_model.choose(shown=ImageFilter.UNREADABLE)
    assert [page.images_model.path_at(0).name] == ["bad.jpg"]


def test_adding_can_be_undone_and_redone(qtbot, page, project, images, pets):
    add(qtbot, images, ImageSource(pets))
    project.undo_stack.undo()
    assert page.shows_empty
    with qtbot.waitSignal(images.images_changed):
        project.undo_stack.redo()
    qtbot.waitUntil(lambda: classes(page) == {"cats": 4, "dogs": 5})


def test_folder_without_images_is_not_added_and_said_so(qtbot, page, project, images, tmp_path):
    (tmp_path / "nothing").mkdir()
    add(qtbot, images, ImageSource(tmp_path / "nothing"))
    assert project.project.sources == ()
    assert "nothing" in page.banner.text()
    assert page.shows_empty


def test_rename_merge_remove_and_undo(qtbot, page, project, images, pets):
    add(qtbot, images, ImageSource(pets))
    images.edits.rename_class("cats", "felines")
    assert classes(page) == {"dogs": 5, "felines": 4}
    images.edits.rename_class("felines", "dogs")
    assert classes(page) == {"dogs": 9}
    project.undo_stack.undo()
    images.edits.remove_class("dogs")
    assert classes(page) == {"felines": 4}
    for _ in range(2):
        project.undo_stack.undo()
    assert classes(page) == {"cats": 4, "dogs": 5}
    assert len(list((pets / "cats").iterdir())) == 4


def test_editing_a_name_in_the_list_renames(qtbot, page, images, pets):
    add(qtbot, images, ImageSource(pets))
    model = page.classes_model
    assert model.setData(model.index(model.row_of("cats")), "lions")
    assert classes(page) == {"dogs": 5, "lions": 4}


def test_move_exclude_include(qtbot, page, images, pets):
    add(qtbot, images, ImageSource(pets))
    images.edits.move([pets / "dogs" / "same.png"], "cats")
    assert classes(page) == {"cats": 5, "dogs": 4}
    images.edits.exclude([pets / "cats" / "01.png"])
    assert classes(page) == {"cats": 4, "dogs": 4}
    page.images_model.choose(shown=ImageFilter.EXCLUDED)
    assert page.images_model.rowCount() == 1
    images.edits.include([pets / "cats" / "01.png"])
    assert classes(page) == {"cats": 5, "dogs": 4}


def test_edits_are_checked_unless_they_are_taken_back(qtbot, project, images, pets):
    add(qtbot, images, ImageSource(pets))
    assert not images.is_check_due  # images that were just added are checked already
    images.edits.exclude([pets / "cats" / "01.png"])
    assert images.is_check_due
    project.undo_stack.undo()
    assert not images.is_check_due


def test_after_a_cancelled_check_any_edit_is_checked(qtbot, project, images, pets):
    add(qtbot, images, ImageSource(pets))
    images.look_again()
    images.cancel()
    images.edits.exclude([pets / "cats" / "01.png"])
    project.undo_stack.undo()
    assert images.is_check_due


def test_a_move_that_ends_a_conflict_is_checked_again(qtbot, page, images, pets):
    add(qtbot, images, ImageSource(pets))
    with qtbot.waitSignal(images.busy_changed, check_params_cb=lambda t: t == ""):
        images.edits.move([pets / "dogs" / "same.png"], "cats")
    assert "two classes" not in page.strip.text()
    assert "duplicate" in page.strip.text()


def test_removed_class_comes_back_with_its_folder(qtbot, page, images, pets):
    add(qtbot, images, ImageSource(pets))
    images.edits.remove_class("cats")
    add(qtbot, images, ImageSource(pets / "cats"))
    assert classes(page)["cats"] == 4


def test_loose_images_go_to_the_class_that_was_named(qtbot, page, images, pets, tmp_path):
    make_class(tmp_path / "loose", 2, 3)
    add(qtbot, images, ImageSource(pets))
    sources = [ImageSource(path, "cats") for path in (tmp_path / "loose").iterdir()]
    add(qtbot, images, *sources)
    assert classes(page) == {"cats": 6, "dogs": 5}


def test_vanished_folder_is_named_and_the_rest_stays(qtbot, page, project, images, pets, tmp_path):
    make_class(tmp_path / "birds", 3, 4)
    add(qtbot, images, ImageSource(pets), ImageSource(tmp_path / "birds"))
    shutil.rmtree(tmp_path / "birds")
    with qtbot.waitSignal(images.busy_changed, check_params_cb=lambda text: text == ""):
        images.look_again()
    assert "birds" in page.banner.text()
    assert classes(page) == {"cats": 4, "dogs": 5}
    assert len(project.project.sources) == 2
    page.banner.buttons()["Remove from the project"].click()
    assert project.project.sources == (ImageSource(pets),)


def test_images_that_are_there_already_are_said_to_be(qtbot, page, images, pets):
    add(qtbot, images, ImageSource(pets))
    add(qtbot, images, ImageSource(pets))
    assert "already" in page.banner.text()


def test_cancelled_scan_leaves_what_was_there(qtbot, page, project, images, pets):
    images.add([ImageSource(pets)])
    images.cancel()
    assert project.project.sources == ()
    assert page.shows_empty


def test_killed_worker_is_told_and_can_be_repeated(qtbot, page, images, pets):
    images.add([ImageSource(pets)])
    images._check.kill()
    qtbot.waitUntil(lambda: page.banner.text() != "" or not page.shows_empty)
    if page.banner.text():
        assert "Rescan folders" in page.banner.buttons()


def test_dropped_csv_and_archive_are_sources_too(qtbot, page, images, pets, tmp_path):
    table = tmp_path / "list.csv"
    table.write_text("path,label\npets/cats/00.png,tabby\npets/dogs/00.png,poodle\n")
    archive = shutil.make_archive(str(tmp_path / "more"), "zip", pets)
    add(qtbot, images, ImageSource(table))
    assert classes(page) == {"poodle": 1, "tabby": 1}
    add(qtbot, images, ImageSource(Path(archive)))
    assert classes(page)["cats"] == 4


def test_show_image_clears_what_hides_it(qtbot, page, images, pets):
    add(qtbot, images, ImageSource(pets))
    page.class_list.choose("dogs")
    page.show_image(pets / "cats" / "02.png")
    assert page.grid.selected_paths() == [pets / "cats" / "02.png"]


def test_search_finds_parts_of_names(qtbot, page, images, pets):
    add(qtbot, images, ImageSource(pets))
    page.images_model.choose(text="SAME")
    assert page.images_model.rowCount() == 1


def test_models_keep_their_promises(qtbot, qtmodeltester, page, images, pets):
    add(qtbot, images, ImageSource(pets))
    qtmodeltester.check(page.images_model)
    qtmodeltester.check(page.classes_model)


def test_an_image_with_two_findings_is_in_both_filters(qtbot, page, images, tmp_path):
    for name, seed in (("cats", 1), ("dogs", 2)):
        make_class(tmp_path / "pets" / name, 5, seed)
    shutil.copy(tmp_path / "pets/cats/00.png", tmp_path / "pets/dogs/same.png")
    add(qtbot, images, ImageSource(tmp_path / "pets"))
    for shown in (ImageFilter.DUPLICATES, ImageFilter.CONFLICTS):
        page.images_model.choose(shown=shown)
        names = {page.images_model.index(row).data() for row in range(page.images_model.rowCount())}
        assert "same.png" in names


def test_both_of_two_equal_images_show_the_most_severe_finding(qtbot, page, images, tmp_path):
    for name, seed in (("cats", 1), ("dogs", 2)):
        make_class(tmp_path / "pets" / name, 5, seed)
        Image.fromarray(np.full((30, 30, 3), 90, np.uint8)).save(tmp_path / "pets" / name / "x.png")
    add(qtbot, images, ImageSource(tmp_path / "pets"))
    model = page.images_model
    page.images_model.choose(text="x.png")
    badges = [model.index(row).data(ImageRole.BADGE) for row in range(model.rowCount())]
    assert badges == ["two classes", "two classes"]


def test_the_order_of_findings_does_not_decide_the_badge():
    table = ImageTable.from_dataset(
        Dataset(("a",), (LabeledImage(Path("x.png").absolute(), 0),), ())
    )
    model = ProjectImagesModel()
    model.set_images(EditedImages(table, Edits()))
    kinds = (FindingKind.LABEL_CONFLICT, FindingKind.DUPLICATE, FindingKind.FLAT)
    for order in (kinds, reversed(kinds)):
        model.set_findings({0: [RowFinding(kind, "") for kind in order]})
        assert model.index(0).data(ImageRole.BADGE) == "two classes"
