"""A whole report, of one run or of several."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from core.errors import RunError
from core.report.blocks import Block, Heading, Paragraph, Report, Tone
from core.report.comparison_sections import (
    common_curves,
    comparison_section,
    disagreement_section,
    recall_section,
    run_table,
)
from core.report.data_sections import class_section, split_section
from core.report.origin_sections import export_section, origin_section, reproduction_section
from core.report.report_image import ReportImages
from core.report.reported_comparison import compare_reported
from core.report.reported_run import ReportedRun, read_reported_run, run_folder_of
from core.report.result_sections import headline_blocks, result_section
from core.report.training_section import training_section
from core.text import Text, count_text
from core.version import program_version

MOST_RUNS = 20
"""In one report; more columns and curves can't be told apart."""


def make_report(named: Sequence[Path]) -> Report:
    """Read runs and make a report of them.

    Args:
        named: Run folders, or the model folders in them; each once.

    Raises:
        RunError: If one is no run folder, or there are too many.
    """
    folders = list(dict.fromkeys(run_folder_of(path).absolute() for path in named))
    if len(folders) > MOST_RUNS:
        raise RunError(
            Text("A report compares up to %1 runs, and these are %2.", MOST_RUNS, len(folders))
        )
    runs = _told_apart([read_reported_run(folder) for folder in folders])
    return report_on_run(runs[0]) if len(runs) == 1 else report_on_runs(runs)


def _told_apart(runs: Sequence[ReportedRun]) -> list[ReportedRun]:
    """Add the folder's parent to names that several runs have."""
    names = Counter(run.name for run in runs)
    return [
        replace(run, name=f"{run.path.parent.name}/{run.name}") if names[run.name] > 1 else run
        for run in runs
    ]


def report_on_run(run: ReportedRun) -> Report:
    """Make the report on one run."""
    images = ReportImages(run.sample_bits, run.hashes())
    blocks: list[Block] = [
        *headline_blocks(run),
        *([Paragraph(run.note)] if run.note else []),
        *(Paragraph(gap, Tone.NOTE) for gap in run.gaps),
        *class_section(run, images),
        *split_section(run),
        *result_section(run, images),
        *training_section(run),
        *export_section(run),
        *origin_section(run),
        *reproduction_section(run),
    ]
    subtitle = Text("A training of an image classifier, begun %1.", run.created or "–")
    if run.info is not None:
        subtitle = count_text(
            "An image classifier for %n class(es), trained with Fieldguide on %1.",
            "",
            len(run.labels),
            run.info.created[:10],
        )
    return Report(run.name, subtitle, _footer(), tuple(blocks))


def report_on_runs(runs: Sequence[ReportedRun]) -> Report:
    """Make the report that compares runs."""
    # A file that two of them knew otherwise is told as the first one knew it.
    hashes = {path: known for run in reversed(runs) for path, known in run.hashes().items()}
    images = ReportImages(runs[0].sample_bits, hashes)
    compared = compare_reported(runs)
    blocks: list[Block] = [
        *run_table(runs),
        *comparison_section(runs, compared),
        *common_curves(runs),
        *recall_section(runs),
        *disagreement_section(compared, images),
    ]
    for run in runs:
        blocks += [Heading(run.name), *_section_of_several(run)]
    names = ", ".join(f"“{run.name}”" for run in runs)
    title = count_text("Comparison of %n run(s)", "", len(runs))
    return Report(title, names, _footer(), tuple(blocks))


def _section_of_several(run: ReportedRun) -> list[Block]:
    """Return the parts of a run's own report that belong into a comparison, one level down."""
    sections = *split_section(run), *origin_section(run), *reproduction_section(run)
    return [Heading(each.text, 3) if isinstance(each, Heading) else each for each in sections]


def _footer() -> Text:
    return Text("Fieldguide %1", program_version())
