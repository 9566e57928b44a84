from dataclasses import replace
from pathlib import Path

from core.backbones.catalogue import catalogue
from core.backbones.store import StoredBackbone, embedded_folder, stored_backbones
from gui.backbones.backbone_rows import list_rows, merge
from gui.storage.storage_model import StorageKind
from gui.storage.storage_rows import list_storage
from tests.fake_downloads import info

ENTRY = next(entry for entry in catalogue() if not (entry.is_tf1 or embedded_folder(entry.name)))


def stored(name):
    known = replace(info(name), value_range=(-1.0, 1.0), multiply_adds=5)
    return StoredBackbone(known, Path(name), 42, False)


def test_every_entry_of_the_catalogue_has_a_row_and_the_embedded_ones_are_first():
    rows = list_rows()
    assert {row.name for row in rows} == {entry.name for entry in catalogue()}
    assert [row.name for row in rows[:3]] == [f"efficientnet-lite{number}" for number in range(3)]
    for row in rows[:3]:
        assert row.is_embedded
        assert row.size_bytes > 16_000_000
        assert not row.is_tf1
    assert not any(row.is_here for row in rows[3:])


def test_downloaded_entry_keeps_its_facts_and_gets_its_size():
    [row] = merge([ENTRY], [stored(ENTRY.name)])
    assert row.title == ENTRY.title
    assert row.advice == ENTRY.advice
    assert row.page == ENTRY.page
    assert row.size_bytes == 42
    assert row.is_here
    assert row.is_in_catalogue
    assert not row.is_embedded


def test_imported_backbone_has_a_row_of_its_own():
    entry, own = merge([ENTRY], [stored("own")])
    assert not entry.is_here
    assert own.name == "own"
    assert own.is_here
    assert not own.is_in_catalogue
    assert own.value_range == (-1.0, 1.0)
    assert own.multiply_adds == 5


def test_old_format_comes_last_unless_it_was_imported():
    old = replace(ENTRY, name="old", is_tf1=True)
    assert [row.name for row in merge([old, ENTRY], [stored("own")])] == [ENTRY.name, "own", "old"]
    assert [row.name for row in merge([old, ENTRY], [stored("old")])] == ["old", ENTRY.name]


def test_every_cache_says_what_it_is_for_and_what_clearing_costs():
    rows = list_storage()
    for row in rows:
        assert row.purpose
        assert row.consequence.endswith(".")
    assert sum(row.kind is StorageKind.BACKBONE for row in rows) == len(stored_backbones())
    assert not any(row.is_removable for row in rows if row.kind is StorageKind.BACKBONE)
