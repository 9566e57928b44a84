"""Controls of running programs, found by the names that assistive technology reads out."""

import json
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.window.x_session import SYSTEM_PYTHON, XSession

_CLIENT = Path(__file__).with_name("atspi_client.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A control as assistive technology sees it.

    Attributes:
        text: What it says: of a label its words, of an edit its contents.
        value: Of a spin box, slider or progress bar.
        box: Left, top, width, height on the screen.
    """

    name: str
    role: str
    text: str
    description: str
    value: float | None
    box: tuple[int, int, int, int]
    enabled: bool

    @property
    def center(self) -> tuple[int, int]:
        """Where to click on it."""
        x, y, width, height = self.box
        return x + width // 2, y + height // 2


class Popup:
    """What a popup said; filled in when the block that opens it ends.

    Attributes:
        match: Of the text that was waited for.
    """

    controls: list[Control]
    match: re.Match[str]


class Accessible:
    """The controls of all programs in a session. Each call waits until the control shows.

    Args:
        session: Where the programs run.
    """

    def __init__(self, session: XSession) -> None:
        self._session = session

    def find(self, name: str, role: str = "", seconds: float = 20) -> Control:
        """The control with this accessible name or object name."""
        return _control(self._ask(name, role, "find", seconds=seconds))

    def press(self, name: str, role: str = "", seconds: float = 20) -> Control:
        """Do what a click on it does."""
        return _control(self._ask(name, role, "press", seconds=seconds))

    def wait_enabled(self, name: str, role: str = "", seconds: float = 60) -> Control:
        """Wait until it can be used."""
        return _control(self._ask(name, role, "wait enabled", seconds=seconds))

    def set(self, name: str, value: str | float, role: str = "") -> Control:
        """Put a number or text into it."""
        return _control(self._ask(name, role, "set", value=value))

    def under(self, name: str, role: str = "") -> list[Control]:
        """The control and all that shows in it."""
        return [*map(_control, self._ask(name, role, "tree"))]

    def wait_for_text(
        self, name: str, pattern: str, role: str = "", seconds: float = 60
    ) -> re.Match[str]:
        """Wait until a text in the control matches the regular expression; gives the match."""
        answer = self._ask(name, role, "wait", value=pattern, seconds=seconds)
        return _first_match(map(_control, answer), pattern)

    @contextmanager
    def popup(self, name: str, pattern: str, seconds: int = 30) -> Iterator["Popup"]:
        """Watch for a popup with a text that matches; what the block does has to open it."""
        popup = Popup()
        request = {"name": name, "action": "popup", "value": pattern, "seconds": seconds}
        client = self._session.follow(SYSTEM_PYTHON, _CLIENT, json.dumps(request))
        assert client.stdout is not None
        assert client.stdout.readline() == "ready\n"
        yield popup
        answer = client.stdout.readline()
        assert answer, f"no popup {name!r} that says {pattern!r} came"
        popup.controls = [*map(_control, json.loads(answer))]
        popup.match = _first_match(popup.controls, pattern)

    def _ask(
        self,
        name: str,
        role: str,
        action: str,
        *,
        value: str | float | None = None,
        seconds: float = 20,
    ) -> Any:
        request = {"name": name, "role": role, "action": action, "seconds": seconds}
        if value is not None:
            request["value"] = value
        deadline = time.monotonic() + seconds
        while True:
            request["seconds"] = max(1.0, deadline - time.monotonic())
            try:
                call = self._session.call
                answer = call(SYSTEM_PYTHON, _CLIENT, json.dumps(request), seconds=seconds + 60)
                return json.loads(answer)
            except AssertionError:
                # The client ends when its library got stuck, which says nothing of the control.
                if time.monotonic() > deadline:
                    raise


def _first_match(controls: Iterable[Control], pattern: str) -> re.Match[str]:
    texts = (text for each in controls for text in (each.text, each.name, each.description))
    return next(match for text in texts if (match := re.search(pattern, text)))


def _control(answer: dict[str, Any]) -> Control:
    return Control(**answer | {"box": tuple(answer["box"])})
