"""Two trainings beside each other, on the images that neither model has learned from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.comparison.chance import SIGNIFICANCE, holm_corrected, mcnemar_p_value
from core.comparison.compared_run import ComparedRun, load_compared_run, shared_images
from core.comparison.setting_differences import SettingDifference, setting_differences
from core.evaluation.metrics import paired_change_interval

FEWEST_IMAGES = 6
"""With fewer in common, no result is more than chance: of five, five to none has p = 0.0625."""


@dataclass(frozen=True, slots=True)
class ClassRecalls:
    """How many of a class's images in common each model finds.

    Attributes:
        num_images: Images in common whose actual class it is; 0 leaves its recalls unknown.
        first: Recall of the first model, in [0, 1]; None if not known.
        second: Recall of the second.
    """

    label: str
    num_images: int
    first: float | None
    second: float | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An image in common for which the models give different answers.

    Attributes:
        path: As recorded by the first run.
        second_path: As recorded by the second; another one if the file was moved between them.
        actual: Name of the actual class.
        first: Name of the first model's answer.
        first_confidence: Its calibrated probability, in [0, 1].
        second: Name of the second model's answer.
        second_confidence: Its probability.
    """

    path: Path
    second_path: Path
    actual: str
    first: str
    first_confidence: float
    second: str
    second_confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunComparison:
    """Two trained models on the images that both can be measured on.

    Attributes:
        first: Folder of the first run.
        second: Folder of the second.
        num_tested: Test images of the first and of the second run.
        num_images: Images in common: in both test splits, and in neither's training or validation.
        num_relabeled: Others that are left out since their actual class isn't the same in both.
        are_known_by_content: Whether images are matched by their content; else by their paths.
        num_only_first: Images in common that the first model alone classifies correctly.
        num_only_second: Those that the second alone does.
        first_accuracy: On the images in common, in [0, 1]; 0 if there are none.
        second_accuracy: Likewise.
        interval: 95% interval of the first accuracy minus the second; see
            `paired_change_interval`, whose coverage `docs/benchmarks.md` has.
        p_value: Of McNemar's exact test; None with fewer than `FEWEST_IMAGES` in common.
        num_corrected: For how many comparisons the p-value is corrected, by Holm's method.
        classes: Recalls of all classes of the first run that are classes of the second.
        disagreements: The most confident first.
        settings: Those that differ.
    """

    first: Path
    second: Path
    num_tested: tuple[int, int]
    num_images: int
    num_relabeled: int
    are_known_by_content: bool
    num_only_first: int
    num_only_second: int
    first_accuracy: float
    second_accuracy: float
    interval: tuple[float, float]
    p_value: float | None
    num_corrected: int = 1
    classes: tuple[ClassRecalls, ...]
    disagreements: tuple[Disagreement, ...]
    settings: tuple[SettingDifference, ...]

    @property
    def difference(self) -> float:
        """The first accuracy minus the second, in [-1, 1]."""
        return self.first_accuracy - self.second_accuracy

    @property
    def is_more_than_chance(self) -> bool:
        """Whether the test finds one model better than the other."""
        return self.p_value is not None and self.p_value < SIGNIFICANCE


def compare_runs(first: Path, second: Path) -> RunComparison:
    """Compare two runs by their folders; takes a second or two for 100,000 test images.

    Raises:
        RunError: If one of them has no results, or its files are damaged.
    """
    return compare_loaded(load_compared_run(first), load_compared_run(second))


def compare_loaded(first: ComparedRun, second: ComparedRun) -> RunComparison:
    """Compare two runs that are read already."""
    images = shared_images(first, second)
    mine, others = np.array(images.first, np.intp), np.array(images.second, np.intp)
    answers, other_answers = first.answers, second.answers
    actual = answers.actual[mine]
    is_right = answers.predicted[mine] == actual
    is_other_right = other_answers.predicted[others] == other_answers.actual[others]
    num_images = len(actual)
    only_first = int(np.sum(is_right & ~is_other_right))
    only_second = int(np.sum(~is_right & is_other_right))
    is_tested = num_images >= FEWEST_IMAGES
    return RunComparison(
        first=first.path,
        second=second.path,
        num_tested=(len(answers.paths), len(other_answers.paths)),
        num_images=num_images,
        num_relabeled=images.num_relabeled,
        are_known_by_content=first.contents is not None and second.contents is not None,
        num_only_first=only_first,
        num_only_second=only_second,
        first_accuracy=float(is_right.mean()) if num_images else 0.0,
        second_accuracy=float(is_other_right.mean()) if num_images else 0.0,
        interval=paired_change_interval(only_first, only_second, num_images),
        p_value=mcnemar_p_value(only_first, only_second) if is_tested else None,
        classes=_recalls(first, second, actual, is_right, is_other_right),
        disagreements=_disagreements(first, second, mine, others),
        settings=setting_differences([first.config, second.config]),
    )


def compare_many(runs: Sequence[ComparedRun]) -> tuple[RunComparison, ...]:
    """Compare each run with each other one, in the order of `itertools.combinations`.

    P-values are corrected for all pairs by Holm's method. Pairs with the best run alone would be
    too few to correct for: finding the best has looked at all of them.
    """
    pairs = [compare_loaded(*pair) for pair in combinations(runs, 2)]
    tested = [pair.p_value for pair in pairs if pair.p_value is not None]
    corrected = iter(holm_corrected(tested))
    return tuple(
        pair
        if pair.p_value is None
        else replace(pair, p_value=next(corrected), num_corrected=len(tested))
        for pair in pairs
    )


def _recalls(
    first: ComparedRun,
    second: ComparedRun,
    actual: NDArray[np.int64],
    is_right: NDArray[np.bool_],
    is_other_right: NDArray[np.bool_],
) -> tuple[ClassRecalls, ...]:
    labels = first.answers.labels
    counts, hits, other_hits = (
        np.bincount(actual[chosen], minlength=len(labels)).tolist()
        for chosen in (np.ones_like(is_right), is_right, is_other_right)
    )
    known = set(second.answers.labels)
    return tuple(
        ClassRecalls(label, count, mine / count, other / count)
        if count
        else ClassRecalls(label, 0, None, None)
        for label, count, mine, other in zip(labels, counts, hits, other_hits, strict=True)
        if label in known
    )


def _disagreements(
    first: ComparedRun, second: ComparedRun, mine: NDArray[np.intp], others: NDArray[np.intp]
) -> tuple[Disagreement, ...]:
    answers, other_answers = first.answers, second.answers
    names, other_names = np.array(answers.labels), np.array(other_answers.labels)
    is_other_name = names[answers.predicted[mine]] != other_names[other_answers.predicted[others]]
    found = []
    for i, j in zip(mine[is_other_name].tolist(), others[is_other_name].tolist(), strict=True):
        path, other_path = Path(answers.paths[i]), other_answers.paths[j]
        found.append(
            Disagreement(
                path=path,
                # Making a path takes longer than all the rest of a line.
                second_path=path if other_path == answers.paths[i] else Path(other_path),
                actual=answers.labels[answers.actual[i]],
                first=answers.labels[answers.predicted[i]],
                first_confidence=float(answers.confidences[i]),
                second=other_answers.labels[other_answers.predicted[j]],
                second_confidence=float(other_answers.confidences[j]),
            )
        )
    return tuple(sorted(found, key=lambda e: -max(e.first_confidence, e.second_confidence)))
