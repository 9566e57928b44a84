"""Vectors lie in memory while they are few, and on disk when they are many."""

from pathlib import Path

import numpy as np
import pytest

from core.errors import StorageError
from core.features import feature_table
from core.features.feature_table import make_vector_table
from tests.small_disk import file_size_limit


@pytest.fixture
def low_limit(monkeypatch) -> None:
    monkeypatch.setattr(feature_table, "_LARGEST_IN_MEMORY", 999)


@pytest.mark.parametrize("num_images", [0, 1, 10])
def test_few_vectors_are_a_plain_array(tmp_path: Path, num_images: int) -> None:
    table = make_vector_table(num_images, 5, tmp_path / "folder")
    assert type(table) is np.ndarray
    assert (table.shape, table.dtype) == ((num_images, 5), np.float32)
    assert not table.any()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("low_limit")
def test_many_vectors_are_mapped_from_a_file_without_a_name(tmp_path: Path) -> None:
    table = make_vector_table(50, 5, tmp_path / "folder")
    assert isinstance(table, np.memmap)
    assert (table.shape, table.dtype) == ((50, 5), np.float32)
    assert not table.any()
    table[49] = 3
    assert table[49].tolist() == [3.0] * 5
    assert list((tmp_path / "folder").iterdir()) == []


@pytest.mark.usefixtures("low_limit")
def test_room_is_taken_at_once(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="folder"), file_size_limit(4096):
        make_vector_table(5000, 5, tmp_path / "folder")


@pytest.mark.usefixtures("low_limit")
def test_folder_that_cant_be_made_is_an_error_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="file"):
        make_vector_table(5000, 5, tmp_path / "file")


@pytest.mark.usefixtures("low_limit")
def test_as_much_room_is_taken_as_vectors_need(tmp_path: Path, monkeypatch) -> None:
    reserved = []
    monkeypatch.setattr(feature_table, "_reserve", lambda handle, size: reserved.append(size))
    make_vector_table(5000, 5, tmp_path)
    assert reserved == [4 * 5000 * 5]
