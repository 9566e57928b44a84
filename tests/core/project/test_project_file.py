import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.data.dataset import ImageSource
from core.data.edits.edits import NO_EDITS
from core.errors import ProjectError, StorageError
from core.project import project_file
from core.project.project import Project
from core.project.project_file import is_project_file, read_project, write_project
from core.settings.choices import Features, Optimizer
from core.settings.config import TrainConfig

ODD = "caf\udce9 \U0001f33b\nline"  # with a byte that is no UTF-8


@pytest.fixture
def project(tmp_path: Path) -> Project:
    images = tmp_path / "home/pictures"
    (images / "cat").mkdir(parents=True)
    edits = NO_EDITS.rename_class(["cat"], "cat", "tom").exclude([images / "cat/1.jpg"])
    return Project(
        sources=(ImageSource(images), ImageSource(tmp_path / ODD, ODD)),
        edits=edits.move([tmp_path / "elsewhere/2.jpg"], "dog"),
        config=TrainConfig(epochs=7, optimizer=Optimizer.SGD),
        last_run=tmp_path / "home/runs/1",
        name="Flowers & \U0001f33b",
        starred_run=tmp_path / "home/runs/0",
    )


def content_of(project: Project, folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(json.dumps(project.to_json_dict(folder)))
    return content


def test_a_project_comes_back_as_it_was(tmp_path, project):
    path = tmp_path / "home/flowers.fieldguide"
    write_project(path, project)
    assert read_project(path) == project
    write_project(path, Project())
    assert read_project(path) == Project()


def test_a_project_moved_together_with_its_images_finds_them(tmp_path, project):
    (tmp_path / "home/runs/1").mkdir(parents=True)
    write_project(tmp_path / "home/p.fieldguide", project)
    new = tmp_path / "new home"
    shutil.move(tmp_path / "home", new)
    found = read_project(new / "p.fieldguide")
    assert found.sources == (ImageSource(new / "pictures"), project.sources[1])
    assert found.last_run == new / "runs/1"
    assert found.edits.excluded == {new / "pictures/cat/1.jpg"}
    assert found.edits.image_labels == project.edits.image_labels


def test_a_project_of_an_earlier_version_has_no_name_and_no_star(tmp_path):
    path = tmp_path / "p.fieldguide"
    path.write_text(json.dumps({"schema": 1, "last_run": {"path": str(tmp_path / "runs/1")}}))
    project = read_project(path)
    assert (project.name, project.starred_run) == ("", None)
    assert project.model_run == tmp_path / "runs/1"


def test_the_starred_run_has_the_projects_model(project):
    assert project.model_run == project.starred_run
    assert replace(project, starred_run=None).model_run == project.last_run


def test_a_copied_project_keeps_to_the_images_that_are_still_there(tmp_path, project):
    write_project(tmp_path / "home/p.fieldguide", project)
    shutil.copytree(tmp_path / "home", tmp_path / "copy")
    assert read_project(tmp_path / "copy/p.fieldguide") == project


def test_edits_follow_a_list_and_the_images_beside_it(tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old/list.csv").write_text("")
    edits = NO_EDITS.exclude([tmp_path / "old/1.jpg"])
    listed = Project(sources=(ImageSource(tmp_path / "old/list.csv"),), edits=edits)
    write_project(tmp_path / "old/p.fieldguide", listed)
    shutil.move(tmp_path / "old", tmp_path / "new")
    assert read_project(tmp_path / "new/p.fieldguide").edits.excluded == {tmp_path / "new/1.jpg"}


def test_images_that_are_nowhere_keep_their_paths(tmp_path, project):
    write_project(tmp_path / "home/p.fieldguide", project)
    shutil.rmtree(tmp_path / "home/pictures")
    assert read_project(tmp_path / "home/p.fieldguide") == project


def test_relative_sources_are_stored_whole(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_project(Path("p.fieldguide"), Project(sources=(ImageSource(Path("pictures")),)))
    monkeypatch.chdir("/")
    (source,) = read_project(tmp_path / "p.fieldguide").sources
    assert source.path == tmp_path / "pictures"


def test_a_later_version_is_told_from_damage(tmp_path):
    path = tmp_path / "p.fieldguide"
    path.write_text('{"schema": 3, "novelty": true}')
    with pytest.raises(ProjectError, match=r"p\.fieldguide was made by a later version.*Update"):
        read_project(path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"schema": "1"}',
        '{"schema": true}',
        '{"schema": 0}',
        '{"schema": 1',
        "\xff\xfe\x00",
        "[" * 100_000,
        '{"schema": 1, "config": {"learning_rate": 1' + "0" * 400 + "}}",
    ],
)
def test_a_damaged_file_is_named(tmp_path, text):
    path = tmp_path / "p.fieldguide"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ProjectError, match=r"p\.fieldguide is damaged"):
        read_project(path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("extra", 1),
        ("sources", {}),
        ("sources", ["/p"]),
        ("sources", [{"path": "p", "label": None}]),
        ("sources", [{"path": "/p\0", "label": None}]),
        ("sources", [{"path": 1}]),
        ("sources", [{"path": "/nowhere", "relative": 1}]),
        ("sources", [{"path": "/p", "label": " "}]),
        ("sources", [{"path": "/p", "label": 1}]),
        ("sources", [{"path": "/p", "weight": 1}]),
        ("edits", {"extra": {}}),
        ("config", []),
        ("config", {"epochs": 0}),
        ("config", {"epochs": 10**300}),
        ("config", {"hidden_units": 2**31}),
        ("config", {"learning_rate": float("nan")}),
        ("config", {"l2": float("inf")}),
        ("config", {"backbone": ["x"]}),
        ("config", {"extra": 0}),
        ("last_run", "/runs/1"),
        ("starred_run", "/runs/1"),
        ("name", 7),
        ("name", "n" * 201),
        ("last_run", {"path": "/runs/1", "label": None}),
    ],
)
def test_values_that_no_project_has_are_refused(tmp_path, project, key, value):
    path = tmp_path / "p.fieldguide"
    path.write_text(json.dumps(content_of(project, tmp_path) | {key: value}))
    with pytest.raises(ProjectError, match="is damaged"):
        read_project(path)


