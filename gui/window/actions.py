"""The window's actions with texts, shortcuts and menus; connected elsewhere."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QUndoStack
from PySide6.QtWidgets import QMainWindow, QMenu

from core.errors import ProjectError
from core.project.project_file import read_project
from gui.look.icons import icon
from gui.look.language import tr
from gui.look.theme import SchemeChoice
from gui.widgets.plain_text import plain_tooltip

Keys = QKeySequence.StandardKey


class Actions(QObject):
    """Make the actions and the menu bar.

    Args:
        window: Gets the menu bar.
        undo_stack: For undo and redo.

    Signals:
        recent_chosen: A project from the list of recent ones.
        scheme_chosen: A `SchemeChoice`.
    """

    recent_chosen = Signal(Path)
    scheme_chosen = Signal(SchemeChoice)

    def __init__(self, window: QMainWindow, undo_stack: QUndoStack) -> None:
        super().__init__(window)
        self._window = window
        self.new = self._action(tr("&New project"), Keys.New, "file-plus-2")
        self.open = self._action(tr("&Open project…"), Keys.Open, "folder-open")
        self.save_as = self._action(tr("&Save project as…"), "Ctrl+S", "save")
        self.add = self._action(tr("Add &folders…"), "Ctrl+I", "folder-plus")
        self.add_files = self._action(tr("Add &pictures, archives or lists…"), "Ctrl+Shift+I")
        self.look_again = self._action(tr("&Rescan folders"), "F5", "refresh-cw")
        self.quit = self._action(tr("&Quit"), "Ctrl+Q")
        self.undo = undo_stack.createUndoAction(self, tr("&Undo"))
        # Without the name of the step, which is in the menu.
        self.undo.setIconText(tr("Undo"))
        self.undo.setShortcut(Keys.Undo)
        self.undo.setIcon(icon("undo-2"))
        self.redo = undo_stack.createRedoAction(self, tr("&Redo"))
        self.redo.setIconText(tr("Redo"))
        self.redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        self.redo.setIcon(icon("redo-2"))
        self.search = self._action(tr("&Search file names"), Keys.Find, "search")
        self.train = self._action(tr("Start &training"), "Ctrl+Return", "play")
        self.experiment = self._action(tr("Try several &values…"), "Ctrl+E", "flask-conical")
        self.backbones = self._action(tr("&Backbones…"), "Ctrl+B", "download")
        self.storage = self._action(tr("S&torage…"), "Ctrl+Shift+B")
        self.integration = self._action(tr("Right-click in the &file manager…"), None)
        self.guide = self._action(tr("&Guide"), Keys.HelpContents)
        self.glossary = self._action(tr("G&lossary"), None)
        self.shortcuts = self._action(tr("&Keyboard shortcuts"), "?", "keyboard")
        self.about = self._action(tr("&About Fieldguide"), None, "info")
        self.recent_menu = QMenu(tr("Open &recent"), window)
        self.recent_menu.aboutToShow.connect(self._fill_recent_menu)
        self._recent: tuple[Path, ...] = ()
        self.pages: list[QAction] = []
        self._scheme_actions: dict[SchemeChoice, QAction] = {}
        self._view_menu = QMenu(tr("&View"), window)
        self._fill_menu_bar()

    def all_actions(self) -> list[QAction]:
        """Return all actions, in the order of the menus."""
        file = [self.new, self.open, self.save_as, self.add, self.add_files, self.look_again]
        edit = [self.undo, self.redo, self.search, self.train, self.experiment]
        edit += [self.backbones, self.storage]
        return [*file, *edit, *self.pages, self.guide, self.shortcuts, self.quit]

    def add_page(self, name: str, digit: int) -> QAction:
        """Add an action that shows a page, with Ctrl and a digit as shortcut."""
        action = self._action(name, f"Ctrl+{digit}")
        self.pages.append(action)
        self._view_menu.addAction(action)
        return action

    def set_recent(self, paths: Sequence[Path]) -> None:
        """Fill the menu of recent projects, when it is opened."""
        self._recent = tuple(paths)
        self.recent_menu.setEnabled(bool(paths))

    def _fill_recent_menu(self) -> None:
        self.recent_menu.clear()
        for path in self._recent:
            action = self.recent_menu.addAction(_project_name(path).replace("&", "&&"))
            action.setToolTip(plain_tooltip(str(path)))
            action.triggered.connect(partial(self._on_recent_triggered, path))
        self.recent_menu.setToolTipsVisible(True)

    def set_scheme(self, choice: SchemeChoice) -> None:
        """Check the action of a colour scheme."""
        self._scheme_actions[choice].setChecked(True)

    def _action(self, text: str, keys: Keys | str | None, icon_name: str = "") -> QAction:
        action = QAction(text, self)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
        if icon_name:
            action.setIcon(icon(icon_name))
        # So that shortcuts work without the menu being shown.
        self._window.addAction(action)
        return action

    def _fill_menu_bar(self) -> None:
        bar = self._window.menuBar()
        file = bar.addMenu(tr("&File"))
        file.addActions([self.new, self.open])
        file.addMenu(self.recent_menu)
        file.addAction(self.save_as)
        file.addSeparator()
        file.addActions([self.add, self.add_files, self.look_again])
        file.addSeparator()
        file.addAction(self.quit)
        edit = bar.addMenu(tr("&Edit"))
        edit.addActions([self.undo, self.redo])
        edit.addSeparator()
        edit.addActions([self.search, self.train, self.experiment])
        edit.addSeparator()
        edit.addActions([self.backbones, self.storage, self.integration])
        bar.addMenu(self._view_menu)
        self._fill_scheme_menu()
        help_menu = bar.addMenu(tr("&Help"))
        help_menu.addActions([self.guide, self.glossary])
        help_menu.addSeparator()
        help_menu.addActions([self.shortcuts, self.about])

    def _fill_scheme_menu(self) -> None:
        menu = QMenu(tr("&Colours"), self._window)
        group = QActionGroup(self)
        for choice, text in (
            (SchemeChoice.SYSTEM, tr("&System")),
            (SchemeChoice.LIGHT, tr("&Light")),
            (SchemeChoice.DARK, tr("&Dark")),
        ):
            action = QAction(text, group, checkable=True)
            action.triggered.connect(partial(self._on_scheme_triggered, choice))
            menu.addAction(action)
            self._scheme_actions[choice] = action
        self._view_menu.addMenu(menu)
        self._view_menu.addSeparator()

    def _on_recent_triggered(self, path: Path, _is_checked: bool = False) -> None:
        self.recent_chosen.emit(path)

    def _on_scheme_triggered(self, choice: SchemeChoice, _is_checked: bool = False) -> None:
        self.scheme_chosen.emit(choice)


def _project_name(path: Path) -> str:
    """Return a project's name, or that of its file if it can't be read."""
    try:
        return read_project(path).name or path.stem
    except ProjectError:
        return path.stem
