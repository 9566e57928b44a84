import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.data.dataset import ImageSource, Split
from core.data.edits.edits import NO_EDITS
from core.data.scanning.scan import scan_images
from core.errors import ArchiveError, ProjectError, StorageError
from core.experiments.experiment_file import read_experiment
from core.library.library import create_entry, describe, entries
from core.library.project_archive import export_project, import_project
from core.project.project import Project
from core.project.project_file import read_project, write_project
from core.runs.run_folder import RunFolder
from core.runs.run_images import read_run_images
from core.runs.run_results import load_run_results
from core.settings.config import TrainConfig
from core.storage.app_dirs import projects_dir
from tests.run_folders import make_run


def make_image(path: Path, color: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 8), (color, 0, 0)).save(path)
    return path


@pytest.fixture
def home(tmp_path):
    """Images of all kinds of sources."""
    home = tmp_path / "home"
    for number, name in enumerate(("cat/1.png", "cat/2.png", "dog/a: b?.png", "dog/4.png")):
        make_image(home / "zoo" / name, number)
    make_image(home / "listed/x/5.png", 5)
    make_image(home / "away/5.png", 6)
    (home / "listed/list.csv").write_text(f"path,label\nx/5.png,cat\n{home / 'away/5.png'},emu\n")
    make_image(home / "single.png", 7)
    with zipfile.ZipFile(home / "more.zip", "w") as archive:
        archive.write(make_image(home / "tmp.png", 8), "owl/8.png")
    return home


@pytest.fixture
def project(home):
    zoo = home / "zoo"
    edits = NO_EDITS.rename_class(["cat", "dog"], "dog", "hound").exclude([zoo / "cat/2.png"])
    edits = edits.move([home / "away/5.png"], "hound")
    sources = (
        ImageSource(zoo),
        ImageSource(home / "listed/list.csv"),
        ImageSource(home / "single.png", "fox"),
        ImageSource(home / "more.zip"),
    )
    return Project(name="Zoo 🌻", sources=sources, edits=edits, config=TrainConfig(epochs=7))


def content_of(project: Project) -> list[tuple[str, int]]:
    """Classes and colours of the included images."""
    dataset = project.edits.apply(scan_images(project.sources))
    colors = [
        (dataset.labels[image.class_index], Image.open(image.path).getpixel((0, 0))[0])
        for image in dataset.images
    ]
    return sorted(colors)


def test_a_project_comes_back_on_another_computer(project, home, tmp_path, monkeypatch):
    before = content_of(project)
    assert len(before) == 7
    export_project(create_entry(project), tmp_path / "zoo.zip")
    shutil.rmtree(home)
    monkeypatch.setenv("FIELDGUIDE_HOME", str(tmp_path / "other computer"))
    entry = import_project(tmp_path / "zoo.zip")
    found = read_project(entry.project_file)
    assert entries() == [entry]
    assert (found.name, found.config) == ("Zoo 🌻", project.config)
    assert content_of(found) == before
    for source in found.sources:
        assert source.path.is_relative_to(entry.folder)


def test_runs_come_along_with_their_pictures_and_their_star(home, tmp_path, monkeypatch):
    matrices = {Split.TEST: np.array([[3, 1], [0, 4]])}
    run = make_run(home, ("cat", "dog"), matrices, training_counts=(1, 1))
    (run / "model").mkdir()
    (run / "model" / "model.tflite").write_bytes(b"model")
    images = (ImageSource(home / "pictures/0", "cat"), ImageSource(home / "pictures/1", "dog"))
    entry = create_entry(Project(sources=images, last_run=run, starred_run=run))
    entry.refer_to_runs([run])
    export_project(entry, tmp_path / "zoo.zip")
    shutil.rmtree(home)
    shutil.rmtree(entry.folder)
    entry = import_project(tmp_path / "zoo.zip")
    found = read_project(entry.project_file)
    (run,) = entry.runs()
    assert run.parent == entry.runs_dir
    assert found.last_run == found.starred_run == run
    assert (run / "model/model.tflite").read_bytes() == b"model"
    results = load_run_results(run)
    paths = [entry.path for entry in results.splits[Split.TEST].predictions]
    assert len(paths) == 8
    assert all(path.is_file() and path.is_relative_to(entry.folder) for path in paths)
    assert len(read_run_images(run / "images.jsonl")[1]) == 2
    assert RunFolder.open(run).read_config()[1][0].path == home  # it was no source of the project


