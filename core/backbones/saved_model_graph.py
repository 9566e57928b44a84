"""A backbone's inference graph, made when first needed. Imported by the worker only."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.backbones.backbone import Backbone, FeaturePart, joint_size
from core.backbones.litert_conversion import write_litert
from core.backbones.saved_model_freezing import (
    freeze,
    frozen_function,
    has_control_flow,
    read_graph,
    write_graph,
)
from core.backbones.saved_model_inspection import load_saved_model
from core.backbones.saved_model_joining import join_graphs, require_image_size


def load_frozen_backbone(backbone: Backbone) -> Any:
    """Load the backbone as a function of float32 `(batch, height, width, 3)` in [0, 1].

    The graph is made on first use and kept in the cache; a damaged file is made again.

    Returns:
        A concrete function that returns the parts of the feature vector, a list of float32
        `(batch, width)`; it can be called inside other functions and saved with them. It
        holds no `EnsureShape`.

    Raises:
        BackboneError: If the backbone can't be loaded or frozen.
        StorageError: If the cache can't be written.
    """
    info = backbone.info
    return frozen_function(_graph(backbone), info.input_size, info.all_parts)


def write_joint(
    members: Sequence[Backbone],
    graph_path: Path,
    litert_path: Path,
    image_size: tuple[int, int] | None = None,
    *,
    with_stages: bool,
) -> tuple[FeaturePart, ...]:
    """Write the graph and the LiteRT file of a joint backbone; the latter if there can be one.

    Args:
        image_size: See `join_graphs`.
        with_stages: See `join_graphs`.

    Returns:
        What a feature vector consists of.

    Raises:
        BackboneError: If a member can't be loaded or frozen, or can't take images of `image_size`.
        StorageError: If a file can't be written.
    """
    infos = [each.info for each in members]
    graphs = [_graph(each) for each in members]
    joint = join_graphs(graphs, infos, image_size, with_stages=with_stages)
    size = image_size or joint_size(infos)
    function = frozen_function(joint.graph, size, joint.parts)
    if image_size is not None:
        require_image_size(function, joint.parts, infos, image_size)
    write_graph(joint.graph, graph_path)
    write_litert(function, size, litert_path)
    return joint.parts


def has_branches(backbone: Backbone) -> bool:
    """Return whether a backbone has branches or loops: it can't be fine-tuned with its stages.

    Raises:
        BackboneError: If it can't be loaded or frozen.
        StorageError: If the cache can't be written.
    """
    return has_control_flow(_graph(backbone))


def _graph(backbone: Backbone) -> Any:
    graph = read_graph(backbone.frozen_graph_path)
    if graph is None:
        graph = _made_graph(backbone)
        write_graph(graph, backbone.frozen_graph_path)
    return graph


def _made_graph(backbone: Backbone) -> Any:
    info = backbone.info
    if backbone.members:
        infos = [each.info for each in backbone.members]
        graphs = [_graph(each) for each in backbone.members]
        return join_graphs(graphs, infos, backbone.image_size, with_stages=bool(info.stages)).graph
    loaded = load_saved_model(
        backbone.saved_model_dir, info.handle, info.input_size, info.value_range
    )
    return freeze(loaded, info.handle)
