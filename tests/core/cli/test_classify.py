"""`fieldguide classify`: shapes of its output, odd names, odd places to print to."""

import csv
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from core.cli.main import main
from tests.models import LABELS, PHOTO_NAMES, PHOTOS, write_model
from tests.odd_images import make_odd_images

ASCII_ONLY = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
ODD_NAMES = [b"two\nlines.jpg", b"-dash.jpg", "grün 花 كتاب.jpg".encode(), b"lone \xe9.jpg"]


@pytest.fixture
def odd_names(tmp_path: Path) -> list[Path]:
    paths = [Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)) for name in ODD_NAMES]
    for path in paths:
        shutil.copy(PHOTOS / "cat.jpg", path)
    return paths


def json_lines(text: str | bytes) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_json_is_a_line_an_image(model: Path, capsys) -> None:
    paths = [str(PHOTOS / name) for name in PHOTO_NAMES]
    assert main(["classify", "--model", str(model), "--json", "--top", "2", *paths]) == 0
    lines = json_lines(capsys.readouterr().out)
    assert [line["path"] for line in lines] == paths
    assert [line["label"] for line in lines] == list(LABELS)
    for line in lines:
        assert list(line) == ["path", "label", "probability", "top", "unknown"]
        assert line["top"][0] == [line["label"], line["probability"]]
        assert [len(entry) for entry in line["top"]] == [2, 2]
        assert 0 <= line["top"][1][1] <= line["top"][0][1] <= 1


def test_images_of_a_folder_need_no_suffix(model: Path, tmp_path: Path, capsys) -> None:
    for name in ("07", "08.jpg_large", "09.jpg?w=600", "x.jpeg.1"):
        shutil.copy(PHOTOS / "cat.jpg", tmp_path / name)
    (tmp_path / "10").write_bytes(b"words")
    assert main(["classify", "--model", str(model), "--json", str(tmp_path)]) == 0
    lines = json_lines(capsys.readouterr().out)
    assert [Path(line["path"]).name for line in lines] == [
        "07",
        "08.jpg_large",
        "09.jpg?w=600",
        "x.jpeg.1",
    ]
    assert {line["label"] for line in lines} == {"cat"}


def test_a_folder_without_images_says_what_it_holds(model: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "a.dcm").write_bytes(b"")
    assert main(["classify", "--model", str(model), str(tmp_path)]) == 1
    assert "holds 1 file, and none is a picture" in capsys.readouterr().err


def test_other_files_in_folders_are_told_once(model: Path, tmp_path: Path, capsys) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        shutil.copy(PHOTOS / "cat.jpg", tmp_path / folder)
        (tmp_path / folder / "film.mp4").write_bytes(b"")
    folders = [str(tmp_path / folder) for folder in ("a", "b")]
    assert main(["classify", "--model", str(model), "--json", *folders]) == 0
    captured = capsys.readouterr()
    assert len(json_lines(captured.out)) == 2
    assert captured.err == (
        "fieldguide: Note: 2 other files are left out: 2 videos (such as film.mp4).\n"
    )


