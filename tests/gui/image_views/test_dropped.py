import os
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl

from core.data.dataset import ImageSource
from gui.image_views import dropped as dropped_module
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


def test_an_image_is_one_whatever_its_name(tmp_path):
    for name in ("07", "08.jpg_large", "09.jpg?w=600"):
        (tmp_path / name).write_bytes(b"\xff\xd8\xff\xe0")
    (tmp_path / "10").write_bytes(b"words")
    (tmp_path / "x.jpg").mkdir()
    os.mkfifo(tmp_path / "11")
    names = ("07", "08.jpg_large", "09.jpg?w=600", "10", "11", "12", "x.jpg")
    dropped = Dropped.from_paths([tmp_path / name for name in names])
    assert [path.name for path in dropped.images] == ["07", "08.jpg_large", "09.jpg?w=600"]
    assert [path.name for path in dropped.others] == ["10", "11", "12"]
    assert [path.name for path in dropped.folders] == ["x.jpg"]


def test_thousands_of_odd_files_are_not_all_opened_while_dragged(tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(dropped_module, "is_image_file", lambda path: opened.append(path) or True)
    odd = [tmp_path / str(number) for number in range(1000)]
    (tmp_path / "folder").mkdir()
    found = Dropped.from_paths([*odd, tmp_path / "a.txt", tmp_path / "folder"])
    assert len(opened) == 200
    assert found.images == tuple(odd)
    assert (found.others, found.folders) == ((tmp_path / "a.txt",), (tmp_path / "folder",))


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
