"""What the side-by-side view shows of some runs; read in a thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.comparison.selection import RunSelection, compare_selection
from core.comparison.selection_words import selection_method, selection_sentence
from core.runs.run_folder import RunFolder
from core.runs.run_results import RunResults, load_run_results
from core.runs.run_summary import RunSummary, summarize_run
from core.settings.config import SETTINGS
from core.settings.setting_words import value_text
from gui.look.language import shown, tr
from gui.look.wording import data_size, duration, number, percent


@dataclass(frozen=True, slots=True)
class ComparedRuns:
    """Some runs side by side; lists have an entry for each run, in their order.

    Attributes:
        names: Of the runs, for users.
        sentence: Which is better, and whether by more than chance.
        method: How that was found; "" if it couldn't be.
    """

    names: tuple[str, ...]
    summaries: tuple[RunSummary, ...]
    results: tuple[RunResults, ...]
    histories: tuple[list[dict[str, Any]], ...]
    selection: RunSelection
    sentence: str
    method: str


def load_comparison(runs: Mapping[Path, str]) -> ComparedRuns:
    """Read runs and compare them.

    Args:
        runs: Names for users, by folder.

    Raises:
        RunError: If one of them has no results, or its files are damaged.
    """
    selection = compare_selection(list(runs))
    keyed = {str(position): name for position, name in enumerate(runs.values())}
    if selection.groups is not None:  # named by their first run
        keyed = {key: keyed[key] for key in selection.members}
    return ComparedRuns(
        names=tuple(runs.values()),
        summaries=tuple(map(summarize_run, runs)),
        results=tuple(map(load_run_results, runs)),
        histories=tuple(RunFolder(run).read_history() for run in runs),
        selection=selection,
        sentence=shown(selection_sentence(selection, keyed)),
        method=shown(selection_method(selection)),
    )


def fact_rows(compared: ComparedRuns) -> list[tuple[str, list[str]]]:
    """Return rows of figures and of the settings that differ, each with a text for each run."""
    summaries = compared.summaries
    rows = [
        (tr("Test accuracy"), [_test_text(summary) for summary in summaries]),
        (tr("Validation accuracy"), [_percent(summary.val_accuracy) for summary in summaries]),
        (tr("Balanced accuracy"), [_percent(summary.balanced_accuracy) for summary in summaries]),
        (tr("Best epoch"), [_epochs(summary) for summary in summaries]),
        (tr("Time"), [duration(summary.seconds) for summary in summaries]),
        (tr("Size of the model"), [data_size(summary.model_bytes) for summary in summaries]),
    ]
    rows += [
        (
            shown(difference.label),
            [shown(value_text(SETTINGS[difference.name], value)) for value in difference.values],
        )
        for difference in compared.selection.settings
    ]
    return rows


def recall_rows(compared: ComparedRuns) -> list[tuple[str, list[float | None]]]:
    """Return each class with its recall in each run, the classes that differ most first."""
    labels = dict.fromkeys(label for results in compared.results for label in results.labels)
    rows = [(label, [_recall(results, label) for results in compared.results]) for label in labels]
    return sorted(rows, key=lambda row: -_spread(row[1]))


def _spread(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return max(known) - min(known) if len(known) > 1 else -1.0


def _recall(results: RunResults, label: str) -> float | None:
    if label not in results.labels:
        return None
    evaluation = results.splits[results.best_split].evaluation
    return evaluation.per_class[results.labels.index(label)].recall


def _test_text(summary: RunSummary) -> str:
    if summary.test_accuracy is None or summary.test_interval is None:
        return _percent(summary.test_accuracy)
    low, high = (percent(end) for end in summary.test_interval)
    return tr("%1 (%2 to %3)", percent(summary.test_accuracy), low, high)


def _percent(fraction: float | None) -> str:
    return "–" if fraction is None else percent(fraction)


def _epochs(summary: RunSummary) -> str:
    return tr("%1 of %2", number(summary.best_epoch), number(summary.epochs))
