"""A backbone whose weights can be trained. Imported by the worker only.

Its layers are counted in the graph: the lists of variables in SavedModels come in any order, that
of `tf.Module` alphabetical, and the fraction of layers to fine-tune needs their depth.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from core.backbones.backbone import Backbone, BackboneInfo
from core.backbones.saved_model_call import image_call, scale_images
from core.backbones.saved_model_freezing import freeze, frozen_function, has_control_flow
from core.backbones.saved_model_inspection import LoadedBackbone, load_saved_model
from core.backbones.saved_model_joining import JointGraph, join_graphs
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
        input_size: `(height, width)` of the images, in pixels.
        loaded: The SavedModel of each member; of a backbone that joins none its own.
        call: From images in [0, 1] to the parts of their feature vectors as in inference, which is
            also how the backbone is trained while batch normalisation is frozen.
        training_call: The same with `training=True`: batch normalisation follows the batch, and
            dropout inside the backbone is active. None if the SavedModel has no such call, or
            the backbone joins several graphs or stages.
        trainable: Variables that gradients may change, from input to output.
        others: All other variables, such as moving averages.
    """

    input_size: tuple[int, int]
    loaded: tuple[LoadedBackbone, ...]
    call: Callable[[Any], list[Any]]
    training_call: Callable[[Any], list[Any]] | None
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


def freeze_loaded(backbone: Backbone, loaded: Sequence[LoadedBackbone]) -> Any:
    """Freeze a backbone with its weights as they are in memory: a `GraphDef`.

    Args:
        loaded: Its members; of a backbone that joins none itself.

    Raises:
        BackboneError: If it can't be frozen.
    """
    graphs = _graphs(backbone, loaded)
    return _joint(backbone, graphs).graph if backbone.members else graphs[0]


def load_trainable_backbone(backbone: Backbone) -> TrainableBackbone:
    """Load a backbone so that its weights can be trained.

    Raises:
        BackboneError: If it can't be loaded, or has no weights that can be trained.
    """
    members = backbone.members or (backbone,)
    loaded = tuple(
        load_saved_model(
            each.saved_model_dir, each.info.handle, each.info.input_size, each.info.value_range
        )
        for each in members
    )
    graphs = _graphs(backbone, loaded)
    # By where in its network a variable is: layers of several networks are trained from their ends.
    used: list[tuple[float, int, str, Any]] = []
    others: list[tuple[float, int, str, Any]] = []
    for number, (member, each) in enumerate(zip(members, loaded, strict=True)):
        places = _places(each, graphs[number])
        trainable, rest = _variables(each)
        # What doesn't show in the inference graph has no gradient either.
        here = [variable for variable in trainable if id(variable) in places]
        if all(is_batch_norm(variable) for variable in here):
            raise BackboneError(
                Text(
                    "The backbone %1 can't be fine-tuned: its SavedModel has no trainable weights. "
                    "Turn off fine-tuning, or choose another backbone.",
                    member.info.name,
                )
            )
        # Every load must have the same order; that of a graph's variables differs.
        for kind, variables in ((used, here), (others, rest)):
            kind += [
                (places.get(id(variable), 0.0), number, str(variable.name), variable)
                for variable in variables
            ]
    used.sort(key=lambda entry: entry[:3])
    others.sort(key=lambda entry: entry[:3])
    if backbone.members:
        call: Callable[[Any], list[Any]] = JointCall(backbone, loaded, graphs)
        training_call = None
    else:
        (only,) = loaded
        call = _in_list(only.function)
        training_call = _training_call(only.model, backbone.info)
    return TrainableBackbone(
        backbone.info.input_size,
        loaded,
        call,
        training_call,
        tuple(entry[3] for entry in used),
        tuple(entry[3] for entry in others),
    )


def _graphs(backbone: Backbone, loaded: Sequence[LoadedBackbone]) -> list[Any]:
    members = backbone.members or (backbone,)
    return [freeze(each, member.info.handle) for member, each in zip(members, loaded, strict=True)]


def _joint(backbone: Backbone, graphs: Sequence[Any]) -> JointGraph:
    infos = [each.info for each in backbone.members]
    return join_graphs(graphs, infos, backbone.image_size, with_stages=bool(backbone.info.stages))


