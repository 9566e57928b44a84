import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QTableView

from gui.backbones.backbone_table_model import BackboneColumn
from gui.classify.classified_model import ClassifiedColumn
from gui.export.export_table_model import ExportColumn
from gui.images.findings_model import FindingColumn
from gui.results.class_metrics_model import ClassMetricsColumn
from gui.storage.storage_model import StorageColumn
from gui.widgets.columns import Column, Columns, ColumnsModel, set_widths

ALIGN_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
RED = QColor("red")
Role = Qt.ItemDataRole


class PlantColumn(Columns):
    NAME = Column(
        title=lambda: "Name",
        help=lambda: "a < b",
        text=lambda plant: plant[0],
        tooltip=lambda plant: plant[0] and f"<{plant[0]}>\nplant",
        icon=lambda plant: RED,
        width=70,
    )
    PETALS = Column(
        title=lambda: "Petals",
        text=lambda plant: f"{plant[1]} petals",
        sort_key=lambda plant: plant[1],
        copied=lambda plant: str(plant[1]),
        is_number=True,
        longest="1,000 petals",
    )
    FAMILY = Column(title=lambda: "Family", text=lambda plant: "?", is_stretched=True)


class PlantModel(ColumnsModel):
    columns = PlantColumn


@pytest.fixture
def model(qtmodeltester):
    model = PlantModel()
    model.set_rows([("rose", 5), ("", 34)])
    qtmodeltester.check(model)
    return model


def cell(model, row, column, role=Role.DisplayRole):
    return model.index(row, column).data(role)


def test_headers_follow_from_the_columns(model):
    across = Qt.Orientation.Horizontal
    assert [model.headerData(each, across) for each in PlantColumn] == ["Name", "Petals", "Family"]
    assert model.headerData(0, across, Role.ToolTipRole) == "<p>a &lt; b</p>"
    assert model.headerData(1, across, Role.ToolTipRole) is None
    assert model.headerData(0, Qt.Orientation.Vertical) is None


def test_cells_follow_from_the_columns(model):
    assert [cell(model, 0, each) for each in PlantColumn] == ["rose", "5 petals", "?"]
    assert cell(model, 0, PlantColumn.NAME, Role.DecorationRole) == RED
    assert cell(model, 0, PlantColumn.PETALS, Role.DecorationRole) is None
    assert cell(model, 0, PlantColumn.FAMILY, model.RowRole) == ("rose", 5)


def test_texts_are_sorted_and_copied_as_they_are_unless_the_column_says_otherwise(model):
    for role in (model.SortRole, Role.EditRole):
        assert cell(model, 0, PlantColumn.NAME, role) == "rose"
    assert cell(model, 0, PlantColumn.PETALS, model.SortRole) == 5
    assert cell(model, 0, PlantColumn.PETALS, Role.EditRole) == "5"


def test_tooltips_are_plain_text_in_lines(model):
    tooltip = cell(model, 0, PlantColumn.NAME, Role.ToolTipRole)
    assert tooltip == "<p>&lt;rose&gt;<br>plant</p>"
    assert cell(model, 1, PlantColumn.NAME, Role.ToolTipRole) is None
    assert cell(model, 1, PlantColumn.FAMILY, Role.ToolTipRole) is None


def test_numbers_and_their_headers_are_aligned_to_the_right(model):
    for column, side in ((PlantColumn.NAME, ALIGN_LEFT), (PlantColumn.PETALS, ALIGN_RIGHT)):
        assert cell(model, 0, column, Role.TextAlignmentRole) == side
        header = model.headerData(column, Qt.Orientation.Horizontal, Role.TextAlignmentRole)
        assert header == side


def test_widths_follow_from_the_columns(qtbot, model):
    table = QTableView()
    qtbot.addWidget(table)
    table.setModel(model)
    set_widths(table, PlantColumn)
    assert table.columnWidth(PlantColumn.NAME) == 70
    least = table.fontMetrics().horizontalAdvance("1,000 petals")
    assert table.columnWidth(PlantColumn.PETALS) > least
    mode = table.horizontalHeader().sectionResizeMode(PlantColumn.FAMILY)
    assert mode is QHeaderView.ResizeMode.Stretch


@pytest.mark.parametrize(
    "columns",
    [
        BackboneColumn,
        ClassMetricsColumn,
        ClassifiedColumn,
        ExportColumn,
        FindingColumn,
        StorageColumn,
    ],
)
def test_columns_are_numbered_in_their_order_and_have_titles_of_their_own(columns):
    assert [int(each) for each in columns] == list(range(len(columns)))
    assert len({each.record.title() for each in columns}) == len(columns)
