"""Features of several stages, or of two backbones side by side, as those of one backbone.

All parts come out of one graph and one LiteRT file, made once and then kept in the cache.
"""

import hashlib
import logging
import math
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from core.backbones.backbone import (
    Backbone,
    BackboneInfo,
    FeaturePart,
    joint_size,
    read_info,
    write_info,
)
from core.backbones.inspected import FROZEN_GRAPH_FILE
from core.backbones.litert_stages import stages_of_litert
from core.backbones.prepared_folder import LITERT_FILE, is_whole, litert_twin, making, seal
from core.backbones.store import embedded_folder
from core.errors import BackboneError
from core.litert.extractor import part_names
from core.litert.graph import LitertGraph
from core.litert.operators import LitertOperators
from core.storage.app_dirs import cache_dir
from core.storage.atomic_file import write_bytes_atomically
from core.text import Text

logger = logging.getLogger(__name__)

# Goes up when the same backbones would give other features.
_VERSION = 1


def join_backbones(
    members: Sequence[Backbone],
    before_tensorflow: Callable[[], None] = lambda: None,
    *,
    with_stages: bool,
    image_size: tuple[int, int] | None = None,
) -> Backbone:
    """Make one backbone whose feature vector has the members' vectors as parts.

    Args:
        members: One, or several for features side by side. Those that take smaller images than
            others get theirs resized inside the graph.
        before_tensorflow: Called before TensorFlow computes anything, to configure it.
        with_stages: Whether each vector is followed by those of the stages that its graph shows.
        image_size: `(height, width)` of the images that all members are given, whatever they were
            made for; None for their own.

    Raises:
        BackboneError: If a member can't be used, or can't take images of `image_size`.
        StorageError: If the cache can't be written.
    """
    if all(each.info.input_size == image_size for each in members):
        image_size = None
    key = repr([(each.fingerprint, each.info.input_size) for each in members])
    if image_size is not None:
        key += repr(image_size)
    fingerprint = hashlib.sha256(f"{key} {with_stages} {_VERSION}".encode()).hexdigest()
    folder = cache_dir() / "backbones" / fingerprint[:24]
    with making(folder):
        if not is_whole(folder):
            shutil.rmtree(folder, ignore_errors=True)
            _make(members, folder, before_tensorflow, image_size, with_stages=with_stages)
            seal(folder)
    return Backbone(
        # They may have had other names when it was made.
        info=joint_info([each.info for each in members], read_info(folder).parts, image_size),
        saved_model_dir=members[0].saved_model_dir,
        fingerprint=fingerprint,
        litert_path=litert_twin(folder),
        frozen_graph_path=folder / FROZEN_GRAPH_FILE,
        members=tuple(members),
        image_size=image_size,
    )


def _make(
    members: Sequence[Backbone],
    folder: Path,
    before_tensorflow: Callable[[], None],
    image_size: tuple[int, int] | None,
    *,
    with_stages: bool,
) -> None:
    (first, *others) = members
    is_plain = not others and image_size is None
    if is_plain and first.litert_path is not None and embedded_folder(first.info.name):
        parts = _add_stages(first, first.litert_path, folder / LITERT_FILE)
    else:
        before_tensorflow()
        # Imported here: it loads TensorFlow, which the embedded backbone can do without.
        from core.backbones.saved_model_graph import write_joint

        graph_path, litert_path = folder / FROZEN_GRAPH_FILE, folder / LITERT_FILE
        parts = write_joint(members, graph_path, litert_path, image_size, with_stages=with_stages)
    write_info(folder, joint_info([each.info for each in members], parts, image_size))


def joint_info(
    members: Sequence[BackboneInfo],
    parts: tuple[FeaturePart, ...],
    image_size: tuple[int, int] | None = None,
) -> BackboneInfo:
    """Return the facts of a joint backbone; with one member it keeps that one's name."""
    counts = [_multiply_adds(each, image_size or each.input_size) for each in members]
    return replace(
        members[0],
        name=" + ".join(each.name for each in members),
        title=" + ".join(each.title for each in members),
        handle=" + ".join(each.handle for each in members),
        input_size=image_size or joint_size(members),
        feature_dim=sum(part.width for part in parts),
        parameters=sum(each.parameters for each in members),
        multiply_adds=None if None in counts else sum(each or 0 for each in counts),
        value_range=(0.0, 1.0),
        parts=parts,
        stages=tuple(part.width for part in parts if part.is_stage),
    )


def _multiply_adds(info: BackboneInfo, size: tuple[int, int]) -> int | None:
    """Return the multiply-adds for an image of another size: as many more as it has pixels."""
    if info.multiply_adds is None:
        return None
    return round(info.multiply_adds * math.prod(size) / math.prod(info.input_size))


def _add_stages(backbone: Backbone, source: Path, target: Path) -> tuple[FeaturePart, ...]:
    """Write a LiteRT file whose outputs are the vector and the means of all stages.

    Raises:
        BackboneError: If `source` can't be read.
        StorageError: If the file can't be written.
    """
    try:
        graph = LitertGraph(source.read_bytes())
        vector, stages = stages_of_litert(graph, backbone.info.input_size)
    except (OSError, ValueError) as error:
        message = Text("The backbone's file %1 can't be used: %2.", str(source), str(error))
        raise BackboneError(message) from error
    graph.prune_to([vector])
    operators = LitertOperators(graph)
    tensors = [vector, *(operators.mean(stage, f"stage_{stage}") for stage in stages)]
    graph.name_ends("images", dict(zip(part_names(len(tensors)), tensors, strict=True)))
    write_bytes_atomically(target, graph.to_bytes())
    widths = [graph.tensor_shape(tensor)[-1] for tensor in tensors]
    return tuple(FeaturePart(width, is_stage=index > 0) for index, width in enumerate(widths))
