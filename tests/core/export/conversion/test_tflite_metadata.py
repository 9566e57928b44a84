"""What a `.tflite` file says of itself, read back by a reader of its own."""

import io
import struct
import zipfile
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from core.export.conversion.tflite_metadata import METADATA_NAME, add_metadata
from core.models.litert_head import join_litert
from core.models.model_info import ModelInfo
from resources import resource_path
from tests.models import LABELS, model_info, random_layers

BACKBONE = resource_path("backbones", "efficientnet_lite0", "model.tflite")


class Read:
    """A flatbuffer's table, by the numbers of its fields, straight from the format's rules."""

    def __init__(self, content: bytes, place: int | None = None) -> None:
        self._content = content
        self._place = self._jump(0) if place is None else place

    def byte(self, field: int) -> int:
        at = self._at(field)
        return self._content[at] if at else 0

    def uint(self, field: int) -> int:
        at = self._at(field)
        return self._unpack("I", at) if at else 0

    def text(self, field: int) -> str:
        at = self._jump(self._at(field))
        return self._content[at + 4 : at + 4 + self._unpack("I", at)].decode()

    def table(self, field: int) -> "Read":
        return Read(self._content, self._jump(self._at(field)))

    def floats(self, field: int) -> list[float]:
        at = self._jump(self._at(field))
        return list(struct.unpack_from(f"<{self._unpack('I', at)}f", self._content, at + 4))

    def tables(self, field: int) -> "list[Read]":
        at = self._jump(self._at(field))
        places = [at + 4 + 4 * index for index in range(self._unpack("I", at))]
        return [Read(self._content, self._jump(place)) for place in places]

    def _at(self, field: int) -> int:
        fields = self._place - self._unpack("i", self._place)
        slot = 4 + 2 * field
        is_known = slot < self._unpack("H", fields)
        offset = self._unpack("H", fields + slot) if is_known else 0
        return self._place + offset if offset else 0

    def _jump(self, at: int) -> int:
        return at + self._unpack("I", at)

    def _unpack(self, kind: str, at: int) -> Any:
        return struct.unpack_from(f"<{kind}", self._content, at)[0]


def described(info: ModelInfo, *, has_bytes: bool = False) -> bytes:
    content = join_litert(BACKBONE, random_layers((len(info.labels),)))
    return add_metadata(content, info, has_bytes=has_bytes)


def metadata(content: bytes) -> Read:
    """The metadata of a file, found as other programs find it."""
    (found,) = [
        buffer.data.tobytes() for name, buffer in _buffers(content) if name == METADATA_NAME
    ]
    assert found[4:8] == b"M001"
    return Read(found)


def _buffers(content: bytes) -> Any:
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(content, 0)
    return [(entry.name.decode(), model.buffers[entry.buffer]) for entry in model.metadata]


def test_model_is_described():
    model = metadata(described(replace(model_info(), name="flowers")))
    assert model.text(0) == "flowers"
    assert model.text(1) == "Tells 3 kinds of pictures apart. Backbone: efficientnet-lite0."
    assert model.text(2) == "2026-01-02T03:04:05+00:00"
    assert model.text(7) == "1.0.0"


@pytest.mark.parametrize(("has_bytes", "largest"), [(False, 1), (True, 255)], ids=["float", "int8"])
def test_input_is_an_image(has_bytes: bool, largest: int):
    content = described(replace(model_info(), input_size=(192, 224)), has_bytes=has_bytes)
    (subgraph,) = metadata(content).tables(3)
    (taken,) = subgraph.tables(2)
    assert taken.text(0) == "images"
    assert taken.table(3).byte(0) == 2  # ContentProperties.ImageProperties
    image = taken.table(3).table(1)
    assert image.byte(0) == 1  # ColorSpaceType.RGB
    assert (image.table(1).uint(1), image.table(1).uint(0)) == (192, 224)
    (unit,) = taken.tables(4)
    assert unit.byte(0) == 1  # ProcessUnitOptions.NormalizationOptions
    assert (unit.table(1).floats(0), unit.table(1).floats(1)) == ([0], [255])
    assert (taken.table(5).floats(1), taken.table(5).floats(0)) == ([0], [largest])


@pytest.mark.parametrize(("has_bytes", "largest"), [(False, 1), (True, 255)], ids=["float", "int8"])
def test_output_has_labels(has_bytes: bool, largest: int):
    (subgraph,) = metadata(described(model_info(), has_bytes=has_bytes)).tables(3)
    (given,) = subgraph.tables(3)
    assert given.text(0) == "probabilities"
    assert given.table(3).byte(0) == 1  # ContentProperties.FeatureProperties
    assert (given.table(5).floats(1), given.table(5).floats(0)) == ([0], [largest])
    (file,) = given.tables(6)
    assert (file.text(0), file.byte(2)) == ("labels.txt", 2)  # TENSOR_AXIS_LABELS


@pytest.mark.parametrize(
    ("labels", "lines"),
    [
        (LABELS, LABELS),
        (("ヒマワリ", "роза", "زهرة", "🌷"), ("ヒマワリ", "роза", "زهرة", "🌷")),
        (("a\nb", "c\r\nd", " e "), ("a\\nb", "c\\r\\nd", " e ")),
        (("\udcff", "a\u2028b"), ("\\udcff", "a\\u2028b")),
    ],
    ids=["ascii", "scripts", "line breaks", "not unicode"],
)
def test_label_file_is_behind_the_model(labels: tuple[str, ...], lines: tuple[str, ...]):
    content = described(replace(model_info(), labels=labels))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (entry,) = archive.infolist()
        assert entry.compress_type == zipfile.ZIP_STORED
        assert archive.read("labels.txt").decode() == "".join(line + "\n" for line in lines)


def test_name_that_is_not_unicode():
    model = metadata(described(replace(model_info(), name="run\udcff\n")))
    assert model.text(0) == "run\\udcff\\n"


def test_other_metadata_stays_and_older_metadata_goes():
    content = join_litert(BACKBONE, random_layers((3,)))
    once = add_metadata(content, replace(model_info(), name="first"), has_bytes=False)
    twice = add_metadata(once, replace(model_info(), name="second"), has_bytes=False)
    kept = {name for name, _ in _buffers(content)}
    assert "min_runtime_version" in kept
    assert sorted(name for name, _ in _buffers(twice)) == sorted(kept | {METADATA_NAME})
    assert metadata(twice).text(0) == "second"


def test_equal_models_are_equal_files():
    assert described(model_info()) == described(model_info())


def test_litert_runs_the_file():
    interpreter = Interpreter(model_content=described(model_info()))
    interpreter.allocate_tensors()
    (taken,) = interpreter.get_input_details()
    # What is there otherwise is whatever lay in memory, which may be no number.
    interpreter.set_tensor(taken["index"], np.zeros(taken["shape"], np.float32))
    interpreter.invoke()
    (given,) = interpreter.get_output_details()
    assert interpreter.get_tensor(given["index"]).sum() == pytest.approx(1)


@pytest.mark.parametrize("content", [b"", b"no model at all", b"xxxxTFL3" + b"\x7f" * 9])
def test_other_files_are_refused(content: bytes):
    with pytest.raises(ValueError, match="it "):
        add_metadata(content, model_info(), has_bytes=False)
