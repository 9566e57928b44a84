"""The Images page: classes at the left, the grid at the right, findings below."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.image_views.image_grid import ImageGrid
from gui.image_views.thumbnails import ThumbnailLoader
from gui.images.check_state import CheckState
from gui.images.class_list import ClassList
from gui.images.class_list_model import ClassListModel, ClassRow
from gui.images.findings_strip import FindingsStrip
from gui.images.project_images_model import ImageFilter, ProjectImagesModel
from gui.look.icons import IconColor, icon
from gui.look.language import tr, tr_count
from gui.look.theme import GRID
from gui.look.wording import counted_images
from gui.widgets.banner import Banner, Severity
from gui.widgets.empty_state import EmptyState
from gui.widgets.plain_text import PlainLabel
from gui.widgets.undo_keys import pass_undo_on

_SEARCH_DELAY_MS = 150


class ImagesPage(QWidget):
    """Show classes and images, and emit what the user wants to do with them.

    Attributes:
        check_state: The image check that the page shows.

    Signals:
        add_requested: Ask for folders to add.
        add_files_requested: Ask for archives, lists or images to add.
        sample_requested: Add the sample images.
        menu_requested: Images under a right click, and the global point.
        class_menu_requested: A class under a right click, and the global point.
        class_rename_requested: The old and the new name of a class.
        class_remove_requested: Delete was pressed on a class.
        review_requested: Show the findings.
        cancel_requested: Cancel the work in progress.
        opened: An image was double-clicked.
    """

    add_requested = Signal()
    add_files_requested = Signal()
    sample_requested = Signal()
    menu_requested = Signal(list, QPoint)
    class_menu_requested = Signal(str, QPoint)
    class_rename_requested = Signal(str, str)
    class_remove_requested = Signal(str)
    review_requested = Signal()
    cancel_requested = Signal()
    opened = Signal(Path)

    def __init__(self, thumbnails: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.banner = Banner()
        self.check_state = CheckState(self)
        self.strip = FindingsStrip(self.check_state)
        self.classes_model = ClassListModel(self)
        self.images_model = ProjectImagesModel(self)
        self.class_list = ClassList(self.classes_model)
        self.grid = ImageGrid(thumbnails)
        self.grid.setModel(self.images_model)
        self.grid.setObjectName("Pictures")
        self.grid.setAccessibleName(tr("Pictures"))
        self.grid.set_empty_text(
            tr("No picture to show"),
            tr("Choose another class, or clear the search and the filter."),
        )
        self._summary = PlainLabel()
        self._summary.setProperty("role", "help")
        self._add = self._make_add_button()
        self._search = self._make_search()
        self._filter = self._make_filter()
        self._search_timer = QTimer(self, singleShot=True, interval=_SEARCH_DELAY_MS)
        self._search_timer.timeout.connect(self._on_search_settled)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()

    def set_classes(self, rows: Sequence[ClassRow]) -> None:
        """Show other classes; the chosen one stays if it is still there."""
        chosen = self.class_list.chosen()
        self.classes_model.set_rows(rows)
        if rows:
            self.class_list.choose(chosen)
        total = sum(row.image_count for row in rows)
        text = " · ".join([tr_count("%n class(es)", "", len(rows)), counted_images(total)])
        self._summary.setText(text if rows else "")

    def show_empty(self, is_empty: bool) -> None:
        """Show the introduction instead of the images, or the images."""
        focused = self.window().focusWidget()
        had_focus = focused is not None and self._stack.isAncestorOf(focused)
        was_empty = self.shows_empty
        self._stack.setCurrentIndex(1 if is_empty else 0)
        if was_empty and not is_empty and had_focus:
            # Else Qt moves it on to the search, where a key means typing.
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        for widget in (self._search, self._filter):
            widget.setEnabled(not is_empty)

    @property
    def shows_empty(self) -> bool:
        """Whether there is no image yet."""
        return self._stack.currentIndex() == 1

    def focus_search(self) -> None:
        """Let the user type a search."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def show_image(self, path: Path) -> None:
        """Scroll to an image and select it, whatever the filter."""
        row = self.images_model.position_of(path)
        if row < 0:
            self._search.clear()
            self._filter.setCurrentIndex(0)
            self.class_list.choose("")
            self.images_model.choose(label="", text="", shown=ImageFilter.ALL)
            row = self.images_model.position_of(path)
        if row >= 0:
            index = self.images_model.index(row)
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.grid.selectionModel().setCurrentIndex(index, flag)
            self.grid.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def show_message(
        self,
        severity: Severity,
        text: str,
        actions: Sequence[tuple[str, Callable[[], object]]] = (),
    ) -> None:
        """Show a message above the images, in place of the one before."""
        self.banner.show_message(severity, text, actions=actions)

    def edit_chosen_class(self) -> None:
        """Let the user rename the chosen class."""
        self.class_list.edit(self.class_list.currentIndex())

    def light_up_class(self, label: str) -> None:
        """Highlight the class that a drop would go to; "" for none."""
        self.class_list.light_up(label)

    def class_list_area(self, ancestor: QWidget) -> QRect:
        """Return the area of the class list, in the coordinates of a widget that holds the page."""
        corner = self.class_list.mapTo(ancestor, QPoint(0, 0))
        return QRect(corner, self.class_list.size())

    def drop_label(self, global_point: QPoint) -> str:
        """Return the class that a drop at a point would go to; "" for none."""
        viewport = self.class_list.viewport()
        point = viewport.mapFromGlobal(global_point)
        inside = viewport.rect().contains(point) and self._stack.currentIndex() == 0
        return self.class_list.class_at(point) if inside else ""

    def _make_add_button(self) -> QPushButton:
        button = QPushButton(icon("folder-plus", IconColor.ON_ACCENT), tr("Add folders…"))
        button.setProperty("kind", "primary")
        button.setObjectName("Add folders")
        button.setAccessibleName(tr("Add folders…"))
        button.setToolTip(tr("Choose class folders, or a folder that holds them"))
        return button

    def _make_search(self) -> QLineEdit:
        edit = QLineEdit()
        edit.setPlaceholderText(tr("Search file names"))
        edit.setAccessibleName(tr("Search"))
        edit.setClearButtonEnabled(True)
        edit.setMaximumWidth(30 * GRID)
        edit.setMinimumWidth(16 * GRID)
        pass_undo_on(edit)
        return edit

    def _make_filter(self) -> QComboBox:
        box = QComboBox()
        box.setObjectName("Filter")
        box.setAccessibleDescription(tr("Which pictures are shown"))
        for shown, text in (
            (ImageFilter.ALL, tr("All pictures")),
            (ImageFilter.INCLUDED, tr("Included")),
            (ImageFilter.EXCLUDED, tr("Excluded")),
            (ImageFilter.UNREADABLE, tr("Unreadable")),
            (ImageFilter.DUPLICATES, tr("Duplicates")),
            (ImageFilter.CONFLICTS, tr("In two classes or splits")),
            (ImageFilter.TRAINING, tr("Last run: training")),
            (ImageFilter.VALIDATION, tr("Last run: validation")),
            (ImageFilter.TEST, tr("Last run: test")),
        ):
            box.addItem(text, shown)
        return box

    def _lay_out(self) -> None:
        title = PlainLabel(tr("Images"))
        title.setProperty("role", "title")
        files = QPushButton(icon("ellipsis"), "")
        files.setAccessibleName(tr("Add pictures, archives or lists…"))
        files.setToolTip(tr("Add pictures, archives (.zip, .tar.gz) or lists (.csv)…"))
        files.clicked.connect(self.add_files_requested)
        header = QHBoxLayout()
        header.setSpacing(GRID)
        header.addWidget(title)
        header.addSpacing(GRID)
        header.addWidget(self._summary, 1)
        header.addWidget(self._search)
        header.addWidget(self._filter)
        header.addWidget(files)
        header.addWidget(self._add)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(GRID)
        splitter.addWidget(self.class_list)
        splitter.addWidget(self.grid)
        splitter.setSizes([27 * GRID, 100 * GRID])
        splitter.setStretchFactor(1, 1)
        filled = QWidget()
        inner = QVBoxLayout(filled)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(GRID)
        inner.addWidget(splitter, 1)
        inner.addWidget(self.strip)
        self._stack.addWidget(filled)
        self._stack.addWidget(self._make_empty_state())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addLayout(header)
        layout.addWidget(self.banner)
        layout.addWidget(self._stack, 1)

    def _make_empty_state(self) -> EmptyState:
        return EmptyState(
            "images",
            tr("Teach the computer to classify your pictures"),
            tr(
                "1.  Drag folders of pictures onto this window, one folder per class.\n"
                "2.  Open Train, click “Start training” and watch the plots.\n"
                "3.  Right-click any picture to classify it."
            ),
            (
                (tr("Try the sample pictures"), self.sample_requested.emit),
                (tr("Choose folders…"), self.add_requested.emit),
            ),
        )

    def _connect(self) -> None:
        self._add.clicked.connect(self.add_requested)
        self._search.textChanged.connect(self._on_search_changed)
        self._filter.currentIndexChanged.connect(self._on_filter_chosen)
        self.classes_model.rename_requested.connect(self.class_rename_requested)
        self.strip.review_requested.connect(self.review_requested)
        self.strip.cancel_requested.connect(self.cancel_requested)
        self.class_list.class_chosen.connect(self._on_class_chosen)
        self.class_list.menu_requested.connect(self.class_menu_requested)
        self.class_list.remove_requested.connect(self.class_remove_requested)
        self.grid.menu_requested.connect(self.menu_requested)
        self.grid.opened.connect(self.opened)

    def _on_search_changed(self, _text: str) -> None:
        self._search_timer.start()

    def _on_search_settled(self) -> None:
        self.images_model.choose(text=self._search.text().strip())

    def _on_filter_chosen(self, _index: int) -> None:
        self.images_model.choose(shown=ImageFilter(self._filter.currentData()))

    def _on_class_chosen(self, name: str) -> None:
        self.images_model.choose(label=name)
