"""Previews augmentation on the user's own images, as the settings change."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QImage, QPainter, QPaintEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.settings.config import TrainConfig
from gui.look.language import shown, tr
from gui.look.theme import GRID, theme_for
from gui.train_settings.augmented_rows import AugmentedRow, RowsWanted, make_rows
from gui.train_settings.setting_relevance import preview_note
from gui.widgets.plain_text import PlainLabel, plain_tooltip
from gui.work.background import Task, TaskContext

_NUM_ROWS = 3
_NUM_COLUMNS = 4  # the original, then three augmented versions
_TILE = 11 * GRID
_GAP = GRID // 2
_DEBOUNCE_MS = 150


class AugmentationPreview(QWidget):
    """A grid of images: originals on the left, augmented versions beside them.

    Nothing is computed while it is hidden.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paths: Sequence[Path] = ()
        self._sample_bits: int | None = None
        self._config = TrainConfig()
        self._choice = 0
        self._task: Task | None = None
        self._timer = QTimer(self, singleShot=True, interval=_DEBOUNCE_MS)
        self._timer.timeout.connect(self._compute)
        self._tiles = _Tiles()
        self._message = PlainLabel()
        self._message.setWordWrap(True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setProperty("role", "help")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._tiles)
        self._stack.addWidget(self._message)
        # The size stays the same, so that nothing below jumps.
        self._stack.setFixedSize(self._tiles.sizeHint())
        self._legend = PlainLabel()
        self._legend.setWordWrap(True)
        self._show_legend()
        policy = self._legend.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._legend.setSizePolicy(policy)
        self._other = QPushButton(tr("Other pictures"))
        self._other.setToolTip(tr("Show other pictures with other changes"))
        self._other.clicked.connect(self._on_other_clicked)
        below = QHBoxLayout()
        below.setSpacing(GRID)
        below.addWidget(self._legend, 1)
        below.addWidget(self._other)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self._stack)
        layout.addLayout(below)
        self.setAccessibleName(tr("Preview of augmentation"))
        self._refresh()

    @property
    def message(self) -> str:
        """The text in place of images; "" while some are shown."""
        return "" if self._stack.currentWidget() is self._tiles else self._message.text()

    @property
    def legend(self) -> str:
        """The text below the images."""
        return self._legend.text()

    def set_images(self, paths: Sequence[Path]) -> None:
        """Choose from other images.

        Args:
            paths: Image files; not changed afterwards.
        """
        self._paths = paths
        self._refresh()

    def set_sample_bits(self, sample_bits: int | None) -> None:
        """Read images as the training will; for `sample_bits` see `Decoding`."""
        if sample_bits != self._sample_bits:
            self._sample_bits = sample_bits
            self._refresh()

    def set_config(self, config: TrainConfig) -> None:
        """Apply other settings, shortly after the last of many calls."""
        is_same = _decides(config) == _decides(self._config)
        self._config = config
        self._show_legend()
        if not is_same:
            self._refresh()

    def _show_legend(self) -> None:
        note = preview_note(self._config)
        usual = tr("Left: original. Right: examples of what training sees.")
        self._legend.setText(note or usual)
        self._legend.setProperty("role", "note" if note else "help")
        self._legend.style().unpolish(self._legend)
        self._legend.style().polish(self._legend)

    def _refresh(self) -> None:
        self._cancel()
        if not self._paths:
            self._say(tr("Add pictures to see a preview here."))
        elif not (self._config.augmentation().is_active or self._config.mixup):
            self._say(tr("Augmentation is off. Turn on flip or rotation, for example, to see it."))
        elif self.isVisible():
            if self.message:
                self._say(tr("Preparing the preview…"))
            self._timer.start()

    def _cancel(self) -> None:
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _say(self, text: str) -> None:
        self._message.setText(text)
        self._message.setAccessibleName(text)
        self._tiles.show_rows([], 1.0)
        self._stack.setCurrentWidget(self._message)
        self._legend.setVisible(False)
        self._other.setEnabled(False)

    def _compute(self) -> None:
        scale = self.devicePixelRatioF()
        wanted = RowsWanted(
            self._paths,
            self._config,
            self._choice,
            side=round(_TILE * scale),
            num_rows=_NUM_ROWS,
            num_changed=_NUM_COLUMNS - 1,
            sample_bits=self._sample_bits,
        )

        def make(context: TaskContext) -> list[AugmentedRow]:
            return make_rows(wanted, context.check)

        self._task = Task(make)
        self._task.succeeded.connect(self._on_task_succeeded)
        self._task.failed.connect(self._on_task_failed)
        self._task.start()

    def _on_task_succeeded(self, rows: list[AugmentedRow]) -> None:
        if not rows:
            self._say(tr("None of the pictures that were tried can be read."))
        else:
            self._tiles.show_rows(rows, self.devicePixelRatioF())
            self._stack.setCurrentWidget(self._tiles)
            self._legend.setVisible(True)
        self._other.setEnabled(True)

    def _on_task_failed(self, message: str, _details: str) -> None:
        self._say(shown(message))
        self._other.setEnabled(True)

    def _on_other_clicked(self) -> None:
        self._choice += 1
        self._cancel()
        self._compute()

    # Qt's own methods.

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._cancel()


class _Tiles(QWidget):
    """Draw the rows, pixel for pixel."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[list[QPixmap]] = []
        self.setAccessibleName(tr("Augmented pictures"))

    def show_rows(self, rows: Sequence[AugmentedRow], scale: float) -> None:
        """Show other rows.

        Args:
            scale: The screen's pixels per pixel at 100%.
        """
        self._rows = [[_pixmap(tile, scale) for tile in row.tiles] for row in rows]
        names = ", ".join(row.name for row in rows)
        self.setAccessibleDescription(names)
        self.setToolTip(plain_tooltip("\n".join(row.name for row in rows)))
        self.update()

    # Qt's own methods.

    def sizeHint(self) -> QSize:
        # The originals stand apart by twice the gap.
        width = _NUM_COLUMNS * _TILE + _NUM_COLUMNS * _GAP
        return QSize(width, _NUM_ROWS * _TILE + (_NUM_ROWS - 1) * _GAP)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        empty = QColor(theme_for(self.palette()).surface_alt)
        for row in range(_NUM_ROWS):
            for column in range(_NUM_COLUMNS):
                left = column * (_TILE + _GAP) + (_GAP if column else 0)
                area = QRect(left, row * (_TILE + _GAP), _TILE, _TILE)
                if row < len(self._rows):
                    painter.drawPixmap(area, self._rows[row][column])
                else:
                    painter.fillRect(area, empty)


def _pixmap(pixels: NDArray[np.uint8], scale: float) -> QPixmap:
    height, width, _ = pixels.shape
    content = np.ascontiguousarray(pixels).tobytes()
    image = QImage(content, width, height, 3 * width, QImage.Format.Format_RGB888)
    pixmap = QPixmap.fromImage(image)
    pixmap.setDevicePixelRatio(scale)
    return pixmap


def _decides(config: TrainConfig) -> tuple[object, ...]:
    """Return all settings that the preview depends on."""
    return config.augmentation(), config.resize_mode, config.mixup
