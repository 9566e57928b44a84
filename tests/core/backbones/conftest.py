"""What tests of downloads share."""

from pathlib import Path

import pytest

from tests.hub_server import GRAPH


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder that looks like a SavedModel."""
    folder = tmp_path / "model"
    (folder / "variables").mkdir(parents=True)
    (folder / "saved_model.pb").write_bytes(GRAPH)
    (folder / "variables" / "variables.index").write_bytes(b"index")
    return folder
