"""Two runs compared on the pictures that both were tested on: the seam to the statistics.

Reports know `compare_pair` and `PairedRuns` alone, so how sure a difference is can be said by
another module without a change to the sections.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.data.dataset import Split
from core.report.reported_run import ReportedRun
from core.runs.run_predictions import RunPrediction
from core.text import Text, count_text


@dataclass(frozen=True, slots=True)
class PairedRuns:
    """What two runs do on the same pictures.

    Attributes:
        num_images: Pictures that both were tested on and neither has learned from.
        first_only: Of these, those that only the first one classifies correctly.
        second_only: Likewise the second one.
        sentences: What that means.
    """

    num_images: int
    first_only: int
    second_only: int
    sentences: tuple[str, ...]


Compare = Callable[[ReportedRun, ReportedRun], PairedRuns]


def compare_pair(first: ReportedRun, second: ReportedRun) -> PairedRuns:
    """Compare two runs picture by picture; classes are matched by name."""
    ours, theirs = test_answers(first), test_answers(second)
    common = [path for path in ours if path in theirs]
    same = [path for path in common if ours[path].actual == theirs[path].actual]
    first_only = sum(ours[path].is_correct and not theirs[path].is_correct for path in same)
    second_only = sum(theirs[path].is_correct and not ours[path].is_correct for path in same)
    sentences = _sentences(first, second, len(same), first_only - second_only)
    return PairedRuns(len(same), first_only, second_only, sentences)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a run's model says of a test picture.

    Attributes:
        actual: The name of its class.
        predicted: The name of the class that was predicted.
    """

    actual: str
    predicted: str
    confidence: float

    @property
    def is_correct(self) -> bool:
        """Whether both are the same."""
        return self.actual == self.predicted


def test_answers(run: ReportedRun) -> dict[Path, Answer]:
    """Return the answers to a run's test images, by path; empty without a test split."""
    if run.results is None or Split.TEST not in run.results.splits:
        return {}
    return {
        each.path: _answer(run.results.labels, each)
        for each in run.results.splits[Split.TEST].predictions
    }


def _answer(labels: tuple[str, ...], entry: RunPrediction) -> Answer:
    return Answer(labels[entry.class_index], labels[entry.predicted], entry.confidence)


def _sentences(
    first: ReportedRun, second: ReportedRun, num_images: int, more: int
) -> tuple[str, ...]:
    names = first.name, second.name
    if not num_images:
        return (
            Text("“%1” and “%2” have no test pictures in common, so they can't be paired.", *names),
        )
    if not more:
        return (
            count_text(
                "“%1” and “%2” classify equally many of %n common test picture(s) correctly.",
                "",
                num_images,
                *names,
            ),
        )
    better, worse = names if more > 0 else names[::-1]
    return (
        count_text(
            "Of %n common test picture(s), “%1” classifies %2 more correctly than “%3”.",
            "",
            num_images,
            better,
            abs(more),
            worse,
        ),
    )