def test_of_an_archive_it_is_told_what_reads_it(model: Path, tmp_path: Path, capsys) -> None:
    for name in ("a.zip", "b.docx"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("x", b"x")
        assert main(["classify", "--model", str(model), str(tmp_path / name)]) == 1
    *notes, first, second = sorted(capsys.readouterr().err.splitlines())[::-1]
    assert notes == [
        f"fieldguide: Note: {tmp_path}/a.zip is an archive; check, train and evaluate read it. "
        "Unpack it first."
    ]
    assert all("not a picture" in line for line in (first, second))


def test_json_of_an_unusable_file_has_the_reason(model: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "bad.jpg").write_bytes(b"")
    arguments = [str(tmp_path / "bad.jpg"), str(PHOTOS / "cat.jpg")]
    assert main(["classify", "--model", str(model), "--json", *arguments]) == 1
    bad, good = json_lines(capsys.readouterr().out)
    assert bad == {"path": str(tmp_path / "bad.jpg"), "error": "is empty (0 bytes)"}
    assert good["label"] == "cat"


def test_plain_line_an_image_and_complaints_on_standard_error(
    model: Path, tmp_path: Path, capsys
) -> None:
    (tmp_path / "bad.jpg").write_bytes(b"")
    paths = [str(tmp_path / "bad.jpg"), str(PHOTOS / "cat.jpg")]
    assert main(["classify", "--model", str(model), "--top", "1", *paths]) == 1
    printed = capsys.readouterr()
    assert printed.out.startswith(f"{paths[1]}: cat ")
    assert printed.out.count("\n") == 1
    assert printed.err == f"{paths[0]}: is empty (0 bytes)\n"


def test_folder_means_all_images_below_it(model: Path, tmp_path: Path, capsys) -> None:
    for place in ("a.jpg", "sub/b.jpg", "sub/deep/c.JPG", ".hidden/d.jpg"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PHOTOS / "cat.jpg", tmp_path / place)
    (tmp_path / "notes.txt").write_text("no picture")
    assert main(["classify", "--model", str(model), "--json", str(tmp_path)]) == 0
    found = {line["path"] for line in json_lines(capsys.readouterr().out)}
    assert found == {str(tmp_path / name) for name in ("a.jpg", "sub/b.jpg", "sub/deep/c.JPG")}


def test_every_odd_image_is_answered_and_stays_as_it_is(
    model: Path, tmp_path: Path, capsys
) -> None:
    expected = make_odd_images(tmp_path)
    before = {path.name: (path.read_bytes(), path.stat()) for path in tmp_path.iterdir()}
    assert main(["classify", "--model", str(model), "--json", str(tmp_path)]) == 1
    lines = {Path(line["path"]).name: line for line in json_lines(capsys.readouterr().out)}
    assert set(lines) == set(expected)
    for name, reason in expected.items():
        if reason is None:
            assert lines[name]["label"] in LABELS, name
        else:
            assert reason in lines[name]["error"], name
    for path in tmp_path.iterdir():
        content, status = before[path.name]
        assert path.read_bytes() == content
        assert (path.stat().st_mtime_ns, path.stat().st_mode) == (
            status.st_mtime_ns,
            status.st_mode,
        )


def test_csv_is_a_row_an_image(model: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.jpg").write_bytes(b"")
    table = tmp_path / "table.csv"
    paths = [str(PHOTOS / "coffee.jpg"), str(tmp_path / "bad.jpg")]
    arguments = ["classify", "--model", str(model), "--top", "2", "--csv", str(table)]
    assert main([*arguments, *paths]) == 1
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")
    with table.open(encoding="utf-8-sig", newline="") as file:
        good, bad = csv.DictReader(file)
    columns = ["path", "label_1", "probability_1", "label_2", "probability_2", "error", "unknown"]
    assert list(good) == columns
    assert (good["path"], good["label_1"], good["error"]) == (paths[0], "coffee", "")
    assert float(good["probability_1"]) > float(good["probability_2"])
    assert list(bad.values()) == [paths[1], "", "", "", "", "is empty (0 bytes)", ""]


def test_csv_to_the_terminal(model: Path, capsys) -> None:
    path = str(PHOTOS / "cat.jpg")
    assert main(["classify", "--model", str(model), "--top", "9", "--csv", "-", path]) == 0
    head, row = csv.reader(capsys.readouterr().out.splitlines())
    assert len(head) == len(row) == 3 + 2 * len(LABELS)
    assert row[:2] == [path, "cat"]


def test_csv_never_writes_over_an_image(model: Path, tmp_path: Path, capsys) -> None:
    """`--csv *.jpg` names the first image as the table."""
    image = Path(shutil.copy(PHOTOS / "cat.jpg", tmp_path))
    with pytest.raises(SystemExit) as caught:
        main(["classify", "--model", str(model), "--csv", str(image), str(image)])
    assert caught.value.code == 2
    assert "named like a picture" in capsys.readouterr().err
    assert image.read_bytes() == (PHOTOS / "cat.jpg").read_bytes()


def test_csv_stays_when_the_model_is_damaged(model: Path, tmp_path: Path) -> None:
    damaged = shutil.copytree(model, tmp_path / "model")
    (damaged / "model.tflite").write_bytes(b"no model")
    table = tmp_path / "table.csv"
    table.write_text("yesterday's")
    image = str(PHOTOS / "cat.jpg")
    assert main(["classify", "--model", str(damaged), "--csv", str(table), image]) == 1
    assert table.read_text() == "yesterday's"


@pytest.mark.parametrize("table", ["/dev/full", "missing/table.csv"])
def test_csv_that_cant_be_written_is_one_line(model: Path, table: str, capsys) -> None:
    arguments = ["--csv", table, str(PHOTOS / "cat.jpg")]
    assert main(["classify", "--model", str(model), *arguments]) == 1
    printed = capsys.readouterr().err
    assert printed.startswith(f"fieldguide: Can't write {table}: No ")
    assert printed.count("\n") == 1


@pytest.mark.parametrize("top", ["0", "-1", "many", "1.5", ""])
def test_top_must_be_a_number_of_classes(model: Path, top: str, capsys) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["classify", "--model", str(model), f"--top={top}", str(PHOTOS / "cat.jpg")])
    assert caught.value.code == 2
    assert "must be a whole number from 1" in capsys.readouterr().err


def test_imagenet_needs_no_training(capsys) -> None:
    arguments = ["--json", "--top", "1", str(PHOTOS / "coffee.jpg")]
    assert main(["classify", "--model", "imagenet", *arguments]) == 0
    assert json_lines(capsys.readouterr().out)[0]["label"] == "espresso"


def test_run_folder_stands_for_its_model(model: Path, capsys) -> None:
    arguments = ["--json", str(PHOTOS / "cat.jpg")]
    assert main(["classify", "--model", str(model.parent), *arguments]) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.jpg", "--model", "imagenet"], "There is no file or folder missing.jpg"),
        ([str(PHOTOS / "cat.jpg")], "No model has been trained yet"),
        ([str(PHOTOS / "cat.jpg"), "--model", "nowhere"], "no run is called that"),
        ([str(PHOTOS / "cat.jpg"), "--model", "x" * 5000], "File name too long"),
        (["x" * 5000, "--model", "imagenet"], "File name too long"),
        (["two\nlines.jpg", "--model", "imagenet"], r"two\nlines.jpg"),
    ],
    ids=["file", "no model", "model", "long model", "long file", "odd name"],
)
def test_mistake_is_one_line_that_names_it(arguments: list[str], message: str, capsys) -> None:
    assert main(["classify", *arguments]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("fieldguide: ")
    assert message in printed.err
    assert printed.err.count("\n") == 1


def test_any_name_is_printed_escaped_where_it_would_do_harm(
    fieldguide, model: Path, odd_names: list[Path]
) -> None:
    done = fieldguide("classify", "--model", model, "--top", "1", *odd_names)
    assert (done.returncode, done.stderr) == (0, b"")
    lines = done.stdout.splitlines()
    for line, name in zip(lines, ODD_NAMES, strict=True):
        assert name.replace(b"\n", b"\\n") in line


@pytest.mark.parametrize("form", [[], ["--json"], ["--csv", "-"], ["--csv", "table.csv"]], ids=str)
def test_any_name_passes_where_only_ascii_does(
    fieldguide, model: Path, odd_names: list[Path], form: list[str]
) -> None:
    arguments = ("classify", "--model", model, *form, "--", *odd_names)
    done = fieldguide(*arguments, environment=ASCII_ONLY)
    assert (done.returncode, done.stderr) == (0, b"")


def test_json_brings_any_path_back(fieldguide, model: Path, odd_names: list[Path]) -> None:
    done = fieldguide("classify", "--model", model, "--json", "--", *odd_names)
    assert [Path(line["path"]) for line in json_lines(done.stdout)] == odd_names


def test_name_with_a_dash_comes_after_two(fieldguide, model: Path, odd_names, tmp_path) -> None:
    done = fieldguide("classify", "--model", model, "--json", "--", "-dash.jpg")
    assert done.returncode == 0
    assert json_lines(done.stdout)[0]["path"] == "-dash.jpg"


def test_any_label_is_printed(fieldguide, tmp_path: Path) -> None:
    labels = ("two\nlines \x1b[31m", "lone \udce9 and \ud800", "grün 花")
    odd = write_model(tmp_path / "odd", labels)
    for form in ([], ["--json"], ["--csv", "table.csv"], ["--csv", "-"]):
        for environment in ({}, ASCII_ONLY):
            image = PHOTOS / "cat.jpg"
            done = fieldguide("classify", "--model", odd, *form, image, environment=environment)
            assert (done.returncode, done.stderr) == (0, b"")
            if form != ["--csv", "-"]:
                assert b"\x1b" not in done.stdout


def test_loads_no_tensorflow(model: Path, fieldguide) -> None:
    code = (
        "import sys; from core.cli.main import main; "
        f"main(['classify', '--model', {str(model)!r}, {str(PHOTOS / 'cat.jpg')!r}]); "
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PHOTOS.parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert not loaded & {"tensorflow", "tensorflow_hub", "tf_keras", "keras", "PySide6"}
    assert "ai_edge_litert" in loaded


@pytest.mark.parametrize("form", [[], ["--json"], ["--csv", "-"]], ids=str)
def test_reader_that_leaves_early_is_no_error_to_tell(
    fieldguide, model: Path, form: list[str]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    paths = [PHOTOS / "cat.jpg"] * 4
    done = fieldguide(
        "classify",
        "--model",
        model,
        *form,
        *paths,
        capture_output=False,
        stdout=writing,
        stderr=-1,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_full_disk_behind_standard_output_is_one_line(fieldguide, model: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = fieldguide(
            "classify",
            "--model",
            model,
            PHOTOS / "cat.jpg",
            capture_output=False,
            stdout=full,
            stderr=-1,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(b"fieldguide: ")
    assert b"No space left on device" in done.stderr
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("closed", [(1,), (2,), (0, 1, 2)], ids=str)
def test_closed_streams_are_no_hindrance(
    fieldguide, model: Path, tmp_path: Path, closed: tuple[int, ...]
) -> None:
    table = tmp_path / "table.csv"
    done = fieldguide(
        "classify",
        "--model",
        model,
        "--csv",
        table,
        PHOTOS / "cat.jpg",
        preexec_fn=lambda: [os.close(number) for number in closed],
    )
    assert done.returncode == 0, done.stderr
    assert "cat" in table.read_text(encoding="utf-8-sig")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
def test_a_full_device_is_one_sentence(model: Path, capsys) -> None:
    arguments = ["classify", "--model", str(model), "--csv", "/dev/full", str(PHOTOS)]
    assert main(arguments) == 1
    assert capsys.readouterr().err == (
        "fieldguide: Can't write /dev/full: No space left on device. Free some space there, or "
        "choose a folder on another disk.\n"
    )


def test_a_full_disk_is_one_sentence(model: Path, small_disk, capsys) -> None:
    small_disk.fill()
    table = small_disk.path / "table.csv"
    assert main(["classify", "--model", str(model), "--csv", str(table), str(PHOTOS)]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"fieldguide: Can't write {table}: No space left on device. Free some")
    assert said.count("\n") == 1


@pytest.mark.parametrize("place", ["file", "file/inner"])
def test_copies_into_a_file_are_one_sentence(model: Path, tmp_path: Path, capsys, place) -> None:
    (tmp_path / "file").touch()
    target = str(tmp_path / place)
    assert main(["classify", "--model", str(model), "--copy-to", target, str(PHOTOS)]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("fieldguide: Can't make ")
    assert last.endswith(f"Move {tmp_path / 'file'} away, or choose another path.")
