from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl

from core.data.dataset import ImageSource
from gui.image_views.dropped import Dropped


@pytest.fixture
def paths(tmp_path):
    folder = tmp_path / "roses"
    folder.mkdir()
    names = ("a.jpg", "b.PNG", "set.zip", "list.csv", "notes.txt")
    files = [tmp_path / name for name in names]
    for file in files:
        file.write_bytes(b"x")
    return [folder, *files]


def test_paths_are_sorted_by_what_can_be_done_with_them(paths):
    dropped = Dropped.from_paths(paths)
    assert dropped.folders == (paths[0],)
    assert dropped.images == (paths[1], paths[2])
    assert dropped.files == (paths[3], paths[4])
    assert dropped.others == (paths[5],)
    assert dropped.is_usable


def test_a_project_stands_alone(paths):
    project = Path("my.fieldguide")
    dropped = Dropped.from_paths([*paths, project])
    assert dropped == Dropped(project=project)
    assert "my" in dropped.describe()


def test_folders_take_their_classes_from_their_names(paths):
    sources = Dropped.from_paths([paths[0], paths[3]]).sources("")
    assert sources == (ImageSource(paths[0]), ImageSource(paths[3]))


def test_a_drop_onto_a_class_puts_everything_there(paths):
    sources = Dropped.from_paths(paths[:4]).sources("tulip")
    assert sources == tuple(ImageSource(p, "tulip") for p in (paths[0], paths[3], *paths[1:3]))
    assert "tulip" in Dropped.from_paths(paths).describe("tulip")


def test_loose_images_need_a_class(paths):
    assert Dropped.from_paths(paths[1:3]).sources("") == ()


def test_what_is_no_local_file_is_nothing():
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/cat.jpg")])
    assert not Dropped.from_mime(data).is_usable
    assert not Dropped.from_mime(QMimeData()).is_usable


def test_text_says_what_a_drop_will_do(paths):
    assert "roses" in Dropped.from_paths(paths[:1]).describe()
    assert "2 pictures" in Dropped.from_paths(paths[1:3]).describe()
