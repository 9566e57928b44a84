"""`fieldguide evaluate`: figures as JSON and as tables."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from core.cli.main import main
from core.data.dataset import Split
from core.evaluation.metrics import wilson_interval
from core.runs.run_images import RunImage, write_run_images
from tests.models import PHOTOS, write_model


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Three right ones, a rocket among the cats, and one that is no image."""
    for place, photo in (
        ("cat/1.jpg", "cat.jpg"),
        ("cat/2.jpg", "rocket.jpg"),
        ("coffee/1.jpg", "coffee.jpg"),
        ("rocket/1.jpg", "rocket.jpg"),
    ):
        (tmp_path / "pictures" / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PHOTOS / photo, tmp_path / "pictures" / place)
    with (tmp_path / "pictures/cat/2.jpg").open("ab") as file:  # else it would be in two classes
        file.write(b"\0")
    (tmp_path / "pictures/coffee/bad.jpg").write_bytes(b"")
    return tmp_path / "pictures"


def test_json_is_one_object(model: Path, images: Path, capsys) -> None:
    assert main(["evaluate", "--model", str(model), "--json", str(images)]) == 0
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert json.loads(printed) == {
        "accuracy": 0.75,
        "interval": list(wilson_interval(3, 4)),
        "num_images": 4,
        "classes": ["cat", "coffee", "rocket"],
        "confusion_matrix": [[1, 0, 1], [0, 1, 0], [0, 0, 1]],
        "balanced_accuracy": (0.5 + 1 + 1) / 3,
        "majority_accuracy": None,
        "measured_on": "test",
        "per_class": {
            "cat": {"precision": 1.0, "recall": 0.5, "f1": 2 / 3, "num_images": 2},
            "coffee": {"precision": 1.0, "recall": 1.0, "f1": 1.0, "num_images": 1},
            "rocket": {"precision": 0.5, "recall": 1.0, "f1": 2 / 3, "num_images": 1},
        },
        "skipped": [
            {"path": str(images / "coffee/bad.jpg"), "reason": "is empty (0 bytes)"},
        ],
        "num_seen_in_training": 0,
    }


def test_images_of_the_training_are_told_by_their_content(model, images, capsys, tmp_path):
    run_dir = tmp_path / "run"
    shutil.copytree(model, run_dir / "model")
    run_images = [
        RunImage(Path("gone"), 0, split, hashlib.sha256((PHOTOS / photo).read_bytes()).digest())
        for photo, split in (
            ("cat.jpg", Split.TRAINING),
            ("coffee.jpg", Split.VALIDATION),
            ("rocket.jpg", Split.TEST),
        )
    ]
    write_run_images(run_dir / "images.jsonl", ["cat", "coffee", "rocket"], run_images)
    assert main(["evaluate", "--model", str(run_dir), "--json", str(images)]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["num_seen_in_training"] == 2
    assert "2 of these pictures were used in the model's training" in captured.err
    (run_dir / "images.jsonl").write_text("damaged")
    assert main(["evaluate", "--model", str(run_dir), "--json", str(images)]) == 0
    assert capsys.readouterr().err == ""


def test_a_model_that_knows_its_training_tells_what_one_answer_would_reach(
    model: Path, images: Path, capsys, tmp_path
) -> None:
    told = tmp_path / "told"
    shutil.copytree(model, told)
    content = json.loads((told / "model.json").read_text()) | {"training_counts": [2, 20, 8]}
    (told / "model.json").write_text(json.dumps(content))
    assert main(["evaluate", "--model", str(told), "--json", str(images)]) == 0
    assert json.loads(capsys.readouterr().out)["majority_accuracy"] == 1 / 4
    assert main(["evaluate", "--model", str(told), str(images)]) == 0
    printed = capsys.readouterr().out
    assert "Majority baseline: 25.00%, by always answering “coffee”" in printed


def test_a_picture_in_two_classes_counts_in_none(model: Path, images: Path, capsys) -> None:
    shutil.copy(PHOTOS / "rocket.jpg", images / "cat/2.jpg")
    assert main(["evaluate", "--model", str(model), "--json", str(images)]) == 0
    captured = capsys.readouterr()
    found = json.loads(captured.out)
    assert (found["num_images"], found["accuracy"]) == (2, 1.0)
    reason = "is excluded: the same picture is in two classes"
    for place in ("cat/2.jpg", "rocket/1.jpg"):
        assert {"path": str(images / place), "reason": reason} in found["skipped"]
    assert captured.err == (
        "fieldguide: Note: 2 pictures are left out, since the same picture is in two classes.\n"
    )
    assert main(["evaluate", "--model", str(model), str(images)]) == 0
    assert f"Left out: {images}/cat/2.jpg: {reason}" in capsys.readouterr().out


def test_figures_that_do_not_exist_are_null(model: Path, images: Path, capsys) -> None:
    assert main(["evaluate", "--model", str(model), "--json", str(images / "coffee")]) == 0
    cat = json.loads(capsys.readouterr().out)["per_class"]["cat"]
    assert cat == {"precision": None, "recall": None, "f1": None, "num_images": 0}


def test_tables_tell_a_user(model: Path, images: Path, capsys) -> None:
    assert main(["evaluate", "--model", str(model), str(images)]) == 0
    printed = capsys.readouterr().out
    assert "Accuracy 75.00% on 4 pictures (95% interval 30.06 to 95.44%)" in printed
    assert f"Left out: {images / 'coffee/bad.jpg'}: is empty (0 bytes)" in printed
    assert "Confusion matrix" in printed
    assert "Balanced accuracy: 83.33%" in printed
    assert "Majority baseline" not in printed, "the model says nothing of its training"
    assert "Recall differs between classes: with each counted the same" in printed
    assert "3 classes have fewer than 5 test pictures (“cat”, “coffee”, “rocket”)" in printed


def test_class_that_the_model_does_not_know_is_one_line(model: Path, images: Path, capsys) -> None:
    (images / "cat").rename(images / "dog")
    assert main(["evaluate", "--model", str(model), "--json", str(images)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "doesn't know the class “dog”" in printed.err
    assert printed.err.count("\n") == 1


def test_images_can_be_named_with_their_class(model: Path, tmp_path: Path, capsys) -> None:
    other = tmp_path / "other.jpg"  # the same would be left out
    other.write_bytes((PHOTOS / "cat.jpg").read_bytes() + b"\0")
    named = [
        "--class",
        "cat",
        str(PHOTOS / "cat.jpg"),
        "--class",
        "rocket",
        str(other),
    ]
    assert main(["evaluate", "--model", str(model), "--json", *named]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["confusion_matrix"] == [[1, 0, 0], [0, 0, 0], [1, 0, 0]]


def test_tables_hold_any_label(fieldguide, tmp_path: Path) -> None:
    labels = ("two\nlines \x1b[31m", "lone \udce9 [bold] :dog:", "grün 花")
    odd = write_model(tmp_path / "odd", labels)
    (tmp_path / "grün 花").mkdir()
    shutil.copy(PHOTOS / "rocket.jpg", tmp_path / "grün 花")
    ascii_only = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    for environment in ({}, ascii_only):
        done = fieldguide("evaluate", "--model", odd, "grün 花", environment=environment)
        if environment:  # a class's name in the wrong encoding is another name
            assert done.returncode == 1
        else:
            assert (done.returncode, done.stderr) == (0, b"")
            assert b"[bold] :dog:" in done.stdout
        assert b"Traceback" not in done.stderr
        assert b"\x1b" not in done.stdout
