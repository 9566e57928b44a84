"""The sections of a report on several runs."""

from collections.abc import Sequence
from itertools import islice

from core.comparison.comparison_words import p_value_text, points_text
from core.comparison.group_comparison import GroupComparisons
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
)
from core.report.chart import Axes, Chart, Series
from core.report.figure_texts import duration, percent
from core.report.report_image import ReportImages
from core.report.reported_comparison import (
    CommonImage,
    PairedRuns,
    ReportedComparison,
    common_images,
)
from core.report.reported_run import ReportedRun
from core.report.setting_tables import differing_table
from core.report.training_section import best_epoch, points_of, x_name
from core.text import Text, count_text

_MOST_CLASSES_SHOWN = 40
_MOST_DISAGREEMENTS = 24
_COLUMNS_OF_COUNTS = 4


def run_table(runs: Sequence[ReportedRun]) -> list[Block]:
    """Put the runs below each other with their figures, then the settings that differ."""
    columns = (
        Column(Text("Run")),
        Column(Text("Begun")),
        Column(Text("Epochs"), is_number=True),
        Column(Text("Time"), is_number=True),
        Column(Text("Validation accuracy"), is_number=True),
        Column(Text("Test accuracy"), is_number=True),
        Column(Text("95% interval"), is_number=True),
        Column(Text("Balanced accuracy"), is_number=True),
    )
    rows = [
        (
            Cell(numbered_name(number, run), series=number),
            Cell(run.created, Tone.MUTED),
            *_figure_cells(run),
        )
        for number, run in enumerate(runs)
    ]
    blocks: list[Block] = [Heading(Text("Runs")), Table(columns, tuple(rows))]
    titles = [Column(numbered_name(number, run)) for number, run in enumerate(runs)]
    differing = differing_table(runs, titles)
    if differing is None:
        blocks.append(Paragraph(Text("All settings are the same in these runs.")))
    else:
        blocks += [Heading(Text("Settings that differ"), 3), differing]
        text = Text("A dash: the setting has no effect in that run.")
        if any(cell.text == "–" for row in differing.rows for cell in row):
            blocks.append(Paragraph(text, Tone.MUTED))
    for run in runs:
        if run.note:
            blocks.append(Paragraph(Text("%1: %2", run.name, run.note), Tone.MUTED))
        blocks += [Paragraph(Text("%1: %2", run.name, gap), Tone.NOTE) for gap in run.gaps]
    return blocks


def numbered_name(number: int, run: ReportedRun) -> str:
    """Return a run's name with the number that stands at its curve."""
    return Text("%1. %2", str(number + 1), run.name)


def _figure_cells(run: ReportedRun) -> list[Cell]:
    validation = percent(run.info.validation.accuracy) if run.info else "–"
    test = run.info.test if run.info else None
    interval = "–"
    if test is not None:
        interval = f"{100 * test.interval[0]:.1f}–{percent(test.interval[1])}"
    figures = run.figures
    return [
        Cell(f"{len(run.history):,}" if run.history else "–"),
        Cell(duration(run.end.seconds) if run.end else "–"),
        Cell(validation),
        Cell(percent(test.accuracy) if test else "–"),
        Cell(interval, Tone.MUTED),
        Cell(percent(figures.balanced_accuracy) if figures else "–"),
    ]


def comparison_section(runs: Sequence[ReportedRun], compared: ReportedComparison) -> list[Block]:
    """Say which is better, and compare all runs with the one that is best by validation."""
    blocks: list[Block] = [Heading(Text("Which is better"))]
    if compared.selection is None:
        text = Text("Fewer than two of these runs have results that can be compared.")
        blocks.append(Paragraph(text))
    else:
        blocks.append(Paragraph(compared.sentence))
        if compared.method:
            blocks.append(Paragraph(compared.method, Tone.MUTED))
    blocks += [Paragraph(problem, Tone.NOTE) for problem in compared.problems]
    if compared.selection is None:
        return blocks
    if compared.selection.groups is not None:
        return [*blocks, *_group_blocks(compared, compared.selection.groups)]
    return [*blocks, *_pair_blocks(runs, compared)]


