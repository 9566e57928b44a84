"""Backbones from elsewhere: understood, converted, kept, imported, fetched."""

import http.server
import json
import shutil
import socket
import tarfile
import threading
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from core.backbones.backbone import Backbone, read_info
from core.backbones.catalogue import find_entry
from core.backbones.fingerprint import fingerprint_saved_model
from core.backbones.prepare import download_backbone, import_backbone, prepare_backbone
from core.backbones.refusal import UntrustedBackboneError
from core.backbones.store import imported_dir, list_backbones
from core.errors import BackboneError, StorageError
from core.features.extractors import make_extractors
from core.storage.app_dirs import cache_dir, data_dir
from tests.hub_server import packed_by_kaggle
from tests.saved_models import (
    KERNEL,
    SIDE,
    save_calling,
    save_for_text,
    save_pooling,
    save_requiring_training,
    save_scaled,
    save_signature_only,
    save_with_training,
    save_without_trainable,
)
from tests.untrusted_models import edit, save_untrusted

pytestmark = [
    pytest.mark.slow,
    # tensorflow_hub and TensorFlow's loader on Python 3.11 and later.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]

EMBEDDED = ["efficientnet-lite0", "efficientnet-lite1", "efficientnet-lite2"]


@pytest.fixture(scope="module")
def pooling(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_pooling(tmp_path_factory.mktemp("models") / "pooling")


@pytest.fixture(autouse=True)
def hub_cache(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "hub"))


def images(side: int = SIDE) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (3, side, side, 3), np.uint8)


def features(backbone: Backbone, side: int = SIDE) -> np.ndarray:
    return make_extractors(backbone, gpu=False)[0](images(side))


def expected(side: int = SIDE) -> np.ndarray:
    return (images(side) / 255).mean(axis=(1, 2)) @ KERNEL


def test_embedded_needs_nothing_in_the_cache(fieldguide_home: Path) -> None:
    backbone = prepare_backbone("efficientnet-lite0")
    assert backbone.litert_path is not None
    assert (backbone.info.input_size, backbone.info.feature_dim) == ((224, 224), 1280)
    assert list(fieldguide_home.iterdir()) == []


def test_folder_is_understood_converted_and_kept(pooling: Path, monkeypatch) -> None:
    configured = []
    backbone = prepare_backbone(str(pooling), lambda: configured.append(True))
    assert (backbone.info.name, backbone.info.handle) == ("pooling", str(pooling))
    assert (backbone.info.input_size, backbone.info.feature_dim) == ((SIDE, SIDE), 4)
    assert backbone.info.parameters == 12
    assert backbone.litert_path is not None
    np.testing.assert_allclose(features(backbone), expected(), atol=1e-5)
    monkeypatch.setattr("core.backbones.inspected._inspect", lambda *_: pytest.fail("done again"))
    assert prepare_backbone(str(pooling), lambda: configured.append(True)) == backbone
    assert configured == [True]


def test_moved_folder_is_known_under_its_new_name(pooling: Path, tmp_path, monkeypatch) -> None:
    first = prepare_backbone(str(pooling))
    moved = shutil.copytree(pooling, tmp_path / "elsewhere")
    monkeypatch.setattr("core.backbones.inspected._inspect", lambda *_: pytest.fail("done again"))
    second = prepare_backbone(str(moved))
    assert (second.info.name, second.info.handle) == ("elsewhere", str(moved))
    assert second.fingerprint == first.fingerprint
    assert second.litert_path == first.litert_path


