"""`fieldguide classify` with thousands in view: unknown, order, copies, going on after a kill."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.batch.journal import batches_dir
from core.cli.main import main
from tests.models import LABELS, PHOTO_NAMES, PHOTOS
from tests.program import CHECKOUT

NUM_MANY = 240


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """A folder with the photographs."""
    folder = tmp_path / "three"
    folder.mkdir()
    for name in PHOTO_NAMES:
        shutil.copy(PHOTOS / name, folder)
    return folder


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A folder with more images than are answered at once, one of them unusable."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(NUM_MANY):
        os.link(PHOTOS / PHOTO_NAMES[number % 3], folder / f"{number}.jpg")
    (folder / "bad.jpg").write_bytes(b"")
    return folder


def classify(model: Path, *arguments: str | Path) -> int:
    return main(["classify", "--model", str(model), *map(str, arguments)])


def answers(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_below_the_threshold_an_image_is_unknown(model, three, capsys):
    classify(model, "--json", "--sort", "confidence", three)
    least, middle, _ = answers(capsys.readouterr().out)
    assert not least["unknown"]
    threshold = (least["probability"] + middle["probability"]) / 2
    classify(model, "--unknown-below", threshold, "--json", "--sort", "confidence", three)
    assert [line["unknown"] for line in answers(capsys.readouterr().out)] == [True, False, False]
    classify(model, "--unknown-below", threshold, "--top", "1", least["path"])
    printed = capsys.readouterr().out
    assert printed.startswith(f"{least['path']}: unknown ({least['label']} ")


def test_the_threshold_is_the_one_that_the_model_learned(model, three, tmp_path, capsys):
    wary = shutil.copytree(model, tmp_path / "wary")
    content = json.loads((wary / "model.json").read_text())
    (wary / "model.json").write_text(json.dumps(content | {"unknown_threshold": 1.0}))
    classify(wary, "--json", three)
    assert all(line["unknown"] for line in answers(capsys.readouterr().out))
    classify(wary, "--json", "--unknown-below", "0", three)
    assert not any(line["unknown"] for line in answers(capsys.readouterr().out))


@pytest.mark.parametrize("probability", ["-0.1", "1.1", "much", "nan", ""])
def test_the_threshold_is_a_probability(model, three, probability, capsys):
    with pytest.raises(SystemExit) as end:
        classify(model, f"--unknown-below={probability}", three)
    assert end.value.code == 2
    assert "must be a number from 0 to 1" in capsys.readouterr().err


def test_without_images_it_says_what_to_name(model, capsys):
    with pytest.raises(SystemExit) as end:
        classify(model)
    assert end.value.code == 2
    assert "name at least one picture or folder" in capsys.readouterr().err


def test_the_least_sure_come_first_and_those_without_an_answer_last(model, three, capsys):
    (three / "bad.jpg").write_bytes(b"")
    assert classify(model, "--json", "--sort", "confidence", three) == 1
    lines = answers(capsys.readouterr().out)
    probabilities = [line["probability"] for line in lines[:3]]
    assert probabilities == sorted(probabilities)
    assert lines[3]["path"] == str(three / "bad.jpg")


def test_by_name_whatever_the_order_of_the_call(model, three, capsys):
    paths = [three / name for name in reversed(PHOTO_NAMES)]
    classify(model, "--json", "--sort", "name", *paths)
    assert [line["path"] for line in answers(capsys.readouterr().out)] == sorted(map(str, paths))


def test_copies_lie_in_class_folders_and_the_images_stay(model, three, tmp_path, capsys):
    (three / "bad.jpg").write_bytes(b"")
    target = tmp_path / "sorted"
    assert classify(model, "--json", "--copy-to", target, three) == 1  # for bad.jpg
    printed = capsys.readouterr()
    assert len(answers(printed.out)) == 4
    assert f"Copied 3 pictures into 3 folders in {target}." in printed.err
    for label, name in zip(LABELS, PHOTO_NAMES, strict=True):
        assert (target / label / name).read_bytes() == (three / name).read_bytes()
    assert classify(model, "--copy-to", target, three / "cat.jpg") == 0
    assert "1 existed already." in capsys.readouterr().err


def test_a_folder_that_can_t_be_made_is_one_line(model, three, tmp_path, capsys):
    (tmp_path / "file").touch()
    assert classify(model, "--csv", tmp_path / "t.csv", "--copy-to", tmp_path / "file", three) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"fieldguide: Can't make {tmp_path / 'file'}")
    assert error.count("\n") == 1
    assert (tmp_path / "t.csv").is_file()


def test_many_are_answered_in_order_and_nothing_is_left(model, many, tmp_path, capsys):
    assert classify(model, "--csv", tmp_path / "table.csv", many) == 1
    assert capsys.readouterr() == ("", "")
    with (tmp_path / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == NUM_MANY + 1
    for row in rows[:-1]:
        assert row["label_1"] == LABELS[int(Path(row["path"]).stem) % 3]
    assert list(batches_dir().iterdir()) == []


def test_after_a_kill_it_goes_on_and_ends_with_the_same_answers(model, many, capsys):
    assert classify(model, "--json", many) == 1
    whole = capsys.readouterr().out
    command = [sys.executable, CHECKOUT / "main.py", "classify", "--model", model, "--json", many]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        for _ in range(NUM_MANY * 2 // 3):
            program.stdout.readline()
        program.send_signal(signal.SIGKILL)
    assert len(list(batches_dir().glob("*.jsonl"))) == 1
    assert classify(model, "--json", "--resume", many) == 1
    printed = capsys.readouterr()
    assert printed.out == whole
    assert printed.err.startswith("Resuming: ")
    assert int(printed.err.split()[1]) > 10
    assert list(batches_dir().glob("*.jsonl")) == []


def test_ctrl_c_says_how_to_go_on(model, many):
    command = [sys.executable, CHECKOUT / "main.py", "classify", "--model", model, "--json", many]
    program = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background jobs, such as these tests may be, don't hear it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert program.stdout is not None
    program.stdout.readline()
    program.send_signal(signal.SIGINT)
    _, error = program.communicate(timeout=60)
    assert program.returncode == 130
    assert error == "Stopped. Run the same command with --resume to continue.\n"


def test_with_nothing_to_go_on_with_it_begins(model, many, capsys):
    assert classify(model, "--csv", "-", "--resume", many) == 1
    printed = capsys.readouterr()
    assert printed.err == "There is nothing to resume: starting from the beginning.\n"
    assert len(printed.out.splitlines()) == NUM_MANY + 2


def test_a_home_that_can_t_be_written_costs_no_answer(model, many, fieldguide_home, capsys):
    (fieldguide_home / "data").write_text("a file")
    assert classify(model, "--csv", "-", many) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith("fieldguide: Note: --resume won't work. Can't write ")
    assert len(printed.out.splitlines()) == NUM_MANY + 2
