"""The lines of Python in each model card, run as they stand on a photograph stored on its side."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.models.predictor import Predictor, trained_classifier
from tests.core.export.conftest import FORMATS, Padded
from tests.program import CHECKOUT, SAMPLE

pytestmark = pytest.mark.slow
# 8-bit numbers, the input's included, round the probabilities.
TOLERANCE = {"tflite-dynamic": 0.06, "tflite-int8": 0.06, "tflite-float16": 0.01}


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return turned_photo(tmp_path_factory.mktemp("photo") / "photo.jpg")


def classified(padded: Padded, photo: Path) -> tuple[str, np.ndarray]:
    """What `classify` says of the photograph."""
    spec = trained_classifier(padded.model_dir)
    found = Predictor(spec).classify_file(photo)
    return spec.labels[found.argmax()], found


def turned_photo(path: Path) -> Path:
    """A long strip of brick and one of gravel, stored on its side as a phone held upright does."""
    left, right = (Image.open(sorted((SAMPLE / n).glob("*.jpg"))[0]) for n in ("brick", "gravel"))
    upright = Image.new("RGB", (320, 120))
    upright.paste(left.resize((220, 120)), (0, 0))
    upright.paste(right.resize((100, 120)), (220, 0))
    exif = Image.Exif()
    exif[0x0112] = 6
    upright.transpose(Image.Transpose.ROTATE_90).save(path, quality=95, exif=exif)
    return path


@pytest.mark.parametrize("name", ["model", *FORMATS])
def test_the_lines_of_the_card_give_classifys_answer(
    padded: Padded, photo: Path, name: str, tmp_path: Path
):
    card = (padded.folder(name) / "README.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
    done = run(padded.folder(name), "-c", lines.replace("photo.jpg", str(photo)))
    label, probability = done.split()
    expected_label, expected = classified(padded, photo)
    assert label == expected_label
    assert float(probability) == pytest.approx(expected.max(), abs=TOLERANCE.get(name, 1e-3))


def test_orientation_and_fit_decide_this_photographs_answer(padded: Padded, photo: Path):
    """Otherwise the tests above would prove nothing of them."""
    _, expected = classified(padded, photo)
    spec = trained_classifier(padded.model_dir)
    lying = Image.open(photo).convert("RGB").resize(spec.input_size[::-1])
    found = Predictor(spec).classify_pixels(np.asarray(lying))
    assert np.abs(found - expected).max() > 0.1


def test_predict_beside_the_model_gives_classifys_answer(padded: Padded, photo: Path):
    done = run(padded.folder("model"), "predict.py", str(photo))
    path, answer = done.rstrip().rsplit(": ", 1)
    label, expected = classified(padded, photo)
    assert path == str(photo)
    named = f"{label} {expected.max():.4f}"
    threshold = trained_classifier(padded.model_dir).unknown_threshold
    assert answer == (f"unknown ({named})" if expected.max() < threshold else named)


@pytest.mark.parametrize("name", ["model", *FORMATS])
def test_predict_says_unknown_where_classify_does(
    padded: Padded, photo: Path, name: str, tmp_path: Path
):
    folder = Path(shutil.copytree(padded.folder(name), tmp_path / "copy"))
    description = folder / ("model.json" if name == "model" else "export.json")
    content = json.loads(description.read_text(encoding="utf-8"))
    stored = json.loads((padded.model_dir / "model.json").read_text(encoding="utf-8"))
    assert content["unknown_threshold"] == stored["unknown_threshold"]
    description.write_text(json.dumps(content | {"unknown_threshold": 0.9999}), encoding="utf-8")
    label, expected = classified(padded, photo)
    answer = run(folder, "predict.py", str(photo)).rstrip().removeprefix(f"{photo}: ")
    found = re.fullmatch(r"unknown \((\w+) (0\.\d{4})\)", answer)
    assert found, answer
    assert found[1] == label
    assert float(found[2]) == pytest.approx(expected.max(), abs=TOLERANCE.get(name, 1e-3))
    if name == "model":
        asked = ("classify", "--model", str(folder), str(photo))
        assert f"{photo}: unknown ({label} " in run(CHECKOUT, "main.py", *asked)
    # An export of an earlier version has no threshold.
    del content["unknown_threshold"]
    description.write_text(json.dumps(content), encoding="utf-8")
    assert "unknown" not in run(folder, "predict.py", str(photo))


@pytest.mark.parametrize("name", ["model", *FORMATS])
def test_the_card_names_the_files_beside_it(padded: Padded, name: str):
    folder = padded.folder(name)
    card = (folder / "README.md").read_text(encoding="utf-8")
    # Python adds its cache when one of the programs is run there.
    for beside in {path.name for path in folder.iterdir()} - {"README.md", "__pycache__"}:
        assert beside in card


def test_cards_say_what_other_clients_leave_to_their_callers(padded: Padded):
    cards = {name: (padded.folder(name) / "README.md").read_text() for name in ("model", *FORMATS)}
    for name in ("model", "saved-model"):
        assert "`serving_bytes` decodes in TensorFlow" in cards[name]
    for name in FORMATS[1:5]:
        assert "though this model was trained with fit pad" in cards[name]
        assert "rotation_degrees" in cards[name]
        assert "ML Kit" in cards[name]


def test_a_refused_image_is_a_line_and_the_exit_code_1(padded: Padded, photo: Path, tmp_path: Path):
    (tmp_path / "page.jpg").write_text("<html><body>Not found</body></html>")
    for name in ("model", "tflite"):
        done = subprocess.run(
            [sys.executable, "predict.py", str(tmp_path / "page.jpg"), str(photo)],
            cwd=padded.folder(name),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert f"{tmp_path / 'page.jpg'}: is a web page (HTML), not a picture" in done.stderr
        assert len(done.stdout.splitlines()) == 1


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
