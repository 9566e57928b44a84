import json
import logging
from pathlib import Path

import pytest

from core.batch import kept_table
from core.batch.kept_table import KeptTable, read_kept_table, write_kept_table
from core.errors import StorageError
from core.models.named_image import NamedImage


@pytest.fixture
def table(tmp_path) -> KeptTable:
    images = []
    for name in ("a.png", "b\udc80.png", "ü.png"):
        (tmp_path / name).write_bytes(b"image")
        images.append(NamedImage(tmp_path / name, (("cat", 0.75), ("dog", 0.25))))
    (tmp_path / "broken.png").write_bytes(b"")
    images.append(NamedImage(tmp_path / "broken.png", (), "is empty"))
    return KeptTable(tuple(images), ("cat", "dog"), 0.5, "pets")


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "classified.jsonl"


def test_a_table_comes_back(file, table):
    write_kept_table(file, table)
    assert read_kept_table(file) == table
    assert [path.name for path in file.parent.glob("*.partial")] == []


def test_without_a_file_there_is_an_empty_table(file, caplog):
    assert read_kept_table(file) == KeptTable()
    assert caplog.records == []


def test_an_empty_table_leaves_no_file(file, table):
    write_kept_table(file, KeptTable())
    write_kept_table(file, table)
    write_kept_table(file, KeptTable())
    assert not file.exists()


def test_answers_about_files_that_changed_or_are_gone_are_left_out(file, table):
    write_kept_table(file, table)
    first, second, third, fourth = (image.path for image in table.images)
    first.unlink()
    second.write_bytes(b"another image")
    assert [image.path for image in read_kept_table(file).images] == [third, fourth]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x80",
        b"[]",
        b"{}",
        b'{"schema": 2, "labels": [], "threshold": 0, "model_name": ""}',
        b'{"schema": 1, "labels": [7], "threshold": 0, "model_name": ""}',
        b'{"schema": 1, "labels": [], "threshold": NaN, "model_name": ""}',
        b'{"schema": 1, "labels": [], "threshold": true, "model_name": ""}',
        b'{"schema": 1, "labels": [], "threshold": 0, "model_name": ""}\n["/a.png", 1',
    ],
)
def test_a_damaged_file_is_ignored_with_a_line_in_the_log(file, content, caplog):
    file.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert read_kept_table(file) == KeptTable()
    assert [str(file) in record.getMessage() for record in caplog.records] == [True]


def test_no_more_than_a_limit_is_kept_or_read(file, table, monkeypatch, caplog):
    write_kept_table(file, table)
    monkeypatch.setattr(kept_table, "MOST_IMAGES", 2)
    assert read_kept_table(file) == KeptTable()
    write_kept_table(file, table)
    assert read_kept_table(file).images == table.images[:2]
    caplog.clear()


def test_nothing_is_written_into_a_folder_that_is_gone(tmp_path, table):
    write_kept_table(tmp_path / "deleted/classified.jsonl", table)
    assert not (tmp_path / "deleted").exists()


def test_the_table_before_stays_when_there_is_no_room(file, table, monkeypatch):
    write_kept_table(file, table)
    before = json.dumps(file.read_bytes().decode("ascii"))

    def refuse(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(StorageError, match=r"classified\.jsonl"):
        write_kept_table(file, KeptTable(table.images[:1], table.labels))
    assert json.dumps(file.read_bytes().decode("ascii")) == before
