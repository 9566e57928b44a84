"""Finds out what this computer can do with TF-TRT, and remembers the Python with it."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from gui.export.export_tftrt_check import TftrtCheck
from gui.export.export_tftrt_settings import TftrtSettings
from gui.look.language import shown
from gui.project.settings import Settings
from gui.widgets.banner import Banner, Severity


class TftrtController(QObject):
    """Connects the settings of TF-TRT with a check of them.

    Args:
        form: The settings of TF-TRT.
        banner: Where failures are shown.
        settings: Where the Python with TF-TRT is kept.
        check: Asks that Python.
    """

    def __init__(
        self,
        form: TftrtSettings,
        banner: Banner,
        settings: Settings,
        check: TftrtCheck,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._form, self._banner, self._settings, self._check = form, banner, settings, check
        form.set_python(settings.tftrt_python)
        form.changed.connect(self._on_form_changed)
        form.check_requested.connect(self._on_check_requested)
        check.found.connect(self._on_found)
        check.failed.connect(self._on_failed)

    def _on_form_changed(self) -> None:
        if not self._form.fault():
            self._settings.tftrt_python = self._form.python()

    def _on_check_requested(self) -> None:
        if not self._check.is_busy:
            self._form.show_checking()
            self._check.begin(self._form.python())

    def _on_found(self, lines: Sequence[str]) -> None:
        self._form.show_found("\n".join(map(shown, lines)))

    def _on_failed(self, message: str, details: str) -> None:
        self._form.show_found("")
        self._banner.show_message(Severity.DANGER, shown(message), details=details)
