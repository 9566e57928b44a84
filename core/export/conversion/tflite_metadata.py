"""TFLite Model Metadata: what a `.tflite` file takes and gives, for programs to read.

MediaPipe, ML Kit and Android Studio read it and need nothing else to use the file. Its parts:
a flatbuffer by the schema `metadata_schema.fbs`, which is one of the model's metadata buffers,
and a ZIP archive behind the model with the files that it names.
"""

import io
import zipfile

from core.export.conversion.flatbuffer_tables import Byte, Floats, Table, UInt
from core.litert.graph import LitertGraph
from core.models.model_info import LABELS_FILE, ModelInfo
from core.models.one_line_label import labels_file, one_line_label

METADATA_NAME = "TFLITE_METADATA"
_IDENTIFIER = b"M001"
# The first version of the schema that has all the fields used here.
_MIN_PARSER_VERSION = "1.0.0"
_RGB = Byte(1)
_AXIS_LABELS = Byte(2)
_FEATURE_PROPERTIES = Byte(1)
_IMAGE_PROPERTIES = Byte(2)
_NORMALIZATION = Byte(1)
_LARGEST_BYTE = 255.0
# Entries need a date; a fixed one makes equal models equal files.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def add_metadata(content: bytes, info: ModelInfo, *, has_bytes: bool) -> bytes:
    """A classifier's file with its metadata and its labels.

    Args:
        content: A LiteRT file with one input, images, and one output, probabilities; what
            metadata it has of this kind is replaced.
        has_bytes: Whether the two are uint8, not float32.

    Raises:
        ValueError: If it is no LiteRT file with a signature.
    """
    graph = LitertGraph(content)
    graph.describe(f"Image classifier {one_line_label(info.name)}, made by Fieldguide")
    graph.set_metadata(METADATA_NAME, _metadata(info, has_bytes=has_bytes).to_bytes(_IDENTIFIER))
    file = io.BytesIO()
    file.write(graph.to_bytes())
    # Not compressed: MediaPipe reads the labels where they lie.
    with zipfile.ZipFile(file, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(LABELS_FILE, _ZIP_DATE), labels_file(info.labels))
    return file.getvalue()


def _metadata(info: ModelInfo, *, has_bytes: bool) -> Table:
    largest = _LARGEST_BYTE if has_bytes else 1.0
    description = f"Tells {len(info.labels)} kinds of pictures apart. Backbone: {info.backbone}."
    subgraph = Table({2: [_input(info, largest)], 3: [_output(largest)]})
    return Table(
        {
            0: one_line_label(info.name),
            1: one_line_label(description),
            2: info.created,
            3: [subgraph],
            7: _MIN_PARSER_VERSION,
        }
    )


def _input(info: ModelInfo, largest: float) -> Table:
    height, width = info.input_size
    size = Table({0: UInt(width), 1: UInt(height)})
    image = Table({0: _RGB, 1: size})
    # Quantized files have the normalization of the float32 model too: a reader applies it and
    # then the tensor's scale of 1/255, which leaves a pixel as it was.
    normalization = Table({0: Floats((0.0,)), 1: Floats((_LARGEST_BYTE,))})
    return Table(
        {
            0: "images",
            1: f"RGB pictures, {height} × {width} pixels.",
            3: Table({0: _IMAGE_PROPERTIES, 1: image}),
            4: [Table({0: _NORMALIZATION, 1: normalization})],
            5: _stats(largest),
        }
    )


def _output(largest: float) -> Table:
    labels = Table({0: LABELS_FILE, 1: "Class names, by index.", 2: _AXIS_LABELS})
    return Table(
        {
            0: "probabilities",
            1: "Probability of each class.",
            3: Table({0: _FEATURE_PROPERTIES, 1: Table({})}),
            5: _stats(largest),
            6: [labels],
        }
    )


def _stats(largest: float) -> Table:
    return Table({0: Floats((largest,)), 1: Floats((0.0,))})
