"""One HTTP request whose answer is read in a thread of its own, so that it can be abandoned."""

import queue
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from typing import IO, Any

from core.errors import BackboneError

_CHUNK_BYTES = 1 << 18
_POLL_S = 0.1
_MAX_REDIRECTS = 10

NETWORK_ERRORS = (OSError, HTTPException, ValueError)
"""What a request may end in: `URLError` and time-outs are OSErrors, odd addresses ValueErrors."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says before it sends the content."""

    status: int
    headers: Message


class Transfer:
    """A GET request under way.

    Args:
        url: `http://` or `https://`.
        headers: Sent along.
        timeout_s: Longest silence of the server, in seconds.
        check: Called often while waiting; what it raises ends the transfer.
    """

    def __init__(
        self, url: str, headers: dict[str, str], timeout_s: float, check: Callable[[], None]
    ) -> None:
        self._check = check
        self._request = urllib.request.Request(url, headers=headers)
        self._timeout_s = timeout_s
        # Small: a slow disk slows the network down, not the memory up.
        self._received: queue.Queue[Answer | bytes | Exception] = queue.Queue(maxsize=4)
        self._abandoned = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def answer(self) -> Answer:
        """Status and headers.

        Raises:
            OSError: If the server can't be reached or goes silent.
            HTTPException: If it speaks no HTTP.
        """
        answer = self._next()
        assert isinstance(answer, Answer)
        return answer

    def chunks(self) -> Iterator[bytes]:
        """The content that follows; it may end early without an error."""
        while chunk := self._next():
            assert isinstance(chunk, bytes)
            yield chunk

    def abandon(self) -> None:
        """Take no more; the thread ends by itself."""
        self._abandoned.set()

    def _next(self) -> Answer | bytes:
        while True:
            self._check()
            try:
                item = self._received.get(timeout=_POLL_S)
            except queue.Empty:
                continue
            if isinstance(item, Exception):
                raise item
            return item

    def _run(self) -> None:
        try:
            with _opener().open(self._request, timeout=self._timeout_s) as response:
                self._put(Answer(response.status, response.headers))
                while not self._abandoned.is_set() and (chunk := response.read1(_CHUNK_BYTES)):
                    self._put(chunk)
            self._put(b"")
        except urllib.error.HTTPError as error:
            with error:
                self._put(Answer(error.code, error.headers))
                self._put(b"")
        except (*NETWORK_ERRORS, BackboneError) as error:
            self._put(error)

    def _put(self, item: Answer | bytes | Exception) -> None:
        while not self._abandoned.is_set():
            try:
                self._received.put(item, timeout=_POLL_S)
            except queue.Full:
                continue
            return


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a bounded number of redirects, none from a safe address to an unsafe one."""

    max_redirections = _MAX_REDIRECTS

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Any,  # noqa: ANN401 - as in the base class
        newurl: str,
    ) -> urllib.request.Request | None:
        if req.full_url.startswith("https://") and not newurl.startswith("https://"):
            raise BackboneError(f"it leads to the unprotected address {newurl}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    """HTTP and HTTPS alone, through the proxies that the system or the environment names."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(),
    ):
        opener.add_handler(handler)
    return opener
