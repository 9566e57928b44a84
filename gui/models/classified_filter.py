"""Which classified pictures are shown."""

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from core.models.named_picture import NamedPicture
from gui.models.classified_model import ClassifiedModel


class ClassifiedFilter(QSortFilterProxyModel):
    """Shows the pictures of one class, those below a confidence, or the unusable ones."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._label: str | None = None
        self._below: float | None = None
        self._only_unusable = False

    def set_label(self, label: str | None) -> None:
        """Show the pictures taken for one class; None for all."""
        self._label, self._only_unusable = label, False
        self.invalidate()

    def show_unusable(self) -> None:
        """Show the pictures that could not be classified."""
        self._label, self._only_unusable = None, True
        self.invalidate()

    def set_below(self, probability: float | None) -> None:
        """Show the pictures whose best class is less probable; None for all."""
        self._below = probability
        self.invalidate()

    def picture(self, index: QModelIndex | QPersistentModelIndex) -> NamedPicture:
        """What a row of this model shows."""
        picture = index.data(ClassifiedModel.PictureRole)
        assert isinstance(picture, NamedPicture)
        return picture

    def _accepts(self, picture: NamedPicture) -> bool:
        if self._only_unusable:
            return not picture.best
        if self._label is not None and (not picture.best or picture.best[0][0] != self._label):
            return False
        return self._below is None or (bool(picture.best) and picture.best[0][1] < self._below)

    # Qt's own methods.

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.sourceModel().sort(column, order)

    def filterAcceptsRow(self, row: int, _parent: QModelIndex | QPersistentModelIndex) -> bool:
        model = self.sourceModel()
        return not isinstance(model, ClassifiedModel) or self._accepts(model.pictures[row])
