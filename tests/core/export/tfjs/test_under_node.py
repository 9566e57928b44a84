"""The export under Node.js: the answers of `classify`, and what lies in its folder."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.data.pixels.decoder import ResizeMode, decode_image
from core.image_reading.resizing import resized
from core.models.predictor import trained_classifier
from core.own_source import source_root
from tests import probabilities_program
from tests.core.export.tfjs.conftest import TfjsExport
from tests.program import Program

slow = pytest.mark.slow
PAGE = source_root() / "core/export/tfjs/page"


@slow
def test_it_is_verified_and_passes(tfjs_export: TfjsExport):
    line = tfjs_export.line
    assert line["passed"] is True
    assert line["runtime"].startswith("TensorFlow.js 4.22.0 (wasm), Node.js ")
    assert line["max_abs_diff"] < 1e-5
    assert line["details"] == {"tensorflowjs": "4.22.0"}


@slow
def test_predict_gives_classifys_probabilities(tfjs_export: TfjsExport):
    done = subprocess.run(
        [sys.executable, probabilities_program.__file__, tfjs_export.folder, *tfjs_export.photos],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)["probabilities"]
    np.testing.assert_allclose(found, tfjs_export.expected(), atol=1e-5)


@slow
def test_a_program_for_node_opens_it_as_the_card_says(
    tfjs_export: TfjsExport, node: str, tmp_path: Path
):
    card = (tfjs_export.folder / "README.md").read_text(encoding="utf-8")
    assert "`import { openClassifier } from './predict.mjs'`" in card
    script = tmp_path / "classify.mjs"
    program = (tfjs_export.folder / "predict.mjs").as_uri()
    script.write_text(f"""
        import {{ openClassifier }} from "{program}";
        import {{ readFileSync }} from "node:fs";
        const {{ labels, size, fit, unknownThreshold, probabilities }} = await openClassifier();
        const pixels = new Uint8Array(readFileSync("pixels"));
        const answer = Array.from(await probabilities(pixels, 1));
        console.log(JSON.stringify({{ labels, size, fit, unknownThreshold, answer }}));
    """)
    photo = tfjs_export.photos[0].read_bytes()
    decode_image(photo, size=(224, 224), resize_mode=ResizeMode.PAD).tofile(tmp_path / "pixels")
    done = subprocess.run([node, script], cwd=tmp_path, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["labels"] == ["brick", "grass", "gravel"]
    assert (found["size"], found["fit"]) == ([224, 224], "pad")
    threshold = trained_classifier(tfjs_export.run_dir / "model").unknown_threshold
    assert found["unknownThreshold"] == threshold
    assert found["answer"] == pytest.approx(tfjs_export.expected()[0], abs=1e-5)


@slow
def test_the_card_names_the_files_beside_it(tfjs_export: TfjsExport):
    card = (tfjs_export.folder / "README.md").read_text(encoding="utf-8")
    for beside in {path.name for path in tfjs_export.folder.iterdir()} - {
        "README.md",
        "__pycache__",
    }:
        assert beside in card


@slow
def test_the_model_takes_images_and_gives_probabilities(tfjs_export: TfjsExport):
    content = json.loads((tfjs_export.folder / "tfjs_model/model.json").read_text())
    assert content["format"] == "graph-model"
    (taken,) = content["signature"]["inputs"].values()
    sides = [int(side["size"]) for side in taken["tensorShape"]["dim"]]
    assert taken["name"].startswith("images")
    assert (taken["dtype"], sides) == ("DT_FLOAT", [-1, 224, 224, 3])
    assert list(content["signature"]["outputs"]) == ["probabilities"]
    assert content["userDefinedMetadata"]["labels"] == ["brick", "grass", "gravel"]


@slow
def test_a_damaged_model_is_a_sentence(tfjs_export: TfjsExport, tmp_path: Path):
    folder = Path(shutil.copytree(tfjs_export.folder, tmp_path / "copy"))
    (folder / "tfjs_model/group1-shard2of4.bin").unlink()
    done = subprocess.run(
        [sys.executable, "predict.py", tfjs_export.photos[0]],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("ENOENT: no such file or directory")
    assert "group1-shard2of4.bin" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@slow
def test_predict_names_node_where_there_is_none(tfjs_export: TfjsExport, tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "predict.py", tfjs_export.photos[0]],
        cwd=tfjs_export.folder,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "Node.js 18 or later is needed, and there is no node on PATH.\n"


@slow
def test_without_node_it_is_made_and_not_verified(
    tfjs_export: TfjsExport, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    made = program.export("--model", tfjs_export.run_dir, "--format", "tfjs", "--output", tmp_path)
    line = made.of("tfjs")
    assert line["passed"] is None
    assert "no Node.js on PATH. Install Node.js 18 or later" in line["problems"][0]
    assert (tmp_path / "tfjs" / "index.html").is_file()
    assert "no Node.js on PATH" in (tmp_path / "tfjs" / "README.md").read_text(encoding="utf-8")


@slow
def test_without_the_converter_nothing_is_made(
    tfjs_export: TfjsExport, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FIELDGUIDE_TFJS_HOME", str(tmp_path / "none"))
    made = program.export("--model", tfjs_export.run_dir, "--format", "tfjs", "--output", tmp_path)
    assert (
        f"isn't installed in {tmp_path / 'none'}. Install it with: make tfjs"
        in (made.of("tfjs")["error"])
    )
    assert not (tmp_path / "tfjs").exists()


# Rows of "fit", the shape of the picture, and the size that it is brought to.
SHAPES = [
    ("squash", (128, 128), (224, 224)),
    ("squash", (700, 500), (224, 224)),
    ("squash", (9, 5), (224, 192)),
    ("squash", (224, 224), (224, 224)),
    ("crop", (300, 451), (96, 160)),
    ("crop", (33, 101), (96, 160)),
    ("crop", (1, 500), (32, 32)),
    ("pad", (300, 451), (96, 160)),
    ("pad", (500, 1), (32, 32)),
]


@pytest.mark.parametrize(("fit", "shape", "size"), SHAPES)
def test_pictures_are_scaled_as_pillow_scales_them(
    node: str, tmp_path: Path, fit: str, shape: tuple[int, int], size: tuple[int, int]
):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    script = tmp_path / "scale.mjs"
    script.write_text(f"""
        import {{ readFileSync, writeFileSync }} from "node:fs";
        import {json.dumps((PAGE / "picture.js").as_uri())};
        const pixels = new Uint8Array(readFileSync("pixels"));
        const picture = {{ width: {shape[1]}, height: {shape[0]}, pixels }};
        writeFileSync("found", fieldguide.fitted(picture, {list(size)}, "{fit}"));
    """)
    pixels.tofile(tmp_path / "pixels")
    subprocess.run([node, script], cwd=tmp_path, check=True)
    found = np.fromfile(tmp_path / "found", np.uint8).reshape(*size, 3).astype(int)
    expected = np.asarray(resized(Image.fromarray(pixels), size, ResizeMode(fit)), int)
    # Newer versions of Pillow take the columns first for some shapes, and round then.
    assert np.abs(found - expected).max() <= 1
    assert np.abs(found - expected).mean() < 0.2
