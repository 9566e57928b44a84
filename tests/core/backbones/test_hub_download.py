"""SavedModels from hub servers: unpacked safely, remembered, never half-written."""

import hashlib
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.backbones.archive_hashes import forget_hash
from core.backbones.http_download import Patience
from core.backbones.hub_download import downloads_dir, fetch_saved_model, forget_download
from core.backbones.offline import OFFLINE_VARIABLE, is_offline, set_offline
from core.errors import BackboneError, StorageError
from core.messages.control import StopRequestedError
from tests.hub_server import GRAPH, HubServer, packed

QUICK = Patience(timeout_s=0.5, attempts=2, pause_s=0.01)


@pytest.fixture
def server(model: Path) -> Iterator[HubServer]:
    server = HubServer(packed(model))
    yield server
    server.close()


def fetch(server: HubServer, **options) -> Path:
    return fetch_saved_model(f"{server.address}/google/net/1", patience=QUICK, **options)


def nothing_usable_is_left() -> bool:
    return not list(downloads_dir().rglob("saved_model.pb"))


def archive(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as tar:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return content.getvalue()


def test_model_is_fetched_once_and_lies_where_hub_puts_it(server: HubServer) -> None:
    folder = fetch(server)
    assert (folder / "saved_model.pb").read_bytes() == GRAPH
    handle = f"{server.address}/google/net/1"
    assert folder.name == hashlib.sha1(handle.encode()).hexdigest()
    assert fetch(server) == folder
    assert len(server.asked) == 1
    assert [path for path in downloads_dir().iterdir() if path.suffix not in ("", ".lock")] == []


def test_model_in_the_cache_of_hubs_library_is_used(server, model: Path, tmp_path, monkeypatch):
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "shared"))
    handle = f"{server.address}/google/net/1"
    shared = tmp_path / "shared" / hashlib.sha1(handle.encode()).hexdigest()
    shared.parent.mkdir()
    model.rename(shared)
    assert fetch(server) == shared
    assert server.asked == []


@pytest.mark.parametrize("kind", ["half", "flipped", "no archive", "empty", "no model"])
def test_damaged_archive_is_refused_and_not_kept(server: HubServer, kind: str) -> None:
    good = server.behaviour.content
    flipped = bytearray(good)
    flipped[len(good) // 2 : len(good) // 2 + 50] = bytes(50)
    server.behaviour.content = {
        "half": good[: len(good) // 2],
        "flipped": bytes(flipped),
        "no archive": b"<html>Not found</html>",
        "empty": b"",
        "no model": archive({"notes.txt": b"hello"}),
    }[kind]
    with pytest.raises(BackboneError) as caught:
        fetch(server)
    assert server.address in str(caught.value)
    assert nothing_usable_is_left()
    server.behaviour.content = good
    assert (fetch(server) / "saved_model.pb").read_bytes() == GRAPH


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "a/../../evil"])
def test_paths_out_of_the_folder_are_refused(server: HubServer, name: str, tmp_path) -> None:
    server.behaviour.content = archive({"saved_model.pb": b"graph", name: b"evil"})
    with pytest.raises(BackboneError, match="evil"):
        fetch(server)
    assert nothing_usable_is_left()
    assert not list(downloads_dir().parent.rglob("evil"))


def test_cut_connection_leaves_nothing_usable(server: HubServer) -> None:
    server.behaviour.cuts = [100_000, 0, 0]
    with pytest.raises(BackboneError, match="Can't download"):
        fetch(server)
    assert nothing_usable_is_left()
    fetch(server)
    assert server.ranges[-1] == "bytes=100000-"


def test_cancelled_download_goes_on_the_next_time(server: HubServer) -> None:
    server.behaviour.stalls_at = 100_000
    done = []

    def check() -> None:
        if done and done[-1]:
            raise StopRequestedError

    with pytest.raises(StopRequestedError):
        fetch(server, on_progress=lambda now, _total: done.append(now), check=check)
    assert nothing_usable_is_left()
    server.behaviour.stalls_at = None
    fetch(server)
    assert server.ranges[-1] is not None


def test_cancelled_unpacking_leaves_nothing(server: HubServer) -> None:
    done = []

    def check() -> None:
        # All bytes are there: what checks now is the unpacking.
        is_whole = bool(done) and done[-1] == len(server.behaviour.content)
        if is_whole and list(downloads_dir().glob("*.tar.gz")):
            raise StopRequestedError

    with pytest.raises(StopRequestedError):
        fetch(server, on_progress=lambda now, _total: done.append(now), check=check)
    assert nothing_usable_is_left()


def test_changed_content_is_refused_until_it_is_accepted(server: HubServer, model: Path) -> None:
    handle = f"{server.address}/google/net/1"
    fetch(server)
    forget_download(handle)
    (model / "saved_model.pb").write_bytes(b"other")
    server.behaviour.content = packed(model)
    with pytest.raises(BackboneError, match=r"has changed since.*--accept-changed"):
        fetch(server)
    assert nothing_usable_is_left()
    forget_hash(handle)
    assert (fetch(server) / "saved_model.pb").read_bytes() == b"other"


def test_offline_nothing_is_asked_for(server: HubServer, monkeypatch) -> None:
    monkeypatch.setenv(OFFLINE_VARIABLE, "1")
    with pytest.raises(BackboneError, match="downloads are turned off"):
        fetch(server)
    assert server.asked == []
    monkeypatch.setenv(OFFLINE_VARIABLE, "0")
    folder = fetch(server)
    set_offline(True)
    assert is_offline()
    assert fetch(server) == folder
    set_offline(False)
    assert not is_offline()


def test_full_disk_is_a_storage_error(server: HubServer, monkeypatch) -> None:
    def fail(self: Path, *_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(Path, "rename", fail)
        with pytest.raises(StorageError, match="No space left"):
            fetch(server)
    assert (fetch(server) / "saved_model.pb").read_bytes() == GRAPH


def test_mirror_is_asked_in_the_place_of_hub(server: HubServer, monkeypatch) -> None:
    monkeypatch.setenv("FIELDGUIDE_HUB", server.address + "/")
    fetch_saved_model("https://tfhub.dev/google/net/feature_vector/5", patience=QUICK)
    assert server.asked[0].path == "/google/net/feature_vector/5?tf-hub-format=compressed"
