"""A model's ONNX file, as far as runtimes of before ours must read it."""

from pathlib import Path

import numpy as np
import pytest

from core.data.pixels.decoder import ResizeMode
from core.export.conversion.export_job import ExportJob
from core.export.conversion.onnx import export_onnx
from core.export.formats.onnx import ONNX
from core.export_spec.export_options import ExportOptions
from core.messages.control import RunControl
from core.models.model_info import ModelInfo
from core.models.predictor import Predictor, trained_classifier
from tests.convertible_models import write_tiny_model
from tests.models import LABELS

pytestmark = [
    pytest.mark.slow,
    # TensorFlow's loader on Python 3.11 and later.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]

# What onnxruntime 1.16 reads: docs/Versioning.md of its repository.
LARGEST_OPSET, LARGEST_IR_VERSION = 19, 9


def exported(folder: Path, work: Path) -> tuple[ModelInfo, Path]:
    """A tiny model, and its ONNX file in `folder`."""
    info = write_tiny_model(work / "model", LABELS)
    job = ExportJob(
        info=info,
        model_dir=work / "model",
        options=ExportOptions(formats=(ONNX,)),
        control=RunControl(),
        training_images=lambda _most: pytest.fail("ONNX needs none"),
        work=work,
    )
    folder.mkdir(exist_ok=True)
    path = folder / ONNX.artifact
    export_onnx(job, path)
    return info, path


def test_the_runtimes_of_2023_read_it_and_it_gives_the_models_probabilities(tmp_path: Path):
    import onnx
    import onnxruntime

    info, path = exported(tmp_path / "made", tmp_path)
    assert info.resize_mode is ResizeMode.SQUASH
    proto = onnx.load(str(path))
    assert proto.ir_version <= LARGEST_IR_VERSION
    assert max(o.version for o in proto.opset_import if not o.domain) <= LARGEST_OPSET
    pixels = np.random.default_rng(1).integers(0, 256, (3, *info.input_size, 3), np.uint8)
    session = onnxruntime.InferenceSession(str(path))
    (found,) = session.run(None, {"images": pixels / np.float32(255)})
    predictor = Predictor(trained_classifier(tmp_path / "model"))
    expected = [predictor.classify_pixels(p) for p in pixels]
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_file_holds_all_it_needs_and_names_no_other(tmp_path: Path) -> None:
    """What runs it would read a file that it names: weights may lie in one of any path."""
    import onnx

    _, path = exported(tmp_path / "made", tmp_path)
    content = path.read_bytes()
    model = onnx.load_model_from_string(content)
    tensors = list(model.graph.initializer)
    assert tensors
    assert not [tensor.name for tensor in tensors if tensor.external_data]
    # In any other place too, the field would have this name of a value in it.
    assert b"location" not in content
    assert [path.name for path in (tmp_path / "made").iterdir()] == [ONNX.artifact]
