import csv
from pathlib import Path

import pytest

from core.errors import StorageError
from core.models.classified_csv import save_csv
from core.models.named_picture import NamedPicture

GOOD = NamedPicture(Path("/p/a, b.jpg"), (("cat", 0.75), ("dog", 0.25)))
BAD = NamedPicture(Path("/p/c.jpg"), (), "is cut off (truncated)")


def test_rows_hold_the_best_classes_or_the_reason(tmp_path: Path) -> None:
    save_csv(tmp_path / "table.csv", [GOOD, BAD], top=2)
    with (tmp_path / "table.csv").open(newline="", encoding="utf-8-sig") as file:
        good, bad = csv.DictReader(file)
    assert good["path"] == "/p/a, b.jpg"
    assert (good["label_1"], good["probability_2"], good["error"]) == ("cat", "0.250000", "")
    assert (bad["label_1"], bad["error"]) == ("", "is cut off (truncated)")


def test_any_file_name_can_be_written(tmp_path: Path) -> None:
    odd = NamedPicture(Path("/p/\udcff\ud800.jpg"), (("a", 1.0),))
    save_csv(tmp_path / "table.csv", [odd], top=1)
    assert "\\ud800" in (tmp_path / "table.csv").read_text(encoding="utf-8-sig")


def test_table_that_is_there_stays_when_writing_fails(tmp_path: Path) -> None:
    (tmp_path / "table.csv").mkdir()
    with pytest.raises(StorageError, match=r"table\.csv"):
        save_csv(tmp_path / "table.csv", [GOOD], top=1)
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]