def _group_blocks(compared: ReportedComparison, groups: GroupComparisons) -> list[Block]:
    """Put ways of training below each other, where several seeds of each are compared."""
    assert compared.selection is not None
    columns = (
        Column(Text("Settings")),
        Column(Text("Runs"), is_number=True),
        Column(Text("Mean test accuracy"), is_number=True),
        Column(Text("Below the highest by more than chance")),
    )
    members = compared.selection.members
    rows = tuple(
        (
            Cell(compared.names[key]),
            Cell(f"{len(members[key]):,}"),
            Cell(percent(accuracy)),
            _below_highest(groups, key),
        )
        for key, accuracy in groups.accuracies.items()
    )
    seeds = groups.pairs[0].num_seeds
    text = count_text("The means are over the %n seed(s) that all have in common.", "", seeds)
    return [Table(columns, rows), Paragraph(text, Tone.MUTED)]


def _below_highest(groups: GroupComparisons, key: str) -> Cell:
    """Tell whether a way of training is worse than the best one; a dash for that one itself."""
    wanted = {key, groups.best}
    pairs = [pair for pair in groups.pairs if {pair.first, pair.second} == wanted]
    if not pairs:
        return Cell("–", Tone.MUTED)
    return Cell(_verdict(pairs[0].p_value, is_more_than_chance=pairs[0].is_more_than_chance))


def _verdict(p_value: float, *, is_more_than_chance: bool) -> Text:
    chance = p_value_text(p_value)
    return Text("yes (%1)", chance) if is_more_than_chance else Text("no (%1)", chance)


def _pair_blocks(runs: Sequence[ReportedRun], compared: ReportedComparison) -> list[Block]:
    best = max(compared.numbers, key=lambda number: _validation(runs[number]))
    others = [number for number in compared.numbers if number != best]
    name = runs[best].name
    intro = Text(
        "“%1” has the best validation accuracy. Each other run is compared with it on the pictures "
        "that are in both test splits and that neither was trained on.",
        name,
    )
    columns: tuple[Column, ...] = (
        Column(Text("Run")),
        Column(Text("Common test pictures"), is_number=True),
        Column(Text("Only “%1” correct", name), is_number=True),
        Column(Text("Only this one correct"), is_number=True),
        Column(Text("Difference"), is_number=True),
        Column(Text("More than chance")),
    )
    # Of a single pair the sentences above have told the rest.
    num_columns = len(columns) if len(others) > 1 else _COLUMNS_OF_COUNTS
    columns = columns[:num_columns]
    rows = tuple(
        _pair_row(number, runs[number], compared.pair(best, number))[:num_columns]
        for number in others
    )
    title = Heading(Text("Compared picture by picture"), 3)
    return [title, Paragraph(intro), Table(columns, rows)]


def _pair_row(number: int, run: ReportedRun, pair: PairedRuns) -> tuple[Cell, ...]:
    name = Cell(numbered_name(number, run), series=number)
    if pair.p_value is None:
        nothing = Cell("–", Tone.MUTED)
        unknown = Cell(Text("too few pictures in common"), Tone.MUTED)
        return (name, Cell(f"{pair.num_images:,}"), *[nothing] * 3, unknown)
    difference = Text("%1 points", points_text(pair.difference))
    # Without its interval, which isn't corrected for the number of comparisons as the test is.
    verdict = _verdict(pair.p_value, is_more_than_chance=pair.is_more_than_chance)
    return (
        name,
        Cell(f"{pair.num_images:,}"),
        Cell(f"{pair.first_only:,}"),
        Cell(f"{pair.second_only:,}"),
        Cell(difference),
        Cell(verdict),
    )


def _validation(run: ReportedRun) -> float:
    return run.info.validation.accuracy if run.info else -1.0