def test_a_complaint_repeats_little_of_the_file(tmp_path):
    path = tmp_path / "p.fieldguide"
    path.write_text(json.dumps({"schema": "x" * 1_000_000}))
    with pytest.raises(ProjectError) as error:
        read_project(path)
    assert len(str(error.value)) < 1000


def test_missing_keys_take_their_defaults(tmp_path):
    path = tmp_path / "p.fieldguide"
    path.write_text('{"schema": 1}')
    # Several stages of the backbone weren't used when there was no such key.
    assert read_project(path) == Project(config=TrainConfig(features=Features.LAST))


def test_what_is_no_file_is_told(tmp_path):
    with pytest.raises(ProjectError, match="is not there"):
        read_project(tmp_path / "absent.fieldguide")
    os.mkfifo(tmp_path / "pipe.fieldguide")
    with pytest.raises(ProjectError, match="is no file"):
        read_project(tmp_path / "pipe.fieldguide")


def test_a_file_without_end_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(project_file, "_MAX_BYTES", 10)
    path = tmp_path / "p.fieldguide"
    path.write_text('{"schema": 1}')
    with pytest.raises(ProjectError, match="too large"):
        read_project(path)


def test_a_failed_write_leaves_the_old_file(tmp_path, project, monkeypatch):
    path = tmp_path / "p.fieldguide"
    write_project(path, project)

    def no_room(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.storage.atomic_file.os.fsync", no_room)
    with pytest.raises(StorageError, match=r"p\.fieldguide: No space left"):
        write_project(path, replace(project, sources=()))
    assert read_project(path) == project
    assert [file.name for file in tmp_path.glob("*fieldguide*")] == ["p.fieldguide"]


def test_a_full_disk_is_one_sentence_and_leaves_the_old_file(small_disk, project):
    path = small_disk.path / "p.fieldguide"
    write_project(path, project)
    small_disk.fill(left=8192)
    edits = NO_EDITS.exclude(Path(f"/pictures/{number}.jpg") for number in range(5000))
    with pytest.raises(StorageError) as caught:
        write_project(path, replace(project, edits=edits))
    assert str(caught.value) == (
        f"Can't write {path}: No space left on device. Free some space there, or choose a folder "
        "on another disk."
    )
    assert read_project(path) == project


def test_a_project_is_known_by_its_suffix(tmp_path):
    (tmp_path / "folder.fieldguide").mkdir()
    assert is_project_file(tmp_path / "Flowers.FieldGuide")
    assert not is_project_file(tmp_path / "folder.fieldguide")
    assert not is_project_file(tmp_path / "flowers.csv")
