"""Convert a SavedModel to an ONNX file."""

import logging
from pathlib import Path
from typing import Any

import tensorflow as tf

from core.errors import ExportError
from core.export.conversion.export_job import ExportJob, MadeArtifact
from core.models.one_line_label import label_lines
from core.text import Text

# Read by onnxruntime 1.16 of 2023, the oldest that `predict.py` names and tests run, and by every
# newer one; it has all that backbones need.
OPSET = 17


def export_onnx(job: ExportJob, output: Path) -> MadeArtifact:
    """Write an ONNX file: `images`, float32 `(batch, height, width, 3)`, to `probabilities`.

    Raises:
        ExportError: If the model has operations that ONNX or its converter doesn't know.
        OSError: If it can't be written.
    """
    # Imported here: it takes a second, which other formats needn't wait for.
    import tf2onnx

    logging.getLogger("tf2onnx").setLevel(logging.WARNING)
    height, width = job.info.input_size
    spec = tf.TensorSpec([None, height, width, 3], tf.float32, name="images")
    model = tf.saved_model.load(str(job.saved_model_dir))
    serving_default = model.signatures["serving_default"]

    # Class names would become an output of strings, which many runtimes don't support.
    @tf.function(input_signature=[spec], autograph=False)
    def classify(images: Any) -> dict[str, Any]:
        return {"probabilities": serving_default(images=images)["probabilities"]}

    try:
        proto, _ = tf2onnx.convert.from_function(classify, [spec], opset=OPSET)
    except (ValueError, RuntimeError, TypeError, KeyError, AttributeError, AssertionError) as error:
        reason = (str(error) or type(error).__name__).strip().partition("\n")[0]
        raise ExportError(
            Text(
                "The model can't be converted to ONNX: %1. Export it as a SavedModel or TFLite.",
                reason,
            )
        ) from error
    _describe(proto, job)
    output.write_bytes(proto.SerializeToString())
    return MadeArtifact(details={"opset": OPSET})


def _describe(proto: Any, job: ExportJob) -> None:
    """Name the batch dimension, and add the class names for other programs."""
    for value in (*proto.graph.input, *proto.graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "batch"
    proto.producer_name = "Fieldguide"
    proto.doc_string = "Image classifier: RGB images in [0, 1] to probabilities."
    labels = label_lines(job.info.labels)
    # As in Ultralytics' exports, which several programs read: a dictionary by index.
    entry = proto.metadata_props.add()
    entry.key, entry.value = "names", str(dict(enumerate(labels)))
