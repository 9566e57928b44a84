import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.file_managers.program_command import classify_command

# As bytes: the names of files are no more than that.
ODD_NAMES = (
    b"plain.png",
    b"two  words.png",
    b"-n",
    b'it\'s "quoted" `date` $HOME.png',
    b"line\nbreak.png",
    b"100%F %f %% %u.png",
    b"back\\slash\\.png",
    "Ünïcödé 写真 صورة 🌼.png".encode(),
    b"no utf-8 \xff\xfe.png",
    b"semi;colon & pipe | (x) * ? [a] {b} ~ # ! < >.png",
    b"\ttab and end \n",
)
ODD_PROGRAM = 'it\'s a "program" 100% $x `y` \\z'


@dataclass(frozen=True)
class Recorder:
    """A program that writes down its arguments."""

    program: Path
    output: Path

    @property
    def command(self) -> tuple[str, ...]:
        return classify_command((str(self.program),))

    def files(self) -> list[bytes]:
        """The files of the only call; what stands before them is checked."""
        words = self.output.read_bytes().split(b"\0")[:-1]
        assert words[:3] == [b"classify", b"--window", b"--"]
        return words[3:]


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A home with nothing in it, on a system with no settings."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "xdg"))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPIMAGE"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture
def recorder(tmp_path) -> Recorder:
    output = tmp_path / "arguments"
    program = tmp_path / ODD_PROGRAM
    program.write_text(
        f"#!/bin/sh\nprintf '%s\\0' \"$@\" > '{output}.part'\nmv '{output}.part' '{output}'\n"
    )
    program.chmod(0o755)
    return Recorder(program, output)


@pytest.fixture
def odd_paths(tmp_path) -> list[bytes]:
    """Files with odd names, and a folder with one."""
    folder = bytes(tmp_path / "pictures")
    Path(folder.decode()).mkdir()
    paths = [folder + b"/" + name for name in ODD_NAMES]
    for path in paths:
        with open(path, "xb"):  # noqa: PTH123 - bytes
            pass
    return [*paths, folder]


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """All that is under a folder: names, rights, contents."""
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_mode,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(folder.rglob("*"))
    }


def glib_python() -> str:
    """The system's interpreter, where it has GLib."""
    python = shutil.which("python3", path="/usr/bin")
    code = "import gi; gi.require_version('Gio', '2.0'); from gi.repository import Gio"
    if python is None or subprocess.run([python, "-c", code], capture_output=True).returncode:
        pytest.skip("needs python3-gi: see packaging/window_test_tools.sh")
    return python
