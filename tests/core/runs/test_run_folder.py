import json
import threading
from datetime import datetime
from pathlib import Path

import pytest

from core.data.dataset import ImageSource
from core.data.edits.edits import NO_EDITS
from core.errors import RunError, StorageError
from core.messages.events import EpochFinished
from core.runs import run_folder
from core.runs.run_folder import RunFolder
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig

CONFIG = TrainConfig(epochs=7, optimizer=Optimizer.SGD, seed=3)
ODD_NAMES = [
    "a b",
    "'quoted' \"twice\"",
    "line\nbreak",
    "名前",
    "-dash",
    "byte \udce9",
    "100 % [x]",
]


def epoch(number: int) -> EpochFinished:
    return EpochFinished(number, 9, 0.1, 0.2, 0.3, 0.4, 0.5, False, 0.6)


@pytest.fixture
def run(tmp_path) -> RunFolder:
    return RunFolder.create(tmp_path / "run", CONFIG, [ImageSource(Path("pictures"))])


def test_what_was_asked_for_comes_back(tmp_path):
    sources = [ImageSource(tmp_path / name, None) for name in ODD_NAMES]
    sources += [ImageSource(tmp_path, name) for name in ODD_NAMES]
    RunFolder.create(tmp_path / "run", CONFIG, sources)
    config, read = RunFolder.open(tmp_path / "run").read_config()
    assert config == CONFIG
    assert read == tuple(sources)


def test_edits_come_back(tmp_path):
    edits = NO_EDITS.rename_class(["cat"], "cat", "tom").exclude(tmp_path / n for n in ODD_NAMES)
    RunFolder.create(tmp_path / "run", CONFIG, [], edits)
    assert RunFolder.open(tmp_path / "run").read_edits() == edits


def test_a_run_without_edits_is_recorded_as_ever(run):
    assert "edits" not in json.loads((run.path / "config.json").read_text())
    assert run.read_edits() == NO_EDITS


def test_damaged_edits_are_told_with_the_files_name(run):
    path = run.path / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"edits": {"extra": 1}}))
    with pytest.raises(RunError, match=r"config\.json can't be used: .*extra"):
        run.read_edits()


def test_sources_are_kept_whatever_folder_a_run_is_resumed_from(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    RunFolder.create(Path("run"), CONFIG, [ImageSource(Path("pictures"))])
    monkeypatch.chdir("/")
    _, (source,) = RunFolder.open(tmp_path / "run").read_config()
    assert source.path == tmp_path / "pictures"


@pytest.mark.parametrize("name", [name for name in ODD_NAMES if name.isprintable()])
def test_a_run_folder_may_have_any_name_that_is_text(tmp_path, name):
    RunFolder.create(tmp_path / name, CONFIG, [])
    assert RunFolder.open(tmp_path / name).read_config()[0] == CONFIG


def test_a_name_that_is_no_text_is_refused_at_once(tmp_path):
    with pytest.raises(RunError, match="not valid UTF-8"):
        RunFolder.create(tmp_path / "byte \udce9", CONFIG, [])
    assert not list(tmp_path.iterdir())


def test_an_empty_folder_is_taken(tmp_path):
    assert RunFolder.create(tmp_path, CONFIG, []).path == tmp_path


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(RunError, match="isn't empty"):
        RunFolder.create(tmp_path, CONFIG, [])
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    for output in (tmp_path / "file", tmp_path / "file" / "run"):
        with pytest.raises(StorageError, match=str(output)):
            RunFolder.create(output, CONFIG, [])


def test_runs_that_begin_in_the_same_second_get_folders_of_their_own(monkeypatch):
    class Now(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2026, 1, 2, 3, 4, 5)

    monkeypatch.setattr(run_folder, "datetime", Now)
    names = [RunFolder.create(None, CONFIG, []).path.name for _ in range(3)]
    assert names == ["2026-01-02 03.04.05", "2026-01-02 03.04.05 (2)", "2026-01-02 03.04.05 (3)"]


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "absent"):
        with pytest.raises(RunError, match="not a run folder"):
            RunFolder.open(path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '"text"',
        "{}",
        '{"config": {}, "sources": 5}',
        '{"schema": 1, "config": [], "sources": []}',
        '{"schema": 1, "config": {}, "sources": [{"path": "a\\u0000", "label": null}]}',
        '{"schema": 1, "config": {}, "sources": [{"path": "/a", "label": 5}]}',
        '{"schema": 1, "config": {}, "sources": [{"path": 5, "label": null}]}',
        "[" * 100_000,
        "\0\0\0\0",
        "\ud800x",
    ],
)
def test_damaged_settings_are_named(run, content):
    path = run.path / "config.json"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(RunError, match=r"config\.json can't be used"):
        run.read_config()


