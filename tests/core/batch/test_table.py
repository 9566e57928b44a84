import csv
import json
from pathlib import Path

import pytest

from core.batch.table import save_table
from core.errors import StorageError
from core.models.named_image import NamedImage

GOOD = NamedImage(Path("/p/a, b.jpg"), (("cat", 0.75), ("dog", 0.25)))
UNSURE = NamedImage(Path("/p/d.jpg"), (("dog", 0.55), ("cat", 0.45)))
BAD = NamedImage(Path("/p/c.jpg"), (), "is cut off (truncated)")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_rows_hold_the_best_classes_or_the_reason(tmp_path: Path) -> None:
    save_table(tmp_path / "table.csv", [GOOD, BAD, UNSURE], 2, 0.6)
    good, bad, unsure = rows(tmp_path / "table.csv")
    assert good["path"] == "/p/a, b.jpg"
    assert (good["label_1"], good["probability_2"], good["error"]) == ("cat", "0.250000", "")
    assert (bad["label_1"], bad["error"]) == ("", "is cut off (truncated)")
    assert [row["unknown"] for row in (good, bad, unsure)] == ["", "", "yes"]
    assert unsure["label_1"] == "dog"


def test_what_spreadsheets_take_for_formulas_is_text(tmp_path: Path) -> None:
    odd = NamedImage(Path("=cmd.jpg"), (("-dash", 0.75), ("@SUM(A1)", 0.25)))
    bad = NamedImage(Path("+a.jpg"), (), "=error")
    save_table(tmp_path / "table.csv", [odd, bad], 2, 0)
    first, second = rows(tmp_path / "table.csv")
    assert first["path"] == "'=cmd.jpg"
    assert (first["label_1"], first["label_2"]) == ("'-dash", "'@SUM(A1)")
    assert first["probability_1"] == "0.750000"
    assert (second["path"], second["error"]) == ("'+a.jpg", "'=error")
    save_table(tmp_path / "table.json", [odd], 2, 0)
    (exact,) = json.loads((tmp_path / "table.json").read_text())
    assert (exact["path"], exact["label"]) == ("=cmd.jpg", "-dash")


def test_json_holds_the_same(tmp_path: Path) -> None:
    save_table(tmp_path / "table.JSON", [GOOD, BAD, UNSURE], 1, 0.6)
    good, bad, unsure = json.loads((tmp_path / "table.JSON").read_text())
    assert good == {
        "path": "/p/a, b.jpg",
        "label": "cat",
        "probability": 0.75,
        "top": [["cat", 0.75]],
        "unknown": False,
    }
    assert bad == {"path": "/p/c.jpg", "error": "is cut off (truncated)"}
    assert (unsure["label"], unsure["unknown"]) == ("dog", True)


@pytest.mark.parametrize("name", ["table.csv", "table.json"])
def test_any_file_name_can_be_written(tmp_path: Path, name: str) -> None:
    odd = NamedImage(Path("/p/\udcff\ud800.jpg"), (("a", 1.0),))
    save_table(tmp_path / name, [odd], 1, 0)
    assert "\\ud800" in (tmp_path / name).read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("name", ["table.csv", "table.json"])
def test_table_that_is_there_stays_when_writing_fails(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(StorageError, match=name):
        save_table(tmp_path / name, [GOOD], 1, 0)
    assert [path.name for path in tmp_path.iterdir()] == [name]
