from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from gui.backbones.backbone_filter import BackboneFilter
from gui.backbones.backbone_row import BackboneRow
from gui.backbones.backbone_table_model import BackboneColumn, BackboneTableModel

BUILT_IN = BackboneRow(
    name="efficientnet-lite0",
    title="EfficientNet-Lite0",
    handle="efficientnet-lite0",
    family="EfficientNet-Lite",
    year=2020,
    input_size=(224, 224),
    feature_dim=1280,
    parameters=3_413_024,
    multiply_adds=400_000_000,
    imagenet_top1=0.751,
    imagenet_top1_source="https://example.org/lite",
    size_bytes=13_800_000,
    is_embedded=True,
)
INCEPTION = BackboneRow(
    name="inception-v3",
    title="Inception V3",
    handle="https://example.org/inception_v3/4",
    family="Inception",
    year=2015,
    input_size=(299, 320),
    feature_dim=2048,
    parameters=21_800_000,
    multiply_adds=5_700_000_000,
    imagenet_top1=0.78,
    download_bytes=90_000_000,
    advice="Slow but thorough.",
)
OWN = BackboneRow(
    name="own",
    title="own",
    handle="own",
    input_size=(96, 96),
    feature_dim=64,
    parameters=500,
    size_bytes=20_000,
    is_in_catalogue=False,
)


@pytest.fixture
def model(qtmodeltester):
    model = BackboneTableModel()
    model.set_rows([BUILT_IN, INCEPTION, OWN])
    qtmodeltester.check(model)
    return model


@pytest.fixture
def shown(model, qtmodeltester):
    shown = BackboneFilter()
    shown.setSourceModel(model)
    qtmodeltester.check(shown)
    return shown


def texts(model, row):
    return [model.index(row, column).data() for column in BackboneColumn]


def names(shown):
    return [shown.row(shown.index(row, 0)).name for row in range(shown.rowCount())]


def test_texts_of_a_backbone_that_is_built_in(model):
    expected = ["EfficientNet-Lite0", "224×224", "3.4 M", "400.0 M", "75.1%", "13.8 MB"]
    assert texts(model, 0) == [*expected, "Built in", "1.0×"]


def test_work_is_told_as_what_it_is(model):
    head = model.headerData(BackboneColumn.WORK, Qt.Orientation.Horizontal)
    assert head == "Relative\nwork"
    tooltip = model.index(1, BackboneColumn.WORK).data(Qt.ItemDataRole.ToolTipRole)
    assert "14.3× the multiply-adds of the default backbone" in tooltip


def test_texts_of_one_to_download_with_width_before_height(model):
    expected = ["Inception V3", "320×299", "21.8 M", "5.7 G", "78.0%", "90.0 MB", "No", "14.3×"]
    assert texts(model, 1) == expected


def test_old_format_is_marked_and_sorted_behind_what_can_be_fetched(model, shown):
    old = replace(INCEPTION, name="old", is_in_catalogue=False, is_tf1=True)
    model.set_rows([old, INCEPTION, replace(old, name="imported", size_bytes=1), BUILT_IN])
    here = [model.index(row, BackboneColumn.HERE).data() for row in range(4)]
    assert here == ["TF1 only", "No", "Yes", "Built in"]
    shown.sort(BackboneColumn.HERE, Qt.SortOrder.AscendingOrder)
    assert names(shown) == ["efficientnet-lite0", "imported", "inception-v3", "old"]


def test_what_is_not_known_is_said_so(model):
    expected = ["own", "96×96", "500", "–", "–", "20.0 kB", "Yes", "–"]
    tooltip = model.index(2, BackboneColumn.WORK).data(Qt.ItemDataRole.ToolTipRole)
    assert tooltip == "<p>not known</p>"
    assert texts(model, 2) == expected


def test_size_comes_from_the_weights_if_nothing_else_is_known(model):
    model.set_rows([replace(INCEPTION, download_bytes=None)])
    assert model.index(0, BackboneColumn.SIZE).data() == "≈ 87.2 MB"


def test_chosen_backbone_is_marked(qtbot, model):
    with qtbot.waitSignal(model.dataChanged):
        model.set_chosen("inception-v3")
    assert model.index(1, BackboneColumn.TITLE).data() == "Inception V3 (in use)"
    assert model.index(0, BackboneColumn.TITLE).data() == "EfficientNet-Lite0"


def test_tooltips_tell_the_source_of_the_accuracy_and_are_plain_text(model):
    model.set_rows([replace(BUILT_IN, imagenet_top1_source="<b>a & b</b>")])
    tooltip = model.index(0, BackboneColumn.TOP1).data(Qt.ItemDataRole.ToolTipRole)
    assert tooltip == "<p>Source: &lt;b&gt;a &amp; b&lt;/b&gt;</p>"


@pytest.mark.parametrize("order", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
def test_unknown_values_come_last_in_both_orders(shown, order):
    shown.sort(BackboneColumn.MULTIPLY_ADDS, order)
    assert names(shown)[-1] == "own"
    known = ["efficientnet-lite0", "inception-v3"]
    assert names(shown)[:2] == (known if order is Qt.SortOrder.AscendingOrder else known[::-1])


def test_sizes_are_sorted_by_value_not_by_text(shown):
    shown.sort(BackboneColumn.SIZE, Qt.SortOrder.AscendingOrder)
    assert names(shown) == ["own", "efficientnet-lite0", "inception-v3"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INCEPT", ["inception-v3"]),
        ("v3 thorough", ["inception-v3"]),
        ("example.org", ["inception-v3"]),
        ("v3 lite", []),
        ("  ", ["efficientnet-lite0", "inception-v3", "own"]),
    ],
)
def test_all_words_of_a_search_must_occur(shown, text, expected):
    shown.set_text(text)
    assert names(shown) == expected


def test_filters_hold_together(shown):
    shown.set_only_here(True)
    assert names(shown) == ["efficientnet-lite0", "own"]
    shown.set_family("")
    assert names(shown) == ["own"]
    shown.set_family("Inception")
    assert names(shown) == []
    shown.set_only_here(False)
    assert names(shown) == ["inception-v3"]


def test_largest_size_is_of_download_or_disk(shown):
    shown.set_most_bytes(20_000_000)
    assert names(shown) == ["efficientnet-lite0", "own"]


def test_filter_of_work_leaves_out_what_is_not_known(shown):
    shown.set_most_work(1.0)
    assert names(shown) == ["efficientnet-lite0"]
    shown.set_most_work(14.0)
    assert names(shown) == ["efficientnet-lite0"]
    shown.set_most_work(14.3)
    assert names(shown) == ["efficientnet-lite0", "inception-v3"]


def test_backbones_are_found_by_name_unless_filtered_out(shown):
    assert shown.row(shown.index_of("own")) == OWN
    shown.set_family("Inception")
    assert not shown.index_of("own").isValid()
    assert not shown.index_of("nobody").isValid()
