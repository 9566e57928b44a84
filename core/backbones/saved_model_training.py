"""A backbone whose weights can be trained. Imported by the worker only.

Its layers are counted in the graph: the lists of variables in SavedModels come in any order, that
of `tf.Module` alphabetical, and the fraction of layers to fine-tune needs their depth.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from core.backbones.backbone import BackboneInfo
from core.backbones.saved_model_call import image_call, scale_images
from core.backbones.saved_model_inspection import LoadedBackbone, load_saved_model
from core.backbones.saved_model_screening import require_computing_only
from core.errors import BackboneError
from core.text import Text

# Operations through which a weight reaches the one that computes with it.
_PASSING_ON = {"Identity", "ReadVariableOp", "Cast", "Reshape"}
# What Keras, Slim and the hub modules made with either call the weights of batch normalisation.
_BATCH_NORM_NAMES = ("gamma", "beta", "moving_mean", "moving_variance")


@dataclass(frozen=True, slots=True)
class TrainableBackbone:
    """A backbone in memory with its weights as variables.

    Attributes:
        loaded: The SavedModel.
        call: From images in [0, 1] to vectors as in inference, which is also how the backbone is
            trained while batch normalisation is frozen.
        training_call: The same with `training=True`: batch normalisation follows the batch, and
            dropout inside the backbone is active. None if the SavedModel has no such call.
        trainable: Variables that gradients may change, from input to output.
        others: All other variables, such as moving averages.
    """

    loaded: LoadedBackbone
    call: Callable[[Any], Any]
    training_call: Callable[[Any], Any] | None
    trainable: tuple[Any, ...]
    others: tuple[Any, ...]

    def chosen(self, fraction: float, *, with_batch_norm: bool) -> list[Any]:
        """Return the variables that a fine-tuning changes by gradients, from input to output.

        Args:
            fraction: Share of the variables counted from the output, in (0, 1]; at least one.
            with_batch_norm: Whether those of batch normalisation count.
        """
        fitting = [
            variable
            for variable in self.trainable
            if with_batch_norm or not is_batch_norm(variable)
        ]
        return fitting[-max(1, round(fraction * len(fitting))) :]


def load_trainable_backbone(folder: Path, info: BackboneInfo) -> TrainableBackbone:
    """Load a backbone so that its weights can be trained.

    Args:
        folder: Of the SavedModel.

    Raises:
        BackboneError: If it can't be loaded, or has no weights that can be trained.
    """
    loaded = load_saved_model(folder, info.handle, info.input_size, info.value_range)
    trainable, others = _variables(loaded)
    depths = _depths(loaded)
    # What doesn't show in the inference graph has no gradient either.
    used = [variable for variable in trainable if id(variable) in depths]
    if all(is_batch_norm(variable) for variable in used):
        raise BackboneError(
            Text(
                "The backbone %1 can't be fine-tuned: its SavedModel has no trainable weights. "
                "Turn off fine-tuning, or choose another backbone.",
                info.name,
            )
        )

    def place(variable: Any) -> tuple[int, str]:
        # Every load must have the same order; that of a graph's variables differs.
        return depths.get(id(variable), 0), str(variable.name)

    used.sort(key=place)
    others.sort(key=place)
    return TrainableBackbone(
        loaded,
        loaded.function,
        _training_call(loaded.model, info),
        tuple(used),
        tuple(others),
    )


def spread_backbone(
    backbone: TrainableBackbone, folder: Path, info: BackboneInfo, strategy: Any
) -> TrainableBackbone:
    """Load the same backbone with a copy of its weights on every device of a strategy.

    Its calls have to be made by the devices, within `strategy.run`.

    Raises:
        UntrustedBackboneError: If it may do more than compute, and isn't trusted.
        BackboneError: If its weights can't be told apart.
    """
    require_computing_only(folder, info.handle)
    with strategy.scope():
        model = tf.saved_model.load(str(folder))
    copies = _counterparts(backbone, model, info)
    call = image_call(model, info.handle)
    return TrainableBackbone(
        backbone.loaded,
        lambda images: call(scale_images(images, info.value_range)),
        _training_call(model, info),
        tuple(copies[id(variable)] for variable in backbone.trainable),
        tuple(copies[id(variable)] for variable in backbone.others),
    )


def _counterparts(backbone: TrainableBackbone, model: Any, info: BackboneInfo) -> dict[int, Any]:
    """Return the counterpart in `model` of each variable of the backbone, by its `id`."""
    listed = getattr(backbone.loaded.model, "variables", None)
    if not listed:
        raise BackboneError(
            Text(
                "The backbone %1 can't be fine-tuned on several GPUs: its SavedModel doesn't list "
                "its weights. Choose one GPU as the device.",
                info.name,
            )
        )
    pairs = zip(listed, model.variables, strict=True)
    return {id(variable): counterpart for variable, counterpart in pairs}


def is_batch_norm(variable: Any) -> bool:
    """Return whether a variable belongs to batch normalisation, by its name."""
    last = str(variable.name).partition(":")[0].rpartition("/")[2]
    return last in _BATCH_NORM_NAMES


def _variables(loaded: LoadedBackbone) -> tuple[list[Any], list[Any]]:
    """Return trainable and other variables: as the SavedModel lists them, else as saved."""
    graph_variables = loaded.function.get_concrete_function().graph.variables
    listed = getattr(loaded.model, "variables", None)
    every = list(listed) if listed else list(graph_variables)
    marked = getattr(loaded.model, "trainable_variables", None)
    if marked is None:
        marked = [variable for variable in every if variable.trainable]
    chosen = {id(variable) for variable in marked}
    return list(marked), [variable for variable in every if id(variable) not in chosen]


def _depths(loaded: LoadedBackbone) -> dict[int, int]:
    """Count how many operations after the image each variable is first used, by `id`.

    The order in which a SavedModel lists its variables means nothing: that of `tf.Module` is
    alphabetical.
    """
    concrete = loaded.function.get_concrete_function()
    handles = {id(variable.handle): id(variable) for variable in concrete.graph.variables}
    # The one way to have all functions inside it inlined.
    nodes = convert_variables_to_constants_v2(concrete).graph.as_graph_def().node
    origins = {
        inner.op.name: handles[id(outer)]
        for outer, inner in concrete.graph.captures
        if id(outer) in handles
    }
    reached: dict[str, int] = dict.fromkeys(origins, 0)
    depths: dict[int, int] = {}
    for node in nodes:  # in an order in which every input comes before its use
        inputs = [name.partition(":")[0] for name in node.input if not name.startswith("^")]
        if node.name in origins:
            continue
        if node.op in _PASSING_ON and len(inputs) == 1 and inputs[0] in origins:
            origins[node.name] = origins[inputs[0]]
            reached[node.name] = 0
            continue
        reached[node.name] = 1 + max((reached.get(name, 0) for name in inputs), default=0)
        for name in inputs:
            if name in origins:
                depths.setdefault(origins[name], reached[node.name])
    return depths


def _training_call(model: Any, info: BackboneInfo) -> Callable[[Any], Any] | None:
    """Return the call with `training=True`, if the SavedModel was saved with one."""
    if not callable(model):
        return None
    for concrete in getattr(model.__call__, "concrete_functions", []):
        arguments, keywords = concrete.structured_input_signature
        if any(value is True for value in (*arguments, *keywords.values())):
            call = image_call(model, info.handle)
            return lambda images: call(scale_images(images, info.value_range), training=True)
    return None
