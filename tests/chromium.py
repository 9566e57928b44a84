"""A headless Chromium that tests drive as a user would, over its DevTools protocol."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = (
    "--headless=new",
    "--no-sandbox",  # which root can't have
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--no-first-run",
    "--remote-debugging-pipe",
)


class PageError(AssertionError):
    """A script of the test failed in the page, or the browser ended."""


class Page:
    """One page.

    Attributes:
        messages: What was written to its console, and what failed in its scripts.
    """

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = os.fdopen(reading, "rb"), writing
        self._rest, self._last_id, self._session = b"", 0, ""
        self.messages: list[str] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "DOM", "Network"):
            self.ask(f"{domain}.enable")

    def open(self, address: str) -> None:
        """Load a page, without the network beyond this computer."""
        self.ask("Page.navigate", url=address)
        loaded = "new Promise(resolve => addEventListener('load', resolve))"
        self.run(f"document.readyState === 'complete' || {loaded}.then(() => true)")

    def run(self, script: str) -> Any:
        """The value of an expression in the page; of a promise, what it promises."""
        done = self.ask(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in done:
            raise PageError(json.dumps(done["exceptionDetails"]) + "".join(self.messages))
        return done["result"].get("value")

    def wait_for(self, condition: str, seconds: float = 60) -> None:
        """Wait until an expression in the page is true.

        Raises:
            PageError: If it isn't within some seconds; with the text of the page.
        """
        script = f"""
            new Promise((resolve) => {{
                const end = Date.now() + {1000 * seconds};
                const look = () => {{
                    const isSo = {condition};
                    if (isSo || Date.now() > end) resolve(isSo);
                    else setTimeout(look, 20);
                }};
                look();
            }})
        """
        if not self.run(script):
            text = self.run("document.body.innerText")
            raise PageError(f"{condition} is not so: {text} {self.messages}")

    def choose_files(self, selector: str, paths: Sequence[Path]) -> None:
        """Choose files in a file input."""
        found = self.ask("Runtime.evaluate", expression=f"document.querySelector('{selector}')")
        handle = found["result"]["objectId"]
        self.ask("DOM.setFileInputFiles", files=[str(path) for path in paths], objectId=handle)

    def drop_files(self, paths: Sequence[Path], x: int = 50, y: int = 50) -> None:
        """Drag files over a point of the page and let them go there."""
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.ask("Input.dispatchDragEvent", type=kind, x=x, y=y, data=data)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol."""
        self._last_id += 1
        message = {"id": self._last_id, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._writing, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._last_id:
                if "error" in answer:
                    raise PageError(f"{method}: {answer['error']}")
                return dict(answer["result"])
            if answer.get("method") in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled"):
                self.messages.append(json.dumps(answer["params"]))

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            part = self._reading.read1(65536)
            if not part:
                raise PageError("Chromium has ended")
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(line))


def find_chromium() -> str | None:
    """The browser's program; None if there is none."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


@contextmanager
def chromium_page() -> Iterator[Page]:
    """An empty page of a browser of its own.

    Raises:
        PageError: If there is no browser, or it doesn't start.
    """
    program = find_chromium()
    if program is None:
        raise PageError("There is no Chromium: apt-get install chromium")
    there_reads, we_write = os.pipe()
    we_read, there_writes = os.pipe()
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        # The protocol's pipes are 3 and 4, whatever numbers they have here.
        shell = f'exec "$0" "$@" 3<&{there_reads} 4>&{there_writes}'
        command = ["bash", "-c", shell, program, *_OPTIONS, f"--user-data-dir={profile}"]
        process = subprocess.Popen(
            command,
            pass_fds=(there_reads, there_writes),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"HOME": profile},
        )
        os.close(there_reads)
        os.close(there_writes)
        try:
            page = Page(we_read, we_write)
            yield page
            page._reading.close()
        finally:
            os.close(we_write)  # it ends with its pipe
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
