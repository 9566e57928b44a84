"""Where a benchmark runs: machine, versions, images, folders of its own."""

import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from core.computer.processor import num_cores

ROOT = Path(__file__).resolve().parents[2]
_PACKAGES = ("tensorflow", "tf-keras", "ai-edge-litert", "onnxruntime", "numpy", "pillow")


def photo_data() -> Path:
    """Folder of the photographs.

    Raises:
        SystemExit: If they aren't on this machine.
    """
    folder = Path(os.environ.get("FIELDGUIDE_TEST_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        sys.exit(f"The benchmarks need photographs in {folder}; set FIELDGUIDE_TEST_DATA.")
    return folder


def describe_machine() -> list[str]:
    """Lines of Markdown: date, processor, memory, versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return [
        f"- {datetime.now(UTC):%Y-%m-%d}, {_processor()}, {num_cores()} cores, "
        f"{memory:.0f} GiB, no GPU",
        f"- {platform.platform()}, Python {platform.python_version()}, {packages}",
    ]


@contextmanager
def own_home() -> Iterator[Path]:
    """A fresh folder for all of Fieldguide's own files; caches are cold in it."""
    with tempfile.TemporaryDirectory() as folder:
        previous = os.environ.get("FIELDGUIDE_HOME")
        os.environ["FIELDGUIDE_HOME"] = folder
        try:
            yield Path(folder)
        finally:
            if previous is None:
                del os.environ["FIELDGUIDE_HOME"]
            else:
                os.environ["FIELDGUIDE_HOME"] = previous


def peak_megabytes() -> float:
    """The most memory that this process has had."""
    # Not `getrusage`: its figure begins with that of the process which started this one.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e6


def fieldguide(*arguments: str | Path) -> str:
    """Run the program as a person would, in a process of its own; gives standard output.

    Raises:
        SystemExit: If it fails.
    """
    command = [sys.executable, str(ROOT / "main.py"), *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{result.stderr}")
    return result.stdout


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()
