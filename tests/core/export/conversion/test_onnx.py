"""A model's ONNX file."""

from pathlib import Path

import pytest

from core.export.export_format import ExportFormat
from core.export.export_job import ExportJob
from core.export.export_options import ExportOptions
from core.worker.control import RunControl
from tests.convertible_models import write_tiny_model

pytestmark = [
    pytest.mark.slow,
    # TensorFlow's loader on Python 3.11 and later.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]


def test_file_holds_all_it_needs_and_names_no_other(tmp_path: Path) -> None:
    """What runs it would read a file that it names: weights may lie in one of any path."""
    import onnx

    from core.export.conversion.onnx import export_onnx

    info = write_tiny_model(tmp_path / "model", ["a", "b"])
    job = ExportJob(
        info=info,
        model_dir=tmp_path / "model",
        options=ExportOptions(formats=(ExportFormat.ONNX,)),
        control=RunControl(),
        training_pictures=lambda _most: pytest.fail("ONNX needs none"),
        work=tmp_path,
    )
    (tmp_path / "made").mkdir()
    made = export_onnx(job, tmp_path / "made")
    content = (tmp_path / "made" / made.artifact).read_bytes()
    model = onnx.load_model_from_string(content)
    tensors = list(model.graph.initializer)
    assert tensors
    assert not [tensor.name for tensor in tensors if tensor.external_data]
    # In any other place too, the field would have this name of a value in it.
    assert b"location" not in content
    assert [path.name for path in (tmp_path / "made").iterdir()] == ["model.onnx"]
