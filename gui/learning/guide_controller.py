"""Opens the guide; the window is made when it is first wanted."""

from PySide6.QtCore import QObject

from gui.learning.glossary_page import GLOSSARY
from gui.learning.guide_library import GuideLibrary
from gui.learning.guide_window import GuideWindow


class GuideController(QObject):
    """Keep one window of the guide, with its place in the text."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window: GuideWindow | None = None

    def window(self) -> GuideWindow:
        """Return the window, which need not be shown."""
        if self._window is None:
            self._window = GuideWindow(GuideLibrary())
        return self._window

    def open(self) -> None:
        """Show the guide where the user left it."""
        self.window().present()

    def open_glossary(self) -> None:
        """Show the glossary from its beginning."""
        self.open_term("")

    def open_term(self, key: str) -> None:
        """Show an entry of the glossary."""
        self.window().show_entry(GLOSSARY, key)
        self.window().present()

    def close(self) -> None:
        """Close the window and delete it."""
        if self._window is not None:
            # Qt complains of what is drawn while the window goes.
            self._window.setUpdatesEnabled(False)
            self._window.close()
            self._window.deleteLater()
            self._window = None
