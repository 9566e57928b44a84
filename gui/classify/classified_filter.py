"""Filters the classified images."""

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from core.models.named_image import NamedImage
from gui.classify.classified_model import ClassifiedModel


class ClassifiedFilter(QSortFilterProxyModel):
    """Shows images of one class, unknown or unusable ones, or those below a confidence."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._label: str | None = None
        self._below: float | None = None
        self._only_unusable = self._only_unknown = False

    def set_label(self, label: str | None) -> None:
        """Show the images of one predicted class; None for all."""
        self._label, self._only_unusable, self._only_unknown = label, False, False
        self.invalidate()

    def show_unusable(self) -> None:
        """Show the images that could not be classified."""
        self._label, self._only_unusable, self._only_unknown = None, True, False
        self.invalidate()

    def show_unknown(self) -> None:
        """Show the images that are probably of none of the classes."""
        self._label, self._only_unusable, self._only_unknown = None, False, True
        self.invalidate()

    def set_below(self, probability: float | None) -> None:
        """Show the images whose best class is less probable; None for all."""
        self._below = probability
        self.invalidate()

    def threshold_changed(self) -> None:
        """Filter again if the filter depends on which images are unknown."""
        if self._only_unknown or self._label is not None:
            self.invalidate()

    def image(self, index: QModelIndex | QPersistentModelIndex) -> NamedImage:
        """Return the image in a row of this model."""
        image = index.data(ClassifiedModel.RowRole)
        assert isinstance(image, NamedImage)
        return image

    def _accepts(self, image: NamedImage, threshold: float) -> bool:
        if self._only_unusable:
            return not image.best
        is_unknown = image.is_unknown(threshold)
        if self._only_unknown and not is_unknown:
            return False
        if self._label is not None and (
            not image.best or is_unknown or image.best[0][0] != self._label
        ):
            return False
        return self._below is None or (bool(image.best) and image.best[0][1] < self._below)

    # Qt's own methods.

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.sourceModel().sort(column, order)

    def filterAcceptsRow(self, row: int, _parent: QModelIndex | QPersistentModelIndex) -> bool:
        model = self.sourceModel()
        if not isinstance(model, ClassifiedModel):
            return True
        return self._accepts(model.rows[row], model.threshold)
