"""Files from servers that break off, go silent, lie or loop."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest

from core.backbones import http_download
from core.backbones.http_download import Download, Patience
from core.errors import BackboneError, StorageError
from core.messages.control import StopRequestedError
from tests.hub_server import HubServer

CONTENT = np.random.default_rng(0).bytes(3_000_000)
QUICK = Patience(timeout_s=0.3, attempts=3, pause_s=0.01)


@pytest.fixture
def server() -> Iterator[HubServer]:
    server = HubServer(CONTENT)
    yield server
    server.close()


def download(server: HubServer, path: Path, **options) -> Download:
    url = f"{server.address}/net?tf-hub-format=compressed"
    return Download(url, path, **({"patience": QUICK} | options))


@contextmanager
def answering(*answers: tuple[bytes, bytes]) -> Iterator[str]:
    """The address of a server that sends given bytes, then others until nobody reads.

    Args:
        answers: What it sends first and then repeats, for each connection in turn.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for first, repeated in answers:
                connection, _ = listening.accept()
                with connection, suppress(OSError):
                    connection.recv(10_000)
                    connection.sendall(first)
                    while repeated:
                        connection.sendall(repeated)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread.join()


def test_file_comes_whole_with_its_progress(server: HubServer, tmp_path: Path) -> None:
    told = []
    download(server, tmp_path / "net", on_progress=lambda *now: told.append(now)).run()
    assert (tmp_path / "net").read_bytes() == CONTENT
    assert told[0] == (0, len(CONTENT))
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert told == sorted(told)
    assert [path.name for path in tmp_path.iterdir()] == ["net"]


def test_cut_connection_goes_on_where_it_broke(server: HubServer, tmp_path: Path) -> None:
    server.behaviour.cuts = [1_000_000, 500_000]
    download(server, tmp_path / "net").run()
    assert (tmp_path / "net").read_bytes() == CONTENT
    assert server.ranges == [None, "bytes=1000000-", "bytes=1500000-"]


def test_server_without_ranges_starts_over(server: HubServer, tmp_path: Path) -> None:
    server.behaviour.cuts, server.behaviour.takes_ranges = [1_000_000], False
    download(server, tmp_path / "net").run()
    assert (tmp_path / "net").read_bytes() == CONTENT
    assert server.ranges == [None, "bytes=1000000-"]


def test_without_a_tag_no_rest_is_asked_for(server: HubServer, tmp_path: Path) -> None:
    server.behaviour.cuts, server.behaviour.tag = [1_000_000], ""
    download(server, tmp_path / "net").run()
    assert (tmp_path / "net").read_bytes() == CONTENT
    assert server.ranges == [None, None]


def test_content_that_changed_in_between_is_not_mixed(server: HubServer, tmp_path: Path) -> None:
    server.behaviour.cuts = [1_000_000] * QUICK.attempts
    server.behaviour.takes_ranges = False
    with pytest.raises(BackboneError, match="only 1,000,000 of 3,000,000 bytes"):
        download(server, tmp_path / "net").run()
    other = CONTENT[::-1]
    server.behaviour.content, server.behaviour.takes_ranges = other, True
    download(server, tmp_path / "net").run()
    assert (tmp_path / "net").read_bytes() == other


def test_next_download_goes_on_after_giving_up(server: HubServer, tmp_path: Path) -> None:
    server.behaviour.cuts = [1_000, 0, 0]
    with pytest.raises(BackboneError, match="only 1,000 of"):
        download(server, tmp_path / "net").run()
    assert not (tmp_path / "net").exists()
    download(server, tmp_path / "net").run()
    assert (tmp_path / "net").read_bytes() == CONTENT
    assert server.ranges[-1] == "bytes=1000-"


def test_wrong_length_is_refused(server: HubServer, tmp_path: Path) -> None:
    server.behaviour.extra_length = 10
    with pytest.raises(BackboneError, match=r"only 3,000,000 of 3,000,010 bytes"):
        download(server, tmp_path / "net").run()
    assert not (tmp_path / "net").exists()


def test_silence_is_a_time_out_and_the_rest_is_asked_for(server: HubServer, tmp_path) -> None:
    server.behaviour.stalls_at = 1_000
    with pytest.raises(BackboneError, match="doesn't answer"):
        download(server, tmp_path / "net").run()
    assert server.ranges == [None] + ["bytes=1000-"] * (len(server.asked) - 1)
    assert len(server.asked) == QUICK.attempts


def test_silence_can_be_cancelled_at_once(server: HubServer, tmp_path: Path) -> None:
    server.behaviour.stalls_at = 1_000
    seen = []

    def check() -> None:
        if seen:
            raise StopRequestedError

    def note(done: int, _total: int | None) -> None:
        if done:
            seen.append(done)

    patience = Patience(timeout_s=100, attempts=9)
    with pytest.raises(StopRequestedError):
        download(server, tmp_path / "net", on_progress=note, check=check, patience=patience).run()
    assert not (tmp_path / "net").exists()
    server.behaviour.stalls_at = None
    download(server, tmp_path / "net").run()
    assert (tmp_path / "net").read_bytes() == CONTENT


