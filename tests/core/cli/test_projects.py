"""A project file among the images: its sources, edits and settings."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from core.cli.main import main
from core.data.dataset import ImageSource
from core.data.edits.edits import NO_EDITS
from core.project.project import Project
from core.project.project_file import read_project, write_project
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig
from tests.models import PHOTOS


@pytest.fixture
def images(tmp_path: Path) -> Path:
    for name in ("cat", "coffee", "rocket"):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        shutil.copy(PHOTOS / f"{name}.jpg", tmp_path / "pictures" / name)
    return tmp_path / "pictures"


@pytest.fixture
def project(tmp_path: Path, images: Path) -> Path:
    """A project that merges two classes, and has settings of its own."""
    path = tmp_path / "p.fieldguide"
    content = Project(
        sources=(ImageSource(images),),
        edits=NO_EDITS.rename_class(["cat", "coffee", "rocket"], "rocket", "cat"),
        config=TrainConfig(epochs=7, optimizer=Optimizer.SGD),
    )
    write_project(path, content)
    return path


@pytest.fixture
def asked(monkeypatch):
    requests = []

    def note(request, *, as_json, on_begun=None):
        requests.append(request)
        return 0

    monkeypatch.setattr("core.cli.run_display.follow_run", note)
    return requests


def test_a_project_brings_its_images_edits_and_settings(project, images, asked):
    assert main(["train", str(project)]) == 0
    assert asked[0].sources == (ImageSource(images),)
    assert asked[0].edits.class_names == {"rocket": "cat"}
    assert asked[0].config == TrainConfig(epochs=7, optimizer=Optimizer.SGD)


@pytest.mark.parametrize("command", ["train", "find-learning-rate"])
def test_a_project_alone_downloads_nothing_from_an_unknown_address(project, asked, capsys, command):
    address = "https://example.org/backbone; rm -rf"
    write_project(project, replace(read_project(project), config=TrainConfig(backbone=address)))
    assert main([command, str(project)]) == 1
    said = capsys.readouterr().err
    assert "The project uses the backbone https://example.org" in said
    assert f"fieldguide backbones import '{address}'" in said
    assert asked == []


def test_an_address_that_the_user_names_is_taken(project, asked):
    assert main(["train", str(project), "--backbone", "https://example.org/backbone"]) == 0
    assert asked[0].config.backbone == "https://example.org/backbone"


def test_options_that_are_given_go_before_the_projects_settings(project, asked):
    # A default that is given counts as given.
    options = ["--optimizer", str(TrainConfig().optimizer), "--seed", "3"]
    assert main(["train", str(project), *options]) == 0
    assert asked[0].config == TrainConfig(epochs=7, seed=3)


def test_more_images_can_be_named_beside_a_project(project, images, asked):
    main(["train", "more", str(project), "--class", "dog", "d.jpg"])
    expected = (ImageSource(images), ImageSource(Path("more")), ImageSource(Path("d.jpg"), "dog"))
    assert asked[0].sources == expected


def test_two_projects_are_one_too_many(project, capsys):
    with pytest.raises(SystemExit) as end:
        main(["train", str(project), str(project.with_name("q.fieldguide"))])
    assert end.value.code == 2
    assert "only one project" in capsys.readouterr().err


def test_a_project_without_images_says_so(tmp_path, capsys):
    write_project(tmp_path / "empty.fieldguide", Project())
    with pytest.raises(SystemExit) as end:
        main(["train", str(tmp_path / "empty.fieldguide")])
    assert end.value.code == 2
    assert "empty.fieldguide has no images yet" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["train", "check", "evaluate"])
def test_a_damaged_project_is_one_line(tmp_path, command, capsys):
    (tmp_path / "bad.fieldguide").write_text("{")
    assert main([command, str(tmp_path / "bad.fieldguide")]) == 1
    printed = capsys.readouterr().err
    assert "bad.fieldguide is damaged" in printed
    assert printed.count("\n") == 1


def test_a_check_sees_the_edited_classes(project, capsys):
    assert main(["check", "--json", str(project)]) == 0
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (summary["num_images"], summary["num_classes"]) == (3, 2)


def test_a_check_of_a_project_that_removes_all_finds_nothing(tmp_path, images, capsys):
    edits = NO_EDITS.exclude(images.rglob("*.jpg"))
    path = tmp_path / "none.fieldguide"
    write_project(path, Project(sources=(ImageSource(images),), edits=edits))
    assert main(["check", str(path)]) == 0
    assert capsys.readouterr().out == "0 pictures in 0 classes: no problems found\n"


def test_a_model_is_measured_on_the_edited_classes(project, model, capsys):
    assert main(["evaluate", "--json", "--model", str(model), str(project)]) == 0
    result = json.loads(capsys.readouterr().out)
    by_class = {name: figures["num_images"] for name, figures in result["per_class"].items()}
    assert (by_class["cat"], by_class["rocket"]) == (2, 0)