def common_curves(runs: Sequence[ReportedRun]) -> list[Block]:
    """Draw the validation curves of all runs on common axes."""
    found: list[Block] = []
    for name, title, is_percent in (
        ("val_accuracy", Text("validation accuracy"), True),
        ("val_loss", Text("validation loss"), False),
    ):
        series = tuple(
            Series(
                numbered_name(number, run),
                points_of(run.history, name),
                number,
                label=str(number + 1),
            )
            for number, run in enumerate(runs)
        )
        if any(each.points for each in series):
            axes = Axes(x_name(runs), title, is_percent)
            found.append(Chart(series, axes, alternative=title))
    kept = [Text("%1: epoch %2", run.name, str(best)) for run in runs if (best := best_epoch(run))]
    if not found:
        return []
    epochs = "; ".join(kept)
    text = Text("Kept epochs: %1.", epochs)
    return [Heading(Text("Curves")), *found, *([Paragraph(text, Tone.MUTED)] if kept else [])]


def recall_section(runs: Sequence[ReportedRun]) -> list[Block]:
    """Put the recall of each class in all runs side by side."""
    recalls = [_recalls(run) for run in runs]
    labels = list(dict.fromkeys(label for each in recalls for label in each))
    if not labels:
        return []
    columns = (
        Column(Text("Class")),
        *(Column(numbered_name(number, run), is_number=True) for number, run in enumerate(runs)),
        Column(Text("Difference"), is_number=True),
    )
    rows = {label: _recall_row(label, [each.get(label) for each in recalls]) for label in labels}
    blocks: list[Block] = [Heading(Text("Recall of each class"))]
    if len(labels) <= _MOST_CLASSES_SHOWN:
        return [*blocks, Table(columns, tuple(rows.values()))]
    spans = {label: _span([each.get(label) for each in recalls]) for label in labels}
    widest = sorted(labels, key=lambda label: -spans[label])[:_MOST_CLASSES_SHOWN]
    text = count_text("The %n class(es) that differ most:", "", len(widest))
    table = Table(columns, tuple(rows[label] for label in widest))
    everything = Fold(Text("All classes"), (Table(columns, tuple(rows.values())),))
    return [*blocks, Paragraph(text), table, everything]


def _recalls(run: ReportedRun) -> dict[str, float | None]:
    figures = run.figures
    if figures is None:
        return {}
    pairs = zip(figures.labels, figures.per_class, strict=True)
    return {label: metrics.recall for label, metrics in pairs}


def _recall_row(label: str, recalls: list[float | None]) -> tuple[Cell, ...]:
    points = f"{100 * _span(recalls):.1f}"
    return (
        Cell(label),
        *(Cell(percent(recall)) for recall in recalls),
        Cell(Text("%1 points", points), Tone.MUTED),
    )


def _span(recalls: Sequence[float | None]) -> float:
    known = [recall for recall in recalls if recall is not None]
    return max(known) - min(known) if known else 0.0


def disagreement_section(compared: ReportedComparison, images: ReportImages) -> list[Block]:
    """Show common test images on which the runs disagree, most confident answers first."""
    common = common_images(compared) if compared.selection is not None else []
    if not common:
        return []
    differing = [image for image in common if len({each.label for each in image.answers}) > 1]
    heading = Heading(Text("Pictures on which they disagree"))
    if not differing:
        text = count_text("None of %n common test picture(s).", "", len(common))
        return [heading, Paragraph(text)]
    differing.sort(key=lambda image: -min(answer.confidence for answer in image.answers))
    items = [
        GalleryItem(images.image(image.present_path()), _lines(compared.numbers, image))
        for image in islice(differing, _MOST_DISAGREEMENTS)
    ]
    text = Text("%1 of %2 common test pictures.", len(differing), len(common))
    if len(differing) > len(items):
        text = Text(
            "%1 of %2 common test pictures; the first %3 are shown.",
            len(differing),
            len(common),
            len(items),
        )
    return [heading, Paragraph(text, Tone.MUTED), Gallery(tuple(items))]


def _lines(numbers: Sequence[int], image: CommonImage) -> tuple[str, ...]:
    return (
        image.actual,
        *(
            Text("%1: %2 %3", str(number + 1), percent(answer.confidence), answer.label)
            for number, answer in zip(numbers, image.answers, strict=True)
        ),
    )
