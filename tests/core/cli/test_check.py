"""`fieldguide check`: a line a finding, a summary at the end."""

import json
import shutil
from pathlib import Path

import pytest

from core.cli.main import main
from tests.models import PHOTOS


@pytest.fixture
def images(tmp_path: Path) -> Path:
    for place in ("cat/1.jpg", "cat/2.jpg", "coffee/3.jpg"):
        (tmp_path / "pictures" / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PHOTOS / "cat.jpg", tmp_path / "pictures" / place)
    (tmp_path / "pictures/coffee/bad.jpg").write_bytes(b"")
    return tmp_path / "pictures"


def test_json_is_a_line_a_finding_and_a_summary(images: Path, capsys) -> None:
    assert main(["check", "--json", str(images)]) == 0
    *findings, summary = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert all(list(finding) == ["path", "kind", "detail"] for finding in findings)
    assert list(summary) == ["event", "num_images", "num_classes", "findings"]
    assert (summary["event"], summary["num_images"], summary["num_classes"]) == ("summary", 4, 2)
    kinds = [finding["kind"] for finding in findings]
    assert summary["findings"] == {kind: kinds.count(kind) for kind in kinds}
    assert {"unreadable", "label_conflict"} <= set(kinds)
    (unreadable,) = [finding for finding in findings if finding["kind"] == "unreadable"]
    assert unreadable["path"] == str(images / "coffee/bad.jpg")
    assert "empty" in unreadable["detail"]


def test_plain_lines_tell_a_user(images: Path, capsys) -> None:
    assert main(["check", str(images)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"unreadable: {images / 'coffee/bad.jpg'}: " in "\n".join(lines)
    assert lines[-1].startswith("4 pictures in 2 classes: ")


def test_nothing_odd_is_said_so(tmp_path: Path, capsys) -> None:
    for name in ("cat", "rocket"):
        (tmp_path / name).mkdir()
        shutil.copy(PHOTOS / f"{name}.jpg", tmp_path / name)
    assert main(["check", "--json", str(tmp_path)]) == 0
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(summary["findings"]) <= {"too_few"}


def test_of_one_class_it_is_said_that_training_needs_two(tmp_path: Path, capsys) -> None:
    (tmp_path / "cat").mkdir()
    shutil.copy(PHOTOS / "cat.jpg", tmp_path / "cat")
    assert main(["check", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "1 picture in 1 class: 1 class with few pictures; training needs at least two classes"
    )


def test_loose_pictures_are_no_folder(tmp_path: Path, capsys) -> None:
    for name in ("cat", "dog"):
        (tmp_path / name).mkdir()
        for number in range(10):
            (tmp_path / name / f"{number}.jpg").write_bytes(b"")
    shutil.copy(PHOTOS / "cat.jpg", tmp_path / "cover.jpg")
    assert main(["check", str(tmp_path)]) == 0
    assert "1 place with pictures left out" in capsys.readouterr().out


def test_odd_names_stay_in_their_line(fieldguide, tmp_path: Path) -> None:
    folder = tmp_path / "two\nlines \x1b[31m"
    folder.mkdir()
    (folder / "lone \udce9.jpg").write_bytes(b"")
    (tmp_path / "cat").mkdir()
    shutil.copy(PHOTOS / "cat.jpg", tmp_path / "cat")
    for environment in ({}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}):
        done = fieldguide("check", tmp_path, environment=environment)
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"\x1b" not in done.stdout
        assert b"two\\nlines" in done.stdout


def test_missing_folder_is_one_line(capsys) -> None:
    assert main(["check", "nowhere"]) == 1
    printed = capsys.readouterr().err
    assert "nowhere is not there" in printed
    assert printed.count("\n") == 1
