"""What every test gets: no window, no network of its own, and a home that is thrown away."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# TensorFlow in this process and in its children says only what went wrong.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

CHECKOUT = Path(__file__).resolve().parent.parent


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
