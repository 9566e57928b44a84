"""The graph of a joint backbone. Imported by the worker only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from core.backbones.backbone import BackboneInfo, FeaturePart, joint_size
from core.backbones.saved_model_checks import remove_shape_checks
from core.backbones.saved_model_freezing import (
    IMAGES,
    VECTOR,
    part_node,
)
from core.backbones.saved_model_stages import stages_of_graph
from core.errors import BackboneError
from core.text import Text


@dataclass(frozen=True, slots=True)
class JointGraph:
    """Several backbones' inference graphs in one.

    Attributes:
        graph: A `GraphDef` from float32 images in [0, 1] to the parts and to all of them.
        parts: What a feature vector consists of.
        prefixes: What the names of each member's nodes begin with here.
    """

    graph: Any
    parts: tuple[FeaturePart, ...]
    prefixes: tuple[str, ...]


def join_graphs(
    graphs: Sequence[Any],
    infos: Sequence[BackboneInfo],
    image_size: tuple[int, int] | None = None,
    *,
    with_stages: bool,
) -> JointGraph:
    """Put inference graphs side by side.

    Args:
        graphs: `GraphDef`s with constant weights, as `freeze` returns them.
        infos: Facts about each. The joint graph takes the largest images and resizes them for
            those that take smaller ones.
        image_size: `(height, width)` of images that all are given as they are instead, whatever
            sizes they were made for.
        with_stages: Whether each vector is followed by the means of its stages.

    Raises:
        BackboneError: If one can't take images of `image_size`.
    """
    height, width = image_size or joint_size(infos)
    parts: list[FeaturePart] = []
    tensors: list[Any] = []
    prefixes = tuple(f"member_{index}/" for index in range(len(graphs)))
    with tf.Graph().as_default() as joint:
        images = tf.compat.v1.placeholder(tf.float32, [None, height, width, 3], name=IMAGES)
        for graph, info, prefix in zip(graphs, infos, prefixes, strict=True):
            size = info.input_size
            is_resized = image_size is None and size != (height, width)
            given = tf.image.resize(images, size) if is_resized else images
            remove_shape_checks(graph)
            try:
                tf.graph_util.import_graph_def(
                    graph, input_map={f"{IMAGES}:0": given}, name=prefix.rstrip("/")
                )
            except ValueError as error:
                raise _unfit([info], (height, width)) from error
            vector = joint.get_tensor_by_name(f"{prefix}{VECTOR}:0")
            tensors.append(vector)
            parts.append(FeaturePart(info.feature_dim))
            for stage in stages_of_graph(graph, size) if with_stages else []:
                activation = joint.get_tensor_by_name(f"{prefix}{stage}")
                tensors.append(tf.reduce_mean(activation, [1, 2]))
                parts.append(FeaturePart(int(activation.shape[3]), is_stage=True))
        named = [tf.identity(each, part_node(index)) for index, each in enumerate(tensors)]
        tf.identity(tf.concat(named, 1), VECTOR)
        return JointGraph(joint.as_graph_def(), tuple(parts), prefixes)


def require_image_size(
    function: Any,
    parts: Sequence[FeaturePart],
    infos: Sequence[BackboneInfo],
    image_size: tuple[int, int],
) -> None:
    """Compute the features of two images, to see that backbones can take images of a size.

    Where a vector is something else than a mean over all positions, its shape shows it.

    Args:
        function: From images to the parts of their feature vectors.
        parts: How these are to be.
        infos: Facts about the backbones.

    Raises:
        BackboneError: If one can't.
    """
    try:
        vectors = function(tf.zeros([2, *image_size, 3]))
    except (ValueError, tf.errors.OpError) as error:
        raise _unfit(infos, image_size) from error
    if [tuple(each.shape) for each in vectors] != [(2, part.width) for part in parts]:
        raise _unfit(infos, image_size)


def _unfit(infos: Sequence[BackboneInfo], image_size: tuple[int, int]) -> BackboneError:
    names = " + ".join(info.title for info in infos)
    height, width = image_size
    return BackboneError(
        Text(
            "%1 can't take pictures of %2×%3 pixels. Choose another image size, or 0 for the "
            "backbone's own.",
            names,
            width,
            height,
        )
    )