@pytest.mark.parametrize(
    "damage", ["no twin", "other twin", "no facts", "bad facts", "no seal", "never screened"]
)
def test_damaged_cache_is_made_again(pooling: Path, damage: str) -> None:
    first = prepare_backbone(str(pooling))
    folder = first.litert_path.parent
    match damage:
        case "no twin":
            first.litert_path.unlink()
        case "other twin":
            content = bytearray(first.litert_path.read_bytes())
            content[len(content) // 2] ^= 1
            first.litert_path.write_bytes(content)
        case "no facts":
            (folder / "backbone.json").unlink()
        case "bad facts":
            (folder / "backbone.json").write_text("{")
        case "no seal":
            (folder / "complete.json").unlink()
        case "never screened":  # as earlier versions left it
            seal = json.loads((folder / "complete.json").read_text())
            del seal["is_screened"]
            (folder / "complete.json").write_text(json.dumps(seal))
    assert prepare_backbone(str(pooling)) == first
    np.testing.assert_allclose(features(first), expected(), atol=1e-5)


@pytest.mark.parametrize(
    ("name", "side"), [("net_160", 160), ("inception_v3", 299), ("net", 224), ("net_2048", 224)]
)
def test_open_size_is_what_the_name_says(tmp_path: Path, name: str, side: int) -> None:
    folder = save_pooling(tmp_path / name, side=None)
    backbone = prepare_backbone(str(folder))
    assert backbone.info.input_size == (side, side)
    assert backbone.litert_path is not None
    np.testing.assert_allclose(features(backbone, side), expected(side), atol=1e-5)


def test_size_in_a_folder_further_up_says_nothing(tmp_path: Path) -> None:
    folder = save_pooling(tmp_path / "run 160" / "models" / "net", side=None)
    assert prepare_backbone(str(folder)).info.input_size == (224, 224)


def test_open_size_stays_after_import_without_the_cache(tmp_path: Path) -> None:
    from core.features.tensorflow_extractor import TensorFlowExtractor

    folder = save_pooling(tmp_path / "net_160", side=None)
    assert import_backbone(str(folder), "mine").input_size == (160, 160)
    shutil.rmtree(cache_dir())
    prepare_backbone(str(shutil.copytree(folder, tmp_path / "net")))  # another size, same content
    backbone = prepare_backbone("mine")
    assert backbone.info.input_size == (160, 160)
    np.testing.assert_allclose(features(backbone, 160), expected(160), atol=1e-5)
    through_tensorflow = TensorFlowExtractor(backbone, mixed_precision=False)(images(160))
    np.testing.assert_allclose(through_tensorflow, expected(160), atol=1e-5)


def test_graph_is_frozen_at_the_size_that_was_found(tmp_path: Path, monkeypatch) -> None:
    """An imported backbone's own name doesn't say the size any more."""
    from core.backbones import saved_model_graph
    from core.backbones.saved_model_freezing import IMAGES, read_graph
    from core.features.tensorflow_extractor import TensorFlowExtractor

    import_backbone(str(save_pooling(tmp_path / "net_160", side=None)), "mine")
    kept = prepare_backbone("mine").frozen_graph_path
    (taken,) = (node for node in read_graph(kept).node if node.name == IMAGES)
    assert [each.size for each in taken.attr["shape"].shape.dim] == [-1, 160, 160, 3]
    kept.unlink()
    loaded = []
    load = saved_model_graph.load_saved_model
    monkeypatch.setattr(
        saved_model_graph,
        "load_saved_model",
        lambda *arguments: loaded.append(load(*arguments)) or loaded[-1],
    )
    TensorFlowExtractor(prepare_backbone("mine"), mixed_precision=False)
    assert [backbone.input_size for backbone in loaded] == [(160, 160)]


def test_a_backbone_with_branches_has_a_twin(tmp_path: Path) -> None:
    import tensorflow as tf

    def call(images):
        means = tf.reduce_mean(images, [1, 2])
        return tf.cond(tf.reduce_mean(images) > 0.2, lambda: means * 2, lambda: means + 1)

    backbone = prepare_backbone(str(save_calling(tmp_path / "net", call)))
    assert backbone.litert_path is not None
    means = (images() / 255).mean(axis=(1, 2))
    np.testing.assert_allclose(features(backbone), means * 2, atol=1e-5)


def test_training_argument_is_off(tmp_path: Path) -> None:
    backbone = prepare_backbone(str(save_with_training(tmp_path / "net")))
    assert backbone.litert_path is not None
    np.testing.assert_allclose(features(backbone), expected(), atol=1e-5)


def test_training_argument_without_a_default_is_off(tmp_path: Path) -> None:
    backbone = prepare_backbone(str(save_requiring_training(tmp_path / "net")))
    np.testing.assert_allclose(features(backbone), expected(), atol=1e-5)


def test_weights_may_be_constants(tmp_path: Path) -> None:
    backbone = prepare_backbone(str(save_without_trainable(tmp_path / "net")))
    assert backbone.info.parameters == 0
    np.testing.assert_allclose(features(backbone), expected(), atol=1e-5)


@pytest.mark.parametrize("value_range", [(-1.0, 1.0), (0.0, 255.0)], ids=str)
def test_images_are_scaled_into_the_range_of_the_model(tmp_path: Path, value_range) -> None:
    from core.features.tensorflow_extractor import TensorFlowExtractor

    folder = save_scaled(tmp_path / "net", value_range)
    info = import_backbone(str(folder), "mine", value_range=value_range)
    assert info.value_range == value_range
    backbone = prepare_backbone("mine")
    assert backbone.litert_path is not None
    np.testing.assert_allclose(features(backbone), expected(), atol=1e-4)
    through_tensorflow = TensorFlowExtractor(backbone, mixed_precision=False)(images())
    np.testing.assert_allclose(through_tensorflow, expected(), atol=1e-4)


def test_another_range_is_another_backbone(pooling: Path) -> None:
    import_backbone(str(pooling), "signed", value_range=(-1.0, 1.0))
    signed, plain = prepare_backbone("signed"), prepare_backbone(str(pooling))
    assert signed.fingerprint != plain.fingerprint
    assert signed.litert_path != plain.litert_path
    np.testing.assert_allclose(features(plain), expected(), atol=1e-5)
    twice = 2 * expected() - KERNEL.sum(axis=0)
    np.testing.assert_allclose(features(signed), twice, atol=1e-4)


def test_range_without_extent_is_refused(pooling: Path) -> None:
    with pytest.raises(BackboneError, match="the first must be the lower one"):
        import_backbone(str(pooling), "mine", value_range=(1.0, 0.0))


def test_size_that_is_asked_for_wins_over_the_name(tmp_path: Path) -> None:
    folder = save_pooling(tmp_path / "net_160", side=None)
    assert prepare_backbone(str(folder)).info.input_size == (160, 160)
    info = import_backbone(str(folder), "mine", input_size=(96, 128))
    assert info.input_size == (96, 128)
    assert prepare_backbone("mine").info.input_size == (96, 128)
    assert prepare_backbone(str(folder)).info.input_size == (160, 160)


def test_size_that_the_model_doesnt_take_is_refused(pooling: Path) -> None:
    with pytest.raises(BackboneError, match="48×64 pixels"):
        import_backbone(str(pooling), "mine", input_size=(64, 48))
    assert len(list_backbones()) == 3


def test_imported_range_is_kept_by_another_import(pooling: Path) -> None:
    import_backbone(str(pooling), "signed", value_range=(-1.0, 1.0))
    assert import_backbone("signed", "again").value_range == (-1.0, 1.0)


@pytest.mark.parametrize("name", ["default", "feature_vector", "anything"])
def test_signature_does_without_a_call(tmp_path: Path, name: str) -> None:
    folder = save_signature_only(tmp_path / "net", lambda vectors: {name: vectors})
    backbone = prepare_backbone(str(folder))
    assert (backbone.info.input_size, backbone.info.parameters) == ((SIDE, SIDE), 12)
    assert backbone.litert_path is not None
    np.testing.assert_allclose(features(backbone), expected(), atol=1e-5)


@pytest.mark.parametrize("name", ["default", "feature_vector"])
def test_feature_vector_is_taken_among_several_outputs(tmp_path: Path, name: str) -> None:
    folder = save_signature_only(
        tmp_path / "net", lambda vectors: {"a": -vectors, name: vectors, "z": vectors[:, :1]}
    )
    np.testing.assert_allclose(features(prepare_backbone(str(folder))), expected(), atol=1e-5)


def unfit(name: str, folder: Path) -> Path:
    import tensorflow as tf

    calls = {
        "feature map": lambda images: images[:, ::4, ::4],
        "one for all": lambda images: tf.reduce_mean(images),
        "tuple": lambda images: (tf.reduce_mean(images, [1, 2]), 1.0),
        "text": lambda images: tf.strings.as_string(tf.reduce_mean(images, [1, 2])),
    }
    if name == "sentences":
        return save_for_text(folder)
    return save_calling(folder, calls[name])


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("feature map", "feature-vector version"),
        ("one for all", "feature-vector version"),
        ("tuple", "no vector of numbers"),
        ("text", "no vector of numbers"),
        ("sentences", "not an image backbone"),
    ],
)
def test_what_gives_no_vector_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    folder = unfit(name, tmp_path / "net")
    with pytest.raises(BackboneError, match=reason) as caught:
        prepare_backbone(str(folder))
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("damage", ["garbage", "empty", "no variables", "half the variables"])
def test_damaged_saved_model_is_one_clear_error(pooling: Path, tmp_path, damage: str) -> None:
    folder = shutil.copytree(pooling, tmp_path / "net")
    (data,) = folder.glob("variables/*.data*")
    match damage:
        case "garbage":
            (folder / "saved_model.pb").write_bytes(b"no model" * 100)
        case "empty":
            (folder / "saved_model.pb").write_bytes(b"")
        case "no variables":
            shutil.rmtree(folder / "variables")
        case "half the variables":
            data.write_bytes(data.read_bytes()[:10])
    with pytest.raises(BackboneError) as caught:
        prepare_backbone(str(folder))
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_litert_cant_run_is_run_by_tensorflow(tmp_path: Path) -> None:
    import tensorflow as tf

    folder = save_calling(
        tmp_path / "net",
        lambda images: tf.linalg.svd(tf.reduce_mean(images, 3), compute_uv=False),
    )
    backbone = prepare_backbone(str(folder))
    assert backbone.litert_path is None
    received = features(backbone)
    singular = np.linalg.svd((images() / 255).mean(axis=3), compute_uv=False)
    np.testing.assert_allclose(received, singular, atol=1e-4)
    assert prepare_backbone(str(folder)).litert_path is None


