"""Tells that a model was refused because it may do more than compute, and asks."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.backbones.refusal import Refusal
from core.backbones.trust import trust
from gui.look.language import shown, tr
from gui.trust.trust_question import refusal_text, trust_question
from gui.widgets.banner import Banner, Severity
from gui.work.background import Task


class RefusedModel(QObject):
    """Lets the user trust a model, and then repeats what was refused.

    Trust applies to the content that was refused: other files in its place are refused again.

    Args:
        banner: Shows the refusal, until the model is trusted.
        window: Parent of the question.
        remember: Saves fingerprint and name of a trusted model; called in a thread.
    """

    def __init__(
        self,
        banner: Banner,
        window: QWidget,
        remember: Callable[[str, str], None] = trust,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._banner, self._window, self._remember = banner, window, remember
        self._task: Task | None = None

    def tell(self, refusal: Refusal, again: Callable[[], object]) -> None:
        """Tell that a model was refused, and ask whether to use it anyway.

        Args:
            again: Repeats what was refused; called once the model is trusted.
        """

        def ask() -> None:
            trust_question(self._window, refusal, lambda: self._trust(refusal, again))

        text = refusal_text(refusal)
        actions = [(tr("Use it anyway…"), ask)]
        self._banner.show_message(Severity.DANGER, text, actions=actions)
        ask()

    def _trust(self, refusal: Refusal, again: Callable[[], object]) -> None:
        def on_remembered(_nothing: object) -> None:
            self._banner.clear()
            again()

        self._task = Task(lambda _context: self._remember(refusal.fingerprint, refusal.name), self)
        self._task.succeeded.connect(on_remembered)
        self._task.failed.connect(self._on_failed)
        self._task.start()

    def _on_failed(self, message: str, details: str) -> None:
        self._banner.show_message(Severity.DANGER, shown(message), details=details)
