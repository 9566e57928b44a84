"""Asks before an opened project downloads a backbone from an unknown address."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from core.backbones.locate import with_address
from core.backbones.strange_address import is_strange_address
from core.settings.config import TrainConfig
from gui.look.language import tr
from gui.widgets.banner import Banner, Severity


class DownloadConsent(QObject):
    """Remember the addresses that only the project names, and ask for consent once.

    Args:
        banner: Where the question is shown.
    """

    def __init__(self, banner: Banner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._banner = banner
        self._addresses: set[str] = set()

    def note_opened(self, config: TrainConfig) -> None:
        """Take note of the settings of a project that was opened."""
        self._addresses = {each for each in config.backbones if is_strange_address(each)}

    def is_given(self, config: TrainConfig, go_on: Callable[[], object]) -> bool:
        """Return whether training with these settings may start; if not, ask the user.

        Args:
            go_on: Called once the user has consented.
        """
        asked = [each for each in config.backbones if each in self._addresses]
        if not asked:
            return True

        def accept() -> None:
            self._addresses.difference_update(asked)
            self._banner.clear()
            go_on()

        text = _question([with_address(each) for each in asked])
        actions = [(tr("Download and continue"), accept)]
        self._banner.show_message(Severity.WARNING, text, actions=actions)
        return False


def _question(addresses: Sequence[str]) -> str:
    if len(addresses) == 1:
        return tr(
            "This project uses the backbone %1, which isn't on this computer. It would be "
            "downloaded and run here. Continue only if you trust that address.",
            addresses[0],
        )
    return tr(
        "This project uses the backbones %1 and %2, which aren't on this computer. They would be "
        "downloaded and run here. Continue only if you trust both addresses.",
        *addresses,
    )