def test_import_is_a_whole_copy_that_stands_alone(pooling: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(pooling, tmp_path / "net")
    info = import_backbone(str(folder), "mine")
    assert (info.name, info.title, info.handle) == ("mine", "mine", "mine")
    shutil.rmtree(folder)
    backbone = prepare_backbone("mine")
    assert backbone.info == info
    assert backbone.fingerprint == fingerprint_saved_model(pooling)
    assert backbone.saved_model_dir == imported_dir() / "mine" / "saved_model"
    assert [one.name for one in list_backbones()] == [*EMBEDDED, "mine"]
    np.testing.assert_allclose(features(backbone), expected(), atol=1e-5)


def test_taken_name_is_refused_and_nothing_changes(pooling: Path) -> None:
    before = import_backbone(str(pooling), "mine")
    for name in ("mine", "efficientnet-lite0"):
        with pytest.raises(BackboneError, match="already a backbone named"):
            import_backbone(str(pooling), name)
    assert read_info(imported_dir() / "mine") == before


def test_damaged_import_can_be_imported_again(pooling: Path) -> None:
    before = import_backbone(str(pooling), "mine")
    (imported_dir() / "mine" / "backbone.json").write_text("{")
    (imported_dir() / "mine" / "saved_model" / "saved_model.pb").write_bytes(b"")
    with pytest.raises(BackboneError, match="Import the backbone again"):
        prepare_backbone("mine")
    assert import_backbone(str(pooling), "mine") == before
    assert prepare_backbone("mine").info == before


def test_import_under_a_name_of_the_catalogue_is_that_backbone(tmp_path: Path) -> None:
    archive = tmp_path / "archive.tar.gz"
    archive.write_bytes(packed_by_kaggle(save_pooling(tmp_path / "open", side=None)))
    entry = find_entry("mobilenet-v2-035-96")
    assert entry is not None
    info = import_backbone(str(archive), entry.name)
    assert (info.title, info.handle, info.family) == (entry.title, entry.handle, entry.family)
    assert info.input_size == (96, 96)  # the graph leaves it open
    assert prepare_backbone(entry.name).info == info
    assert download_backbone(entry.name) == info  # and nothing is fetched


def test_name_of_one_in_the_old_format_stays_a_name(pooling: Path) -> None:
    info = import_backbone(str(pooling), "efficientnet-lite3")
    assert (info.title, info.family) == ("efficientnet-lite3", "")
    assert info.input_size == (SIDE, SIDE)


def test_range_of_the_catalogue_goes_before_the_usual_one(tmp_path: Path, monkeypatch) -> None:
    entry = find_entry("bit-distilled-r50x1-224")
    assert entry is not None
    small = replace(entry, input_size=(SIDE, SIDE))
    monkeypatch.setattr("core.backbones.prepare.find_entry", lambda _name: small)
    model = save_scaled(tmp_path / "signed", (-1.0, 1.0))
    assert import_backbone(str(model), entry.name).value_range == (-1.0, 1.0)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        ".hidden",
        "-dash",
        "a/b",
        "../up",
        "a\\b",
        "two\nlines",
        "lone \udce9",
        "n" * 300,
    ],
    ids=ascii,
)
def test_unfit_name_is_refused_before_any_work(pooling: Path, name: str, fieldguide_home) -> None:
    with pytest.raises(BackboneError, match="can't be the name"):
        import_backbone(str(pooling), name)
    assert list(fieldguide_home.iterdir()) == []