class JointCall:
    """The inference of a joint backbone on the present values of its members' variables.

    Args:
        backbone: Joins `loaded`.
        graphs: Frozen, of its members.
    """

    def __init__(
        self, backbone: Backbone, loaded: Sequence[LoadedBackbone], graphs: Sequence[Any]
    ) -> None:
        joint = _joint(backbone, graphs)
        _require_differentiable(joint, backbone.members)
        self._variables: list[Any] = []
        constants: list[str] = []
        for prefix, each in zip(joint.prefixes, loaded, strict=True):
            for variable, name in _constant_names(each):
                self._variables.append(variable)
                constants.append(f"{prefix}{name}:0")
        self._function = frozen_function(
            joint.graph, backbone.info.input_size, joint.parts, constants
        )

    def __call__(self, images: Any) -> list[Any]:
        """Compute the parts of the feature vectors of images in [0, 1]."""
        values = [tf.convert_to_tensor(variable) for variable in self._variables]
        return list(self._function(images, *values))

    def on_copies(self, copies: Mapping[int, Any]) -> "JointCall":
        """Return the same call on other variables.

        Args:
            copies: By the `id` of the variable here.
        """
        other = copy(self)
        other._variables = [copies.get(id(each), each) for each in self._variables]
        return other


def spread_backbone(
    backbone: TrainableBackbone, source: Backbone, strategy: Any
) -> TrainableBackbone:
    """Load the same backbone with a copy of its weights on every device of a strategy.

    Its calls have to be made by the devices, within `strategy.run`.

    Args:
        source: What `backbone` was loaded from.

    Raises:
        UntrustedBackboneError: If it may do more than compute, and isn't trusted.
        BackboneError: If its weights can't be told apart.
    """
    members = source.members or (source,)
    for member in members:
        require_computing_only(member.saved_model_dir, member.info.handle)
    copies: dict[int, Any] = {}
    for member, loaded in zip(members, backbone.loaded, strict=True):
        with strategy.scope():
            model = tf.saved_model.load(str(member.saved_model_dir))
        copies |= _counterparts(loaded, model, member.info)
    if isinstance(backbone.call, JointCall):
        calls: tuple[Any, Any] = (backbone.call.on_copies(copies), None)
    else:
        info = source.info
        image = image_call(model, info.handle)
        calls = (
            _in_list(lambda images: image(scale_images(images, info.value_range))),
            _training_call(model, info),
        )
    return TrainableBackbone(
        backbone.input_size,
        backbone.loaded,
        *calls,
        tuple(copies[id(variable)] for variable in backbone.trainable),
        tuple(copies[id(variable)] for variable in backbone.others),
    )


def _require_differentiable(joint: JointGraph, members: Sequence[Backbone]) -> None:
    """Raise a BackboneError if there is no way back through a member of a joint graph."""
    for prefix, member in zip(joint.prefixes, members, strict=True):
        if has_control_flow(joint.graph, prefix):
            raise BackboneError(
                Text(
                    "The backbone %1 has branches or loops, so it can be fine-tuned only by "
                    "itself, at its own image size and with the features of its last layer. Choose "
                    "those, or turn off fine-tuning.",
                    member.info.title,
                )
            )


def _counterparts(loaded: LoadedBackbone, model: Any, info: BackboneInfo) -> dict[int, Any]:
    """Return the counterpart in `model` of each variable of the backbone, by its `id`."""
    listed = getattr(loaded.model, "variables", None)
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


def _constant_names(loaded: LoadedBackbone) -> list[tuple[Any, str]]:
    """Return each variable with the name of the constant that it is in the frozen graph."""
    graph = loaded.function.get_concrete_function().graph
    by_handle = {id(variable.handle): variable for variable in graph.variables}
    return [
        (by_handle[id(outer)], inner.op.name)
        for outer, inner in graph.captures
        if id(outer) in by_handle
    ]


def _in_list(call: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    return lambda images: [call(images)]


def _places(loaded: LoadedBackbone, graph: Any) -> dict[int, float]:
    """Return where in the network each variable is first used, by `id`: 0 for the input, 1 the end.

    The order in which a SavedModel lists its variables means nothing: that of `tf.Module` is
    alphabetical.

    Args:
        graph: Frozen, so that all functions inside it are inlined.
    """
    origins = {name: id(variable) for variable, name in _constant_names(loaded)}
    reached: dict[str, int] = dict.fromkeys(origins, 0)
    depths: dict[int, int] = {}
    for node in graph.node:  # in an order in which every input comes before its use
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
    deepest = max(depths.values(), default=1)
    return {variable: depth / deepest for variable, depth in depths.items()}


def _training_call(model: Any, info: BackboneInfo) -> Callable[[Any], list[Any]] | None:
    """Return the call with `training=True`, if the SavedModel was saved with one."""
    if not callable(model):
        return None
    for concrete in getattr(model.__call__, "concrete_functions", []):
        arguments, keywords = concrete.structured_input_signature
        if any(value is True for value in (*arguments, *keywords.values())):
            call = image_call(model, info.handle)
            return lambda images: [call(scale_images(images, info.value_range), training=True)]
    return None
