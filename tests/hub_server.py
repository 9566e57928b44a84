"""A server that speaks TensorFlow Hub's and Kaggle's protocol here, and misbehaves when told to."""

import hashlib
import http.server
import io
import os
import re
import tarfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_KAGGLE_ARCHIVE = re.compile(r"/api/v1/models/[\w.-]+/[\w.-]+/\w+/[\w.-]+/\d+/download")


GRAPH = os.urandom(300_000)
"""What servers hand out as a model's graph."""


def packed(folder: Path) -> bytes:
    """A `.tar.gz` of a folder's content, as hub servers give it."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz", compresslevel=1) as archive:
        archive.add(folder, ".")
    return content.getvalue()


def packed_by_kaggle(folder: Path) -> bytes:
    """A `.tar.gz` of a folder's files at its top, without an entry for a folder, as Kaggle's."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz", compresslevel=1) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.add(path, path.relative_to(folder).as_posix())
    return content.getvalue()


@dataclass
class Asked:
    """One request that came."""

    path: str
    range: str | None


@dataclass
class Behaviour:
    """What the server does.

    Attributes:
        cuts: After how many bytes each of the next answers breaks off.
        takes_ranges: Whether it sends the rest of a file.
        tag: The ETag; None for the content's own, empty for none.
        extra_length: Added to the length that it announces; None announces none.
        statuses: Answers to the next requests in the place of the content.
        hub_status: Answer to every request that is TensorFlow Hub's, in the place of the content.
        kaggle_content: What Kaggle's addresses have, if something else.
        redirects: How many times it sends elsewhere first; -1 without end.
        location: Where it redirects to, in the place of itself.
        stalls_at: After how many bytes it goes silent, until `release`.
    """

    content: bytes = b""
    cuts: list[int] = field(default_factory=list)
    takes_ranges: bool = True
    tag: str | None = None
    extra_length: int | None = 0
    statuses: list[int] = field(default_factory=list)
    hub_status: int | None = None
    kaggle_content: bytes | None = None
    redirects: int = 0
    location: str = ""
    stalls_at: int | None = None


class HubServer:
    """Serves one archive under any path that asks for `tf-hub-format=compressed`, and as Kaggle."""

    def __init__(self, content: bytes) -> None:
        self.behaviour = Behaviour(content)
        self.asked: list[Asked] = []
        self.released = threading.Event()
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def ranges(self) -> list[str | None]:
        """What parts were asked for."""
        return [asked.range for asked in self.asked]

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        hub = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub.asked.append(Asked(self.path, self.headers["Range"]))
                hub.answer(self)

            def log_message(self, *arguments: object) -> None:
                """Not to the test's output."""

        return Handler

    def answer(self, to: Any) -> None:
        behaviour = self.behaviour
        is_hub = "tf-hub-format=compressed" in to.path
        is_known = is_hub or _KAGGLE_ARCHIVE.fullmatch(to.path)
        status = behaviour.hub_status if is_hub else None
        if behaviour.statuses or status is not None or not is_known:
            to.send_response(behaviour.statuses.pop(0) if behaviour.statuses else status or 404)
            to.end_headers()
            return
        if behaviour.redirects:
            behaviour.redirects -= 1
            to.send_response(302)
            hop = len(self.asked)
            to.send_header(
                "Location",
                behaviour.location or f"{self.address}/hop{hop}?tf-hub-format=compressed",
            )
            to.end_headers()
            return
        self._send(to, behaviour)

    def _send(self, to: Any, behaviour: Behaviour) -> None:
        content, start = behaviour.content, 0
        if behaviour.kaggle_content is not None and _KAGGLE_ARCHIVE.fullmatch(to.path):
            content = behaviour.kaggle_content
        tag = behaviour.tag
        if tag is None:
            tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        match = re.fullmatch(r"bytes=(\d+)-", to.headers["Range"] or "")
        if match and behaviour.takes_ranges and to.headers["If-Range"] == tag:
            start = int(match[1])
            if start >= len(content):
                to.send_response(416)
                to.end_headers()
                return
            to.send_response(206)
            to.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        else:
            to.send_response(200)
        if tag:
            to.send_header("ETag", tag)
        if behaviour.extra_length is not None:
            to.send_header("Content-Length", str(len(content) - start + behaviour.extra_length))
        to.end_headers()
        end = start + behaviour.cuts.pop(0) if behaviour.cuts else len(content)
        if behaviour.stalls_at is not None:
            to.wfile.write(content[start : behaviour.stalls_at])
            to.wfile.flush()
            self.released.wait()
            return
        to.wfile.write(content[start:end])