@pytest.mark.parametrize("status", [404, 403, 410])
def test_no_is_a_final_answer(server: HubServer, tmp_path: Path, status: int) -> None:
    server.behaviour.statuses = [status]
    with pytest.raises(BackboneError, match=str(status)):
        download(server, tmp_path / "net").run()
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_passing_trouble_is_waited_out(server: HubServer, tmp_path: Path, status: int) -> None:
    server.behaviour.statuses = [status, status]
    download(server, tmp_path / "net").run()
    assert (tmp_path / "net").read_bytes() == CONTENT


def test_rest_that_the_server_has_not_is_dropped(server: HubServer, tmp_path: Path) -> None:
    server.behaviour.cuts, server.behaviour.statuses = [1_000, 0, 0], []
    with pytest.raises(BackboneError):
        download(server, tmp_path / "net").run()
    server.behaviour.statuses = [416]
    download(server, tmp_path / "net").run()
    assert (tmp_path / "net").read_bytes() == CONTENT


def test_redirects_are_followed(server: HubServer, tmp_path: Path) -> None:
    server.behaviour.redirects = 3
    download(server, tmp_path / "net").run()
    assert (tmp_path / "net").read_bytes() == CONTENT


def test_redirect_loop_ends(server: HubServer, tmp_path: Path) -> None:
    server.behaviour.redirects = -1
    with pytest.raises(BackboneError, match=r"^too many redirects \(302\)$"):
        download(server, tmp_path / "net").run()
    assert len(server.asked) == 11


def test_redirect_to_a_local_file_is_not_followed(server: HubServer, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("mine")
    server.behaviour.redirects = 1
    server.behaviour.location = (tmp_path / "secret").as_uri()
    with pytest.raises(BackboneError, match="not an http or https address"):
        download(server, tmp_path / "net").run()
    assert not (tmp_path / "net").exists()


def test_body_of_a_redirect_is_not_read(tmp_path: Path) -> None:
    # Without end: reading it would never get to the file.
    forever = b"HTTP/1.1 302 Found\r\nLocation: /net\r\n\r\n", b"x" * 1000
    with answering(forever, (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnet", b"")) as address:
        Download(f"{address}/old", tmp_path / "net", patience=QUICK).run()
    assert (tmp_path / "net").read_bytes() == b"net"


def test_file_of_unknown_length_that_is_cut_is_not_taken_for_whole(tmp_path: Path) -> None:
    cut = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n", b""
    with answering(*[cut] * QUICK.attempts) as address, pytest.raises(BackboneError):
        Download(f"{address}/net", tmp_path / "net", patience=QUICK).run()
    assert not (tmp_path / "net").exists()


def test_server_that_hangs_up_is_asked_again(tmp_path: Path) -> None:
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnet", b""
    with answering((b"", b""), whole) as address:
        Download(f"{address}/net", tmp_path / "net", patience=QUICK).run()
    assert (tmp_path / "net").read_bytes() == b"net"


def test_too_large_a_file_is_not_taken(server: HubServer, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(http_download, "_LARGEST_BYTES", 1 << 20)
    with pytest.raises(BackboneError, match="larger than"):
        download(server, tmp_path / "net").run()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/net", "file:///etc/hostname", "http://[/net"])
def test_strange_addresses_are_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(BackboneError):
        Download(url, tmp_path / "net", patience=QUICK).run()


def test_proxy_of_the_environment_is_used(server: HubServer, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("http_proxy", server.address)
    monkeypatch.delenv("no_proxy", raising=False)
    url = "http://hub.invalid/net?tf-hub-format=compressed"
    Download(url, tmp_path / "net", patience=QUICK).run()
    assert (tmp_path / "net").read_bytes() == CONTENT
    assert server.asked[0].path == url


def test_proxy_that_no_download_can_use_is_named_or_passed_over(
    server: HubServer, tmp_path, monkeypatch
) -> None:
    # As desktops set it beside the others.
    monkeypatch.setenv("all_proxy", "socks://127.0.0.1:9")
    download(server, tmp_path / "net").run()
    monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(BackboneError, match="is a socks5 proxy"):
        Download("http://hub.invalid/net", tmp_path / "other", patience=QUICK).run()


def test_nobody_there_is_told_at_once(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/net"
    with pytest.raises(BackboneError, match=r"^Connection refused$"):
        Download(url, tmp_path / "net", patience=Patience(pause_s=1000)).run()


def test_folder_that_cant_be_written_is_a_storage_error(server: HubServer, tmp_path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="net"):
        download(server, tmp_path / "file" / "net").run()
