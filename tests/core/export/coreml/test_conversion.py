"""Real conversions by coremltools: what the package says of itself, and what can go wrong."""

import errno
import importlib.util
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.errors import ExportError
from core.export.conversion import coreml as export
from core.export.conversion.coreml import NOT_CORE_ML, export_coreml
from core.export.conversion.export_job import ExportJob
from core.export.conversion.saved_model import reference_probabilities
from core.export.coreml.conversion import CoremlRequest, convert_to_coreml
from core.export.coreml.ml_program import MlProgram
from core.export.formats.coreml import COREML
from core.export.verification.artifact_check import own_check_command
from core.messages.control import Command, RunControl, StopRequestedError
from core.models.one_line_label import label_lines
from core.storage.storage_message import storage_message
from tests.convertible_models import write_photo_model
from tests.core.export.coreml.conftest import ODD_LABELS, Made, job_of, random_images

pytestmark = [
    pytest.mark.slow,
    # Of TensorFlow's loader, and of coremltools with newer libraries than it knows.
    pytest.mark.filterwarnings("ignore"),
]
FACTS = {
    "coremltools": "9.0",
    "specification_version": 6,
    "compute_precision": "float16",
    "not_computed": "",
}


def spec_of(package: Path):
    from coremltools.models.utils import load_spec

    return load_spec(str(package))


def test_it_is_a_classifier_of_pictures_for_ios_15_and_macos_12(made: Made):
    spec = spec_of(made.package)
    assert spec.specificationVersion == 6
    assert spec.WhichOneof("Type") == "mlProgram"
    (taken,) = spec.description.input
    height, width = made.info.input_size
    image = taken.type.imageType
    assert (taken.name, image.width, image.height) == ("images", width, height)
    assert image.colorSpace == image.ColorSpace.Value("RGB")
    assert [each.name for each in spec.description.output] == ["classLabel", "classLabel_probs"]
    assert spec.description.predictedFeatureName == "classLabel"
    assert spec.description.predictedProbabilitiesName == "classLabel_probs"
    assert made.artifact.details == FACTS


def test_its_classes_are_the_lines_of_the_labels_file(made: Made):
    labels = MlProgram(made.package).labels
    assert labels == label_lines(ODD_LABELS)
    assert len(set(labels)) == len(ODD_LABELS)


def test_xcode_is_told_what_it_is(made: Made):
    about = spec_of(made.package).description
    metadata = about.metadata
    assert metadata.author.startswith("Made with Fieldguide")
    assert metadata.versionString == made.info.created
    assert f"tells {len(ODD_LABELS)} classes of pictures apart" in metadata.shortDescription
    preview = metadata.userDefined["com.apple.coreml.model.preview.type"]
    assert preview == "imageClassifier"
    assert metadata.userDefined["fieldguide.fit"] == made.info.resize_mode
    assert metadata.license == ""
    assert "trained with fit squash" in about.input[0].shortDescription


def test_the_packages_program_gives_the_models_probabilities(made: Made):
    images = random_images(20, made.info.input_size)
    expected = reference_probabilities(made.job.saved_model_dir, images, 8, lambda _done: None)
    program = MlProgram(made.package)
    found = np.stack([program.probabilities(image) for image in images])
    # 16 bits have 11 binary digits.
    np.testing.assert_allclose(found, expected, atol=2e-3)
    assert (found.argmax(axis=1) == expected.argmax(axis=1)).all()


def test_the_embedded_backbone_keeps_its_answers_at_half_the_size(
    tmp_path: Path, coremltools: None
):
    folder = tmp_path / "model"
    job = job_of(folder, write_photo_model(folder))
    package = tmp_path / COREML.artifact
    assert export_coreml(job, package).details == FACTS
    weights = sum(path.stat().st_size for path in package.rglob("*") if path.is_file())
    assert weights < 0.55 * (folder / "model.tflite").stat().st_size
    images = random_images(5, job.info.input_size)
    expected = reference_probabilities(job.saved_model_dir, images, 8, lambda _done: None)
    program = MlProgram(package)
    found = np.stack([program.probabilities(image) for image in images])
    np.testing.assert_allclose(found, expected, atol=0.01)


def test_a_changed_weight_does_not_go_unnoticed(made: Made, tmp_path: Path):
    package = shutil.copytree(made.package, tmp_path / COREML.artifact)
    weights = package / "Data/com.apple.CoreML/weights/weight.bin"
    content = bytearray(weights.read_bytes())
    # Behind the headers: the exponents of the last numbers.
    content[-32:] = bytes(byte ^ 0x14 for byte in content[-32:])
    weights.write_bytes(content)
    images = random_images(5, made.info.input_size)
    before, after = MlProgram(made.package), MlProgram(package)
    changes = [np.abs(before.probabilities(i) - after.probabilities(i)).max() for i in images]
    assert max(changes) > 0.01


