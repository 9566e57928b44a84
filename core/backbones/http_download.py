"""A file from the network, in as many attempts as it takes; what has come is kept between them."""

import logging
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import BackboneError, StorageError
from core.storage.atomic_file import write_json_atomically
from core.storage.json_file import read_json
from core.storage.storage_message import storage_message
from core.text import Text

if TYPE_CHECKING:
    from core.backbones.http_transfer import Answer, Transfer

logger = logging.getLogger(__name__)

Progress = Callable[[int, int | None], None]
"""Called with the bytes that are there and those there will be; None if not known."""
Check = Callable[[], None]
"""Called often; what it raises ends the work."""

_LARGEST_BYTES = 16 << 30
_PASSING_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Patience:
    """How much a server may get wrong.

    Attributes:
        timeout_s: Longest silence, in seconds.
        attempts: Attempts in a row that may bring nothing new.
        pause_s: Seconds before the second attempt; they double with each.
        first_attempts: Attempts while nothing has come at all, if fewer.
    """

    timeout_s: float = 30.0
    attempts: int = 4
    pause_s: float = 1.0
    first_attempts: int | None = None


class _BrokenError(Exception):
    """An attempt broke off, and another one may do better."""


@dataclass(slots=True)
class Download:
    """One file on its way.

    Args:
        url: Where it is.
        path: Where it will be; until it is whole it is beside, with `.partial` at its end.
    """

    url: str
    path: Path
    on_progress: Progress = lambda _done, _total: None
    check: Check = lambda: None
    patience: Patience = field(default_factory=Patience)

    def run(self) -> None:
        """Fetch the file, or the rest of it.

        Raises:
            BackboneError: If the server doesn't have it, or breaks off too often. The message
                is the reason alone.
            StorageError: If it can't be written.
        """
        # The most that was ever there: a server that makes us begin anew brings nothing new.
        failures, most = 0, self._size()
        while True:
            try:
                self._attempt()
                return
            except _BrokenError as broken:
                failures = 1 if self._size() > most else failures + 1
                most = max(most, self._size())
                logger.warning("%s: %s", self.url, broken)
                if failures >= self._allowed(most):
                    raise BackboneError(str(broken)) from broken
            self._pause(self.patience.pause_s * 2 ** (failures - 1))

    def _allowed(self, most: int) -> int:
        first = self.patience.first_attempts
        if most or first is None:
            return self.patience.attempts
        return min(first, self.patience.attempts)

    def _attempt(self) -> None:
        from core.backbones.http_transfer import Transfer, TransferError

        have, tag = self._size(), self._tag()
        headers = {"User-Agent": "fieldguide", "Accept-Encoding": "identity"}
        if have and tag:
            headers |= {"Range": f"bytes={have}-", "If-Range": tag}
        transfer = Transfer(self.url, headers, self.patience.timeout_s, self.check)
        try:
            answer = transfer.answer()
            total = self._begin(answer, have if "Range" in headers else 0)
            self._write(transfer, total)
        except TransferError as error:
            if have or self._size() or error.may_pass:
                raise _BrokenError(str(error)) from error
            raise BackboneError(str(error)) from error
        finally:
            transfer.abandon()
        if total is not None and self._size() != total:
            raise _BrokenError(Text("only %1 of %2 bytes arrived", self._size(), total))
        self._finish()

    def _begin(self, answer: "Answer", have: int) -> int | None:
        """Get the partial file ready for what comes; the number of bytes there will be."""
        if answer.status == HTTPStatus.PARTIAL_CONTENT and have:
            match = re.fullmatch(
                r"bytes (\d+)-\d+/(\d+|\*)", answer.headers.get("Content-Range", "")
            )
            if match and int(match[1]) == have:
                return None if match[2] == "*" else int(match[2])
        elif answer.status == HTTPStatus.OK:
            self._start_over(answer)
            length = answer.headers.get("Content-Length", "")
            return int(length) if length.isdecimal() else None
        if answer.status in (206, 416):  # the rest of something else: begin anew
            self.forget()
            raise _BrokenError(Text("the server sent the wrong part of the file"))
        status = f"{answer.status} {_phrase(answer.status)}".rstrip()
        reason = Text("the server answered %1", status)
        if answer.status in _PASSING_STATUSES:
            raise _BrokenError(reason)
        raise BackboneError(reason)

    def _write(self, transfer: "Transfer", total: int | None) -> None:
        done = self._size()
        self.on_progress(done, total)
        for chunk in transfer.chunks():
            done += len(chunk)
            if done > _LARGEST_BYTES:
                self.forget()
                raise BackboneError(Text("it is larger than %1 GiB", _LARGEST_BYTES >> 30))
            try:
                with self._partial.open("ab") as file:
                    file.write(chunk)
            except OSError as error:
                raise StorageError(storage_message("write", self._partial, error)) from error
            self.on_progress(done, total)

    def _start_over(self, answer: "Answer") -> None:
        tag = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
        self.forget()
        try:
            self._partial.parent.mkdir(parents=True, exist_ok=True)
            self._partial.write_bytes(b"")
        except OSError as error:
            raise StorageError(storage_message("write", self._partial, error)) from error
        # A weak tag doesn't promise equal bytes.
        write_json_atomically(
            self._tag_path, {"url": self.url, "tag": "" if tag.startswith("W/") else tag}
        )

    def _finish(self) -> None:
        try:
            with self._partial.open("rb") as file:
                os.fsync(file.fileno())
            self._partial.replace(self.path)
        except OSError as error:
            raise StorageError(storage_message("write", self.path, error)) from error
        self.forget()

    def forget(self) -> None:
        """Remove what has come.

        Raises:
            StorageError: If it can't be removed.
        """
        for path in (self._partial, self._tag_path):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise StorageError(storage_message("remove", path, error)) from error

    def _pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.check()
            time.sleep(min(left, 0.1))

    def _size(self) -> int:
        try:
            return self._partial.stat().st_size
        except OSError:
            return 0

    def _tag(self) -> str:
        try:
            content = read_json(self._tag_path)
            return str(content["tag"]) if content["url"] == self.url else ""
        except (OSError, ValueError, LookupError, TypeError):
            return ""

    @property
    def _partial(self) -> Path:
        return self.path.with_name(self.path.name + ".partial")

    @property
    def _tag_path(self) -> Path:
        return self.path.with_name(self.path.name + ".partial.json")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
