from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from core.runs.run_summary import RunState, RunSummary
from core.settings.config import TrainConfig
from gui.runs.runs_model import RunColumn, RunsModel, make_rows

FINISHED = RunSummary(
    path=Path("/runs/a"),
    name="first",
    created=datetime(2026, 5, 1, tzinfo=UTC),
    config=TrainConfig(),
    state=RunState.FINISHED,
    epochs=9,
    best_epoch=7,
    seconds=61.0,
    val_accuracy=0.9,
    test_accuracy=0.8,
    test_interval=(0.6, 0.9),
    balanced_accuracy=0.75,
    model_bytes=12_000_000,
)


def run(letter: str, **changes) -> RunSummary:
    created = datetime(2026, 5, ord(letter) - ord("a") + 1, tzinfo=UTC)
    values = {"path": Path("/runs") / letter, "name": letter, "created": created}
    return replace(FINISHED, **(values | changes))


def texts(row, *columns: RunColumn) -> list[str]:
    return [column.record.text(row) for column in columns]


def test_the_latest_run_is_first_and_one_without_a_time_last():
    rows = make_rows([run("a"), run("c"), run("b"), run("d", created=None)], None)
    assert [row.summary.name for row in rows] == ["c", "b", "a", "d"]


def test_only_settings_that_differ_and_are_no_defaults_are_told():
    configs = (TrainConfig(), TrainConfig(batch_size=8, learning_rate=0.01), TrainConfig(epochs=7))
    rows = make_rows(
        [run(letter, config=config) for letter, config in zip("abc", configs, strict=True)], None
    )
    assert [row.settings for row in reversed(rows)] == [
        "defaults",
        "Batch size: 8, Learning rate: 0.01",
        "Epochs: 7",
    ]


def test_backbone_and_mode_have_columns_of_their_own():
    config = TrainConfig(fine_tune=True)
    first, second = make_rows([run("a"), run("b", config=config)], None)
    assert texts(first, RunColumn.MODE) == ["Fine-tuned"]
    assert texts(second, RunColumn.MODE) == ["Fast"]
    assert texts(first, RunColumn.BACKBONE) == [config.backbone.rsplit("/", 1)[-1]]
    assert first.settings == second.settings == "defaults"


def test_the_best_by_validation_is_suggested_and_the_starred_one_marked():
    runs = [run("a", val_accuracy=0.95), run("b"), run("c", val_accuracy=None)]
    rows = make_rows(runs, Path("/runs/b"))
    assert [(row.summary.name, row.is_suggested, row.is_starred) for row in rows] == [
        ("c", False, False),
        ("b", False, True),
        ("a", True, False),
    ]
    assert texts(rows[2], RunColumn.VALIDATION) == ["95.0%, best"]
    assert RunColumn.NAME.record.icon(rows[1]) is not None
    assert RunColumn.NAME.record.icon(rows[2]) is None
    assert "Its model is the project's." in RunColumn.NAME.record.tooltip(rows[1])


def test_without_any_figure_none_is_suggested():
    assert not any(row.is_suggested for row in make_rows([run("a", val_accuracy=None)], None))


def test_figures_of_a_finished_run():
    [row] = make_rows([run("a")], None)
    assert texts(
        row, RunColumn.TEST, RunColumn.BALANCED, RunColumn.EPOCHS, RunColumn.SIZE, RunColumn.STATE
    ) == ["80.0% (60.0% to 90.0%)", "75.0%", "7 of 9", "12.0 MB", "Finished"]


def test_a_run_without_a_model_has_no_figures():
    [row] = make_rows(
        [
            run(
                "a",
                state=RunState.INTERRUPTED,
                best_epoch=0,
                epochs=3,
                val_accuracy=None,
                test_accuracy=None,
                test_interval=None,
                balanced_accuracy=None,
                model_bytes=0,
            )
        ],
        None,
    )
    assert texts(
        row,
        RunColumn.TEST,
        RunColumn.VALIDATION,
        RunColumn.BALANCED,
        RunColumn.EPOCHS,
        RunColumn.SIZE,
        RunColumn.STATE,
    ) == ["", "", "", "3", "", "Interrupted"]
    assert RunColumn.STATE.record.icon(row) is not None


def test_changes_since_are_told_beside_the_state():
    rows = make_rows(
        [run("a"), run("b"), run("c")], None, {Path("/runs/a"): 12, Path("/runs/b"): 0}
    )
    assert [row.state for row in reversed(rows)] == [
        "Finished · 12 changes since",
        "Finished",
        "Finished",
    ]


def test_columns_sort_by_value_and_not_by_text(qtbot):
    model = RunsModel()
    model.set_rows(make_rows([run("a", seconds=100.0), run("b", seconds=20.0)], None))
    column = RunColumn.SECONDS
    keys = [model.index(row, column).data(RunsModel.SortRole) for row in range(2)]
    assert keys == [20.0, 100.0]
    unknown = make_rows([run("a", test_accuracy=None)], None)[0]
    assert RunColumn.TEST.record.sort_key(unknown) < 0
