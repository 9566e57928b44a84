"""A model's ONNX file, as far as runtimes of before ours must read it."""

from pathlib import Path

import numpy as np
import pytest

from core.data.decoder import Fit
from core.export.conversion.onnx import export_onnx
from core.export.export_format import ExportFormat
from core.export.export_job import ExportJob
from core.export.export_options import ExportOptions
from core.models.model_info import ONNX_FILE
from core.models.predictor import Predictor, trained_classifier
from core.worker.control import RunControl
from tests.convertible_models import write_tiny_model
from tests.models import LABELS

pytestmark = [
    pytest.mark.slow,
    # TensorFlow's loader on Python 3.11 and later.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]
# What onnxruntime 1.16 reads: docs/Versioning.md of its repository.
LARGEST_OPSET, LARGEST_IR_VERSION = 19, 9


def test_the_runtimes_of_2023_read_it_and_it_gives_the_models_probabilities(tmp_path: Path):
    import onnx
    import onnxruntime

    info = write_tiny_model(tmp_path / "model", LABELS)
    assert info.fit is Fit.SQUASH
    job = ExportJob(
        info=info,
        model_dir=tmp_path / "model",
        options=ExportOptions(formats=(ExportFormat.ONNX,)),
        control=RunControl(),
        training_pictures=lambda _most: np.zeros((0, 1, 1, 3), np.uint8),
        work=tmp_path,
    )
    export_onnx(job, tmp_path)
    proto = onnx.load(str(tmp_path / ONNX_FILE))
    assert proto.ir_version <= LARGEST_IR_VERSION
    assert max(o.version for o in proto.opset_import if not o.domain) <= LARGEST_OPSET
    pixels = np.random.default_rng(1).integers(0, 256, (3, *info.input_size, 3), np.uint8)
    session = onnxruntime.InferenceSession(str(tmp_path / ONNX_FILE))
    (found,) = session.run(None, {"images": pixels / np.float32(255)})
    predictor = Predictor(trained_classifier(tmp_path / "model"))
    expected = [predictor.classify_pixels(p) for p in pixels]
    np.testing.assert_allclose(found, expected, atol=1e-5)
