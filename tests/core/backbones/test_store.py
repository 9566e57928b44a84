"""The backbones on this computer: sizes and removal."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.backbones.backbone import read_info, write_info
from core.backbones.store import (
    embedded_folder,
    imported_dir,
    list_backbones,
    remove_backbone,
    stored_backbones,
)
from core.errors import BackboneError
from core.settings.config import DEFAULT_BACKBONE

EMBEDDED = [DEFAULT_BACKBONE, "efficientnet-lite1", "efficientnet-lite2"]


@pytest.fixture
def mine() -> Path:
    embedded = embedded_folder(DEFAULT_BACKBONE)
    assert embedded is not None
    folder = imported_dir() / "mine"
    (folder / "saved_model").mkdir(parents=True)
    (folder / "saved_model" / "saved_model.pb").write_bytes(bytes(1000))
    write_info(folder, replace(read_info(embedded), name="mine", value_range=(-1.0, 1.0)))
    return folder


def test_sizes_and_origins_are_told(mine: Path) -> None:
    *embedded, imported = stored_backbones()
    assert [one.info.name for one in embedded] == EMBEDDED
    for one in embedded:
        assert one.is_embedded
        assert one.size_bytes > 16_000_000
    assert (imported.folder, imported.is_embedded) == (mine, False)
    assert imported.size_bytes == 1000 + (mine / "backbone.json").stat().st_size
    assert imported.info.value_range == (-1.0, 1.0)


def test_imported_one_can_be_removed(mine: Path) -> None:
    remove_backbone("mine")
    assert not mine.exists()
    assert [info.name for info in list_backbones()] == EMBEDDED


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        *((name, "came with the program") for name in EMBEDDED),
        ("nothing", "no backbone “nothing”"),
    ],
)
def test_embedded_and_unknown_ones_cant(mine: Path, name: str, reason: str) -> None:
    with pytest.raises(BackboneError, match=reason):
        remove_backbone(name)
    assert len(list_backbones()) == 4


def test_range_without_extent_is_no_fact(mine: Path) -> None:
    path = mine / "backbone.json"
    path.write_text(path.read_text().replace("-1.0", "1.0"))
    with pytest.raises(BackboneError, match="value_range"):
        read_info(mine)
