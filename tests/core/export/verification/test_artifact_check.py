"""Artifacts run by a program that computes with the `predict.py` beside them."""

import textwrap

import numpy as np
import pytest

from core.errors import ExportError
from core.export.verification.artifact_check import ask_artifact, own_check_command
from core.messages.control import RunControl

GOOD = """
    import numpy as np
    class Classifier:
        runtime = "Arithmetic 1.0"
        def __init__(self, folder):
            assert (folder / "predict.py").exists()
        def probabilities(self, images):
            share = images.mean(axis=(1, 2, 3)) / 255
            return np.stack([share, 1 - share], axis=1)
"""


@pytest.fixture
def ask(tmp_path):
    folder = tmp_path / "artifact"
    folder.mkdir()
    images = tmp_path / "pictures.npy"
    pixels = np.random.default_rng(0).integers(0, 256, (70, 4, 5, 3), np.uint8)
    np.save(images, pixels)
    progress = []

    def run(code):
        (folder / "predict.py").write_text(textwrap.dedent(code))
        answers = ask_artifact(
            own_check_command(),
            folder,
            images,
            RunControl(),
            progress.append,
            num_images=70,
            num_classes=2,
        )
        return answers, pixels, progress

    return run


def test_answers_come_for_all_images_with_times(ask):
    answers, pixels, progress = ask(GOOD)
    assert answers.runtime == "Arithmetic 1.0"
    assert answers.probabilities[:, 0] == pytest.approx(pixels.mean(axis=(1, 2, 3)) / 255)
    assert progress == [32, 64, 70]
    assert len(answers.latency_ms) == 50
    assert answers.images_per_s > 0


def test_it_leaves_nothing_in_the_artifacts_folder(ask, tmp_path, monkeypatch):
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    ask(GOOD)
    assert not list(tmp_path.rglob("__pycache__"))


def test_it_loads_nothing_of_the_programs_own(ask):
    code = GOOD.replace(
        "share = images",
        'import sys; assert not {"core", "tensorflow", "PIL"} & set(sys.modules); share = images',
    )
    assert ask(code)[0].runtime


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise ImportError('libnvinfer.so is missing')", "libnvinfer.so is missing"),
        ("import os; os.abort()", "signal 6"),
        ("import sys; sys.exit(3)", "exit code 3"),
        (GOOD.replace("[share, 1 - share]", "[share]"), r"\(70, 1\) where \(70, 2\)"),
    ],
    ids=["refusal", "crash", "exit", "shape"],
)
def test_what_goes_wrong_is_told_in_a_sentence(ask, code, said):
    with pytest.raises(ExportError, match=said):
        ask(code)
