"""Exports in the programs that others load them with, and how far they are from `classify`."""

import io
import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.data.pixels.decoder import decode_image
from core.models.predictor import Predictor, trained_classifier
from core.text import decimal_text
from tests import mediapipe_program, probabilities_program
from tests.benchmarks.surroundings import fieldguide, own_home, photo_data
from tests.old_runtimes import find_old_runtimes
from tests.serving import Serving, encoded_instance

_TRAINED, _NUM_PHOTOS, _NUM_TURNED = 40, 20, 8
_ORIENTATION = 0x0112
_FORMATS = ("saved-model", "tflite", "tflite-float16", "tflite-dynamic", "tflite-int8", "onnx")
_TFLITE = _FORMATS[1:5]
# What brings an upright image into the position that the EXIF orientation says it is stored in.
_STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
Rows = NDArray[np.float64]


def main() -> list[str]:
    """Measure; gives lines of Markdown."""
    python = find_old_runtimes()
    if python is None:
        sys.exit("The oldest runtimes aren't installed: make old-runtimes")
    with own_home() as home:
        photos = prepared_photos(home)
        run_dir = home / "run"
        resize_mode = ("--resize-mode", "pad", "--epochs", "5", "--seed", "1")
        fieldguide("train", home / "trained", *resize_mode, "--output", run_dir)
        fieldguide("export", "--model", run_dir, "--format", *_FORMATS)
        return _table(run_dir, photos, python)


def prepared_photos(home: Path) -> list[Path]:
    """Link what is trained on; gives other photographs, eight of them stored in each EXIF way.

    They are cropped to 3:2, as cameras have it, so that the fit matters.
    """
    photos: list[Path] = []
    (home / "photos").mkdir()
    for folder in sorted((photo_data() / "flowers").iterdir()):
        place = home / "trained" / folder.name
        place.mkdir(parents=True)
        images = sorted(folder.glob("*.jpg"))
        for image in images[:_TRAINED]:
            (place / image.name).symlink_to(image)
        for image in images[_TRAINED : _TRAINED + _NUM_PHOTOS // 5]:
            photos.append(_stored(image, home / "photos", 1 + len(photos) % _NUM_TURNED))
    return photos


def _stored(photo: Path, folder: Path, orientation: int) -> Path:
    image = Image.open(photo).convert("RGB")
    height = min(image.height, image.width * 2 // 3)
    image = image.crop((0, 0, image.width, height))
    if method := _STORED.get(orientation):
        image = image.transpose(method)
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    path = folder / f"{orientation}-{photo.name}"
    image.save(path, quality=95, exif=exif)
    return path


def _table(run_dir: Path, photos: list[Path], python: Path) -> list[str]:
    spec = trained_classifier(run_dir / "model")
    predictor = Predictor(spec)
    expected = np.stack([predictor.classify_file(path) for path in photos]).astype(np.float64)
    pixels = [
        decode_image(path.read_bytes(), size=spec.input_size, resize_mode=spec.resize_mode)
        for path in photos
    ]
    exports = run_dir / "exports"
    answers = _serving_answers(exports / "saved-model/saved_model", photos, pixels)
    for name in (*_TFLITE, "onnx"):
        found = _in_old_runtime(python, exports / name, photos)
        answers.append((f"{name}, `predict.py` with {found['runtime']}", found["probabilities"]))
    answers += _mediapipe_answers(exports, pixels, run_dir)
    return [
        "| client | same class | largest Δp |",
        "|---|---|---|",
        *(_row(client, np.array(rows), expected) for client, rows in answers),
        "",
        f"Pictures: {len(photos)}, two or more stored in each of the EXIF orientations 1 to "
        f"{_NUM_TURNED}; fit {spec.resize_mode}.",
    ]


def _row(client: str, found: Rows, expected: Rows) -> str:
    same = int((found.argmax(axis=1) == expected.argmax(axis=1)).sum())
    largest = decimal_text(float(np.abs(found - expected).max()), 2)
    return f"| {client} | {same} of {len(found)} | {largest} |"


def _serving_answers(saved_model: Path, photos: list[Path], pixels: list[Any]) -> list[Any]:
    serving = Serving(saved_model)
    scaled = [(image / np.float32(255)).tolist() for image in pixels]
    upright = [_upright(path) for path in photos]
    asked = [
        ("saved-model, Serving's row format, `serving_default`", "serving_default", scaled),
        ("the same, `serving_bytes` with upright PNG files", "serving_bytes", upright),
        (
            "the same, `serving_bytes` with the photographs as they are stored",
            "serving_bytes",
            [encoded_instance(path.read_bytes()) for path in photos],
        ),
    ]
    answers = []
    for client, name, instances in asked:
        request = json.dumps({"signature_name": name, "instances": instances})
        rows = serving.predict(request)
        answers.append((client, [row["probabilities"] for row in rows]))
    return answers


def _upright(path: Path) -> dict[str, str]:
    buffer = io.BytesIO()
    Image.fromarray(decode_image(path.read_bytes(), size=None)).save(buffer, "PNG")
    return encoded_instance(buffer.getvalue())


def _in_old_runtime(python: Path, folder: Path, photos: list[Path]) -> dict[str, Any]:
    command = [python, probabilities_program.__file__, folder, *photos]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{folder} can't be run: {done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _mediapipe_answers(exports: Path, pixels: list[Any], work: Path) -> list[Any]:
    np.save(work / "pixels.npy", np.stack(pixels))
    models = {name: str(exports / name / "model.tflite") for name in _TFLITE}
    subprocess.run(
        [
            *(sys.executable, mediapipe_program.__file__),
            *(work / "pixels.npy", work / "mediapipe.json", *models.values()),
        ],
        capture_output=True,
        check=True,
    )
    found = json.loads((work / "mediapipe.json").read_text(encoding="utf-8"))
    title = f"MediaPipe Tasks {version('mediapipe')}, pixels as `classify` prepares them"
    return [(f"{name}, {title}", found[path]["scores"]) for name, path in models.items()]


if __name__ == "__main__":
    print("\n".join(main()))
