"""The graph of a joint backbone. Imported by the worker only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from core.backbones.backbone import BackboneInfo, FeaturePart, joint_size
from core.backbones.saved_model_freezing import (
    IMAGES,
    VECTOR,
    part_node,
)
from core.backbones.saved_model_stages import stages_of_graph


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
    graphs: Sequence[Any], infos: Sequence[BackboneInfo], *, with_stages: bool
) -> JointGraph:
    """Put inference graphs side by side.

    Args:
        graphs: `GraphDef`s with constant weights, as `freeze` returns them.
        infos: Facts about each. The joint graph takes the largest images and resizes them for
            those that take smaller ones.
        with_stages: Whether each vector is followed by the means of its stages.
    """
    height, width = joint_size(infos)
    parts: list[FeaturePart] = []
    tensors: list[Any] = []
    prefixes = tuple(f"member_{index}/" for index in range(len(graphs)))
    with tf.Graph().as_default() as joint:
        images = tf.compat.v1.placeholder(tf.float32, [None, height, width, 3], name=IMAGES)
        for graph, info, prefix in zip(graphs, infos, prefixes, strict=True):
            size = info.input_size
            resized = images if size == (height, width) else tf.image.resize(images, size)
            tf.graph_util.import_graph_def(
                graph, input_map={f"{IMAGES}:0": resized}, name=prefix.rstrip("/")
            )
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
