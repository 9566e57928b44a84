"""What tests of downloads share, and those of built-in backbones."""

from pathlib import Path

import pytest

from core.backbones.efficientnet_lite.packed_weights import PACKED_WEIGHTS
from core.backbones.prepare import prepare_backbone
from tests.hub_server import GRAPH
from tests.made_once import made_once


@pytest.fixture(scope="session")
def packed_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache in which all backbones of packed weights are prepared; to be copied."""

    def make() -> Path:
        home = tmp_path_factory.mktemp("packed")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("FIELDGUIDE_HOME", str(home))
            for weights in PACKED_WEIGHTS:
                prepare_backbone(weights.name)
        return home / "cache"

    return made_once(tmp_path_factory, "packed_cache", make)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder that looks like a SavedModel."""
    folder = tmp_path / "model"
    (folder / "variables").mkdir(parents=True)
    (folder / "saved_model.pb").write_bytes(GRAPH)
    (folder / "variables" / "variables.index").write_bytes(b"index")
    return folder
