"""Shows the device in the status bar, and offers the available devices in the form."""

from PySide6.QtCore import QObject, Signal

from core.computer.devices import ComputerDevice, DeviceKind, list_devices
from core.messages.events import DeviceReported
from core.settings.choices import Device
from gui.look.language import tr, tr_count
from gui.look.wording import gibibytes, gigabytes
from gui.train.train_controller import TrainController
from gui.train_settings.config_form import ConfigForm
from gui.work.background import Task, TaskContext


class DeviceController(QObject):
    """Show the device that a run reports, or else the computer's own.

    Args:
        training: Reports the device of a run.
        form: Where a device is chosen.

    Signals:
        text_changed: The device in use, in one line.
    """

    text_changed = Signal(str)

    def __init__(
        self,
        training: TrainController,
        form: ConfigForm,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._training, self._form = training, form
        self._devices: list[ComputerDevice] = []
        self._task: Task | None = None
        training.device_reported.connect(self._on_device_reported)
        training.running_changed.connect(self._on_running_changed)
        training.config_changed.connect(self._show)

    def refresh(self) -> None:
        """List the devices again, in the background."""
        if self._task is not None:
            return

        def ask(_context: TaskContext) -> list[ComputerDevice]:
            return list_devices()

        self._task = Task(ask, self)
        self._task.succeeded.connect(self._on_listed)
        self._task.ended.connect(self._on_ended)
        self._task.start()

    def close(self) -> None:
        """Cancel a query in progress."""
        if self._task is not None:
            self._task.cancel()

    def _on_listed(self, devices: list[ComputerDevice]) -> None:
        self._devices = devices
        self._form.set_num_gpus(sum(device.kind is DeviceKind.GPU for device in devices))
        self._show()

    def _on_ended(self) -> None:
        self._task = None

    def _on_device_reported(self, event: DeviceReported) -> None:
        memory = memory_text(event.memory_used, event.memory_total)
        self.text_changed.emit(" · ".join(part for part in (event.name, memory) if part))

    def _on_running_changed(self, is_running: bool) -> None:
        if not is_running:
            self._show()  # what is known; a query in progress isn't repeated
            self.refresh()

    def _show(self) -> None:
        if self._training.is_running or not self._devices:
            return
        chosen = self._form.config().device
        gpus = [device for device in self._devices if device.kind is DeviceKind.GPU]
        if not gpus or chosen is Device.CPU:
            self.text_changed.emit(device_text(self._devices[0]))
        else:
            self.text_changed.emit(device_text(gpus[0]))


def device_text(device: ComputerDevice) -> str:
    """Return a device in one line: "CPU: AMD EPYC, 2 cores · 3.1 of 24 GB"."""
    name = device.name
    if device.cores:
        name = tr_count("%1, %n core(s)", "", device.cores, name)
    text = tr("CPU: %1", name) if device.kind is DeviceKind.CPU else tr("GPU: %1", name)
    memory = memory_text(device.memory_used, device.memory_total)
    return f"{text} · {memory}" if memory else text


def memory_text(used: int | None, total: int | None) -> str:
    """Return used and total memory, as far as known: "3.1 of 24 GB"; "" if neither is."""
    if total is None:
        return "" if used is None else gigabytes(used)
    if used is None:
        return gigabytes(total)
    return tr("%1 of %2", gibibytes(used), gigabytes(total))
