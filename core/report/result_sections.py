"""Sections on how good a classifier is."""

from itertools import islice

import numpy as np

from core.data.dataset import Split
from core.evaluation.figure_words import note_sentences
from core.evaluation.measured_figures import MeasuredFigures
from core.evaluation.metrics import ClassMetrics, wilson_interval
from core.models.model_info import SplitResult
from core.report.blocks import (
    Block,
    Cell,
    Column,
    Fold,
    Gallery,
    GalleryItem,
    Heading,
    KeyFigure,
    KeyFigures,
    Matrix,
    Paragraph,
    Table,
    Tone,
)
from core.report.figure_texts import accuracy_sentence, is_rough, percent
from core.report.report_image import ReportImages
from core.report.reported_run import ReportedRun
from core.runs.run_predictions import RunPrediction
from core.runs.run_results import SplitResults
from core.text import Text, count_text

_MOST_CLASSES_OF_MATRIX = 16
_MOST_CLASSES_SHOWN = 40
_LOWEST_CLASSES = 20
_MOST_PAIRS = 6
_IMAGES_OF_A_PAIR = 4
_MOST_MISTAKES = 24


def headline_blocks(run: ReportedRun) -> list[Block]:
    """Return the figures that matter most, with what they mean."""
    figures = run.figures
    if figures is None:
        return _headline_of_model(run)
    low, high = map(percent, figures.interval)
    accuracy = Text("Test accuracy")
    if figures.measured_on is Split.VALIDATION:
        accuracy = Text("Validation accuracy")
    interval = Text("95% interval: %1 to %2", low, high)
    found = [KeyFigure(percent(figures.accuracy), accuracy, interval)]
    if figures.balanced_accuracy is not None:
        label, detail = Text("Balanced accuracy"), Text("mean recall of the classes")
        found.append(KeyFigure(percent(figures.balanced_accuracy), label, detail))
    if figures.majority_accuracy is not None and figures.majority_label is not None:
        always = Text("by always answering “%1”", figures.majority_label)
        label = Text("Majority baseline")
        found.append(KeyFigure(percent(figures.majority_accuracy), label, always))
    blocks: list[Block] = [KeyFigures(tuple(found))]
    if run.results is not None:
        split = run.results.best_split
        evaluation = run.results.splits[split].evaluation
        blocks.append(Paragraph(accuracy_sentence(evaluation, split)))
        if is_rough(evaluation):
            rough = Text(
                "With so few pictures this is a rough estimate. Add more for a better one."
            )
            blocks.append(Paragraph(rough, Tone.NOTE))
    return [*blocks, *(Paragraph(note, Tone.NOTE) for note in note_sentences(figures, 1))]


def _headline_of_model(run: ReportedRun) -> list[Block]:
    """Return what models of earlier versions have."""
    if run.info is None:
        return []
    result: SplitResult = run.info.test or run.info.validation
    low, high = map(percent, result.interval)
    label = Text("Test accuracy") if run.info.test else Text("Validation accuracy")
    interval = Text("95% interval: %1 to %2", low, high)
    return [KeyFigures((KeyFigure(percent(result.accuracy), label, interval),))]


def result_section(run: ReportedRun, images: ReportImages) -> list[Block]:
    """Tell class by class what is classified correctly, and what is confused with what."""
    figures = run.figures
    if figures is None:
        return []
    title = Text("Results on the test pictures")
    if figures.measured_on is Split.VALIDATION:
        title = Text("Results on the validation pictures")
    blocks: list[Block] = [Heading(title), *_per_class(figures)]
    if run.results is None:
        return blocks
    split = run.results.splits[run.results.best_split]
    return [
        *blocks,
        *_confusion(run.labels, split),
        *_pairs(run.labels, split, images),
        *_mistakes(run.labels, split, images),
    ]


def _confusion(labels: tuple[str, ...], split: SplitResults) -> list[Block]:
    matrix = split.evaluation.confusion_matrix
    totals = matrix.sum(axis=1)
    order = list(range(len(labels)))
    text = Text("Rows: actual class. Columns: predicted class.")
    blocks: list[Block] = [Heading(Text("Confusion matrix"), 3), Paragraph(text, Tone.MUTED)]
    if len(labels) > _MOST_CLASSES_OF_MATRIX:
        errors = matrix.sum(axis=0) + totals - 2 * np.diag(matrix)
        worst = np.argsort(-errors, kind="stable")[:_MOST_CLASSES_OF_MATRIX]
        order = sorted(int(index) for index in worst)
        part = Text(
            "Of %1 classes, the %2 that are most often confused. Darker: a larger fraction of the "
            "class.",
            len(labels),
            len(order),
        )
        blocks.append(Paragraph(part, Tone.NOTE))
    return [
        *blocks,
        Matrix(
            tuple(labels[index] for index in order),
            tuple(tuple(int(matrix[row, column]) for column in order) for row in order),
            tuple(int(totals[index]) for index in order),
        ),
    ]


