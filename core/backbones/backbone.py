"""A pretrained feature extractor on this computer."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from core.errors import BackboneError
from core.storage.atomic_file import write_json_atomically
from core.storage.json_file import read_json
from core.text import Text

BACKBONE_SCHEMA = 1
BACKBONE_FILE = "backbone.json"


@dataclass(frozen=True, slots=True)
class FeaturePart:
    """A part of a feature vector.

    Attributes:
        width: How many numbers.
        is_stage: Whether it is of an earlier stage of the network than its last layer.
    """

    width: int
    is_stage: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BackboneInfo:
    """Facts about a backbone, as kept in its `backbone.json`.

    Attributes:
        name: Short name to choose it by.
        title: Name to show.
        handle: Where it came from: a URL, a path, or its own name.
        family: Architecture, such as `EfficientNet-Lite`; empty if not known.
        input_size: `(height, width)` in pixels.
        feature_dim: Length of a feature vector.
        parameters: Number of weights, without any classification layer.
        license: SPDX identifier; empty if not known.
        value_range: What its SavedModel takes for black and for white. All the rest of the
            program has images in [0, 1]; they are scaled on the way into the SavedModel.
        multiply_adds: For one image of `input_size`; None if not known.
        parts: What a feature vector consists of; () for what the backbone itself calls one.
        stages: Widths of the stages that its graph shows; None if nobody has looked.
    """

    name: str
    title: str
    handle: str
    family: str
    input_size: tuple[int, int]
    feature_dim: int
    parameters: int
    license: str = ""
    value_range: tuple[float, float] = (0.0, 1.0)
    multiply_adds: int | None = None
    parts: tuple[FeaturePart, ...] = ()
    stages: tuple[int, ...] | None = None

    @property
    def all_parts(self) -> tuple[FeaturePart, ...]:
        """What a feature vector consists of, one part at least."""
        return self.parts or (FeaturePart(self.feature_dim),)

    def to_json_dict(self) -> dict[str, Any]:
        """Return the facts as JSON values, with the schema's version."""
        return {"schema": BACKBONE_SCHEMA} | asdict(self)

    @classmethod
    def from_json_dict(cls, content: dict[str, Any]) -> Self:
        """Read the facts of a `backbone.json`; keys that only describe are ignored.

        Raises:
            ValueError: If the schema is another one or a value is unfit.
        """
        if content.get("schema") != BACKBONE_SCHEMA:
            raise ValueError(
                Text(
                    "its schema is %1, and this version of Fieldguide reads %2",
                    repr(content.get("schema")),
                    BACKBONE_SCHEMA,
                )
            )
        values = {name: content[name] for name in cls.__dataclass_fields__ if name in content}
        height, width = content["input_size"]
        low, high = content.get("value_range", (0.0, 1.0))
        if not float(low) < float(high):
            raise ValueError(Text("its value_range goes from %1 to %2", str(low), str(high)))
        stages = values.get("stages")
        values |= {
            "parts": tuple(FeaturePart(**part) for part in values.get("parts", ())),
            "stages": None if stages is None else tuple(int(width) for width in stages),
        }
        ranges = {"input_size": (int(height), int(width)), "value_range": (float(low), float(high))}
        return cls(**(values | ranges))


@dataclass(frozen=True, slots=True, kw_only=True)
class Backbone:
    """A backbone that is ready to use.

    Attributes:
        saved_model_dir: The TF2 SavedModel.
        fingerprint: SHA-256 over the SavedModel's files, hexadecimal.
        litert_path: Its LiteRT twin; None if it can't be converted.
        frozen_graph_path: Where its inference graph with constant weights is kept; the file
            is made when first needed.
        members: The backbones whose features it joins; () if it is one itself.
        image_size: `(height, width)` that all members are given, whatever they were made for; None
            if each gets images of its own size.
    """

    info: BackboneInfo
    saved_model_dir: Path
    fingerprint: str
    litert_path: Path | None
    frozen_graph_path: Path
    members: "tuple[Backbone, ...]" = ()
    image_size: tuple[int, int] | None = None


def joint_size(members: Sequence[BackboneInfo]) -> tuple[int, int]:
    """Return the `(height, width)` of the images that all members' can be made of."""
    return (
        max(each.input_size[0] for each in members),
        max(each.input_size[1] for each in members),
    )


def read_info(folder: Path) -> BackboneInfo:
    """Read the `backbone.json` of a folder.

    Raises:
        BackboneError: If it is missing or no such file.
    """
    path = folder / BACKBONE_FILE
    try:
        return BackboneInfo.from_json_dict(read_json(path))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise BackboneError(
            Text("%1 can't be used: %2. Import the backbone again.", str(path), str(error))
        ) from error


def write_info(folder: Path, info: BackboneInfo) -> None:
    """Write `backbone.json` into a folder.

    Raises:
        StorageError: If it can't be written.
    """
    write_json_atomically(folder / BACKBONE_FILE, info.to_json_dict())