@pytest.mark.parametrize("change", [{"epochs": 0}, {"unknown": 1}, {"optimizer": "magic"}])
def test_settings_that_are_not_ours_are_refused(run, change):
    path = run.path / "config.json"
    content = json.loads(path.read_text())
    content["config"] |= change
    path.write_text(json.dumps(content))
    with pytest.raises(RunError, match=r"config\.json can't be used"):
        run.read_config()


def test_a_run_of_a_later_version_is_refused(run):
    path = run.path / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema": 2}))
    with pytest.raises(RunError, match="its schema is 2, not 1"):
        run.read_config()


def test_one_worker_at_a_time(run):
    with run.lock():
        with pytest.raises(RunError, match="Another training is running in"):
            RunFolder.open(run.path).lock().__enter__()
        # The lock is the process's, not the thread's: another thread is another worker too.
        errors: list[RunError] = []

        def try_it() -> None:
            try:
                with RunFolder.open(run.path).lock():
                    pass
            except RunError as error:
                errors.append(error)

        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join()
        assert len(errors) == 1
    with RunFolder.open(run.path).lock():
        pass


@pytest.mark.parametrize("name", ["log.txt", ".lock", "history.jsonl", "checkpoint", "model/x"])
def test_a_run_with_links_that_lead_out_is_not_written_to(run, tmp_path, name):
    (tmp_path / "mine").write_text("mine")
    (run.path / "model").mkdir()
    (run.path / name).symlink_to(tmp_path / "mine")
    with pytest.raises(StorageError, match="leads out"), run.lock():
        pass
    assert (tmp_path / "mine").read_text() == "mine"


def test_history_grows_by_a_line_an_epoch(run):
    for number in (1, 2, 3):
        run.append_epoch(epoch(number))
    lines = (run.path / "history.jsonl").read_text().splitlines()
    assert [json.loads(line)["epoch"] for line in lines] == [1, 2, 3]
    assert json.loads(lines[0])["val_accuracy"] == 0.4
    assert [line["epoch"] for line in run.read_history()] == [1, 2, 3]


def test_a_run_without_history_has_none(run):
    assert run.read_history() == []


@pytest.mark.parametrize(
    "tail",
    [
        '{"epoch": 4, "lo',
        "\0\0\0\0",
        "\xff\xfe",
        "\n\n",
        "[]\n5\nnull\n",
        '{"epoch": "4", "loss": 0, "accuracy": 0, "val_loss": 0, "val_accuracy": 0}\n',
        '{"epoch": 4}\n',
        "[" * 100_000 + "\n",
    ],
    ids=range(8),
)
def test_a_line_cut_off_by_a_crash_is_passed_over(run, tail):
    for number in (1, 2):
        run.append_epoch(epoch(number))
    with (run.path / "history.jsonl").open("ab") as file:
        file.write(tail.encode("latin-1"))
    assert [line["epoch"] for line in run.read_history()] == [1, 2]
    run.rewind_history(2)
    run.append_epoch(epoch(3))
    assert [line["epoch"] for line in run.read_history()] == [1, 2, 3]


def test_history_is_taken_back_to_what_the_checkpoint_knows(run):
    for number in (1, 2, 3, 4):
        run.append_epoch(epoch(number))
    run.rewind_history(2)
    assert [line["epoch"] for line in run.read_history()] == [1, 2]


def test_a_history_that_cannot_be_written_is_named(run):
    (run.path / "history.jsonl").mkdir()
    with pytest.raises(StorageError, match=r"history\.jsonl"):
        run.append_epoch(epoch(1))
