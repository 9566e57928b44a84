"""Models that two servers have: the second is asked where the first doesn't help."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.backbones.archive_hashes import forget_hash
from core.backbones.catalogue import CatalogueEntry, find_entry
from core.backbones.download_sources import (
    KAGGLE_MIRROR_VARIABLE,
    MIRROR_VARIABLE,
    download_sources,
)
from core.backbones.http_download import Patience
from core.backbones.http_transfer import Transfer
from core.backbones.hub_download import downloads_dir, fetch_saved_model, forget_download
from core.backbones.kaggle_model import KaggleModel
from core.backbones.offline import OFFLINE_VARIABLE
from core.errors import BackboneError
from core.messages.control import StopRequestedError
from tests.core.backbones.test_hub_download import nothing_usable_is_left
from tests.hub_server import GRAPH, HubServer, packed, packed_by_kaggle

QUICK = Patience(timeout_s=0.5, attempts=3, pause_s=0.01)
HUB_PATH = "/google/imagenet/inception_v3/feature_vector/5?tf-hub-format=compressed"
KAGGLE_PATH = "/api/v1/models/google/inception-v3/tensorFlow2/feature-vector/2/download"
PAGE = "https://www.kaggle.com/models/google/inception-v3/tensorFlow2/feature-vector/2"


@pytest.fixture
def entry() -> CatalogueEntry:
    entry = find_entry("inception-v3")
    assert entry is not None
    return entry


@pytest.fixture
def server(model: Path, monkeypatch) -> Iterator[HubServer]:
    """Both servers; Kaggle packs the same files in another way."""
    server = HubServer(packed(model))
    server.behaviour.kaggle_content = packed_by_kaggle(model)
    # Another name for the same, so that messages tell them apart.
    monkeypatch.setenv(MIRROR_VARIABLE, server.address.replace("127.0.0.1", "localhost"))
    monkeypatch.setenv(KAGGLE_MIRROR_VARIABLE, server.address)
    yield server
    server.close()


def asked(server: HubServer) -> list[str]:
    return [each.path for each in server.asked]


def fetch(entry: CatalogueEntry, **options) -> Path:
    return fetch_saved_model(entry.handle, patience=QUICK, **options)


def test_without_mirrors_the_catalogue_has_both_addresses(entry: CatalogueEntry) -> None:
    assert [source.url for source in download_sources(entry.handle)] == [
        f"https://tfhub.dev{HUB_PATH}",
        f"https://www.kaggle.com{KAGGLE_PATH}",
    ]


def test_hub_is_enough_where_it_answers(entry: CatalogueEntry, server: HubServer) -> None:
    fetch(entry)
    assert asked(server) == [HUB_PATH]


@pytest.mark.parametrize(("status", "attempts"), [(403, 1), (404, 1), (410, 1), (503, 2)])
def test_kaggle_is_asked_where_the_hub_refuses(
    entry: CatalogueEntry, server: HubServer, status: int, attempts: int, caplog
) -> None:
    server.behaviour.hub_status = status
    folder = fetch(entry)
    assert (folder / "saved_model.pb").read_bytes() == GRAPH
    assert asked(server) == [HUB_PATH] * attempts + [KAGGLE_PATH]
    [line] = [text for text in caplog.messages if "Trying" in text]
    assert str(status) in line
    assert line.endswith(f"Trying {server.address}{KAGGLE_PATH}")
    assert fetch(entry) == folder
    assert len(server.asked) == attempts + 1


def test_kaggle_is_asked_where_the_hub_cant_be_reached(
    entry: CatalogueEntry, server: HubServer, monkeypatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens
        monkeypatch.setenv(MIRROR_VARIABLE, f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert (fetch(entry) / "saved_model.pb").is_file()
    assert asked(server) == [KAGGLE_PATH]


@pytest.mark.parametrize("content", [b"<html>This model has moved.</html>", b""])
def test_kaggle_is_asked_where_the_hub_sends_a_web_page(
    entry: CatalogueEntry, server: HubServer, content: bytes
) -> None:
    server.behaviour.content = content
    assert (fetch(entry) / "saved_model.pb").read_bytes() == GRAPH
    assert asked(server) == [HUB_PATH, KAGGLE_PATH]


def test_both_fail_in_one_message_with_the_page_to_open(
    entry: CatalogueEntry, server: HubServer
) -> None:
    server.behaviour.statuses = [403, 404]
    with pytest.raises(BackboneError) as caught:
        fetch(entry)
    assert str(caught.value) == (
        f"Can't download the backbone {entry.handle}. From localhost: the server answered 403 "
        f"Forbidden. From 127.0.0.1: the server answered 404 Not Found. Open {PAGE} in a browser, "
        "download the model there, and drop the .tar.gz onto the list of backbones with the name "
        "inception-v3. In a terminal: fieldguide backbones import FILE --name inception-v3"
    )
    assert nothing_usable_is_left()


def test_cancel_between_the_servers_asks_the_second_for_nothing(
    entry: CatalogueEntry, server: HubServer, caplog, monkeypatch
) -> None:
    server.behaviour.hub_status = 403
    transfers = []

    def begin(url: str, *arguments: object) -> Transfer:
        transfers.append(url)
        return Transfer(url, *arguments)

    monkeypatch.setattr("core.backbones.http_transfer.Transfer", begin)

    def check() -> None:
        if any("Trying" in text for text in caplog.messages):
            raise StopRequestedError

    with pytest.raises(StopRequestedError):
        fetch(entry, check=check)
    assert len(transfers) == 1
    assert asked(server) == [HUB_PATH]
    assert nothing_usable_is_left()


def test_cancelled_download_from_kaggle_resumes_there(
    entry: CatalogueEntry, server: HubServer
) -> None:
    server.behaviour.hub_status = 403
    server.behaviour.stalls_at = 100_000
    done: list[int] = []

    def check() -> None:
        if done and done[-1]:
            raise StopRequestedError

    with pytest.raises(StopRequestedError):
        fetch(entry, on_progress=lambda now, _total: done.append(now), check=check)
    server.behaviour.stalls_at = None
    assert (fetch(entry) / "saved_model.pb").read_bytes() == GRAPH
    assert asked(server)[-1] == KAGGLE_PATH
    assert server.ranges[-1] is not None


def test_part_from_the_hub_is_not_continued_from_kaggle(
    entry: CatalogueEntry, server: HubServer
) -> None:
    # A tag that both have: only the address tells the archives apart.
    server.behaviour.tag = '"same"'
    server.behaviour.cuts = [100_000, 0, 0, 0]
    server.behaviour.kaggle_content = b"no archive"
    with pytest.raises(BackboneError):
        fetch(entry)
    assert server.ranges[:2] == [None, "bytes=100000-"]
    assert asked(server)[-1] == KAGGLE_PATH
    assert server.ranges[-1] is None
    # The hub's part is still there, and is gone when the model came from either.
    server.behaviour.cuts = []
    assert (fetch(entry) / "saved_model.pb").read_bytes() == GRAPH
    assert server.ranges[-1] == "bytes=100000-"
    assert not [path for path in downloads_dir().iterdir() if ".partial" in path.name]


def test_parts_from_the_hub_go_when_kaggle_had_it(entry: CatalogueEntry, server) -> None:
    server.behaviour.cuts = [100_000, 0, 0]
    server.behaviour.extra_length = 0
    assert (fetch(entry) / "saved_model.pb").read_bytes() == GRAPH
    assert asked(server) == [HUB_PATH] * 3 + [KAGGLE_PATH]
    assert not [path for path in downloads_dir().iterdir() if ".partial" in path.name]


def test_offline_no_server_is_asked(entry: CatalogueEntry, server: HubServer, monkeypatch) -> None:
    monkeypatch.setenv(OFFLINE_VARIABLE, "1")
    with pytest.raises(BackboneError, match="downloads are turned off"):
        fetch(entry)
    assert server.asked == []


def test_mirror_of_the_hub_alone_keeps_kaggle_out(
    entry: CatalogueEntry, server: HubServer, monkeypatch
) -> None:
    monkeypatch.delenv(KAGGLE_MIRROR_VARIABLE)
    server.behaviour.hub_status = 403
    with pytest.raises(BackboneError, match=rf"403 Forbidden\. Check the network, or open {PAGE}"):
        fetch(entry)
    assert asked(server) == [HUB_PATH]


def test_same_files_in_another_archive_are_the_same_model(
    entry: CatalogueEntry, server: HubServer
) -> None:
    fetch(entry)
    forget_download(entry.handle)
    server.behaviour.hub_status = 403
    assert (fetch(entry) / "saved_model.pb").read_bytes() == GRAPH
    assert asked(server)[-1] == KAGGLE_PATH


def test_other_files_from_kaggle_are_refused_until_accepted(
    entry: CatalogueEntry, server: HubServer, model: Path
) -> None:
    fetch(entry)
    forget_download(entry.handle)
    (model / "saved_model.pb").write_bytes(b"other")
    server.behaviour.kaggle_content = packed_by_kaggle(model)
    server.behaviour.hub_status = 403
    with pytest.raises(BackboneError, match=r"has changed since.*--accept-changed inception-v3"):
        fetch(entry)
    assert nothing_usable_is_left()
    forget_hash(entry.handle)
    assert (fetch(entry) / "saved_model.pb").read_bytes() == b"other"


def test_other_archive_from_the_hub_is_not_evaded_by_asking_kaggle(
    entry: CatalogueEntry, server: HubServer, model: Path
) -> None:
    fetch(entry)
    forget_download(entry.handle)
    (model / "saved_model.pb").write_bytes(b"other")
    server.behaviour.content = packed(model)
    with pytest.raises(BackboneError, match="has changed since"):
        fetch(entry)
    assert asked(server) == [HUB_PATH] * 2


@pytest.mark.parametrize(
    "handle",
    [PAGE, PAGE.replace("www.", "") + "/?tfhub-redirect=true"],
    ids=["page", "as the hub redirects to it"],
)
def test_page_of_kaggle_is_asked_for_its_archive(handle: str, server: HubServer) -> None:
    folder = fetch_saved_model(handle, patience=QUICK)
    assert (folder / "saved_model.pb").read_bytes() == GRAPH
    assert asked(server) == [KAGGLE_PATH]


def test_page_of_kaggle_is_asked_as_before_where_its_archive_is_refused(server: HubServer) -> None:
    server.behaviour.statuses = [403]
    fetch_saved_model(PAGE, patience=QUICK)
    model = KaggleModel.of_address(PAGE)
    assert model is not None
    assert asked(server) == [KAGGLE_PATH, f"/models/{model.handle}?tf-hub-format=compressed"]


def test_page_of_kaggle_that_fails_is_told_with_what_to_do(server: HubServer) -> None:
    server.behaviour.statuses = [403, 404]
    with pytest.raises(BackboneError) as caught:
        fetch_saved_model(PAGE, patience=QUICK)
    assert "the server answered 403 Forbidden" in str(caught.value)
    assert "import FILE --name inception-v3-feature-vector" in str(caught.value)


def test_page_without_a_version_is_refused_with_an_example(server: HubServer) -> None:
    with pytest.raises(BackboneError, match=r"doesn't name a version.*feature-vector/2\."):
        fetch_saved_model(PAGE.removesuffix("/2"), patience=QUICK)
    assert server.asked == []