def _per_class(figures: MeasuredFigures) -> list[Block]:
    heading = Heading(Text("Class by class"), 3)
    meaning = Paragraph(
        Text(
            "Recall: fraction of the class's pictures that were found. Precision: fraction of "
            "pictures predicted as this class that are correct. F1: their harmonic mean."
        ),
        Tone.MUTED,
    )
    rows = list(zip(figures.labels, figures.per_class, strict=True))
    training: tuple[int | None, ...] = figures.training_counts or (None,) * len(rows)
    cells = [
        _class_row(label, metrics, count)
        for (label, metrics), count in zip(rows, training, strict=True)
    ]
    if len(rows) <= _MOST_CLASSES_SHOWN:
        return [heading, meaning, Table(_CLASS_COLUMNS, tuple(cells))]
    recalls = [2.0 if each.recall is None else each.recall for _, each in rows]
    lowest = sorted(range(len(rows)), key=lambda index: recalls[index])[:_LOWEST_CLASSES]
    text = count_text("The %n class(es) with the lowest recall:", "", len(lowest))
    return [
        heading,
        meaning,
        Paragraph(text),
        Table(_CLASS_COLUMNS, tuple(cells[index] for index in lowest)),
        Fold(Text("All classes"), (Table(_CLASS_COLUMNS, tuple(cells)),)),
    ]


_CLASS_COLUMNS = (
    Column(Text("Class")),
    Column(Text("Recall"), is_number=True),
    Column(Text("95% interval"), is_number=True),
    Column(Text("Precision"), is_number=True),
    Column(Text("F1"), is_number=True),
    Column(Text("Pictures"), is_number=True),
    Column(Text("Training pictures"), is_number=True),
)


def _class_row(label: str, metrics: ClassMetrics, num_training: int | None) -> tuple[Cell, ...]:
    interval = "–"
    if metrics.recall is not None:
        hits = round(metrics.recall * metrics.num_images)
        low, high = wilson_interval(hits, metrics.num_images)
        interval = f"{100 * low:.0f}–{percent(high, 0)}"
    return (
        Cell(label),
        Cell(percent(metrics.recall)),
        Cell(interval, Tone.MUTED),
        Cell(percent(metrics.precision)),
        Cell(percent(metrics.f1)),
        Cell(f"{metrics.num_images:,}"),
        Cell("–" if num_training is None else f"{num_training:,}"),
    )


def _pairs(labels: tuple[str, ...], split: SplitResults, images: ReportImages) -> list[Block]:
    matrix = split.evaluation.confusion_matrix
    wrong = matrix - np.diag(np.diag(matrix))
    places = np.argsort(-wrong, axis=None, kind="stable")[:_MOST_PAIRS]
    pairs = [divmod(int(place), len(labels)) for place in places if wrong.flat[place]]
    if not pairs:
        return []
    totals = matrix.sum(axis=1)
    rows = []
    for true, predicted in pairs:
        count = int(matrix[true, predicted])
        shown = islice(split.cell(true, predicted), _IMAGES_OF_A_PAIR)
        rows.append(
            (
                Cell(labels[true]),
                Cell(labels[predicted]),
                Cell(Text("%1 of %2", count, int(totals[true]))),
                Cell(images=tuple(images.image(each.path) for each in shown)),
            )
        )
    columns = (
        Column(Text("Actual class")),
        Column(Text("Predicted class")),
        Column(Text("Pictures"), is_number=True),
        Column(Text("Most confident")),
    )
    return [Heading(Text("Most confused"), 3), Table(columns, tuple(rows))]


def _mistakes(labels: tuple[str, ...], split: SplitResults, images: ReportImages) -> list[Block]:
    mistakes = split.mistakes()
    heading = Heading(Text("Mistakes, most confident first"), 3)
    if not mistakes:
        text = count_text("None: all %n picture(s) are correct.", "", len(split.predictions))
        return [heading, Paragraph(text)]
    shown = mistakes[:_MOST_MISTAKES]
    text = count_text("%n picture(s), all shown.", "", len(mistakes))
    if len(mistakes) > len(shown):
        text = count_text("The first %1 of %n picture(s).", "", len(mistakes), len(shown))
    items = [GalleryItem(images.image(each.path), _caption(labels, each)) for each in shown]
    return [heading, Paragraph(text, Tone.MUTED), Gallery(tuple(items))]


def _caption(labels: tuple[str, ...], entry: RunPrediction) -> tuple[str, ...]:
    return (
        labels[entry.class_index],
        Text("predicted: %1", labels[entry.predicted]),
        Text("confidence: %1", percent(entry.confidence)),
        entry.path.name,
    )
