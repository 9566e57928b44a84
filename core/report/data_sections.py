"""Sections on classes, pictures and splits."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from core.data.dataset import Split
from core.report.blocks import (
    Block,
    Cell,
    Column,
    Fold,
    Gallery,
    GalleryItem,
    Heading,
    Paragraph,
    Table,
    Tone,
    text_row,
)
from core.report.figure_texts import percent
from core.report.report_image import ReportImage, ReportImages
from core.report.reported_run import ReportedRun
from core.text import Text, count_text

_MOST_ROWS_WITH_IMAGES = 24
_MOST_SAMPLES = 72
_SAMPLES_OF_A_CLASS = 5
_SPLITS = (Split.TRAINING, Split.VALIDATION, Split.TEST)
_MOST_SOURCES = 20


def class_section(run: ReportedRun, images: ReportImages) -> list[Block]:
    """Show the classes with sample images and counts."""
    blocks: list[Block] = [Heading(Text("Classes"))]
    intro = count_text("It tells %n class(es) apart.", "", len(run.labels))
    if not run.images:
        names = ", ".join(f"“{label}”" for label in run.labels)
        return [*blocks, Paragraph(intro), Paragraph(names)] if run.labels else []
    blocks.append(Paragraph(intro))
    samples = _samples(run)
    counts = run.counts()
    if len(run.labels) <= _MOST_ROWS_WITH_IMAGES:
        rows = [
            (
                Cell(label),
                Cell(images=_shown(samples[index], images)),
                *_count_cells(counts, index),
            )
            for index, label in enumerate(run.labels)
        ]
        columns = (Column(Text("Class")), Column(Text("Training pictures, examples")), *_COUNTS)
        return [*blocks, Table(columns, tuple(rows))]
    shown = list(range(min(len(run.labels), _MOST_SAMPLES)))
    if len(shown) < len(run.labels):
        text = count_text("Examples of the first %n class(es):", "", len(shown))
        blocks.append(Paragraph(text, Tone.MUTED))
    items = [
        GalleryItem(
            images.image(samples[index][0]),
            (
                run.labels[index],
                count_text("%n training picture(s)", "", counts[Split.TRAINING, index]),
            ),
        )
        for index in shown
        if samples[index]
    ]
    rows = [(Cell(label), *_count_cells(counts, index)) for index, label in enumerate(run.labels)]
    table = Table((Column(Text("Class")), *_COUNTS), tuple(rows))
    return [*blocks, Gallery(tuple(items)), Fold(Text("Pictures of all classes"), (table,))]


def split_section(run: ReportedRun) -> list[Block]:
    """Tell where the images come from, and how they were divided."""
    blocks: list[Block] = [Heading(Text("Pictures and splits"))]
    counts = Counter(image.split for image in run.images)
    if counts:
        total = sum(counts.values())
        columns = (
            Column(Text("Split")),
            Column(Text("Pictures"), is_number=True),
            Column(Text("Fraction"), is_number=True),
            Column(Text("Purpose")),
        )
        rows = tuple(
            (
                Cell(split.text),
                Cell(f"{counts[split]:,}"),
                Cell(percent(counts[split] / total)),
                Cell(_PURPOSES[split], Tone.MUTED),
            )
            for split in _SPLITS
        )
        blocks.append(Table(columns, rows))
        if not counts[Split.TEST]:
            blocks.append(Paragraph(Text("No pictures were set aside for a test."), Tone.NOTE))
    blocks.append(
        Paragraph(
            Text(
                "Pictures without a given split were divided by class and content: %1 for "
                "validation, %2 for the test, with seed %3. The same picture is never in two "
                "splits.",
                percent(run.config.validation_split, 0),
                percent(run.config.test_split, 0),
                str(run.config.seed),
            )
        )
    )
    if run.is_edited:
        text = Text("Classes or pictures were changed by hand in Fieldguide before the training.")
        blocks.append(Paragraph(text, Tone.NOTE))
    return [*blocks, *_sources(run)]


def _sources(run: ReportedRun) -> list[Block]:
    columns = Column(Text("Pictures from"), is_code=True), Column(Text("Class"))
    rows = [
        text_row(str(source.path), source.label or Text("as in the folder"))
        for source in run.sources[:_MOST_SOURCES]
    ]
    blocks: list[Block] = [Table(columns, tuple(rows))] if rows else []
    if more := len(run.sources) - len(rows):
        blocks.append(Paragraph(count_text("and %n more", "", more), Tone.MUTED))
    return blocks


def _samples(run: ReportedRun) -> dict[int, list[Path]]:
    """Choose images of each class, spread over all of them, training images if there are any."""
    by_class: defaultdict[int, list[Path]] = defaultdict(list)
    for image in run.images:
        if image.split is Split.TRAINING:
            by_class[image.class_index].append(image.path)
    for image in run.images:
        if image.class_index not in by_class:
            by_class[image.class_index] = [image.path]
    number = max(1, min(_SAMPLES_OF_A_CLASS, _MOST_SAMPLES // max(1, len(run.labels))))
    return defaultdict(list, {index: _spread(paths, number) for index, paths in by_class.items()})


def _shown(paths: Sequence[Path], images: ReportImages) -> tuple[ReportImage, ...]:
    """Return the samples of a class; where all are missing, one says so for all."""
    found = tuple(images.image(path) for path in paths)
    return found if any(image.jpeg for image in found) else found[:1]


def _spread(paths: Sequence[Path], number: int) -> list[Path]:
    chosen = min(number, len(paths))
    return [paths[place * len(paths) // chosen] for place in range(chosen)]


def _count_cells(counts: Counter[tuple[Split, int]], index: int) -> list[Cell]:
    return [Cell(f"{counts[split, index]:,}") for split in _SPLITS]


_COUNTS = (
    Column(Text("Training"), is_number=True),
    Column(Text("Validation"), is_number=True),
    Column(Text("Test"), is_number=True),
)
_PURPOSES = {
    Split.TRAINING: Text("the classifier learned from them"),
    Split.VALIDATION: Text("chose the best epoch and calibrated the probabilities"),
    Split.TEST: Text("had no part in training: the accuracy is measured on them"),
}
