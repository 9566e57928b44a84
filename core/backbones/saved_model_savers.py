"""TensorFlow's own way of saving and restoring a SavedModel's weights, told from imitations.

Every SavedModel holds operations that write and read checkpoints. They do no harm in the form in
which TensorFlow writes them, as the names of all files follow from the one that a loader gives.
That form is either a function for saving and one for restoring, which are called by the nodes
that the `SaverDef` names and by nothing else, or, in graphs of TensorFlow 1, nodes of the graph
that nothing else needs.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from google.protobuf.message import DecodeError
from tensorflow.core.framework import variable_pb2

from core.backbones.saved_model_bodies import Body, source_of

CHECKPOINT_OPERATIONS = frozenset({"SaveV2", "MergeV2Checkpoints", "RestoreV2"})

_WRITING = frozenset({"SaveV2", "MergeV2Checkpoints"})
_CALLS = frozenset({"PartitionedCall", "StatefulPartitionedCall"})
# What is done with restored weights, and what waits for files to be written.
_BEHIND_SAVERS = frozenset(
    {"Assign", "AssignVariableOp", "Identity", "LookupTableImportV2", "NoOp", "Pack"}
)
# TensorFlow 1 gives the name of the file this default, which loaders replace.
_DEFAULT_FILE = b"model"
_TEMPORARY_PART = re.compile(rb"_temp(_[0-9a-f]{32})?/part|\.part")


def own_checkpoint_nodes(meta_graph: Any, bodies: list[Body]) -> set[tuple[str, str]]:
    """Find the nodes with `CHECKPOINT_OPERATIONS` in TensorFlow's own form.

    Args:
        bodies: All graphs of the `MetaGraphDef`, its own first.

    Returns:
        Function and name of each; the function is "" for a node of the graph itself.
    """
    saver, graph = meta_graph.saver_def, bodies[0]
    file_node = source_of(saver.filename_tensor_name)
    if len(graph.by_name) != len(graph.nodes) or not _is_file_placeholder(graph, file_node):
        return set()
    calls = _Calls(meta_graph, bodies)
    own = {("", node.name) for node in _own_nodes(graph, file_node)}
    entries = {name for _, name in own}
    writing_calls = set()
    for body in bodies[1:]:
        if not (nodes := _checkpoint_nodes(body)):
            continue
        call = calls.only_call(body)
        if call is None or not _gives_file(graph, call, body, file_node):
            continue
        own |= {(body.function, node.name) for node in _own_nodes(body, body.arguments[0])}
        entries.add(call.name)
        if any(node.op in _WRITING for node in nodes):
            writing_calls.add(call.name)
    if not _stand_alone(meta_graph, graph, entries):
        return set()
    restoring = graph.before([source_of(saver.restore_op_name)])
    if any(graph.by_name[name].op in _WRITING for name in restoring) or restoring & writing_calls:
        return set()
    return own


def _checkpoint_nodes(body: Body) -> list[Any]:
    return [node for node in body.nodes if node.op in CHECKPOINT_OPERATIONS]


def _own_nodes(body: Body, file_name: str) -> list[Any]:
    """Find a body's checkpoint nodes whose files all follow from the value of `file_name`."""
    if len(body.by_name) != len(body.nodes) or (body.function and file_name in body.by_name):
        return []  # a name that means two things
    names = _FileNames(body, file_name)
    return [node for node in _checkpoint_nodes(body) if names.are_followed_by(node)]


class _FileNames:
    """How names of files are made inside a body.

    Args:
        given: The node or argument with the name that the loader gives.
    """

    def __init__(self, body: Body, given: str) -> None:
        self._body, self._given = body, given

    def are_followed_by(self, node: Any) -> bool:
        """Return whether a checkpoint node writes or reads the file that was given and no other."""
        inputs = self._body.inputs(node)
        match node.op:
            case "RestoreV2":
                return len(inputs) == 3 and self._is_given(inputs[0]) and self._are_const(inputs)
            case "SaveV2":
                is_own = bool(inputs) and (self._is_given(inputs[0]) or self._is_shard(inputs[0]))
                return is_own and len(inputs) > 2 and self._are_const(inputs)
            case "MergeV2Checkpoints":
                return (
                    len(inputs) == 2 and self._are_shards(inputs[0]) and self._is_given(inputs[1])
                )
        return False

    def _are_const(self, inputs: list[str]) -> bool:
        """Return whether names and slices of the tensors are fixed."""
        return all(self._node(name, "Const") is not None for name in inputs[1:3])

    def _is_given(self, name: str) -> bool:
        passed: set[str] = set()  # a ring of nodes would have no end
        while name not in passed and (identity := self._node(name, "Identity")) is not None:
            passed.add(name)
            name = next(iter(self._body.inputs(identity)), "")
        return name == self._given

    def _are_shards(self, name: str) -> bool:
        pack = self._node(name, "Pack")
        inputs = self._body.inputs(pack) if pack is not None else []
        return bool(inputs) and all(map(self._is_shard, inputs))

    def _is_shard(self, name: str) -> bool:
        """Return whether it lies beside the given file: `ShardedFilename(given + part, 0, 1)`."""
        shard = self._node(name, "ShardedFilename")
        inputs = self._body.inputs(shard) if shard is not None else []
        return len(inputs) == 3 and self._is_joined(inputs[0]) and self._are_const(inputs)

    def _is_joined(self, name: str) -> bool:
        join = self._node(name, "StringJoin")
        if join is None or join.attr["separator"].s or len(self._body.inputs(join)) != 2:
            return False
        first, part = self._body.inputs(join)
        return self._is_given(first) and self._is_part(part)

    def _is_part(self, name: str) -> bool:
        """Return whether it ends a temporary file's name; stores such as S3 have another one."""
        node = self._body.by_name.get(name)
        if node is None:
            return False
        if node.op in ("Select", "SelectV2"):
            inputs = self._body.inputs(node)
            return len(inputs) == 3 and all(self._is_fixed_part(each) for each in inputs[1:])
        return self._is_fixed_part(name)

    def _is_fixed_part(self, name: str) -> bool:
        const = self._node(name, "Const")
        if const is None:
            return False
        values = const.attr["value"].tensor.string_val
        return len(values) == 1 and _TEMPORARY_PART.fullmatch(values[0]) is not None

    def _node(self, name: str, operation: str) -> Any | None:
        node = self._body.by_name.get(name)
        return node if node is not None and node.op == operation else None


