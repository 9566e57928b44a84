"""One HTTP request whose answer is read in a thread of its own, so that it can be abandoned.

Imported late: httpx takes a while to import, and few commands download anything.
"""

import queue
import ssl
import threading
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import httpx

from core.errors import BackboneError
from core.polling import get_checked, put_until
from core.text import Text

_MAX_REDIRECTS = 10


class TransferError(Exception):
    """A request came to nothing, or broke off; the message is the reason.

    Attributes:
        may_pass: Whether another attempt may do better.
    """

    def __init__(self, reason: str, may_pass: bool = False) -> None:
        super().__init__(reason)
        self.may_pass = may_pass


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says before it sends the content.

    Attributes:
        headers: By name, in whatever case.
    """

    status: int
    headers: Mapping[str, str]


class Transfer:
    """A GET request under way, which follows redirects.

    Args:
        url: `http://` or `https://`.
        headers: Sent along.
        timeout_s: Longest silence of the server, in seconds.
        check: Called often while waiting; what it raises ends the transfer.
    """

    def __init__(
        self, url: str, headers: dict[str, str], timeout_s: float, check: Callable[[], None]
    ) -> None:
        self._url, self._headers = url, headers
        self._timeout_s = timeout_s
        self._check = check
        # Small: a slow disk slows the network down, not the memory up.
        self._received: queue.Queue[Answer | bytes | Exception] = queue.Queue(maxsize=4)
        self._abandoned = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def answer(self) -> Answer:
        """Return status and headers.

        Raises:
            TransferError: If the server can't be reached, goes silent or speaks no HTTP.
            BackboneError: If the address, or one that it leads to, is not to be asked.
        """
        answer = self._next()
        assert isinstance(answer, Answer)
        return answer

    def chunks(self) -> Iterator[bytes]:
        """Yield the content; it may end early without an error if its length was announced.

        Raises:
            TransferError: If it breaks off.
        """
        while chunk := self._next():
            assert isinstance(chunk, bytes)
            yield chunk

    def abandon(self) -> None:
        """Take no more; the thread ends by itself."""
        self._abandoned.set()

    def _next(self) -> Answer | bytes:
        item = get_checked(self._received, self._check)
        if isinstance(item, Exception):
            raise item
        return item

    def _run(self) -> None:
        try:
            with ExitStack() as stack:
                response = self._ask(stack)
                self._put(Answer(response.status_code, response.headers))
                if response.is_success:
                    self._read(response)
            self._put(b"")
        except Exception as error:  # noqa: BLE001 - raised where it is waited for
            self._put(_translated(error))

    def _ask(self, stack: ExitStack) -> httpx.Response:
        """Follow all redirects and return the answer; the stack closes it."""
        # The system's certificates, which know those of companies' proxies, not certifi's.
        tls = ssl.create_default_context()
        request = httpx.Request("GET", self._url, headers=self._headers)
        for _ in range(_MAX_REDIRECTS + 1):
            check_address(str(request.url))
            client = stack.enter_context(
                # trust_env would fail on the `all_proxy=socks://…` that desktops set.
                httpx.Client(
                    verify=tls,
                    timeout=self._timeout_s,
                    trust_env=False,
                    proxy=_proxy_for(request.url),
                )
            )
            # Each redirect by hand: its target is checked, and its body, of any size, not read.
            response = client.send(request, stream=True)
            stack.callback(response.close)
            if response.next_request is None or self._abandoned.is_set():
                return response
            response.close()
            check_address(str(response.next_request.url), led_from=str(request.url))
            request = response.next_request
        raise TransferError(Text("too many redirects (%1)", str(response.status_code)))

    def _read(self, response: httpx.Response) -> None:
        try:
            for chunk in response.iter_raw():
                self._put(chunk)
                if self._abandoned.is_set():
                    return
        except httpx.RemoteProtocolError:
            # Cut short: the caller, who knows the length, asks for the rest.
            if "Content-Length" not in response.headers:
                raise

    def _put(self, item: Answer | bytes | Exception) -> None:
        put_until(self._received, item, self._abandoned)


def check_address(url: str, led_from: str = "") -> None:
    """Refuse what is no address of the web, and a way from a protected to an unprotected one.

    Args:
        led_from: The address that redirects there.

    Raises:
        BackboneError: With the reason alone.
    """
    if not url.startswith(("http://", "https://")):
        raise BackboneError(Text("%1 is not an http or https address", url))
    if led_from.startswith("https://") and not url.startswith("https://"):
        raise BackboneError(Text("it redirects to %1, which is not secure (https)", url))


def _proxy_for(url: httpx.URL) -> httpx.Proxy | None:
    """Return the proxy that the system or the environment names for an address."""
    proxy = urllib.request.getproxies().get(url.scheme)
    if not proxy or urllib.request.proxy_bypass(url.netloc.decode("ascii")):
        return None
    if "://" not in proxy:
        proxy = f"http://{proxy}"
    if not proxy.startswith(("http://", "https://")):
        protocol = proxy.partition(":")[0]
        raise BackboneError(
            Text(
                "the proxy for %1 addresses is a %2 proxy; only http proxies are supported",
                url.scheme,
                protocol,
            )
        )
    return httpx.Proxy(
        proxy, ssl_context=ssl.create_default_context() if proxy.startswith("https:") else None
    )


def _translated(error: Exception) -> Exception:
    """Translate an error of the network or of an address; return others as they are."""
    if isinstance(error, httpx.TimeoutException):
        return TransferError(Text("the server doesn't answer"), may_pass=True)
    if not isinstance(error, httpx.HTTPError | httpx.InvalidURL | OSError | ValueError):
        return error
    cause = next((each for each in _chain(error) if isinstance(each, OSError)), error)
    text = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    hung_up = ConnectionResetError, ConnectionAbortedError
    return TransferError(
        str(text).partition("\n")[0].rstrip("."),
        # A server that hangs up before it answers speaks no HTTP to httpx.
        may_pass=isinstance(error, httpx.RemoteProtocolError) or isinstance(cause, hung_up),
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and its causes; httpcore leaves some out of `__cause__`."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
