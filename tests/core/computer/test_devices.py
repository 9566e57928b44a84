import sys
import threading
from types import SimpleNamespace

import pytest

from core.computer import devices
from core.computer.devices import ComputerDevice, DeviceKind, list_devices
from core.computer.processor import num_cores

MEBIBYTE = 1 << 20


def test_the_processor_comes_first_with_its_cores_and_memory():
    processor = list_devices()[0]
    assert processor.kind is DeviceKind.CPU
    assert processor.name
    assert processor.cores == num_cores()
    assert processor.memory_total is None or processor.memory_total > processor.memory_used > 0


def test_memory_that_the_system_does_not_tell_is_not_known(monkeypatch):
    def refuse():
        raise FileNotFoundError("/proc/meminfo")

    monkeypatch.setattr("psutil.virtual_memory", refuse)
    processor = list_devices()[0]
    assert (processor.memory_total, processor.memory_used) == (None, None)


class FakeDriver:
    """Stands in for `pynvml`.

    Args:
        gpus: Name and figures of each; None for those without memory of their own.
        fails: The functions that fail.
    """

    class NVMLError(Exception):
        pass

    nvmlMemory_v2 = 2

    def __init__(self, gpus=(), fails=()):
        self._gpus, self._fails = gpus, fails
        self.calls = []

    def _call(self, name):
        self.calls.append(name)
        if name in self._fails:
            raise self.NVMLError(name)

    def nvmlInit(self):
        self._call("nvmlInit")

    def nvmlShutdown(self):
        self._call("nvmlShutdown")

    def nvmlDeviceGetCount(self):
        self._call("nvmlDeviceGetCount")
        return len(self._gpus)

    def nvmlDeviceGetHandleByIndex(self, index):
        return self._gpus[index]

    def nvmlDeviceGetName(self, handle):
        self._call("nvmlDeviceGetName")
        return handle[0]

    def nvmlDeviceGetMemoryInfo(self, handle, version):
        if handle[1] is None:
            raise self.NVMLError("not supported")
        total, used = handle[1]
        return SimpleNamespace(total=total, used=used)


@pytest.fixture
def use_driver(monkeypatch):
    """Puts a driver in the place of this computer's."""

    def use(driver):
        monkeypatch.setattr(devices.platform, "system", lambda: "Linux")
        monkeypatch.setitem(sys.modules, "pynvml", driver)
        return driver

    return use


def test_the_driver_is_asked_for_gpus(use_driver):
    gpus = [("NVIDIA H100, 80 GB", (81559 * MEBIBYTE, 12 * MEBIBYTE)), ("NVIDIA GB10", None)]
    driver = use_driver(FakeDriver(gpus))
    assert list_devices()[1:] == [
        ComputerDevice("NVIDIA H100, 80 GB", DeviceKind.GPU, 81559 * MEBIBYTE, 12 * MEBIBYTE),
        ComputerDevice("NVIDIA GB10", DeviceKind.GPU),
    ]
    assert driver.calls[-1] == "nvmlShutdown"


def test_without_a_driver_there_is_no_gpu_and_no_word_about_it(use_driver, caplog):
    driver = use_driver(FakeDriver(fails=["nvmlInit"]))
    assert len(list_devices()) == 1
    assert driver.calls == ["nvmlInit"]
    assert not caplog.records


@pytest.mark.parametrize("function", ["nvmlDeviceGetCount", "nvmlDeviceGetName"])
def test_a_driver_that_fails_is_no_gpu(use_driver, function):
    driver = use_driver(FakeDriver([("NVIDIA T4", None)], fails=[function]))
    assert len(list_devices()) == 1
    assert driver.calls[-1] == "nvmlShutdown"


def test_a_driver_that_does_not_answer_is_no_gpu(use_driver, monkeypatch):
    monkeypatch.setattr(devices, "_TIMEOUT_S", 0.2)
    driver = use_driver(FakeDriver([("NVIDIA T4", None)]))
    answers = threading.Event()
    monkeypatch.setattr(driver, "nvmlInit", answers.wait)
    assert len(list_devices()) == 1
    answers.set()
    # It must not outlive the fake driver.
    for thread in threading.enumerate():
        if thread.name == devices._THREAD_NAME:
            thread.join()


def test_elsewhere_no_driver_is_asked(use_driver, monkeypatch):
    driver = use_driver(FakeDriver([("NVIDIA T4", None)]))
    monkeypatch.setattr(devices.platform, "system", lambda: "Windows")
    assert len(list_devices()) == 1
    assert driver.calls == []


def test_names_of_processors_are_shortened(tmp_path):
    file = tmp_path / "cpuinfo"
    file.write_text("processor : 0\nmodel name\t: Intel(R) Xeon(R) CPU @ 2.20GHz\n")
    assert devices._processor_name(file) == "Intel Xeon"