def test_file_in_place_of_the_folder_of_imports_is_an_error(pooling: Path) -> None:
    imported_dir().parent.mkdir(parents=True)
    imported_dir().write_bytes(b"")
    with pytest.raises(StorageError, match="backbones"):
        import_backbone(str(pooling), "mine")


@pytest.fixture
def serve():
    """Serves bytes as hub servers do, to those who ask for `tf-hub-format=compressed`."""
    servers = []

    def start(content: bytes) -> str:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = self.path == "/google/pooling/1?tf-hub-format=compressed"
                self.send_response(200 if found else 404)
                self.end_headers()
                self.wfile.write(content if found else b"")

            def log_message(self, *arguments: object) -> None:
                """Not to the test's output."""

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/google/pooling/1"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def packed(pooling: Path, tmp_path: Path) -> bytes:
    with tarfile.open(tmp_path / "packed.tar.gz", "w:gz") as archive:
        archive.add(pooling, ".")
    return (tmp_path / "packed.tar.gz").read_bytes()


def test_url_is_fetched_once_and_works(serve, packed: bytes, monkeypatch) -> None:
    url = serve(packed)
    backbone = prepare_backbone(url)
    assert backbone.litert_path is not None
    assert backbone.info.handle == url
    np.testing.assert_allclose(features(backbone), expected(), atol=1e-5)
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("fetched again"))
    assert prepare_backbone(url) == backbone
    assert import_backbone(url, "mine").handle == url


