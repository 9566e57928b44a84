import pytest
from PySide6.QtCore import QObject, Signal

from core.computer.devices import ComputerDevice, DeviceKind
from core.messages.events import DeviceReported
from core.settings.choices import Device
from core.settings.config import TrainConfig
from gui.train import device_controller
from gui.train.device_controller import DeviceController, device_text, memory_text
from gui.train_settings.config_form import ConfigForm
from gui.window.main_window import MainWindow

GIB = 1 << 30
CPU = ComputerDevice("AMD EPYC", DeviceKind.CPU, 24 * GIB, int(3.1 * GIB), 2)
GPU = ComputerDevice("NVIDIA T4", DeviceKind.GPU, 15 * GIB, GIB)


class Training(QObject):
    device_reported = Signal(object)
    running_changed = Signal(bool)
    config_changed = Signal(object)
    is_running = False


@pytest.fixture
def parts(qtbot, monkeypatch):
    """Makes the parts on a computer with the given devices."""

    def make(*devices):
        monkeypatch.setattr(device_controller, "list_devices", lambda: list(devices))
        window, form, training = MainWindow(), ConfigForm(), Training()
        qtbot.addWidget(window)
        qtbot.addWidget(form)
        controller = DeviceController(training, form, training)
        controller.text_changed.connect(window.set_device)
        controller.refresh()
        qtbot.waitUntil(lambda: window.device() != "", timeout=10_000)
        return window, form, training

    return make


def test_the_processor_is_shown_where_there_is_no_gpu(parts):
    window, form, _ = parts(CPU)
    assert window.device() == "CPU: AMD EPYC, 2 cores · 3.1 of 24 GB"
    assert not form.rows["device"].editor.model().item(2).isEnabled()


def test_a_gpu_is_shown_unless_the_processor_is_chosen(parts):
    window, form, training = parts(CPU, GPU)
    assert window.device() == "GPU: NVIDIA T4 · 1.0 of 15 GB"
    assert form.rows["device"].editor.model().item(2).isEnabled()
    form.set_config(TrainConfig(device=Device.CPU))
    training.config_changed.emit(form.config())
    assert window.device().startswith("CPU: ")


def test_a_run_says_what_it_computes_on_until_it_ends(qtbot, parts):
    window, _, training = parts(CPU)
    training.is_running = True
    training.device_reported.emit(DeviceReported("2 × NVIDIA A100", 3 * GIB, 80 * GIB))
    assert window.device() == "2 × NVIDIA A100 · 3.0 of 80 GB"
    training.is_running = False
    training.running_changed.emit(False)
    qtbot.waitUntil(lambda: window.device().startswith("CPU: "), timeout=10_000)


def test_what_is_not_known_is_not_said():
    assert device_text(ComputerDevice("arm64", DeviceKind.CPU, cores=1)) == "CPU: arm64, 1 core"
    assert memory_text(None, 8 * GIB) == "8.0 GB"
    assert memory_text(GIB, None) == "1.0 GB"
