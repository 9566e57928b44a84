"""The section on how a classifier was trained."""

from collections.abc import Callable, Sequence
from typing import Any

from core.report.blocks import Block, Cell, Column, Heading, Table, text_row
from core.report.chart import Axes, Chart, Mark, Series
from core.report.figure_texts import duration, percent
from core.report.reported_run import ReportedRun
from core.report.setting_tables import setting_blocks
from core.text import Text, count_text

Line = dict[str, Any]


def training_section(run: ReportedRun) -> list[Block]:
    """Tell settings, epochs, time and curves."""
    return [
        Heading(Text("Training")),
        Table((Column(), Column()), tuple(_facts(run))),
        *curve_blocks(run),
        Heading(Text("Settings"), 3),
        *setting_blocks(run.config),
    ]


def curve_blocks(run: ReportedRun) -> list[Block]:
    """Draw accuracy and loss over the epochs."""
    if not run.history:
        return []
    marks = _marks(run)
    accuracy = Chart(
        (
            Series(Text("validation accuracy"), points_of(run.history, "val_accuracy"), 0, 0),
            Series(Text("training accuracy"), points_of(run.history, "accuracy"), 0, 1),
        ),
        Axes(x_name([run]), Text("accuracy"), is_percent=True),
        marks,
        Text("Accuracy over the epochs"),
    )
    loss = Chart(
        (
            Series(Text("validation loss"), points_of(run.history, "val_loss"), 1, 0),
            Series(Text("training loss"), points_of(run.history, "loss"), 1, 1),
        ),
        Axes(x_name([run]), Text("loss"), is_percent=False),
        marks,
        Text("Loss over the epochs"),
    )
    return [Heading(Text("Curves"), 3), accuracy, loss]


def points_of(history: Sequence[Line], name: str) -> tuple[tuple[float, float], ...]:
    """Return epoch and value of each line."""
    return tuple((float(line["epoch"]), float(line[name])) for line in history)


def x_name(runs: Sequence[ReportedRun]) -> Text:
    """Name the horizontal axis: an exact fit has iterations, not epochs."""
    lines = [line for run in runs for line in run.history]
    exact = [line.get("is_exact") is True for line in lines]
    if exact and all(exact):
        return Text("Iteration")
    return Text("Epoch or iteration") if any(exact) else Text("Epoch")


def _marks(run: ReportedRun) -> tuple[Mark, ...]:
    marks = []
    if best := best_epoch(run):
        marks.append(Mark(float(best), Text("best: %1", str(best))))
    tuned = _first(run.history, lambda line: line.get("is_fine_tuning") is True)
    if tuned is not None:
        marks.append(Mark(max(0.0, float(tuned["epoch"]) - 1), Text("fine-tuning begins")))
    return tuple(marks)


def _first(lines: Sequence[Line], holds: Callable[[Line], bool]) -> Line | None:
    return next((line for line in lines if holds(line)), None)


def best_epoch(run: ReportedRun) -> int:
    """Return the epoch whose weights the model has; 0 if not known."""
    if run.end is not None:
        return run.end.best_epoch
    best = [int(line["epoch"]) for line in run.history if line.get("is_best")]
    return best[-1] if best else 0


def _facts(run: ReportedRun) -> list[tuple[Cell, ...]]:
    rows = [text_row(Text("Backbone"), _backbones(run))]
    if run.info is not None:
        height, width = run.info.input_size
        size = Text("%1×%2 pixels, %3", str(width), str(height), run.info.resize_mode.text)
        rows.append(text_row(Text("Input"), size))
    rows.append(text_row(Text("Trained"), _mode(run)))
    if run.end is not None:
        rows.append(text_row(Text("Length"), _kept(run)))
        rows.append(text_row(Text("Time"), duration(run.end.seconds)))
    elif run.history:
        rows.append(text_row(Text("Epochs"), f"{len(run.history):,}"))
    if run.info is not None and run.info.unknown_threshold:
        text = Text("answers below %1 are called unknown", percent(run.info.unknown_threshold))
        rows.append(text_row(Text("Threshold"), text))
    return rows


def _backbones(run: ReportedRun) -> str:
    if len(run.config.backbones) == 1:
        return run.config.backbone
    return Text("%1 and %2, side by side", *run.config.backbones)


def _mode(run: ReportedRun) -> Text:
    is_tuned = run.info.is_fine_tuned if run.info else run.config.fine_tune
    if is_tuned:
        return Text("a new last layer, and the backbone was fine-tuned on these pictures")
    if run.config.fine_tune and run.info is not None:
        return Text(
            "a new last layer; the backbone was fine-tuned too, but the model from before that "
            "was better and was kept"
        )
    if run.config.is_exact:
        return Text("a new last layer, fitted exactly; the backbone stayed as it was")
    return Text("a new last layer; the backbone stayed as it was")


def _kept(run: ReportedRun) -> Text:
    assert run.end is not None
    if x_name([run]) == "Iteration":
        return count_text("%n iteration(s)", "", run.end.epochs)
    return Text("Kept the best epoch: %1 of %2.", run.end.best_epoch, run.end.epochs)
