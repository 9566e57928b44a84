"""Backbones of the catalogue: downloaded by the real worker, stored, trained with."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.backbones.backbone import read_info
from core.backbones.catalogue import find_entry
from core.backbones.download_sources import KAGGLE_MIRROR_VARIABLE, MIRROR_VARIABLE
from core.backbones.hub_download import downloads_dir
from core.backbones.offline import OFFLINE_VARIABLE
from core.backbones.prepare import download_backbone, prepare_backbone
from core.backbones.store import imported_dir, imported_folder, list_backbones
from core.data.dataset import ImageSource
from core.errors import BackboneError
from core.messages.events import (
    BackboneImported,
    Event,
    Phase,
    PhaseProgressed,
    PhaseStarted,
    RequestCancelled,
    RequestFailed,
    TrainingFinished,
)
from core.messages.requests import DownloadBackboneRequest, TrainRequest
from core.models.model_info import read_model_info
from core.settings.choices import Features
from core.settings.config import TrainConfig
from core.storage.app_dirs import cache_dir
from core.worker.process import WorkerProcess
from resources import resource_path
from tests.hub_server import HubServer, packed, packed_by_kaggle
from tests.saved_models import save_keras_application, save_pooling
from tests.untrusted_models import save_untrusted

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    # TensorFlow's loader and legacy Keras on Python 3.11 and later.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]
NAME = "mobilenet-v2-035-96"


@pytest.fixture
def server(tmp_path: Path, monkeypatch) -> Iterator[HubServer]:
    """A mirror of TensorFlow Hub with a tiny model of open input size under every handle."""
    server = HubServer(packed(save_pooling(tmp_path / "pooling", side=None)))
    monkeypatch.setenv(MIRROR_VARIABLE, server.address)
    yield server
    server.close()


def asked_of_worker(request, stop_at: type[Event] | None = None) -> list[Event]:
    process, events = WorkerProcess(), []
    for event in process.events(request):
        events.append(event)
        if stop_at is not None and isinstance(event, stop_at):
            process.request_stop()
    return events


def test_worker_downloads_with_progress_and_stores_it(server: HubServer) -> None:
    events = asked_of_worker(DownloadBackboneRequest(name=NAME))
    entry, last = find_entry(NAME), events[-1]
    assert entry is not None
    assert isinstance(last, BackboneImported)
    assert PhaseStarted(Phase.DOWNLOADING, len(server.behaviour.content)) in events
    assert any(isinstance(event, PhaseProgressed) for event in events)
    assert (last.info.name, last.info.handle, last.info.family) == (
        NAME,
        entry.handle,
        "MobileNet V2",
    )
    assert last.info.input_size == (96, 96)  # the graph leaves it open
    assert (last.info.feature_dim, last.info.parameters) == (4, 12)  # as the SavedModel has them
    assert read_info(imported_dir() / NAME) == last.info
    assert not list(downloads_dir().rglob("*.pb"))
    assert asked_of_worker(DownloadBackboneRequest(name=entry.handle))[-1] == last
    assert len(server.asked) == 1


def test_worker_downloads_from_kaggle_where_the_hub_refuses(
    server: HubServer, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setenv(KAGGLE_MIRROR_VARIABLE, server.address)
    server.behaviour.hub_status = 403
    server.behaviour.kaggle_content = packed_by_kaggle(tmp_path / "pooling")
    last = asked_of_worker(DownloadBackboneRequest(name=NAME))[-1]
    entry = find_entry(NAME)
    assert entry is not None
    assert entry.kaggle is not None
    assert isinstance(last, BackboneImported)
    # The model is the hub's, wherever its files came from.
    assert (last.info.name, last.info.handle) == (NAME, entry.handle)
    assert prepare_backbone(NAME).info == last.info
    assert [each.path.partition("?")[0] for each in server.asked] == [
        f"/{entry.handle.removeprefix('https://tfhub.dev/')}",
        f"/api/v1/models/{entry.kaggle.handle}/download",
    ]


def test_stopped_download_is_cancelled_and_nothing_is_here(server: HubServer) -> None:
    server.behaviour.stalls_at = 100
    events = asked_of_worker(DownloadBackboneRequest(name=NAME), stop_at=PhaseStarted)
    assert events[-1] == RequestCancelled()
    assert imported_folder(NAME) is None


def test_unknown_name_says_where_the_catalogue_is(server: HubServer) -> None:
    (last,) = asked_of_worker(DownloadBackboneRequest(name="nothing"))
    assert isinstance(last, RequestFailed)
    assert "list --all" in last.message


def test_old_format_is_refused_clearly(server: HubServer, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "tfhub_module.pb").write_bytes(b"")
    (tmp_path / "old" / "saved_model.pb").write_bytes(b"")
    server.behaviour.content = packed(tmp_path / "old")
    with pytest.raises(BackboneError, match="old TF1 Hub format"):
        download_backbone(NAME)
    assert imported_folder(NAME) is None


def test_name_of_the_catalogue_is_downloaded_when_it_is_needed(server: HubServer) -> None:
    told = []
    backbone = prepare_backbone(NAME, download_progress=lambda *now: told.append(now))
    assert told[-1] == (len(server.behaviour.content), len(server.behaviour.content))
    assert backbone.saved_model_dir == imported_dir() / NAME / "saved_model"
    assert backbone.litert_path is not None
    assert prepare_backbone(NAME) == backbone
    assert len(list((cache_dir() / "backbones").glob("*.lock"))) == 1  # prepared once


def test_offline_a_training_says_that_it_isnt_here(server: HubServer, monkeypatch) -> None:
    monkeypatch.setenv(OFFLINE_VARIABLE, "1")
    request = TrainRequest(
        sources=(ImageSource(resource_path("sample")),), config=TrainConfig(backbone=NAME)
    )
    last = asked_of_worker(request)[-1]
    assert isinstance(last, RequestFailed)
    assert "downloads are turned off" in last.message
    assert server.asked == []


def test_folder_of_a_catalogue_name_stays_a_folder(server, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    save_pooling(tmp_path / NAME)
    assert prepare_backbone(NAME).info.handle == NAME
    assert server.asked == []
    assert len(list_backbones()) == 3


@pytest.fixture
def few_images(tmp_path: Path) -> Path:
    """As many as a training needs: an architecture takes its time for each."""
    folder = tmp_path / "pictures"
    for label in ("brick", "grass"):
        (folder / label).mkdir(parents=True)
        for path in sorted(resource_path("sample", label).iterdir())[:3]:
            shutil.copy(path, folder / label)
    return folder


@pytest.mark.parametrize(
    ("name", "side", "alpha", "features"),
    [
        ("mobilenet-v2-100-224", 224, 1.0, Features.LAST),
        ("mobilenet-v2-035-96", 96, 0.35, Features.STAGES),
    ],
)
def test_real_architecture_is_downloaded_and_trained_at_its_own_size(
    server: HubServer,
    few_images: Path,
    tmp_path: Path,
    name: str,
    side: int,
    alpha: float,
    features: Features,
) -> None:
    net = save_keras_application(tmp_path / "net", "MobileNetV2", side, alpha=alpha)
    server.behaviour.content = packed(net)
    server.behaviour.cuts = [1_000_000]  # on the way, the connection breaks
    request = TrainRequest(
        sources=(ImageSource(few_images),),
        config=TrainConfig(
            backbone=name, features=features, epochs=1, validation_split=0.3, test_split=0.0
        ),
        output=tmp_path / "run",
    )
    last = asked_of_worker(request)[-1]
    assert isinstance(last, TrainingFinished), last
    entry, info = find_entry(name), read_info(imported_dir() / name)
    assert entry is not None
    assert (info.input_size, info.feature_dim) == ((side, side), 1280)
    assert (entry.input_size, entry.feature_dim) == (info.input_size, info.feature_dim)
    assert entry.parameters == info.parameters
    assert server.ranges == [None, "bytes=1000000-"]
    assert read_model_info(last.model_dir).input_size == (side, side)


def test_untrusted_download_is_refused_until_it_is_trusted(
    server: HubServer, tmp_path: Path
) -> None:
    written = tmp_path / "written"
    folder = save_untrusted(tmp_path / "untrusted", "initializer", written)
    server.behaviour.content = packed(folder)
    failed = asked_of_worker(DownloadBackboneRequest(name=NAME))[-1]
    assert isinstance(failed, RequestFailed)
    assert failed.refusal is not None
    assert "WriteFile in the function" in failed.message
    assert imported_folder(NAME) is None
    assert not written.exists()
    trusted = asked_of_worker(DownloadBackboneRequest(name=NAME, trust=True))[-1]
    assert isinstance(trusted, (BackboneImported, RequestFailed))
    assert written.exists()
