"""All features of a run: in place, from the cache where it has them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from core.backbones.backbone import Backbone
from core.backbones.prepare import prepare_backbone
from core.data.examination.image_index import ImageIndex
from core.data.pixels.decoder import ResizeMode
from core.errors import StorageError
from core.features import collect, extractors
from core.features.collect import FeatureCollection, FeatureSet
from core.settings.config import DEFAULT_BACKBONE
from core.storage.app_dirs import cache_dir
from tests.models import PHOTO_NAMES, PHOTOS, photo_features, photo_pixels
from tests.small_disk import file_size_limit
from tests.tunable_backbone import SIDE, save_tunable


@pytest.fixture
def backbone() -> Backbone:
    return prepare_backbone(DEFAULT_BACKBONE)


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    (tmp_path / "bad.jpg").write_bytes(b"")
    (tmp_path / "copy.jpg").write_bytes((PHOTOS / "cat.jpg").read_bytes())
    photos = [PHOTOS / name for name in PHOTO_NAMES]
    return [*photos, tmp_path / "bad.jpg", tmp_path / "copy.jpg"]


def gathered(backbone, paths, *, known=None, wanted=None, **callbacks) -> FeatureSet:
    nothing = {
        "check": lambda: None,
        "on_progress": lambda done: None,
        "on_unusable": lambda position, reason: None,
    }
    collection = FeatureCollection(backbone, ResizeMode.SQUASH, gpu=False, **(nothing | callbacks))
    with ImageIndex() as index:
        return collection.collect(paths, index, known, wanted)


def test_vectors_lie_where_their_images_are(backbone, paths) -> None:
    unusable, progress = [], []
    features = gathered(
        backbone,
        paths,
        on_unusable=lambda position, reason: unusable.append((position, reason)),
        on_progress=progress.append,
    )
    expected = photo_features()
    assert np.array_equal(features.vectors[:3], expected)
    assert np.array_equal(features.vectors[4], expected[0])
    assert not features.vectors[3].any()
    assert unusable == [(3, "is empty (0 bytes)")]
    assert [signature is None for signature in features.signatures] == [False] * 3 + [True, False]
    assert features.sha256s[4] == features.sha256s[0]
    assert progress[-1] == 5
    assert progress == sorted(progress)


def test_second_look_computes_nothing(backbone, paths, monkeypatch) -> None:
    first = gathered(backbone, paths[:3])
    monkeypatch.setattr(collect, "make_extractors", lambda *_, **__: pytest.fail("computed again"))
    second = gathered(backbone, paths[:3])
    assert np.array_equal(first.vectors, second.vectors)
    assert (second.num_cached, second.sha256s) == (3, first.sha256s)
    assert second.signatures == first.signatures
    known = gathered(backbone, [Path("gone.jpg")] * 3, known=first.sha256s)
    assert np.array_equal(first.vectors, known.vectors)


def cached_rows() -> list[tuple[bytes, ...]]:
    (cache_file,) = (cache_dir() / "features").glob("*.sqlite")
    with closing(sqlite3.connect(cache_file)) as connection:
        return connection.execute("SELECT * FROM vectors ORDER BY sha256").fetchall()


def test_order_changes_nothing_but_when_an_image_is_told(
    backbone, paths, tmp_path, monkeypatch
) -> None:
    told: list[int] = []
    monkeypatch.setattr(extractors, "num_cores", lambda: 1)
    order = [4, 1, 3, 0, 2]

    def tell(position: int, features: FeatureSet) -> None:
        assert features.vectors[position].any()
        told.append(position)

    mixed = gathered(backbone, paths, wanted=order, on_features=tell)
    rows = cached_rows()
    assert told == [4, 1, 0, 2]  # the damaged one has no features
    monkeypatch.setenv("FIELDGUIDE_HOME", str(tmp_path / "other"))
    plain = gathered(backbone, paths)
    assert np.array_equal(mixed.vectors, plain.vectors)
    assert (mixed.sha256s, mixed.signatures) == (plain.sha256s, plain.signatures)
    assert rows == cached_rows()
    told.clear()
    gathered(backbone, paths, wanted=order, on_features=tell)
    assert told == [4, 1, 0, 2]  # from the cache


def test_copy_is_computed_once_on_a_later_run(backbone, paths) -> None:
    gathered(backbone, paths[:3])
    assert gathered(backbone, paths[4:]).num_cached == 1


def test_garbage_in_place_of_the_cache_is_computed_again(backbone, paths) -> None:
    first = gathered(backbone, paths[:3])
    (cache_file,) = (cache_dir() / "features").glob("*.sqlite")
    cache_file.write_bytes(b"garbage" * 1000)
    second = gathered(backbone, paths[:3])
    assert second.num_cached == 0
    assert np.array_equal(first.vectors, second.vectors)
    assert gathered(backbone, paths[:3]).num_cached == 3


def test_stop_keeps_what_is_finished(backbone, paths) -> None:
    done = []

    def check() -> None:
        if len(done) > 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gathered(backbone, paths[:3], check=check, on_progress=lambda n: n and done.append(n))
    assert gathered(backbone, paths[:3]).num_cached >= 1


@pytest.mark.parametrize("num_threads", [1, 2, 5])
def test_number_of_threads_changes_no_bit(backbone, paths, monkeypatch, num_threads: int) -> None:
    monkeypatch.setattr(extractors, "num_cores", lambda: num_threads)
    assert np.array_equal(gathered(backbone, paths[:3]).vectors, photo_features())


def test_many_vectors_lie_on_disk(backbone, paths, monkeypatch) -> None:
    monkeypatch.setattr("core.features.collect._LARGEST_IN_MEMORY", 100)
    features = gathered(backbone, paths[:3])
    assert isinstance(features.vectors, np.memmap)
    assert np.array_equal(features.vectors, photo_features())


@pytest.mark.slow
def test_litert_equals_tensorflow_hub() -> None:
    import tensorflow_hub as hub

    from resources import resource_path

    module = hub.load(str(resource_path("backbones", "efficientnet_lite0", "saved_model")))
    expected = module(photo_pixels().astype(np.float32) / 255).numpy()
    assert np.abs(photo_features() - expected).max() <= 1e-4


@pytest.mark.slow
def test_tensorflow_equals_litert(backbone) -> None:
    from core.features.tensorflow_extractor import TensorFlowExtractor

    extractor = TensorFlowExtractor(backbone, mixed_precision=False)
    received = extractor(photo_pixels())
    assert np.abs(received - photo_features()).max() <= 1e-4
    assert backbone.frozen_graph_path.is_file()
    again = TensorFlowExtractor(backbone, mixed_precision=False)(photo_pixels()[:1])
    assert np.abs(again - received[:1]).max() <= 1e-5


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["garbage", "half", "bit"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_damaged_frozen_graph_is_made_again(tmp_path: Path, damage: str) -> None:
    from core.backbones.saved_model_freezing import read_graph
    from core.features.tensorflow_extractor import TensorFlowExtractor

    backbone = prepare_backbone(str(save_tunable(tmp_path / "tiny")))
    pixels = np.random.default_rng(0).integers(0, 256, (3, SIDE, SIDE, 3), np.uint8)
    expected = TensorFlowExtractor(backbone, mixed_precision=False)(pixels)
    path = backbone.frozen_graph_path
    whole = path.read_bytes()
    weights = max(
        (node.attr["value"].tensor.tensor_content for node in read_graph(path).node), key=len
    )
    flipped = bytearray(whole)
    flipped[whole.index(weights) + len(weights) // 2] ^= 0x40  # it can still be read
    damaged = {"garbage": b"x" * 999, "half": whole[: len(whole) // 2], "bit": bytes(flipped)}[
        damage
    ]
    path.write_bytes(damaged)
    received = TensorFlowExtractor(backbone, mixed_precision=False)(pixels)
    np.testing.assert_allclose(received, expected, atol=1e-6)
    assert path.read_bytes() != damaged


@pytest.fixture
def low_limit(monkeypatch) -> None:
    monkeypatch.setattr(collect, "_LARGEST_IN_MEMORY", 999)


@pytest.mark.parametrize("num_images", [0, 1, 10])
def test_few_vectors_are_a_plain_array(tmp_path: Path, num_images: int) -> None:
    table = collect.make_vector_table(num_images, 5, tmp_path / "folder")
    assert type(table) is np.ndarray
    assert (table.shape, table.dtype) == ((num_images, 5), np.float32)
    assert not table.any()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("low_limit")
def test_many_vectors_are_mapped_from_a_file_without_a_name(tmp_path: Path) -> None:
    table = collect.make_vector_table(50, 5, tmp_path / "folder")
    assert isinstance(table, np.memmap)
    assert (table.shape, table.dtype) == ((50, 5), np.float32)
    assert not table.any()
    table[49] = 3
    assert table[49].tolist() == [3.0] * 5
    assert list((tmp_path / "folder").iterdir()) == []


@pytest.mark.usefixtures("low_limit")
def test_room_is_taken_at_once(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="folder"), file_size_limit(4096):
        collect.make_vector_table(5000, 5, tmp_path / "folder")


@pytest.mark.usefixtures("low_limit")
def test_folder_that_cant_be_made_is_an_error_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="file"):
        collect.make_vector_table(5000, 5, tmp_path / "file")


@pytest.mark.usefixtures("low_limit")
def test_as_much_room_is_taken_as_vectors_need(tmp_path: Path, monkeypatch) -> None:
    reserved = []
    monkeypatch.setattr(collect, "_reserve", lambda handle, size: reserved.append(size))
    collect.make_vector_table(5000, 5, tmp_path)
    assert reserved == [4 * 5000 * 5]
