"""What this computer can compute with. Asks the system, not TensorFlow."""

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from core.computer.processor import num_cores

_TIMEOUT_S = 10.0
_MEBIBYTE = 1 << 20
_QUERY = ("--query-gpu=name,memory.total,memory.used", "--format=csv,noheader,nounits")


class DeviceKind(StrEnum):
    """What sort of device."""

    CPU = "cpu"
    GPU = "gpu"


@dataclass(frozen=True, slots=True)
class ComputerDevice:
    """Something that computes.

    Attributes:
        name: Fit to show, such as `AMD EPYC 7B13`.
        memory_total: Bytes; None if not known.
        memory_used: Bytes that all programs hold; None if not known.
        cores: That this process may use; 0 for a GPU.
    """

    name: str
    kind: DeviceKind
    memory_total: int | None = None
    memory_used: int | None = None
    cores: int = 0


def list_devices() -> list[ComputerDevice]:
    """The processor, then the GPUs that TensorFlow could use; may take seconds."""
    total, used = _memory(Path("/proc/meminfo"))
    processor = ComputerDevice(
        _processor_name(Path("/proc/cpuinfo")), DeviceKind.CPU, total, used, num_cores()
    )
    return [processor, *_gpus()]


def gpus_from_query(answer: str) -> list[ComputerDevice]:
    """GPUs from what `nvidia-smi` says of name, total and used memory in MiB, a line each."""
    gpus = []
    for line in answer.splitlines():
        parts = [part.strip() for part in line.rsplit(",", 2)]
        if len(parts) == 3 and parts[0]:
            total, used = (_mebibytes(part) for part in parts[1:])
            gpus.append(ComputerDevice(parts[0], DeviceKind.GPU, total, used))
    return gpus


def _mebibytes(text: str) -> int | None:
    return int(text) * _MEBIBYTE if text.isdecimal() else None


def _gpus() -> list[ComputerDevice]:
    # TensorFlow's wheels use GPUs of NVIDIA on Linux only.
    if platform.system() != "Linux":
        return []
    program = shutil.which("nvidia-smi")
    if program is not None:
        try:
            answer = subprocess.run(
                [program, *_QUERY], capture_output=True, text=True, timeout=_TIMEOUT_S, check=True
            )
        except (OSError, subprocess.SubprocessError, UnicodeError):
            pass
        else:
            return gpus_from_query(answer.stdout)
    return _gpus_of_driver(Path("/proc/driver/nvidia/gpus"))


def _gpus_of_driver(folder: Path) -> list[ComputerDevice]:
    return [
        ComputerDevice(line.partition(":")[2].strip(), DeviceKind.GPU)
        for file in sorted(folder.glob("*/information"))
        for line in _lines(file)
        if line.startswith("Model:")
    ]


def _processor_name(file: Path) -> str:
    for line in _lines(file):
        key, _, value = line.partition(":")
        if key.strip() == "model name" and value.strip():
            return _short(value.strip())
    return platform.processor() or platform.machine()


def _short(name: str) -> str:
    """Without what says nothing about the speed: trade marks, "CPU @ 2.20GHz"."""
    for mark in ("(R)", "(TM)", "(tm)"):
        name = name.replace(mark, "")
    return " ".join(name.partition("@")[0].replace(" CPU", " ").split())


def _memory(file: Path) -> tuple[int | None, int | None]:
    """Total and used bytes."""
    sizes: dict[str, int] = {}
    for line in _lines(file):
        key, _, value = line.partition(":")
        number = value.split()[:1]
        if number and number[0].isdecimal():
            sizes[key] = int(number[0]) * 1024
    if "MemTotal" in sizes and "MemAvailable" in sizes:
        return sizes["MemTotal"], sizes["MemTotal"] - sizes["MemAvailable"]
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"), None
    except (AttributeError, ValueError, OSError):
        return None, None


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
