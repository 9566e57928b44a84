import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import RunError
from core.library.entry import Entry
from core.library.find_run import find_run
from core.library.library import create_entry
from core.project.project import Project
from core.runs.run_folder import RunFolder
from core.runs.run_label import RunLabel, write_run_label
from core.settings.config import TrainConfig
from core.storage.app_dirs import runs_dir
from tests.conftest import CHECKOUT


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch) -> Path:
    """The current folder, an empty one."""
    folder = tmp_path / "current"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def make_run(path: Path, name: str = "") -> Path:
    run = RunFolder.create(path, TrainConfig(), [])
    if name:
        write_run_label(run.path, RunLabel(name))
    return run.path


@pytest.fixture
def entry() -> Entry:
    return create_entry(Project(name="Flowers"))


def test_a_run_is_found_by_its_name_and_by_that_of_its_folder(entry: Entry) -> None:
    run = make_run(entry.runs_dir / "2026-11-27 02.15.57", "Best one")
    other = make_run(entry.runs_dir / "2026-11-28 02.15.57")
    for name in ("Best one", "best ONE", "Best  one", "2026-11-27 02.15.57"):
        assert find_run(Path(name)) == run
    assert find_run(Path("2026-11-28 02.15.57")) == other


def test_a_name_may_look_like_a_path(entry: Entry) -> None:
    run = make_run(entry.runs_dir / "a", "rate 1/2")
    assert find_run(Path("rate 1/2")) == run


def test_runs_elsewhere_and_of_no_project_are_found(entry: Entry, tmp_path: Path) -> None:
    chosen = make_run(tmp_path / "mine", "Chosen folder")
    entry.refer_to_runs([chosen])
    alone = make_run(runs_dir() / "alone")
    assert find_run(Path("Chosen folder")) == chosen
    assert find_run(Path("alone")) == alone


def test_a_path_that_exists_wins(entry: Entry, elsewhere: Path) -> None:
    make_run(entry.runs_dir / "a", "Best")
    (elsewhere / "Best").mkdir()
    assert find_run(Path("Best")) == Path("Best")


def test_upper_and_lower_case_tell_runs_apart(entry: Entry) -> None:
    lower = make_run(entry.runs_dir / "a", "best")
    upper = make_run(entry.runs_dir / "b", "Best")
    assert (find_run(Path("best")), find_run(Path("Best"))) == (lower, upper)
    with pytest.raises(RunError, match="2 runs are called “BEST”"):
        find_run(Path("BEST"))


def test_several_runs_of_a_name_are_listed_with_their_projects(entry: Entry) -> None:
    first = make_run(entry.runs_dir / "a", "Best")
    second = make_run(create_entry(Project(name="Trees")).runs_dir / "b", "Best")
    third = make_run(runs_dir() / "Best")
    with pytest.raises(RunError) as raised:
        find_run(Path("Best"))
    message = str(raised.value)
    assert message.startswith("3 runs are called “Best”. Name one by its folder: ")
    assert f"{first} (project “Flowers”)" in message
    assert f"{second} (project “Trees”)" in message
    assert str(third) in message
    assert "\n" not in message


def test_many_runs_of_a_name_are_not_all_listed(entry: Entry) -> None:
    for number in range(8):
        make_run(entry.runs_dir / str(number), "Best")
    with pytest.raises(RunError, match=r"3 more$"):
        find_run(Path("Best"))


def test_a_name_of_no_run_is_said(entry: Entry) -> None:
    with pytest.raises(RunError, match="There is no folder Worst here, and no run is called that"):
        find_run(Path("Worst"))


@pytest.mark.parametrize("path", ["runs/7", "/nowhere", "x" * 5000])
def test_a_path_that_leads_nowhere_is_left_to_whoever_opens_it(path: str) -> None:
    assert find_run(Path(path)) == Path(path)


def test_a_folder_that_exists_needs_no_library() -> None:
    code = (
        "import sys; from pathlib import Path; from core.library.find_run import find_run; "
        "find_run(Path('.')); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "core.library.find_run" in loaded
    assert not loaded & {"core.library.library", "core.library.run_names", "numpy"}