def _is_file_placeholder(graph: Body, name: str) -> bool:
    """Return whether a node takes what the loader gives, and by default a name without a folder."""
    node = graph.by_name.get(name)
    if node is None or node.op == "Placeholder":
        return node is not None
    for _ in range(2):  # TensorFlow 1 puts one in front of the other
        if node is None or node.op != "PlaceholderWithDefault":
            return False
        node = graph.by_name.get(next(iter(graph.inputs(node)), ""))
        if node is not None and node.op == "Const":
            return list(node.attr["value"].tensor.string_val) == [_DEFAULT_FILE]
    return False


def _gives_file(graph: Body, call: Any, function: Body, file_node: str) -> bool:
    """Return whether a call gives the name of the file as a function's first argument."""
    return bool(function.arguments) and graph.inputs(call)[:1] == [file_node]


class _Calls:
    """Who calls which function."""

    def __init__(self, meta_graph: Any, bodies: list[Body]) -> None:
        saver = meta_graph.saver_def
        self._named = (source_of(saver.save_tensor_name), source_of(saver.restore_op_name))
        self._of_objects = _functions_of_objects(meta_graph)
        self._counts = Counter(body.function for body in bodies)
        self._callers: dict[str, list[tuple[Body, Any]]] = defaultdict(list)
        for body in bodies:
            for node, called in body.calls:
                self._callers[called].append((body, node))

    def only_call(self, function: Body) -> Any | None:
        """Return the saver's node that calls a function, if nothing else ever can."""
        name = function.function
        callers = self._callers[name]
        # By `api_implements` TensorFlow puts one function in the place of another.
        is_plain = all(attribute.startswith("_") for attribute in function.attributes)
        if len(callers) != 1 or self._counts[name] != 1 or not is_plain:
            return None
        ((body, call),) = callers
        if body.function or call.op not in _CALLS or name in self._of_objects:
            return None
        return call if call.name in self._named else None


def _functions_of_objects(meta_graph: Any) -> set[str]:
    """Collect functions that the loaded object has, or that stand for gradients."""
    objects, library = meta_graph.object_graph_def, meta_graph.graph_def.library
    names = set(objects.concrete_functions)
    for node in objects.nodes:
        names.update(node.function.concrete_functions)
        names.add(node.bare_concrete_function.concrete_function_name)
        names.add(node.captured_tensor.concrete_function)
    for gradient in library.gradient:
        names |= {gradient.function_name, gradient.gradient_func}
    names.update(gradient.gradient_func for gradient in library.registered_gradients)
    return names


def _stand_alone(meta_graph: Any, graph: Body, entries: set[str]) -> bool:
    """Return whether nothing else that a loader runs needs what saves and restores."""
    behind = graph.behind(entries)
    known = _BEHIND_SAVERS | CHECKPOINT_OPERATIONS
    if any(graph.by_name[name].op not in known for name in behind - entries):
        return False
    return not behind.intersection(map(source_of, _names_run(meta_graph)))


def _names_run(meta_graph: Any) -> Iterator[str]:
    """Yield all names in signatures and collections; initialisers are among the latter."""
    for signature in meta_graph.signature_def.values():
        for info in (*signature.inputs.values(), *signature.outputs.values()):
            yield from _tensor_names(info)
    for collection in meta_graph.collection_def.values():
        yield from collection.node_list.value
        for content in collection.bytes_list.value:
            yield from _variable_names(content)


def _tensor_names(info: Any) -> Iterator[str]:
    yield info.name
    sparse = info.coo_sparse
    yield from (sparse.values_tensor_name, sparse.indices_tensor_name)
    yield sparse.dense_shape_tensor_name
    for component in info.composite_tensor.components:
        yield from _tensor_names(component)


def _variable_names(content: bytes) -> Iterator[str]:
    """Yield the names in a variable's description; other collections hold none."""
    try:
        variable = variable_pb2.VariableDef.FromString(content)
    except DecodeError:
        return
    yield from (variable.initializer_name, variable.initial_value_name, variable.snapshot_name)
