"""The page Projects: where to begin, and the projects so far."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, QSortFilterProxyModel, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.image_views.thumbnails import ThumbnailLoader
from gui.image_views.wrapped_view import WrappedView
from gui.library.card_delegate import CARD, CardDelegate
from gui.library.library_model import CardRole, LibraryModel, LibraryRow
from gui.look.icons import IconColor, icon
from gui.look.language import tr, tr_count
from gui.look.theme import GRID
from gui.look.wording import data_size
from gui.widgets.banner import Banner
from gui.widgets.buttons import show_menu_of
from gui.widgets.plain_text import PlainLabel
from gui.widgets.progress_row import ProgressRow

_SEARCH_WIDTH = 26 * GRID
_ICON_SIDE = 24


class LibraryPage(QWidget):
    """Show the three gestures, and a card for each project.

    Args:
        thumbnails: Provides the pictures on the cards.

    Signals:
        add_requested: Choose folders for a new project.
        sample_requested: Make a project of the sample pictures.
        new_requested: Begin an empty project.
        open_requested: Choose a project file to open.
        import_requested: Choose a zip of a project to import.
        project_chosen: Open the project of a `LibraryRow`.
        rename_requested: Likewise, to rename it.
        duplicate_requested: Likewise.
        export_requested: Likewise, to write it into a zip.
        reveal_requested: Likewise, to show its folder.
        delete_requested: Likewise, to move it to the trash.
    """

    add_requested = Signal()
    sample_requested = Signal()
    new_requested = Signal()
    open_requested = Signal()
    import_requested = Signal()
    project_chosen = Signal(LibraryRow)
    rename_requested = Signal(LibraryRow)
    duplicate_requested = Signal(LibraryRow)
    export_requested = Signal(LibraryRow)
    reveal_requested = Signal(LibraryRow)
    delete_requested = Signal(LibraryRow)

    def __init__(self, thumbnails: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.banner = Banner()
        self.progress = ProgressRow()
        self.model = LibraryModel(self)
        self._filter = QSortFilterProxyModel(self)
        self._filter.setSourceModel(self.model)
        self._filter.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._search = QLineEdit()
        self._search.setPlaceholderText(tr("Search projects"))
        self._search.setAccessibleName(tr("Search projects"))
        self._search.setClearButtonEnabled(True)
        self._search.setFixedWidth(_SEARCH_WIDTH)
        self._search.textChanged.connect(self._filter.setFilterFixedString)
        self.view = WrappedView()
        self.view.setObjectName("Projects")
        self.view.setAccessibleName(tr("Projects"))
        self.view.setModel(self._filter)
        self.view.setItemDelegate(CardDelegate(thumbnails, self.view))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setMouseTracking(True)
        self.view.set_cell(CARD)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._on_menu_requested)
        self.view.activated.connect(self._on_activated)
        self.view.selectionModel().selectionChanged.connect(self._show_buttons)
        thumbnails.loaded.connect(self._on_thumbnails_loaded)
        self._stored = PlainLabel()
        self._stored.setProperty("role", "help")
        self._stored.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons = {
            name: self._button(name, text, icon_name, signal)
            for name, text, icon_name, signal in (
                ("Open", tr("Open"), "folder-open", self.project_chosen),
                ("Rename", tr("Rename…"), "pencil", self.rename_requested),
                ("Duplicate", tr("Duplicate"), "copy", self.duplicate_requested),
                ("Export project", tr("Export as zip…"), "download", self.export_requested),
                ("Show folder", tr("Show folder"), "folder", self.reveal_requested),
                ("Delete", tr("Delete"), "trash-2", self.delete_requested),
            )
        }
        for keys, signal in (
            (Qt.Key.Key_F2, self.rename_requested),
            (Qt.Key.Key_Delete, self.delete_requested),
        ):
            shortcut = QShortcut(QKeySequence(keys), self.view)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda signal=signal: self._emit(signal))
        self._lay_out()
        self.set_rows([], "")

    def set_rows(self, rows: Sequence[LibraryRow], folder: str) -> None:
        """Show other projects; the selected one stays selected.

        Args:
            folder: Where they are kept.
        """
        chosen = self.chosen()
        self.model.set_rows(rows)
        for position, row in enumerate(self.model.rows):
            if chosen is not None and row.project.entry == chosen.project.entry:
                index = self._filter.mapFromSource(self.model.index(position, 0))
                self.view.setCurrentIndex(index)
        size = data_size(sum(row.size_bytes for row in rows))
        count = tr_count("%n project(s)", "", len(rows))
        self._stored.setText(tr("%1, %2 in %3", count, size, folder) if rows else "")
        self._cards.setCurrentIndex(1 if rows else 0)
        self._search.setVisible(bool(rows))
        self._show_buttons()

    def chosen(self) -> LibraryRow | None:
        """Return the selected project; None if there is none."""
        indexes = self.view.selectionModel().selectedIndexes()
        row: LibraryRow | None = indexes[0].data(CardRole.ROW) if indexes else None
        return row

    def button(self, name: str) -> QPushButton:
        """Return the button of an action of the selected project."""
        return self._buttons[name]

    def _emit(self, signal: SignalInstance) -> None:
        row = self.chosen()
        if row is not None:
            signal.emit(row)

    def _button(self, name: str, text: str, icon_name: str, signal: SignalInstance) -> QPushButton:
        button = QPushButton(icon(icon_name), text)
        button.setProperty("kind", "flat")
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.clicked.connect(lambda _checked=False: self._emit(signal))
        return button

    def _show_buttons(self) -> None:
        row = self.chosen()
        for name, button in self._buttons.items():
            is_readable = row is not None and not row.project.problem
            button.setEnabled(is_readable or (row is not None and name in _ALWAYS))

    def _on_thumbnails_loaded(self) -> None:
        self.view.viewport().update()

    def _on_activated(self, index: QModelIndex) -> None:
        row: LibraryRow = index.data(CardRole.ROW)
        self.project_chosen.emit(row)

    def _on_menu_requested(self, point: QPoint) -> None:
        if self.view.indexAt(point).isValid():
            place = self.view.viewport().mapToGlobal(point)
            show_menu_of(self._buttons.values(), self, place)

    def _lay_out(self) -> None:
        title = PlainLabel(tr("Projects"))
        title.setProperty("role", "title")
        header = QHBoxLayout()
        header.setSpacing(GRID)
        header.addWidget(title)
        header.addStretch(1)
        header.addWidget(self._search)
        for text, icon_name, signal in (
            (tr("Open file…"), "folder-open", self.open_requested),
            (tr("Import…"), "download", self.import_requested),
            (tr("New project"), "plus", self.new_requested),
        ):
            button = QPushButton(icon(icon_name), text)
            button.clicked.connect(signal)
            header.addWidget(button)
        actions = QHBoxLayout()
        actions.setSpacing(GRID)
        for button in self._buttons.values():
            actions.addWidget(button)
        actions.addStretch(1)
        cards = QWidget()
        below = QVBoxLayout(cards)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(GRID)
        below.addWidget(self.view, 1)
        below.addLayout(actions)
        below.addWidget(self._stored)
        nothing = PlainLabel(tr("Your projects appear here, each with its trainings."))
        nothing.setProperty("role", "help")
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._cards = QStackedWidget()
        self._cards.addWidget(nothing)
        self._cards.addWidget(cards)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addLayout(header)
        layout.addWidget(self.banner)
        layout.addWidget(self._make_start())
        layout.addWidget(self._cards, 1)
        layout.addWidget(self.progress)

    def _make_start(self) -> QFrame:
        """Make the card with the three gestures."""
        card = QFrame()
        card.setProperty("role", "card")
        grid = QGridLayout(card)
        grid.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID // 2)
        steps = (
            ("images", tr("Drag folders of pictures here"), tr("One folder per class.")),
            ("play", tr("Click “Start training”"), tr("Watch the plots on the page Train.")),
            (
                "mouse-pointer-click",
                tr("Right-click any picture"),
                tr("Fieldguide says which class it is."),
            ),
        )
        for column, (icon_name, head, text) in enumerate(steps):
            sign = PlainLabel()
            sign.setPixmap(icon(icon_name, IconColor.ACCENT).pixmap(_ICON_SIDE, _ICON_SIDE))
            heading = PlainLabel(head)
            heading.setProperty("role", "heading")
            heading.setWordWrap(True)
            about = PlainLabel(text)
            about.setProperty("role", "help")
            about.setWordWrap(True)
            grid.addWidget(sign, 0, 2 * column, 2, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(heading, 0, 2 * column + 1)
            grid.addWidget(about, 1, 2 * column + 1, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(2 * column + 1, 1)
        buttons = QVBoxLayout()
        buttons.setSpacing(GRID)
        choose = QPushButton(icon("folder-plus", IconColor.ON_ACCENT), tr("Choose folders…"))
        choose.setProperty("kind", "primary")
        choose.clicked.connect(self.add_requested)
        sample = QPushButton(tr("Try the sample pictures"))
        sample.clicked.connect(self.sample_requested)
        buttons.addWidget(choose)
        buttons.addWidget(sample)
        grid.addLayout(buttons, 0, 6, 2, 1)
        return card


_ALWAYS = ("Show folder", "Delete")  # also for a project that can't be read