def experiment_json(home, run, **values) -> dict:
    content = {
        "schema": 1,
        "name": "batch size",
        "created": "2026-11-28T09:00:00+00:00",
        "kind": "grid",
        "ready": "",
        "state": "unfinished",
        "sources": [{"path": str(home / "zoo"), "label": None}],
        "edits": {"excluded": [str(home / "zoo/cat/2.png")]},
        "config": TrainConfig().to_json_dict(),
        "tries": [{"setting": "batch_size", "values": [4, 8]}],
        "seeds": [0],
        "num_trials": 0,
        "runs": [],
    }
    figures = dict.fromkeys(("val_accuracy", "test_accuracy", "balanced_accuracy", "seconds"), 0.5)
    for size, folder in ((4, run), (8, home / "deleted run")):
        values_of_run = {"settings": {"batch_size": size}, "seed": 0, "state": "finished"}
        rest = {"run_dir": str(folder), "message": "", "reports": []}
        content["runs"].append(values_of_run | figures | rest)
    return content | values


def add_experiment(entry, content, name="batch size") -> Path:
    folder = entry.experiments_dir / name
    folder.mkdir(parents=True)
    (folder / "experiment.json").write_text(content)
    (folder / ".lock").write_text("")
    return folder


def test_experiments_come_along_with_their_runs_and_pictures(home, project, tmp_path, caplog):
    run = make_run(home, ("cat", "dog"), {Split.TEST: np.array([[3, 1], [0, 4]])})
    entry = create_entry(project)
    entry.refer_to_runs([run])
    add_experiment(entry, json.dumps(experiment_json(home, run)))
    add_experiment(entry, "{", "damaged")
    export_project(entry, tmp_path / "zoo.zip")
    assert "damaged" in caplog.text
    caplog.clear()
    shutil.rmtree(home)
    shutil.rmtree(entry.folder)
    entry = import_project(tmp_path / "zoo.zip")
    (folder,) = entry.experiments_dir.iterdir()
    assert [file.name for file in folder.iterdir()] == ["experiment.json"]
    found = read_experiment(folder)
    assert found.name == "batch size"
    assert [each.run_dir for each in found.runs] == [*entry.runs(), None]
    assert [each.test_accuracy for each in found.runs] == [0.5, 0.5]
    (source,) = found.sources
    assert source == read_project(entry.project_file).sources[0]
    (excluded,) = found.edits.excluded
    assert excluded == source.path / "cat/2.png"


@pytest.mark.parametrize("folder", ["/etc", "runs/../../x", "/fieldguide-project/../../x"])
def test_an_experiment_from_elsewhere_names_no_folder_outside_the_project(tmp_path, folder):
    path = tmp_path / "enemy.zip"
    content = experiment_json(tmp_path, folder)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.fieldguide", project_json())
        archive.writestr("experiments/x/experiment.json", json.dumps(content))
        archive.writestr("experiments/x/evil.sh", "x")
    entry = import_project(path)
    (folder,) = entry.experiments_dir.iterdir()
    assert [file.name for file in folder.iterdir()] == ["experiment.json"]
    assert {run.run_dir for run in read_experiment(folder).runs} == {None}


def test_the_same_project_twice_is_two_projects(project, tmp_path):
    export_project(create_entry(project), tmp_path / "zoo.zip")
    import_project(tmp_path / "zoo.zip")
    assert sorted(describe(entry).name for entry in entries()) == ["Zoo 🌻", "Zoo 🌻 2"]


def test_missing_pictures_are_no_reason_to_keep_no_project(project, home, tmp_path):
    entry = create_entry(project)
    (home / "single.png").unlink()
    export_project(entry, tmp_path / "zoo.zip")
    found = read_project(import_project(tmp_path / "zoo.zip").project_file)
    assert len(found.sources) == 4


