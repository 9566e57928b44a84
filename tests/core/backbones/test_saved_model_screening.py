"""SavedModels that would do more than compute are refused before anything of them runs."""

import pickle
import re
from pathlib import Path

import pytest

from core.backbones.refusal import UntrustedBackboneError, UntrustedModelError
from core.backbones.saved_model_screening import computing_operations, require_computing_only
from core.backbones.trust import trust
from core.errors import BackboneError, ModelError
from core.text import Text
from tests.architectures import QUICK, save_architecture
from tests.saved_models import SIDE, save_pooling, save_with_training
from tests.untrusted_models import (
    SAVED_MODEL_FILE,
    WAYS,
    edit,
    function_named,
    node_of,
    save_untrusted,
)

pytestmark = [
    pytest.mark.slow,
    # TensorFlow's loader on Python 3.11 and later.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]
OPERATIONS = {
    "print": "PrintV2",
    "save": "SaveV2",
    "merge": "MergeV2Checkpoints",
    "python": "PyFunc",
    "data set": "CacheDatasetV2",
}
# What a loader or a call runs by itself. A gradient runs in a training, and of checkpoints only
# those can be merged that there are.
RUN_BY_A_CALL = sorted(WAYS.keys() - {"gradient", "function that nothing calls", "merge"})


@pytest.fixture(scope="module")
def pooling(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_pooling(tmp_path_factory.mktemp("models") / "pooling")


def refusal_of(folder: Path) -> tuple[str, ...]:
    with pytest.raises(UntrustedBackboneError) as caught:
        require_computing_only(folder, "evil")
    return caught.value.refusal.findings


def written_by(way: str, tmp_path: Path) -> list[Path]:
    return [path for path in tmp_path.glob("written*") if path.is_file()]


@pytest.mark.parametrize("way", WAYS)
def test_every_place_is_looked_at_and_nothing_runs(way: str, tmp_path: Path) -> None:
    folder = save_untrusted(tmp_path / "net", way, tmp_path / "written")
    findings = refusal_of(folder)
    operation = OPERATIONS.get(way, "WriteFile")
    assert any(re.match(rf"{operation} in the function \S+", finding) for finding in findings)
    assert written_by(way, tmp_path) == []


@pytest.mark.parametrize("way", RUN_BY_A_CALL)
def test_without_the_gate_the_file_would_be_written(way: str, tmp_path: Path) -> None:
    import tensorflow as tf

    folder = save_untrusted(tmp_path / "net", way, tmp_path / "written")
    tf.saved_model.load(str(folder))(tf.zeros([1, SIDE, SIDE, 3]))
    assert written_by(way, tmp_path) != []


def test_message_is_a_line_with_model_operation_place_and_advice(tmp_path: Path) -> None:
    folder = save_untrusted(tmp_path / "net", "loop", tmp_path / "written")
    with pytest.raises(BackboneError) as caught:
        require_computing_only(folder, "/home/somebody/net")
    message = str(caught.value)
    assert message.startswith("/home/somebody/net was not run, because its SavedModel holds")
    assert re.search(r"WriteFile in the function while_body_\d+, which the signature", message)
    assert message.endswith("repeat the command with --trust.")
    assert "\n" not in message


def test_many_findings_are_counted(pooling: Path, tmp_path: Path) -> None:
    folder = save_untrusted(tmp_path / "net", "data set", tmp_path / "written")
    with pytest.raises(UntrustedBackboneError) as caught:
        require_computing_only(folder, "evil")
    refusal = caught.value.refusal
    assert len(refusal.findings) == 8
    assert refusal.shown() == (*refusal.findings[:3], "5 more")


def test_a_refusal_can_be_translated_on_the_other_side_of_a_pipe(tmp_path: Path) -> None:
    folder = save_untrusted(tmp_path / "net", "data set", tmp_path / "written")
    with pytest.raises(UntrustedBackboneError) as caught:
        require_computing_only(folder, "evil")
    message, refusal = pickle.loads(pickle.dumps((str(caught.value), caught.value.refusal)))
    assert refusal == caught.value.refusal
    assert all(isinstance(text, Text) for text in (message, *refusal.shown()))
    assert message.arguments == ("evil", "; ".join(refusal.shown()))


def test_trust_is_for_this_content_and_no_other(tmp_path: Path) -> None:
    folder = save_untrusted(tmp_path / "net", "signature", tmp_path / "written")
    with pytest.raises(UntrustedBackboneError) as caught:
        require_computing_only(folder, "evil")
    trust(caught.value.refusal.fingerprint, "evil")
    require_computing_only(folder, "evil")
    require_computing_only(folder.rename(tmp_path / "moved"), "evil")
    edit(tmp_path / "moved", lambda graph: graph.meta_info_def.tags.append("changed"))
    refusal_of(tmp_path / "moved")


def test_a_trained_model_is_refused_as_one(tmp_path: Path) -> None:
    folder = save_untrusted(tmp_path / "net", "signature", tmp_path / "written")
    with pytest.raises(ModelError, match="WriteFile"):
        require_computing_only(folder, "evil", UntrustedModelError)


@pytest.mark.parametrize("save", [save_pooling, save_with_training])
def test_what_only_computes_passes(save, tmp_path: Path) -> None:
    require_computing_only(save(tmp_path / "net"), "net")


def test_operation_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    folder = save_pooling(tmp_path / "net")

    def change(meta_graph) -> None:
        node_of(function_named(meta_graph, "call"), "Mean").op = "OpOfALibrary"

    assert any(
        f.startswith("OpOfALibrary in the function") for f in refusal_of(edit(folder, change))
    )


def test_names_of_strangers_are_shown_without_tricks(tmp_path: Path) -> None:
    folder = save_pooling(tmp_path / "net")

    def change(meta_graph) -> None:
        meta_graph.graph_def.node.add(name="a", op="Evil\n\x1b[2J<b>harmless</b>" + 100 * "x")

    (finding,) = refusal_of(edit(folder, change))
    assert finding.startswith("Evil??[2J?b?harmless?/b?x".replace("[", "?"))
    assert len(finding) < 100


def test_findings_without_end_are_cut(tmp_path: Path) -> None:
    folder = save_pooling(tmp_path / "net")

    def change(meta_graph) -> None:
        for number in range(2_000):
            meta_graph.graph_def.node.add(name=f"a{number}", op=f"Evil{number}")

    assert len(refusal_of(edit(folder, change))) == 1_000


def test_asset_that_is_something_else_is_refused(tmp_path: Path) -> None:
    folder = save_pooling(tmp_path / "net")

    def change(meta_graph) -> None:
        packed = meta_graph.collection_def["saved_model_assets"].any_list.value.add()
        packed.type_url = "type.googleapis.com/tensorflow.AssetFileDef"
        packed.value = b"\xff\xff"

    assert refusal_of(edit(folder, change)) == ("the asset '' outside its folder",)


def test_node_of_the_graph_is_looked_at(tmp_path: Path) -> None:
    folder = save_pooling(tmp_path / "net")

    def change(meta_graph) -> None:
        meta_graph.graph_def.node.add(name="read", op="ReadFile", input=["Const"])
        meta_graph.signature_def["serving_default"].outputs["a"].name = "read:0"

    assert refusal_of(edit(folder, change)) == ("ReadFile in the signature serving_default",)


def test_function_called_like_an_operation_is_refused(tmp_path: Path) -> None:
    folder = save_pooling(tmp_path / "net")

    def change(meta_graph) -> None:
        function = meta_graph.graph_def.library.function.add()
        function.signature.name = "WriteFile"
        meta_graph.graph_def.node.add(name="call", op="WriteFile")

    assert refusal_of(edit(folder, change)) == ("a function called WriteFile",)


def test_function_that_is_not_in_the_file_is_refused(tmp_path: Path) -> None:
    folder = save_pooling(tmp_path / "net")

    def change(meta_graph) -> None:
        call = meta_graph.graph_def.node.add(name="call", op="PartitionedCall")
        call.attr["f"].func.name = "WriteFile"

    assert refusal_of(edit(folder, change)) == ("PartitionedCall of WriteFile in the graph",)


@pytest.mark.parametrize("name", ["../../secret", "/etc/passwd", "..", "", "a\\b"])
@pytest.mark.parametrize("in_collection", [False, True])
def test_asset_outside_its_folder_is_refused(name: str, in_collection: bool, tmp_path) -> None:
    from tensorflow.core.protobuf import meta_graph_pb2

    asset = meta_graph_pb2.AssetFileDef(filename=name)
    folder = save_pooling(tmp_path / "net")

    def change(meta_graph) -> None:
        if in_collection:
            meta_graph.collection_def["saved_model_assets"].any_list.value.add().Pack(asset)
        else:
            meta_graph.asset_file_def.append(asset)

    assert refusal_of(edit(folder, change)) == (f"the asset {name!r} outside its folder",)


def test_asset_in_its_folder_passes(tmp_path: Path) -> None:
    folder = save_pooling(tmp_path / "net")
    edit(folder, lambda graph: graph.asset_file_def.add(filename="labels_1.txt"))
    require_computing_only(folder, "net")


def test_file_of_two_gibibytes_is_not_even_read(tmp_path: Path) -> None:
    with (tmp_path / SAVED_MODEL_FILE).open("wb") as file:
        file.truncate(1 << 31)  # a hole: it takes no room
    with pytest.raises(BackboneError, match="larger than 2 GiB"):
        require_computing_only(tmp_path, "net")


@pytest.mark.parametrize("is_missing", [False, True])
def test_file_that_cant_be_read_is_an_error_of_its_kind(is_missing: bool, tmp_path: Path) -> None:
    if not is_missing:
        (tmp_path / SAVED_MODEL_FILE).write_bytes(b"no model" * 100)
    with pytest.raises(BackboneError):
        require_computing_only(tmp_path, "net")
    with pytest.raises(ModelError):
        require_computing_only(tmp_path, "net", UntrustedModelError)


def test_text_beside_it_is_not_what_tensorflow_loads(pooling: Path, tmp_path: Path) -> None:
    """A `saved_model.pbtxt` isn't looked at, so TensorFlow has to pass it over too."""
    from tensorflow.python.saved_model.loader_impl import parse_saved_model

    content = (pooling / SAVED_MODEL_FILE).read_bytes()
    (tmp_path / SAVED_MODEL_FILE).write_bytes(content)
    for other in ("saved_model.pbtxt", "saved_model.cpb"):
        (tmp_path / other).write_text("no model")
    assert parse_saved_model(str(tmp_path)).meta_graphs


def test_list_names_operations_of_this_tensorflow() -> None:
    from core.backbones.saved_model_bodies import is_operation

    assert [name for name in sorted(computing_operations()) if not is_operation(name)] == []


def test_list_holds_nothing_that_reaches_out_of_the_graph() -> None:
    reaching_out = re.compile(
        "File|Save|Restore|Checkpoint|Reader|Dataset|Iterator|Summary|Print|Py|Send|Recv|Rpc|Remote"
        "|Collective|Dump|Session|TPU|Tpu|Xla|TRT|Abort|Queue|Barrier|Stage|Proto|ImmutableConst"
    )
    found = {name for name in computing_operations() if reaching_out.search(name)}
    assert found == {"ShardedFilename"}  # which only puts a name together


def test_operations_that_take_graphs_have_them_in_functions() -> None:
    """Were one among them to take a graph as text, what is in it would not be looked at."""
    from tensorflow.python.framework import op_def_registry

    texts = {
        name: [a.name for a in op_def_registry.get(name).attr if a.type == "string" and a.name]
        for name in computing_operations()
    }
    named = {attribute for attributes in texts.values() for attribute in attributes}
    graphs = {name for name in named if re.search("graph|module|proto|library|program", name)}
    assert graphs <= {"config_proto"}  # settings of the optimizer of graphs


@pytest.mark.parametrize("name", QUICK)
def test_networks_of_the_catalogues_kinds_pass(name: str, tmp_path: Path) -> None:
    require_computing_only(save_architecture(tmp_path / "net", name), name)