def test_it_is_computed_where_core_ml_is_not(made: Made):
    if sys.platform == "darwin":
        pytest.skip("this is a Mac")
    assert made.artifact.unverified == NOT_CORE_ML
    assert made.artifact.check is not None
    assert made.artifact.check.start[-1].endswith("simulation_program.py")


def test_on_a_mac_core_ml_itself_is_asked(tiny: ExportJob, monkeypatch, tmp_path: Path):
    monkeypatch.setattr(export, "convert_to_coreml", lambda *_: FACTS)
    monkeypatch.setattr(sys, "platform", "darwin")
    artifact = export_coreml(tiny, tmp_path / COREML.artifact)
    assert artifact.check == own_check_command()
    assert artifact.unverified == ""


def test_what_cannot_be_computed_here_is_said(tiny: ExportJob, monkeypatch, tmp_path: Path):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(export, "convert_to_coreml", lambda *_: FACTS | {"not_computed": "gru"})
    artifact = export_coreml(tiny, tmp_path / COREML.artifact)
    assert artifact.check is None
    assert "has an operation (gru) that can't be computed without it" in artifact.unverified
    assert "only its inputs, outputs and classes were compared" in artifact.unverified


def test_an_operation_that_core_ml_lacks_is_named(
    calling: Callable[..., ExportJob], coremltools: None, tmp_path: Path
):
    import tensorflow as tf

    def call(images):
        return tf.math.digamma(1.0 + tf.reduce_mean(images, (1, 2)))

    with pytest.raises(ExportError) as caught:
        export_coreml(calling(call), tmp_path / COREML.artifact)
    assert str(caught.value) == (
        "The model can't be converted to Core ML: Conversion for TF op 'Digamma' not implemented. "
        "Export it as ONNX or TFLite."
    )
    assert list(tmp_path.iterdir()) == []


def test_an_operation_that_only_core_ml_computes_is_found(
    calling: Callable[..., ExportJob], coremltools: None, tmp_path: Path
):
    import tensorflow as tf

    def call(images):
        return tf.reduce_mean(tf.cumsum(images, axis=1), (1, 2))

    artifact = export_coreml(calling(call), tmp_path / COREML.artifact)
    assert artifact.details["not_computed"] == "cumsum"
    if sys.platform != "darwin":
        assert artifact.check is None


def test_a_missing_coremltools_is_said_with_where_it_is_to_be_had(
    tiny: ExportJob, monkeypatch, tmp_path: Path
):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ExportError, match="comes for Linux on x86-64 and for macOS only"):
        export_coreml(tiny, tmp_path / COREML.artifact)
    assert list(tmp_path.iterdir()) == []


def test_a_stop_ends_it_and_leaves_nothing(tiny: ExportJob, coremltools: None, tmp_path: Path):
    control = RunControl()
    control.obey(Command.STOP)
    job = job_of(tiny.model_dir, tiny.info, control)
    with pytest.raises(StopRequestedError):
        export_coreml(job, tmp_path / COREML.artifact)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_sentence_and_nothing_is_left(
    tiny: ExportJob, coremltools: None, small_disk
):
    small_disk.fill(left=8_000)
    package = small_disk.path / COREML.artifact
    with pytest.raises(OSError) as caught:  # noqa: PT011 - its sentence is looked at
        export_coreml(tiny, package)
    assert storage_message("use", package, caught.value) == (
        f"Can't use {package}: No space left on device. Free some space there, or choose a folder "
        "on another disk."
    )
    assert not package.exists()


def test_no_room_for_temporary_files_is_said_with_their_folder(
    coremltools: None, small_disk, monkeypatch, tmp_path: Path
):
    folder = tmp_path / "model"
    job = job_of(folder, write_photo_model(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(small_disk.path))
    with pytest.raises(ExportError) as caught:
        export_coreml(job, tmp_path / COREML.artifact)
    assert f"can't write its temporary files into {small_disk.path}" in str(caught.value)
    assert "TMPDIR" in str(caught.value)
    assert list(small_disk.path.iterdir()) == []


def test_a_file_in_the_way_is_named(tiny: ExportJob, coremltools: None, tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError) as caught:  # noqa: PT011 - its number is looked at
        export_coreml(tiny, tmp_path / "file" / COREML.artifact)
    assert caught.value.errno in (errno.ENOTDIR, errno.EEXIST)


def test_a_converter_that_says_nothing_is_ended(tiny: ExportJob, coremltools: None, tmp_path: Path):
    request = CoremlRequest(tiny.saved_model_dir, tmp_path / COREML.artifact, tiny.info)
    with pytest.raises(ExportError, match="The Core ML converter gave no sign of life for"):
        convert_to_coreml(request, RunControl(), silence_limit_s=0.01)
