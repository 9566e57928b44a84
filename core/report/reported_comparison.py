"""Runs beside each other as a report tells of it: the seam to `core.comparison`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from core.comparison.compared_run import ComparedRun, load_compared_run, shared_images
from core.comparison.run_comparison import RunComparison
from core.comparison.selection import RunSelection, compare_loaded_selection
from core.comparison.selection_words import selection_method, selection_sentence
from core.comparison.setting_differences import setting_differences
from core.errors import RunError
from core.report.reported_run import ReportedRun
from core.report.setting_tables import idle_settings
from core.settings.config import SETTINGS, TrainConfig
from core.settings.setting_words import value_text
from core.text import Text

_MOST_SETTINGS_IN_NAME = 3


@dataclass(frozen=True, slots=True)
class PairedRuns:
    """Two runs on the same pictures, as a row of the report tells it.

    Attributes:
        num_images: Pictures that both were tested on and neither has learned from.
        first_only: Of these, those that only the first one classifies correctly.
        second_only: Likewise the second one.
        difference: The second accuracy minus the first, in [-1, 1].
        p_value: Corrected for all pairs; None with too few pictures in common.
        is_more_than_chance: Whether the test finds one better than the other.
    """

    num_images: int
    first_only: int
    second_only: int
    difference: float
    p_value: float | None
    is_more_than_chance: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What a run's model says of a test picture.

    Attributes:
        label: The name of the class that was predicted.
        confidence: Its calibrated probability, in [0, 1].
    """

    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class CommonImage:
    """A test image that runs have in common; tuples have an entry for each run.

    Attributes:
        paths: As recorded; several where the file was moved between trainings.
        actual: The name of its class.
    """

    paths: tuple[Path, ...]
    actual: str
    answers: tuple[Answer, ...]

    def present_path(self) -> Path:
        """Return where the file is now, or else where the first run found it."""
        return next((path for path in dict.fromkeys(self.paths) if path.exists()), self.paths[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedComparison:
    """What is known of some runs beside each other.

    Attributes:
        numbers: Positions in the report of the runs that can be compared.
        loaded: These runs.
        selection: These runs compared; None if there are fewer than two.
        names: Of the runs, or of the ways of training, by the key that `selection` has for them.
        sentence: Which is better, and whether by more than chance; "" without a selection.
        method: How that was found; "" if it couldn't be.
        problems: Why other runs can't be compared, in sentences.
    """

    numbers: tuple[int, ...]
    loaded: tuple[ComparedRun, ...]
    selection: RunSelection | None
    names: dict[str, str]
    sentence: str
    method: str
    problems: tuple[str, ...]

    def pair(self, first: int, second: int) -> PairedRuns:
        """Return two of the compared runs, by their positions in the report."""
        assert self.selection is not None, "fewer than two runs can be compared"
        pairs = dict(zip(combinations(self.numbers, 2), self.selection.pairs, strict=True))
        if (first, second) in pairs:
            return _paired(pairs[first, second], is_turned=False)
        return _paired(pairs[second, first], is_turned=True)


def compare_reported(runs: Sequence[ReportedRun]) -> ReportedComparison:
    """Compare runs by their test images; those without results are left out."""
    numbers, loaded, problems = [], [], []
    for number, run in enumerate(runs):
        try:
            loaded.append(load_compared_run(run.path))
            numbers.append(number)
        except RunError as error:
            problems.append(Text("“%1” can't be compared: %2", run.name, str(error)))
    selection = compare_loaded_selection(loaded) if len(loaded) > 1 else None
    names, sentence, method = {}, "", ""
    if selection is not None:
        compared = [runs[number] for number in numbers]
        names = _names(compared, selection)
        sentence = selection_sentence(selection, names)
        method = selection_method(selection)
    return ReportedComparison(
        numbers=tuple(numbers),
        loaded=tuple(loaded),
        selection=selection,
        names=names,
        sentence=sentence,
        method=method,
        problems=tuple(problems),
    )


def common_images(compared: ReportedComparison) -> list[CommonImage]:
    """Return the test images that all compared runs have in common, and none was trained on."""
    first, *others = compared.loaded
    shared = [shared_images(first, other) for other in others]
    matches = [dict(zip(each.first, each.second, strict=True)) for each in shared]
    return [
        _common_image(compared.loaded, [position, *(match[position] for match in matches)])
        for position in range(len(first.answers.paths))
        if all(position in match for match in matches)
    ]


def _paired(comparison: RunComparison, *, is_turned: bool) -> PairedRuns:
    """Put the figures of a pair in the order asked for.

    Args:
        is_turned: Whether the run that is asked for first is the second of the pair.
    """
    only = comparison.num_only_first, comparison.num_only_second
    first_only, second_only = only[::-1] if is_turned else only
    return PairedRuns(
        num_images=comparison.num_images,
        first_only=first_only,
        second_only=second_only,
        difference=comparison.difference if is_turned else -comparison.difference,
        p_value=comparison.p_value,
        is_more_than_chance=comparison.is_more_than_chance,
    )


def _common_image(runs: Sequence[ComparedRun], places: Sequence[int]) -> CommonImage:
    found = [(run.answers, place) for run, place in zip(runs, places, strict=True)]
    first, position = found[0]
    return CommonImage(
        paths=tuple(Path(answers.paths[place]) for answers, place in found),
        actual=first.labels[first.actual[position]],
        answers=tuple(
            Answer(answers.labels[answers.predicted[place]], float(answers.confidences[place]))
            for answers, place in found
        ),
    )


def _names(runs: Sequence[ReportedRun], selection: RunSelection) -> dict[str, str]:
    """Name the runs, or the ways of training, by the keys that the selection has for them."""
    if selection.groups is None:
        return {str(number): Text("“%1”", run.name) for number, run in enumerate(runs)}
    firsts = {key: runs[int(key)] for key in selection.members}
    names = _setting_names(firsts)
    # A report that tells two of them by one name would be wrong.
    return names if len({*names.values()}) == len(names) else _numbered_names(firsts)


def _setting_names(firsts: Mapping[str, ReportedRun]) -> dict[str, str]:
    """Name ways of training by the settings that tell them apart."""
    configs = [replace(run.config, seed=0) for run in firsts.values()]
    idle = set.intersection(*map(idle_settings, configs))
    differing = [each.name for each in setting_differences(configs) if each.name not in idle]
    if len(differing) > _MOST_SETTINGS_IN_NAME:
        return _numbered_names(firsts)
    return {
        key: ", ".join(_setting_text(name, run.config) for name in differing)
        for key, run in firsts.items()
    }


def _numbered_names(firsts: Mapping[str, ReportedRun]) -> dict[str, str]:
    return {key: Text("“%1. %2”", str(int(key) + 1), run.name) for key, run in firsts.items()}


def _setting_text(name: str, config: TrainConfig) -> str:
    if name == "fine_tune":
        return value_text(SETTINGS[name], config.fine_tune)
    # Without its unit: "Batch size 32" is how it is spoken of.
    value = value_text(SETTINGS[name], getattr(config, name))
    return Text("%1 %2", SETTINGS[name].label, value)
