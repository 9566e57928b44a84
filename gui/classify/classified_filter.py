"""Filters the classified pictures."""

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from core.models.named_picture import NamedPicture
from gui.classify.classified_model import ClassifiedModel


class ClassifiedFilter(QSortFilterProxyModel):
    """Shows pictures of one class, unknown or unusable ones, or those below a confidence."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._label: str | None = None
        self._below: float | None = None
        self._only_unusable = self._only_unknown = False

    def set_label(self, label: str | None) -> None:
        """Show the pictures of one predicted class; None for all."""
        self._label, self._only_unusable, self._only_unknown = label, False, False
        self.invalidate()

    def show_unusable(self) -> None:
        """Show the pictures that could not be classified."""
        self._label, self._only_unusable, self._only_unknown = None, True, False
        self.invalidate()

    def show_unknown(self) -> None:
        """Show the pictures that are probably of none of the classes."""
        self._label, self._only_unusable, self._only_unknown = None, False, True
        self.invalidate()

    def set_below(self, probability: float | None) -> None:
        """Show the pictures whose best class is less probable; None for all."""
        self._below = probability
        self.invalidate()

    def threshold_changed(self) -> None:
        """Filter again if the filter depends on which pictures are unknown."""
        if self._only_unknown or self._label is not None:
            self.invalidate()

    def picture(self, index: QModelIndex | QPersistentModelIndex) -> NamedPicture:
        """Return the picture in a row of this model."""
        picture = index.data(ClassifiedModel.RowRole)
        assert isinstance(picture, NamedPicture)
        return picture

    def _accepts(self, picture: NamedPicture, threshold: float) -> bool:
        if self._only_unusable:
            return not picture.best
        is_unknown = picture.is_unknown(threshold)
        if self._only_unknown and not is_unknown:
            return False
        if self._label is not None and (
            not picture.best or is_unknown or picture.best[0][0] != self._label
        ):
            return False
        return self._below is None or (bool(picture.best) and picture.best[0][1] < self._below)

    # Qt's own methods.

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.sourceModel().sort(column, order)

    def filterAcceptsRow(self, row: int, _parent: QModelIndex | QPersistentModelIndex) -> bool:
        model = self.sourceModel()
        if not isinstance(model, ClassifiedModel):
            return True
        return self._accepts(model.rows[row], model.threshold)
