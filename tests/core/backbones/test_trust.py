"""Trust is kept by content, with the program's own files."""

from pathlib import Path

import pytest

from core.backbones.fingerprint import fingerprint_saved_model
from core.backbones.trust import is_trusted, trust, trust_saved_model
from core.errors import StorageError
from core.storage.app_dirs import data_dir

FILE = "trusted-models.json"


def test_nothing_is_trusted_at_first() -> None:
    assert not is_trusted("f00d")


def test_trust_is_remembered_one_by_one() -> None:
    trust("f00d", "a")
    trust("cafe", "b \udce9")
    assert is_trusted("f00d")
    assert is_trusted("cafe")
    assert not is_trusted("beef")


def test_folder_is_trusted_as_it_is_now(tmp_path: Path) -> None:
    (tmp_path / "saved_model.pb").write_bytes(b"one")
    before = fingerprint_saved_model(tmp_path)
    trust_saved_model(tmp_path, "net")
    (tmp_path / "saved_model.pb").write_bytes(b"other")
    assert is_trusted(before)
    assert not is_trusted(fingerprint_saved_model(tmp_path))


@pytest.mark.parametrize("content", ["", "[]", "{", '{"schema": 2, "models": {"f00d": "a"}}'])
def test_record_that_cant_be_read_trusts_nothing_and_is_made_anew(content: str) -> None:
    data_dir().mkdir(parents=True)
    (data_dir() / FILE).write_text(content)
    assert not is_trusted("f00d")
    trust("cafe", "a")
    assert is_trusted("cafe")


def test_record_that_cant_be_written_is_told() -> None:
    data_dir().parent.mkdir(parents=True, exist_ok=True)
    data_dir().write_bytes(b"")
    with pytest.raises(StorageError, match=FILE):
        trust("f00d", "a")