def test_exporting_reports_progress_and_leaves_nothing_when_it_is_stopped(project, tmp_path):
    counts = []
    export_project(create_entry(project), tmp_path / "zoo.zip", lambda *c: counts.append(c))
    assert counts[-1][0] == counts[-1][1] == len(counts) == 8

    def stop(done, _total):
        if done == 3:
            raise KeyboardInterrupt

    target = tmp_path / "out" / "zoo.zip"
    target.parent.mkdir()
    target.write_bytes(b"earlier")
    with pytest.raises(KeyboardInterrupt):
        export_project(create_entry(project), target, stop)
    assert [path.name for path in target.parent.iterdir()] == ["zoo.zip"]
    assert target.read_bytes() == b"earlier"


def test_a_folder_that_is_not_there_is_one_clear_message(project, tmp_path):
    with pytest.raises(StorageError, match=r"zoo\.zip"):
        export_project(create_entry(project), tmp_path / "no" / "zoo.zip")


def project_json(**values):
    return json.dumps({"schema": 2, "sources": [], **values})


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"a.jpg": ""}, "holds no project"),
        ({"project.fieldguide": "{"}, "damaged"),
        ({"project.fieldguide": "[]"}, "damaged"),
        ({"project.fieldguide": '{"schema": 2}'}, "damaged"),
        ({"project.fieldguide": project_json(sources=[{"path": 7}])}, "damaged"),
        ({"project.fieldguide": project_json(name=["x"])}, "damaged"),
        ({"project.fieldguide": project_json(), "runs/1/config.json": "{"}, "damaged"),
        ({"project.fieldguide": project_json(), "runs/1/images.jsonl": "\x80"}, "damaged"),
        ({"project.fieldguide": project_json(), "experiments/1/experiment.json": "{"}, "damaged"),
        ({"project.fieldguide": project_json(), "../evil": "x"}, "leads out"),
        ({"project.fieldguide": project_json(), "/evil": "x"}, "absolute"),
    ],
)
def test_an_archive_that_cannot_be_used_leaves_nothing(tmp_path, members, error):
    path = tmp_path / "enemy.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    with pytest.raises((ArchiveError, ProjectError), match=error) as caught:
        import_project(path)
    assert "enemy.zip" in str(caught.value)
    assert entries() == []
    assert {path.name for path in projects_dir().iterdir()} <= {".lock"}


def test_files_that_belong_to_no_project_are_not_unpacked(tmp_path):
    path = tmp_path / "enemy.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.fieldguide", project_json(name="x"))
        archive.writestr("elsewhere.json", json.dumps({"schema": 1, "project": "/etc/x"}))
        archive.writestr("captures/x.sh", "")
    entry = import_project(path)
    assert [each.name for each in entry.folder.iterdir()] == ["project.fieldguide"]


def test_a_project_without_pictures_can_be_moved_too(tmp_path):
    entry = create_entry(Project(name="empty"))
    export_project(entry, tmp_path / "e.zip")
    write_project(entry.project_file, Project(name="other"))
    assert describe(import_project(tmp_path / "e.zip")).name == "empty"


@pytest.mark.parametrize("name", ["config.json", "images.jsonl"])
def test_a_damaged_run_is_no_reason_to_keep_no_project(home, tmp_path, caplog, name):
    entry = create_entry(Project(sources=(ImageSource(home / "zoo"),), name="zoo"))
    run = RunFolder.create(entry.runs_dir / "first", TrainConfig(), [ImageSource(home / "zoo")])
    (run.path / "log.txt").write_text("log")
    (run.path / name).write_text("{\n{\n")
    export_project(entry, tmp_path / "zoo.zip")
    imported = import_project(tmp_path / "zoo.zip")
    assert (imported.runs_dir / "first/log.txt").read_text() == "log"
    assert not (imported.runs_dir / "first" / name).exists()
    assert content_of(read_project(imported.project_file))
    assert name in caplog.text
