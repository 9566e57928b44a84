"""`predict.py` beside a package, with a pretended Core ML: the real one needs a Mac."""

import importlib.util
import platform
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.export.artifact_folder import describe_artifact
from core.export.formats.coreml import COREML
from core.export_spec.export_format import ExportTarget
from core.models.model_info import ModelInfo
from core.models.one_line_label import label_lines
from tests.core.export.coreml.conftest import ODD_LABELS, random_images
from tests.models import model_info


class MLModel:
    """Gives each class what a pixel says, in an order of its own."""

    def __init__(self, path: str) -> None:
        assert Path(path).name == COREML.artifact

    def predict(self, asked: list) -> list:
        return [self._answer(np.asarray(each["images"])) for each in asked]

    def _answer(self, pixels: np.ndarray) -> dict:
        names = label_lines(ODD_LABELS)
        given = {name: float(pixels[0, i, 0]) / 255 for i, name in enumerate(names)}
        return {"classLabel": names[0], "classLabel_probs": dict(sorted(given.items()))}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An artifact's folder, without the package."""
    content = model_info().to_json_dict() | {
        "labels": list(ODD_LABELS),
        "training_counts": [],
        "test": None,
        "validation": {"num_images": 1, "accuracy": 1.0, "interval": [0, 1]},
    }
    info = ModelInfo.from_json_dict(content)
    describe_artifact(tmp_path, ExportTarget(COREML), Path(COREML.artifact), info)
    return tmp_path


@pytest.fixture
def predict(folder: Path, monkeypatch):
    """The program, as a module, on a pretended Mac."""
    pretended = SimpleNamespace(__version__="9.0", models=SimpleNamespace(MLModel=MLModel))
    monkeypatch.setitem(sys.modules, "coremltools", pretended)
    _forget_the_reader()
    monkeypatch.syspath_prepend(str(folder))
    spec = importlib.util.spec_from_file_location("predict_of_coreml", folder / "predict.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "platform", "darwin")
    spec.loader.exec_module(module)
    monkeypatch.setattr(platform, "mac_ver", lambda: ("15.1", ("", "", ""), "arm64"))
    yield module
    _forget_the_reader()


def _forget_the_reader() -> None:
    for name in list(sys.modules):
        if name.partition(".")[0] in ("picture", "image_reading"):
            del sys.modules[name]


def test_probabilities_stand_in_the_order_of_the_labels(predict, folder: Path):
    classifier = predict.Classifier(folder)
    assert classifier.runtime == "Core ML of macOS 15.1, coremltools 9.0"
    assert classifier.labels == list(ODD_LABELS)
    images = random_images(3, (20, 20))
    found = classifier.probabilities(images)
    assert found.dtype == np.float32
    assert_allclose(found, images[:, 0, : len(ODD_LABELS), 0] / 255, rtol=1e-6)


@pytest.mark.skipif(sys.platform == "darwin", reason="this is a Mac")
def test_elsewhere_it_says_that_it_needs_a_mac(folder: Path):
    done = subprocess.run(
        [sys.executable, "predict.py", "photo.jpg"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    # Nothing of coremltools, which warns of much here.
    assert done.stderr == "Core ML runs on macOS alone: use this folder on a Mac.\n"
