"""What every test gets: no window, no network of its own, and a home that is thrown away."""

import os
import subprocess
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from core.computer.freed_memory import give_freed_memory_back
from tests.program import CHECKOUT, SHORT, Outcome, Program
from tests.small_disk import SmallDisk, mounted

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# TensorFlow in this process and in its children says only what went wrong.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# As in the worker: threads of SciPy's library spin while they wait.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


_GROWTH = 50 * 2**20
# They take minutes each.
_LONGEST_FILES = {
    "test_converted.py",
    "test_fine_tuning_end_to_end.py",
    "test_flowers.py",
    "test_gpu_check.py",
    "test_run_broken_off.py",
    "test_stages_run.py",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest: a late one would leave the other processes idle."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.path.name not in _LONGEST_FILES, item.path not in slow))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Give back what a test has freed, where that is much: models in TensorFlow, windows."""
    before = _resident_bytes()
    result = yield
    if _resident_bytes() - before > _GROWTH:
        give_freed_memory_back()
    return result


def _resident_bytes() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:  # another system than Linux
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.fixture(autouse=True, scope="session")
def home_of_shared_things(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep fixtures that several tests share off the developer's own caches, too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIELDGUIDE_HOME", str(tmp_path_factory.mktemp("shared-home")))
        yield


@pytest.fixture(autouse=True)
def fieldguide_home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """An empty folder for the test's runs and caches, so that nobody's own are touched."""
    home = tmp_path_factory.mktemp("fieldguide-home")
    monkeypatch.setenv("FIELDGUIDE_HOME", str(home))
    # Sockets too; the name is short, as a socket's has to be.
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.getbasetemp()))
    return home


@pytest.fixture(scope="session")
def photo_data() -> Path:
    """Folder with real photographs: flowers/ and buildings_forest/, a sub-folder a class."""
    named = os.environ.get("FIELDGUIDE_TEST_DATA")
    folder = Path(named) if named else CHECKOUT.parent / "shared/data"
    if not folder.is_dir():
        pytest.skip(f"no photographs in {folder}: set FIELDGUIDE_TEST_DATA to their folder")
    return folder


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk that is soon full; only a process with the right to mount gets one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    with ExitStack() as stack:
        try:
            disk = stack.enter_context(mounted(folder))
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("this process may not mount a small disk to fill")
        yield disk


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The program with one home, so that features are computed once."""
    return Program(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where run folders are made."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def trained(program: Program, runs: Path) -> Outcome:
    """The first training of all, in the folder `first`."""
    outcome = program.train(*SHORT, "--output", runs / "first")
    assert outcome.code == 0, outcome
    return outcome
