"""Files of strangers are read up to a size, and only if they are files."""

import os
from pathlib import Path

import pytest

from core.storage.json_file import parse_json, read_bounded, read_json, read_json_lines


def test_values_come_back(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": ["\\udcff", 1.5]}')
    assert read_json(tmp_path / "a.json") == {"a": ["\udcff", 1.5]}
    (tmp_path / "a.jsonl").write_text('{"a": 1}\n[2]\n')
    assert read_json_lines(tmp_path / "a.jsonl", 100) == [{"a": 1}, [2]]


def test_no_more_is_read_than_allowed(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # a terabyte of nothing
    with pytest.raises(ValueError, match="larger than 1,048,576 bytes"):
        read_json(path)
    assert read_bounded(Path(__file__), Path(__file__).stat().st_size)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "1" * 10_000, "", "\ufeff{"])
def test_no_text_ends_in_another_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_json(text)


def test_pipes_devices_and_folders_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        with pytest.raises((ValueError, OSError)):
            read_bounded(path, 100)
