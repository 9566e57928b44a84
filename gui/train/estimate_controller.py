"""Shows how long training will take, and measures the speed behind it on request."""

from PySide6.QtCore import QObject, Signal

from core.backbones.catalogue import find_entry
from core.backbones.locate import is_url
from core.backbones.refusal import Refusal
from core.backbones.store import embedded_folder, imported_folder
from core.errors import FieldguideError
from core.messages.events import TrainingFinished
from core.runs.speed_record import record_speed, recorded_speed, speed_key, speed_of
from core.settings.config import TrainConfig
from gui.look.language import tr, tr_count
from gui.train.expected_times import ExpectedTimes
from gui.train.run_clock import RunClock
from gui.train.speed_controller import SpeedController
from gui.train.train_page import TrainPage
from gui.trust.refused_model import RefusedModel
from gui.widgets.banner import Severity
from gui.work.spare_worker import SpareWorker

_UNBROKEN = "\u00a0"


class EstimateController(QObject):
    """Connect the Train page with the known speed of this computer.

    Args:
        page: The page.
        spare: Provides the workers that measure.

    Signals:
        status_changed: What a measurement is doing, "" for none.
        busy_changed: Whether one is in progress.
    """

    status_changed = Signal(str)
    busy_changed = Signal(bool)

    def __init__(self, page: TrainPage, spare: SpareWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page, self._form, self._banner = page, page.form, page.banner
        self._times = ExpectedTimes()
        self._count, self._problem = 0, ""
        self._refused = RefusedModel(page.banner, page, parent=self)
        self._speed = SpeedController(spare, self)
        self._speed.measured.connect(self._show)
        self._speed.failed.connect(self._on_failed)
        self._speed.refused.connect(self._on_refused)
        self._speed.status_changed.connect(self.status_changed)
        self._speed.busy_changed.connect(self._on_busy_changed)
        page.measure_requested.connect(self._on_measure_requested)

    @property
    def is_busy(self) -> bool:
        """Whether a measurement is in progress."""
        return self._speed.is_busy

    def show(self, count: int, problem: str) -> None:
        """Show how long training with the form's settings will take.

        Args:
            count: Included images.
            problem: Why no run can start, as a text to show; "" if one can.
        """
        self._count, self._problem = count, problem
        self._show()

    def note_images(self, config: TrainConfig, clock: RunClock) -> None:
        """Remember that the images of a run have their feature vectors now."""
        self._times.note_images(config, clock.num_images)

    def note_run(self, config: TrainConfig, clock: RunClock, event: TrainingFinished) -> None:
        """Remember how fast a run was."""
        try:
            before = speed_of(*config.backbones, image_size=config.image_size)
            speed = clock.speed(event, before, config.fine_tune_fraction)
            record_speed(speed_key(config.backbones, config.image_size), speed)
        except FieldguideError:
            return  # it would only have improved the next estimate

    def stop(self) -> None:
        """Ask a measurement to end soon, since something else needs the computer."""
        self._speed.stop()

    def kill(self) -> None:
        """End a measurement at once."""
        self._speed.kill()

    def _show(self) -> None:
        form = self._form
        config = form.config()
        self._page.show_expected(self._expectation(config))
        times = {} if self._problem else self._times.of_presets(config, self._count)
        # Below a narrow button, a number and its unit stay in one line.
        notes = {preset: time.replace(" ", _UNBROKEN) for preset, time in times.items()}
        form.set_times({preset: tr("about %1", note) for preset, note in notes.items()})
        are_here = all(_is_here(backbone) for backbone in config.backbones)
        can_measure = form.is_valid and not self._problem and are_here
        is_offered = (
            can_measure and recorded_speed(*config.backbones, image_size=config.image_size) is None
        )
        self._page.show_measure(is_offered=is_offered, is_measuring=self.is_busy)

    def _expectation(self, config: TrainConfig) -> str:
        if self._problem:
            return self._problem
        if fault := self._form.fault:
            return fault
        time = self._times.text(config, self._count)
        return tr_count("%n picture(s), about %1", "", self._count, time)

    def _on_measure_requested(self) -> None:
        if self._form.is_valid:
            self._speed.measure(self._form.config())

    def _on_busy_changed(self, is_busy: bool) -> None:
        self._show()
        self.busy_changed.emit(is_busy)

    def _on_failed(self, message: str, details: str) -> None:
        self._banner.show_message(Severity.WARNING, message, details=details)

    def _on_refused(self, refusal: Refusal) -> None:
        self._refused.tell(refusal, self._on_measure_requested)


def _is_here(backbone: str) -> bool:
    """Whether it can be measured without a download, which nobody has asked for."""
    if embedded_folder(backbone) or imported_folder(backbone):
        return True
    return not is_url(backbone) and find_entry(backbone) is None
