"""A private X session: a screen without a monitor, a message bus, a window manager, a home."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from PIL import Image, ImageGrab

SYSTEM_PYTHON = "/usr/bin/python3"
_PROGRAMS = ("Xvfb", "openbox", "xdotool", "wmctrl", "thunar", "dbus-run-session", SYSTEM_PYTHON)
# Wide enough for a file manager beside a window of 1280×800.
_SCREEN = "1960x1000x24"
_DISPLAY_NUMBERS = range(100, 400)
_GRACE_SECONDS = 10


def missing_tools() -> list[str]:
    """What the system lacks for a session in which windows are used; empty if nothing."""
    missing = [name for name in _PROGRAMS if shutil.which(name) is None]
    if SYSTEM_PYTHON not in missing:
        code = "import gi; gi.require_version('Atspi', '2.0')"
        if subprocess.run([SYSTEM_PYTHON, "-c", code], capture_output=True).returncode != 0:
            missing.append("gir1.2-atspi-2.0")
    return missing


class XSession:
    """A running session; programs started in it end with it.

    Args:
        environment: What programs of the session get as their environment.
        logs: Folder for what the programs print.
    """

    def __init__(self, environment: dict[str, str], logs: Path, stack: ExitStack) -> None:
        self._environment = environment
        self._logs = logs
        self._stack = stack

    def start(self, name: str, *command: str | Path, **variables: str) -> subprocess.Popen[bytes]:
        """Start a program in the background; what it prints goes to `log(name)`."""
        with (self._logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [*map(str, command)],
                env=self._environment | variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._stack.callback(self._end, name, process)
        return process

    def _end(self, name: str, process: subprocess.Popen[bytes]) -> None:
        """End a program; if it has crashed, its log says where."""
        if (process.poll() or 0) < 0:
            sys.stderr.write(f"{name} crashed: {process.returncode}\n{self.log(name)}\n")
        _end(process)

    def log(self, name: str) -> str:
        """What a program printed so far."""
        return (self._logs / f"{name}.log").read_text(errors="replace")

    def follow(self, *command: str | Path) -> subprocess.Popen[str]:
        """Start a program whose output is read while it runs."""
        process = subprocess.Popen(
            [*map(str, command)],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._stack.callback(_end, process)
        assert process.stdout is not None
        self._stack.callback(process.stdout.close)
        return process

    def call(self, *command: str | Path, seconds: float = 60) -> str:
        """Run a program to its end; gives what it printed.

        Raises:
            AssertionError: If it fails or takes too long.
        """
        try:
            done = subprocess.run(
                [*map(str, command)],
                env=self._environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=seconds,
            )
        except subprocess.TimeoutExpired as error:
            raise AssertionError(f"{command} did not end in {seconds} s") from error
        assert done.returncode == 0, f"{command}: {done.stdout}\n{done.stderr}"
        return done.stdout.strip()

    def keys(self, *names: str) -> None:
        """Press keys one after the other, by their X names."""
        self.call("xdotool", "key", "--delay", "150", *names)

    def window(self, title: str, seconds: float = 60) -> str:
        """The id of a window whose title matches a pattern, once it shows.

        Raises:
            AssertionError: If it takes too long.
        """
        # Asked again and again: `--sync` sometimes never notices a window that came meanwhile.
        command = ["xdotool", "search", "--onlyvisible", "--name", title]
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(subprocess.TimeoutExpired):
                done = subprocess.run(
                    command, env=self._environment, capture_output=True, text=True, timeout=5
                )
                if found := done.stdout.split():
                    return found[0]
            self.call("sleep", "0.2")
        raise AssertionError(f"no window {title!r} in {seconds} s")

    def place(self, window: str, x: int, y: int, width: int, height: int) -> None:
        """Put a window somewhere on the screen, in front of the others."""
        unmaximised = "remove,maximized_vert,maximized_horz"
        self.call("wmctrl", "-i", "-r", window, "-b", unmaximised)
        self.call("wmctrl", "-i", "-r", window, "-e", f"0,{x},{y},{width},{height}")
        self.call("xdotool", "windowactivate", "--sync", window)

    def screenshot(self, path: Path) -> None:
        """Save what the whole screen shows."""
        self.grab().save(path)

    def grab(self, box: tuple[int, int, int, int] | None = None) -> Image.Image:
        """What the screen shows, or a part of it: left, top, right, bottom."""
        return ImageGrab.grab(bbox=box, xdisplay=self._environment["DISPLAY"])


@contextmanager
def x_session(folder: Path) -> Iterator[XSession]:
    """A session with its files in `folder`; all of it ends with the block."""
    home, logs = folder / "home", folder / "logs"
    for made in (home, logs, folder / "run"):
        made.mkdir(parents=True)
    (folder / "run").chmod(0o700)
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("QT_", "XDG_", "WAYLAND_", "DBUS_", "NO_AT_BRIDGE", "GTK_"))
    }
    environment |= {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "XDG_SESSION_TYPE": "x11",
        "XDG_CURRENT_DESKTOP": "X-Generic",
        "QT_QPA_PLATFORM": "xcb",
        # Nothing in this session asks for accessibility before the window starts.
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "PYTHONFAULTHANDLER": "1",
    }
    with ExitStack() as stack:
        environment["DISPLAY"] = _start_display(logs, stack)
        environment["DBUS_SESSION_BUS_ADDRESS"] = _start_bus(environment, stack)
        session = XSession(environment, logs, stack)
        session.start("openbox", "openbox", "--sm-disable")
        _wait_for_window_manager(environment)
        yield session


def _start_display(logs: Path, stack: ExitStack) -> str:
    """Start an X server on a display number that is free.

    Servers that look for a number themselves (`-displayfd`) ignore each other's locks: without
    abstract sockets, all of them take the first.
    """
    for number in random.sample(_DISPLAY_NUMBERS, len(_DISPLAY_NUMBERS)):
        if _started(number, logs, stack):
            return f":{number}"
    raise AssertionError(f"Xvfb did not start: {(logs / 'xvfb.log').read_text()}")


def _started(number: int, logs: Path, stack: ExitStack) -> bool:
    """Start a server; it ends at once where another has the number."""
    with (logs / "xvfb.log").open("ab") as log:
        process = subprocess.Popen(
            # No abstract socket: that is shared by systems of their own on one machine, which
            # may choose the same number.
            [
                *("Xvfb", f":{number}", "-screen", "0", _SCREEN, "-noreset"),
                *("-nolisten", "tcp", "-nolisten", "local"),
            ],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    while process.poll() is None:
        with socket.socket(socket.AF_UNIX) as client:
            is_there = client.connect_ex(f"/tmp/.X11-unix/X{number}") == 0
            if is_there and _owner(number) == process.pid:
                stack.callback(_end, process)
                return True
        time.sleep(0.05)
    return False


def _owner(number: int) -> int:
    """The process that holds the lock of a display; 0 if none does."""
    try:
        return int(Path(f"/tmp/.X{number}-lock").read_text())
    except (OSError, ValueError):
        return 0


def _start_bus(environment: dict[str, str], stack: ExitStack) -> str:
    """Start a message bus that lives until its input closes; gives its address."""
    script = 'echo "$DBUS_SESSION_BUS_ADDRESS"; cat'
    process = subprocess.Popen(
        ["dbus-run-session", "--", "sh", "-c", script],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    stack.callback(_end, process)
    assert process.stdin is not None
    assert process.stdout is not None
    stack.callback(process.stdout.close)
    # Closed first, it ends the bus and with it what the bus started.
    stack.callback(process.stdin.close)
    return process.stdout.readline().strip()


def _wait_for_window_manager(environment: dict[str, str], seconds: float = 60) -> None:
    """Wait until the window manager has taken over: a window that comes earlier may never show."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        asked = subprocess.run(["wmctrl", "-m"], env=environment, capture_output=True, check=False)
        if asked.returncode == 0:
            return
        time.sleep(0.1)
    raise AssertionError(f"no window manager in {seconds} s")


def _end(process: "subprocess.Popen[bytes] | subprocess.Popen[str]") -> None:
    """End a program and all that it started in its process group."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(_GRACE_SECONDS)
        except ProcessLookupError:
            process.wait()
        except subprocess.TimeoutExpired:
            continue
