"""What an earlier version stored is used as if this version had stored it.

Features and runs of the first decoder are not: it read some images to other pixels.
"""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from core.data.pixels.decoder import ResizeMode
from core.export.artifact_folder import EXPORT_FILE
from core.models.predictor import Predictor, trained_classifier
from core.project.project_file import read_project
from tests.program import Program, epochs_told

ARCHIVE = Path(__file__).parents[2] / "data" / "earlier_version" / "earlier_version.zip"
ROOT = "/tmp/fieldguide-earlier"
RUN_OPTIONS = ("--validation-split", "0.25", "--test-split", "0.25", "--batch-size", "4")


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """The files, with their paths as if they had been made here."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(tmp_path)
    for path in tmp_path.rglob("*.json*"):
        path.write_text(path.read_text().replace(ROOT, str(tmp_path)))
    return tmp_path


@pytest.fixture
def program(earlier: Path) -> Program:
    return Program(earlier / "home")


def test_a_project_opens_with_its_settings(earlier):
    config = read_project(earlier / "birds.fieldguide").config
    assert config.resize_mode is ResizeMode.PAD
    assert (config.ema_decay, config.clip_norm, config.saturation) == (0.9, 1.0, 0.2)
    assert (config.fine_tune_fraction, config.augmented_versions) == (0.5, 2)


def test_settings_are_stored_as_before(earlier):
    stored = json.loads((earlier / "birds.fieldguide").read_text())["config"]
    config = read_project(earlier / "birds.fieldguide").config
    assert json.dumps(config.to_json_dict()) == json.dumps(stored)


def test_a_model_answers_the_same(earlier):
    spec = trained_classifier(earlier / "run/model")
    classifier = Predictor(spec)
    for line in (earlier / "answers.jsonl").read_text().splitlines():
        told = json.loads(line)
        probabilities = classifier.classify_file(Path(told["path"]))
        assert spec.labels[probabilities.argmax()] == told["label"]
        assert probabilities.max() == pytest.approx(told["probability"], abs=1e-6)


def test_a_model_that_answers_the_same_says_that_it_should_be_trained_again(earlier):
    assert "Train it again" in str(trained_classifier(earlier / "run/model").advice)


@pytest.mark.slow
@pytest.mark.parametrize("names", ["new", "old"])
def test_options_of_either_name_lead_to_the_same_settings(earlier, program, names):
    options = {
        "new": (
            "--resize-mode",
            "--ema-decay",
            "--clip-norm",
            "--saturation",
            "--augmented-versions",
        ),
        "old": ("--fit", "--ema", "--gradient-clip", "--color", "--augmented-copies"),
    }[names]
    values = ("pad", "0.9", "1", "0.2", "2")
    former = ("--optimizer", "adam", "--features", "last")
    chosen = [word for pair in zip(options, values, strict=True) for word in pair]
    features = sorted((earlier / "home/cache/features").glob("*.sqlite"))
    before = [path.read_bytes() for path in features]

    outcome = program.train(
        *(earlier / "images", "--backbone", "tiny", "--epochs", "20", "--flip", "horizontal"),
        *(*RUN_OPTIONS, *former, *chosen, "--output", earlier / "again"),
    )

    assert outcome.code == 0, outcome.errors
    (split,) = outcome.of("dataset_split")
    assert split["cached_features"] == 0
    assert [path.read_bytes() for path in features] == before
    again, first = (
        json.loads((earlier / run / "config.json").read_text())["config"]
        for run in ("again", "run")
    )
    assert json.dumps(again) == json.dumps(first)


@pytest.mark.slow
def test_an_interrupted_run_is_left_as_it_is(earlier, program):
    run = earlier / "interrupted"
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    outcome = program.resume(run)
    assert outcome.code != 0
    assert "another version of Fieldguide" in outcome.errors
    assert epochs_told(run) == list(range(1, 31))
    assert {path: path.read_bytes() for path in before if path.name != "log.txt"} == {
        path: content for path, content in before.items() if path.name != "log.txt"
    }


@pytest.mark.slow
def test_its_model_is_exported_with_todays_reader_in_place_of_its_export(earlier, program):
    model, place = earlier / "run/model", earlier / "run/exports/tflite"
    place.mkdir(parents=True)
    for name in ("predict.py", "picture.py", "foreign_content.py"):
        shutil.copyfile(model / name, place / name)
    (place / EXPORT_FILE).write_text("{}")
    before = {path: path.read_bytes() for path in model.rglob("*") if path.is_file()}

    made = program.export("--model", earlier / "run", "--format", "tflite")

    assert made.code == 0, made
    assert not (place / "foreign_content.py").exists()
    assert (place / "image_reading/foreign_content.py").is_file()
    assert {path: path.read_bytes() for path in model.rglob("*") if path.is_file()} == before
    # Both programs run, each with the reader beside it.
    image = earlier / "images/blue/0.png"
    answers = [
        subprocess.run(
            [sys.executable, "-B", "predict.py", image],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for folder in (model, place)
    ]
    assert answers[0] == answers[1] != ""