@pytest.mark.parametrize("damage", ["half", "flipped", "no archive", "empty", "not a model"])
def test_damaged_download_is_one_clear_error_and_is_not_kept(
    serve, packed: bytes, tmp_path: Path, damage: str
) -> None:
    flipped = bytearray(packed)
    flipped[len(packed) // 2 : len(packed) // 2 + 50] = bytes(50)
    with tarfile.open(tmp_path / "other.tar.gz", "w:gz") as archive:
        archive.add(__file__, "notes.txt")
    content = {
        "half": packed[: len(packed) // 2],
        "flipped": bytes(flipped),
        "no archive": b"<html>",
        "empty": b"",
        "not a model": (tmp_path / "other.tar.gz").read_bytes(),
    }[damage]
    url = serve(content)
    with pytest.raises(BackboneError) as caught:
        prepare_backbone(url)
    assert url in str(caught.value)
    assert "\n" not in str(caught.value)


def test_wrong_address_is_one_clear_error(serve, packed: bytes) -> None:
    url = serve(packed).replace("pooling", "nothing")
    with pytest.raises(BackboneError, match="404") as caught:
        prepare_backbone(url)
    assert url in str(caught.value)


def test_no_network_is_one_clear_error_with_what_to_do() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/net"
    with pytest.raises(BackboneError, match="Connection refused") as caught:
        prepare_backbone(url)
    assert url in str(caught.value)
    assert "Check the address and the network" in str(caught.value)


def test_facts_of_an_import_win_over_the_caches(pooling: Path) -> None:
    from core.backbones.backbone import write_info

    info = replace(import_backbone(str(pooling), "mine"), family="Own", license="MIT")
    write_info(imported_dir() / "mine", info)
    assert prepare_backbone("mine").info == info


def test_real_network_gets_a_twin_that_a_head_can_join(tmp_path: Path) -> None:
    from ai_edge_litert.interpreter import Interpreter

    from core.models.litert_head import join_litert
    from resources import resource_path
    from tests.models import photo_features, photo_layers, photo_pixels

    embedded = resource_path("backbones", "efficientnet_lite0", "saved_model")
    backbone = prepare_backbone(str(shutil.copytree(embedded, tmp_path / "net")))
    assert backbone.litert_path is not None
    assert backbone.info.parameters == 3413024
    received = make_extractors(backbone, gpu=False)[0](photo_pixels())
    assert np.abs(received - photo_features()).max() <= 1e-4
    joined = Interpreter(model_content=join_litert(backbone.litert_path, photo_layers()))
    images = photo_pixels().astype(np.float32) / 255
    answers = [
        joined.get_signature_runner()(images=image[None])["probabilities"].argmax()
        for image in images
    ]
    assert answers == [0, 1, 2]


def test_a_backbone_in_the_old_format_is_refused_before_anything_is_fetched():
    def fetch(*_arguments):
        raise AssertionError("something was fetched")

    with pytest.raises(BackboneError, match=r"EfficientNet-Lite3.*only in the old TF1 Hub format"):
        download_backbone("efficientnet-lite3", on_progress=fetch)
    with pytest.raises(BackboneError, match=r"only in the old TF1 Hub format"):
        prepare_backbone("efficientnet-lite3", download_progress=fetch)


@dataclass
class Untrusted:
    """A SavedModel that writes a file when it is loaded, and that file."""

    folder: Path
    written: Path


@pytest.fixture
def untrusted(tmp_path: Path) -> Untrusted:
    written = tmp_path / "written"
    return Untrusted(save_untrusted(tmp_path / "untrusted", "initializer", written), written)


def archive_of(folder: Path) -> Path:
    path = folder.with_suffix(".tar.gz")
    with tarfile.open(path, "w:gz") as archive:
        archive.add(folder, ".")
    return path


@pytest.mark.parametrize("kind", ["folder", "archive", "address"])
@pytest.mark.parametrize("use", [prepare_backbone, lambda handle: import_backbone(handle, "mine")])
def test_nothing_of_an_untrusted_model_runs(untrusted, serve, kind: str, use) -> None:
    archive = archive_of(untrusted.folder)
    handles = {"folder": untrusted.folder, "archive": archive}
    handle = serve(archive.read_bytes()) if kind == "address" else str(handles[kind])
    for _ in range(2):  # what is kept of the first time changes nothing
        with pytest.raises(UntrustedBackboneError, match="WriteFile in the function") as caught:
            use(handle)
    assert caught.value.refusal.name == handle
    assert not untrusted.written.exists()
    assert [info.name for info in list_backbones()] == EMBEDDED


def test_trusted_model_is_used_and_stays_trusted_wherever_it_lies(untrusted) -> None:
    handle = str(untrusted.folder)
    prepare_backbone(handle, trust=True)
    assert untrusted.written.exists()
    shutil.rmtree(cache_dir())
    prepare_backbone(handle)
    import_backbone(str(archive_of(untrusted.folder)), "mine")
    assert prepare_backbone("mine").info.feature_dim == 4


def test_trust_ends_with_the_content(untrusted) -> None:
    import_backbone(str(untrusted.folder), "mine", trust=True)
    untrusted.written.unlink()
    edit(untrusted.folder, lambda graph: graph.meta_info_def.tags.append("changed"))
    with pytest.raises(UntrustedBackboneError):
        prepare_backbone(str(untrusted.folder))
    edit(imported_dir() / "mine/saved_model", lambda graph: graph.meta_info_def.tags.append("new"))
    with pytest.raises(UntrustedBackboneError):
        prepare_backbone("mine")
    assert not untrusted.written.exists()


def test_weights_are_not_loaded_to_be_trained_either(untrusted) -> None:
    from core.backbones.saved_model_graph import load_frozen_backbone
    from core.backbones.saved_model_training import load_trainable_backbone, spread_backbone

    backbone = prepare_backbone(str(untrusted.folder), trust=True)
    untrusted.written.unlink()
    (data_dir() / "trusted-models.json").unlink()
    loaders = (
        lambda: load_trainable_backbone(backbone),
        lambda: spread_backbone(None, backbone, None),
        lambda: load_frozen_backbone(backbone),
    )
    for load in loaders:
        with pytest.raises(UntrustedBackboneError):
            load()
    assert not untrusted.written.exists()
