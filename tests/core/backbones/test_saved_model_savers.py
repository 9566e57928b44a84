"""What saves and restores checkpoints passes in TensorFlow's own form, and in no other."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.backbones.refusal import UntrustedBackboneError
from core.backbones.saved_model_screening import require_computing_only
from tests.saved_models import save_signature_only
from tests.untrusted_models import add_const, edit, function_named, node_of

pytestmark = [
    pytest.mark.slow,
    # TensorFlow's loader on Python 3.11 and later.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]
ELSEWHERE = "/tmp/elsewhere"
Change = Callable[[Any], None]


@pytest.fixture
def net(tmp_path: Path) -> Path:
    return save_signature_only(tmp_path / "net", lambda vectors: {"default": vectors})


def findings(folder: Path) -> set[str]:
    """Operations that are refused."""
    with pytest.raises(UntrustedBackboneError) as caught:
        require_computing_only(folder, "net")
    return {finding.partition(" ")[0] for finding in caught.value.refusal.findings}


def saving(meta_graph: Any) -> Any:
    return function_named(meta_graph, "traced_save")


def restoring(meta_graph: Any) -> Any:
    return function_named(meta_graph, "traced_restore")


def call_of(meta_graph: Any, function: Any) -> Any:
    (call,) = (
        node
        for node in meta_graph.graph_def.node
        if node.attr["f"].func.name == function.signature.name
    )
    return call


def writes_a_file(meta_graph: Any) -> None:
    nodes = restoring(meta_graph).node_def
    name = add_const(nodes, "elsewhere", ELSEWHERE)
    nodes.add(name="write", op="WriteFile", input=[name, name])


def restores_another_file(meta_graph: Any) -> None:
    function = restoring(meta_graph)
    node_of(function, "RestoreV2").input[0] = add_const(function.node_def, "a", ELSEWHERE)


def restores_names_from_outside(meta_graph: Any) -> None:
    node_of(restoring(meta_graph), "RestoreV2").input[1] = "file_prefix"


def saves_to_another_file(meta_graph: Any) -> None:
    function = saving(meta_graph)
    node_of(function, "SaveV2").input[0] = add_const(function.node_def, "a", ELSEWHERE)


def joins_another_beginning(meta_graph: Any) -> None:
    function = saving(meta_graph)
    node_of(function, "StringJoin").input[0] = add_const(function.node_def, "a", ELSEWHERE)


def joins_another_end(meta_graph: Any) -> None:
    function = saving(meta_graph)
    node_of(function, "StringJoin").input[1] = add_const(function.node_def, "a", "/../../part")


def selects_another_end(meta_graph: Any) -> None:
    function = saving(meta_graph)
    node_of(function, "Select").input[2] = add_const(function.node_def, "a", "/../../part")


def joins_three(meta_graph: Any) -> None:
    function = saving(meta_graph)
    node_of(function, "StringJoin").input.append(add_const(function.node_def, "a", "/.."))


def joins_with_a_folder(meta_graph: Any) -> None:
    node_of(saving(meta_graph), "StringJoin").attr["separator"].s = b"/../"


def merges_into_another_file(meta_graph: Any) -> None:
    function = saving(meta_graph)
    node_of(function, "MergeV2Checkpoints").input[1] = add_const(function.node_def, "a", ELSEWHERE)


def merges_other_files(meta_graph: Any) -> None:
    function = saving(meta_graph)
    node_of(function, "Pack").input[0] = add_const(function.node_def, "a", ELSEWHERE)


def argument_is_hidden_by_a_node(meta_graph: Any) -> None:
    add_const(restoring(meta_graph).node_def, "file_prefix", ELSEWHERE)


def is_called_twice(meta_graph: Any) -> None:
    call = meta_graph.graph_def.node.add()
    call.CopyFrom(call_of(meta_graph, restoring(meta_graph)))
    call.name = "another"


def is_called_by_a_signature(meta_graph: Any) -> None:
    nodes = function_named(meta_graph, "signature_wrapper").node_def
    call = nodes.add(name="another", op="PartitionedCall")
    call.attr["f"].func.name = restoring(meta_graph).signature.name


def is_called_by_its_name(meta_graph: Any) -> None:
    nodes = function_named(meta_graph, "signature_wrapper").node_def
    nodes.add(name="another", op=restoring(meta_graph).signature.name)


def is_an_attribute_of_the_model(meta_graph: Any) -> None:
    name = restoring(meta_graph).signature.name
    meta_graph.object_graph_def.nodes.add().bare_concrete_function.concrete_function_name = name


def is_a_gradient(meta_graph: Any) -> None:
    name = restoring(meta_graph).signature.name
    meta_graph.graph_def.library.gradient.add(function_name="f", gradient_func=name)


def takes_the_place_of_others(meta_graph: Any) -> None:
    restoring(meta_graph).attr["api_implements"].s = b"something"


def is_given_another_file(meta_graph: Any) -> None:
    name = add_const(meta_graph.graph_def.node, "elsewhere", ELSEWHERE).partition(":")[0]
    call_of(meta_graph, restoring(meta_graph)).input[0] = name


def file_has_another_default(meta_graph: Any) -> None:
    name = add_const(meta_graph.graph_def.node, "elsewhere", ELSEWHERE).partition(":")[0]
    given = meta_graph.saver_def.filename_tensor_name.partition(":")[0]
    (placeholder,) = (node for node in meta_graph.graph_def.node if node.name == given)
    placeholder.op = "PlaceholderWithDefault"
    placeholder.input.append(name)


def file_is_a_constant(meta_graph: Any) -> None:
    add_const(meta_graph.graph_def.node, "elsewhere", ELSEWHERE)
    meta_graph.saver_def.filename_tensor_name = "elsewhere:0"
    call_of(meta_graph, restoring(meta_graph)).input[0] = "elsewhere"
    call_of(meta_graph, saving(meta_graph)).input[0] = "elsewhere"


def saves_where_it_should_restore(meta_graph: Any) -> None:
    meta_graph.saver_def.restore_op_name = call_of(meta_graph, saving(meta_graph)).name


def is_the_output_of_a_signature(meta_graph: Any) -> None:
    name = call_of(meta_graph, restoring(meta_graph)).name
    meta_graph.signature_def["serving_default"].outputs["more"].name = f"{name}:0"


def is_run_at_the_beginning(meta_graph: Any) -> None:
    name = call_of(meta_graph, saving(meta_graph)).name
    meta_graph.collection_def["saved_model_main_op"].node_list.value[:] = [name]


def is_used_by_another_node(meta_graph: Any) -> None:
    name = call_of(meta_graph, restoring(meta_graph)).name
    meta_graph.graph_def.node.add(name="length", op="StringLength", input=[name])


def file_is_its_own_default(meta_graph: Any) -> None:
    given = meta_graph.saver_def.filename_tensor_name.partition(":")[0]
    (placeholder,) = (node for node in meta_graph.graph_def.node if node.name == given)
    placeholder.op = "PlaceholderWithDefault"
    placeholder.input.append(given)


def file_goes_round_in_a_ring(meta_graph: Any) -> None:
    function = restoring(meta_graph)
    for name, other in (("one", "two"), ("two", "one")):
        function.node_def.add(name=name, op="Identity", input=[f"{other}:output:0"])
    node_of(function, "RestoreV2").input[0] = "one:output:0"


def nodes_lack_their_inputs(meta_graph: Any) -> None:
    for operation in ("SaveV2", "Pack", "ShardedFilename", "StringJoin", "MergeV2Checkpoints"):
        del node_of(saving(meta_graph), operation).input[:]
    del node_of(restoring(meta_graph), "RestoreV2").input[:]


def has_two_nodes_of_a_name(meta_graph: Any) -> None:
    meta_graph.graph_def.node.add().CopyFrom(meta_graph.graph_def.node[0])


def has_no_saver(meta_graph: Any) -> None:
    meta_graph.ClearField("saver_def")


CHANGES: list[tuple[Change, set[str]]] = [
    (writes_a_file, {"WriteFile"}),
    (restores_another_file, {"RestoreV2"}),
    (restores_names_from_outside, {"RestoreV2"}),
    (saves_to_another_file, {"SaveV2"}),
    (joins_another_beginning, {"SaveV2", "MergeV2Checkpoints"}),
    (joins_another_end, {"SaveV2", "MergeV2Checkpoints"}),
    (selects_another_end, {"SaveV2", "MergeV2Checkpoints"}),
    (joins_three, {"SaveV2", "MergeV2Checkpoints"}),
    (joins_with_a_folder, {"SaveV2", "MergeV2Checkpoints"}),
    (merges_into_another_file, {"MergeV2Checkpoints"}),
    (merges_other_files, {"MergeV2Checkpoints"}),
    (argument_is_hidden_by_a_node, {"RestoreV2"}),
    (is_called_twice, {"RestoreV2"}),
    (is_called_by_a_signature, {"RestoreV2"}),
    (is_called_by_its_name, {"RestoreV2"}),
    (is_an_attribute_of_the_model, {"RestoreV2"}),
    (is_a_gradient, {"RestoreV2"}),
    (takes_the_place_of_others, {"RestoreV2"}),
    (is_given_another_file, {"RestoreV2"}),
    (file_has_another_default, {"RestoreV2", "SaveV2", "MergeV2Checkpoints"}),
    (file_is_a_constant, {"RestoreV2", "SaveV2", "MergeV2Checkpoints"}),
    (saves_where_it_should_restore, {"RestoreV2", "SaveV2", "MergeV2Checkpoints"}),
    (is_the_output_of_a_signature, {"RestoreV2", "SaveV2", "MergeV2Checkpoints"}),
    (is_run_at_the_beginning, {"RestoreV2", "SaveV2", "MergeV2Checkpoints"}),
    (is_used_by_another_node, {"RestoreV2", "SaveV2", "MergeV2Checkpoints"}),
    (file_is_its_own_default, {"RestoreV2", "SaveV2", "MergeV2Checkpoints"}),
    (file_goes_round_in_a_ring, {"RestoreV2"}),
    (nodes_lack_their_inputs, {"RestoreV2", "SaveV2", "MergeV2Checkpoints"}),
    (has_two_nodes_of_a_name, {"RestoreV2", "SaveV2", "MergeV2Checkpoints"}),
    (has_no_saver, {"RestoreV2", "SaveV2", "MergeV2Checkpoints"}),
]


@pytest.mark.parametrize(
    ("change", "refused"), CHANGES, ids=lambda value: getattr(value, "__name__", "")
)
def test_any_deviation_is_refused(change: Change, refused: set[str], net: Path) -> None:
    require_computing_only(net, "net")
    assert findings(edit(net, change)) == refused


# Graphs of TensorFlow 1, whose savers are nodes of the graph itself.


@pytest.fixture(params=["plain", "sharded"])
def old_net(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    import tensorflow as tf

    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        images = v1.placeholder(tf.float32, [None, 32, 32, 3])
        kernel = v1.get_variable("kernel", [3, 4])
        vectors = tf.reduce_mean(images, [1, 2]) @ kernel
        table = tf.lookup.StaticHashTable(
            tf.lookup.KeyValueTensorInitializer(tf.constant(["a"]), tf.constant([1])), -1
        )
        table.lookup(tf.constant(["a"]))
        session.run([v1.global_variables_initializer(), v1.tables_initializer()])
        builder = v1.saved_model.Builder(str(tmp_path / "net"))
        signature = v1.saved_model.predict_signature_def({"images": images}, {"default": vectors})
        builder.add_meta_graph_and_variables(
            session,
            ["serve"],
            {"serving_default": signature},
            saver=v1.train.Saver(sharded=request.param == "sharded"),
            main_op=v1.tables_initializer(),
        )
        builder.save()
    return tmp_path / "net"


def old_restores_another_file(meta_graph: Any) -> None:
    graph = meta_graph.graph_def
    name = add_const(graph.node, "elsewhere", ELSEWHERE).partition(":")[0]
    node_of(graph, "RestoreV2").input[0] = name


def old_file_has_another_default(meta_graph: Any) -> None:
    (const,) = (
        node
        for node in meta_graph.graph_def.node
        if node.op == "Const" and list(node.attr["value"].tensor.string_val) == [b"model"]
    )
    const.attr["value"].tensor.string_val[:] = [ELSEWHERE.encode()]


def old_restores_in_a_signature(meta_graph: Any) -> None:
    name = node_of(meta_graph.graph_def, "RestoreV2").name
    meta_graph.signature_def["serving_default"].outputs["more"].name = f"{name}:0"


def old_saves_at_the_beginning(meta_graph: Any) -> None:
    name = node_of(meta_graph.graph_def, "SaveV2").name
    meta_graph.collection_def["saved_model_main_op"].node_list.value[:] = [name]


def old_saves_to_restore(meta_graph: Any) -> None:
    meta_graph.saver_def.restore_op_name = node_of(meta_graph.graph_def, "SaveV2").name


def old_saves_to_make_a_variable(meta_graph: Any) -> None:
    from tensorflow.core.framework import variable_pb2

    variable = variable_pb2.VariableDef(
        variable_name="kernel:0", initializer_name=node_of(meta_graph.graph_def, "SaveV2").name
    )
    content = variable.SerializeToString()
    meta_graph.collection_def["local_variables"].bytes_list.value.append(content)


@pytest.mark.parametrize(
    "change",
    [
        old_restores_another_file,
        old_file_has_another_default,
        old_restores_in_a_signature,
        old_saves_at_the_beginning,
        old_saves_to_restore,
        old_saves_to_make_a_variable,
    ],
    ids=lambda change: change.__name__,
)
def test_any_deviation_in_an_old_graph_is_refused(change: Change, old_net: Path) -> None:
    require_computing_only(old_net, "net")
    assert findings(edit(old_net, change)) & {"RestoreV2", "SaveV2"}
