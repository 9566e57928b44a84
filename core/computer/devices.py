"""The processor and GPUs of this computer, as the system knows them, without TensorFlow."""

import logging
import platform
import threading
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from core.computer.processor import num_cores

logger = logging.getLogger(__name__)

_TIMEOUT_S = 10.0
_THREAD_NAME = "NVIDIA driver"


class DeviceKind(StrEnum):
    """The kind of a device."""

    CPU = "cpu"
    GPU = "gpu"


@dataclass(frozen=True, slots=True)
class ComputerDevice:
    """A processor or GPU.

    Attributes:
        name: For users, such as `AMD EPYC 7B13`.
        memory_total: Bytes; None if not known.
        memory_used: Bytes used by all programs; None if not known.
        cores: That this process may use; 0 for a GPU.
    """

    name: str
    kind: DeviceKind
    memory_total: int | None = None
    memory_used: int | None = None
    cores: int = 0


def list_devices() -> list[ComputerDevice]:
    """List the processor, then the GPUs that TensorFlow could use; may take seconds."""
    total, used = _memory()
    name = _processor_name(Path("/proc/cpuinfo"))
    return [ComputerDevice(name, DeviceKind.CPU, total, used, num_cores()), *_gpus()]


def _gpus() -> list[ComputerDevice]:
    # TensorFlow's wheels use GPUs of NVIDIA on Linux only.
    if platform.system() != "Linux":
        return []
    found: list[ComputerDevice] = []
    # In a thread that can be abandoned: a failing driver may never return.
    thread = threading.Thread(
        target=lambda: found.extend(_nvidia_gpus()), name=_THREAD_NAME, daemon=True
    )
    thread.start()
    thread.join(_TIMEOUT_S)
    return list(found)


def _nvidia_gpus() -> list[ComputerDevice]:
    """List the GPUs that NVIDIA's driver reports; none without a driver or when it fails."""
    # Late: the program's start, which may be a hand-over, has no use for it.
    import pynvml

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return []
    try:
        handles = map(pynvml.nvmlDeviceGetHandleByIndex, range(pynvml.nvmlDeviceGetCount()))
        return [_nvidia_gpu(handle) for handle in handles]
    except pynvml.NVMLError as error:
        logger.warning("The driver of NVIDIA's GPUs fails: %s", error)
        return []
    finally:
        pynvml.nvmlShutdown()


def _nvidia_gpu(handle: object) -> ComputerDevice:
    import pynvml

    name = pynvml.nvmlDeviceGetName(handle)
    try:
        # The second version counts as `nvidia-smi` does: without what the driver reserves.
        memory = pynvml.nvmlDeviceGetMemoryInfo(handle, version=pynvml.nvmlMemory_v2)
    except pynvml.NVMLError:  # such as where GPU and processor share it
        return ComputerDevice(name, DeviceKind.GPU)
    return ComputerDevice(name, DeviceKind.GPU, memory.total, memory.used)


def _processor_name(file: Path) -> str:
    for line in _lines(file):
        key, _, value = line.partition(":")
        if key.strip() == "model name" and value.strip():
            return _short(value.strip())
    return platform.processor() or platform.machine()


def _short(name: str) -> str:
    """Shorten a processor's name by trade marks and "CPU @ 2.20GHz"."""
    for mark in ("(R)", "(TM)", "(tm)"):
        name = name.replace(mark, "")
    return " ".join(name.partition("@")[0].replace(" CPU", " ").split())


def _memory() -> tuple[int | None, int | None]:
    """Return total and used bytes; memory that only caches files counts as free."""
    # Late, as pynvml is.
    import psutil

    try:
        memory = psutil.virtual_memory()
    except OSError:
        return None, None
    return memory.total, memory.total - memory.available


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
