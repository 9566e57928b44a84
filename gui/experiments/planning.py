"""From what the user wants to try to an experiment; used in threads."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from core.backbones.strange_address import refuse_strange_address
from core.choice import Choice
from core.data.dataset import ImageSource
from core.data.edits.edits import NO_EDITS, Edits
from core.errors import ExperimentError
from core.experiments.effect import NoEffect, no_effect
from core.experiments.expectation import Expectation, expected
from core.experiments.experiment import Experiment, Kind, handles_of, make_experiment
from core.experiments.experiment_file import require_name
from core.experiments.ready_made import DEFAULT_SEEDS, ReadyMade, plan, with_steps
from core.experiments.search import DEFAULT_TRIALS
from core.experiments.setting_words import label_of
from core.experiments.tries import Tried, parse_try, value_list
from core.settings.config import SETTINGS, TrainConfig
from core.settings.setting import PERCENT
from core.settings.setting_words import option_of
from core.text import Text, decimal_text
from gui.look.language import shown, tr
from gui.look.wording import duration, duration_range

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_FACTORS = (4, 10)  # between values that are offered, of whole numbers and of others
_FRACTION, _FRACTION_FACTOR = "fraction", 2


@dataclass(frozen=True, slots=True)
class Material:
    """What all experiments of the open project share.

    Attributes:
        class_sizes: Number of images of each class that has any.
        config: The settings in the form.
        backbones: Names of those on this computer.
    """

    sources: tuple[ImageSource, ...] = ()
    edits: Edits = NO_EDITS
    class_sizes: tuple[int, ...] = ()
    config: TrainConfig = field(default_factory=TrainConfig)
    backbones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user wants to try.

    Attributes:
        ready: A ready-made experiment; None for values of the user's own.
        values: Names of settings, each with the text of its values.
        num_seeds: How often each combination is trained; 0 for the default.
        num_trials: Combinations that a search tries; 0 for the default.
    """

    ready: ReadyMade | None = None
    values: tuple[tuple[str, str], ...] = ()
    num_seeds: int = 0
    num_trials: int = 0


@dataclass(frozen=True, slots=True)
class Planned:
    """An experiment that can be started.

    Attributes:
        note: What was changed for it, as a text to show; "" for nothing.
    """

    experiment: Experiment
    expectation: Expectation
    note: str = ""


def plan_experiment(material: Material, wish: Wish) -> Planned:
    """Plan what the user wants to try.

    Raises:
        BackboneError: If a backbone would come from an address that nobody here has used.
        ExperimentError: If it can't be tried; says why.
    """
    if wish.ready is not None:
        ready = plan(wish.ready, material.config, material.class_sizes)
        config, tries = ready.config, list(ready.tries)
        note = _steps_note(config) if config != material.config and config.is_exact is False else ""
        if config.optimizer == material.config.optimizer:
            note = ""
        name = wish.ready.text.rstrip("?")
    else:
        tries = [read_values(setting, text) for setting, text in wish.values]
        _require_different(tries)
        config = _effective(material.config, tries)
        note = _steps_note(config) if config != material.config else ""
        name = ", ".join(str(SETTINGS[tried.name].label) for tried in tries)
    experiment = make_experiment(
        name=require_name(name) if name else "",
        sources=material.sources,
        edits=material.edits,
        config=config,
        tries=tries,
        num_seeds=wish.num_seeds or DEFAULT_SEEDS,
        num_trials=wish.num_trials or DEFAULT_TRIALS,
        ready=wish.ready.value if wish.ready is not None else "",
    )
    if experiment.kind is Kind.SEARCH and not wish.num_seeds:
        experiment = replace(experiment, seeds=experiment.seeds[:1])
    for handle in handles_of(experiment):
        refuse_strange_address(handle, shown(Text("The project")))
    num_images = sum(material.class_sizes)
    return Planned(experiment, expected(experiment, num_images, len(material.class_sizes)), note)


def read_values(name: str, text: str) -> Tried:
    """Read values as the command line does; fractions are in percent, as in the form.

    Raises:
        ExperimentError: If the setting can't have them.
    """
    text = text.strip().replace("–", "..").replace("…", "..")
    if not text:
        raise ExperimentError(Text("Type values for “%1”.", SETTINGS[name].label))
    if SETTINGS[name].unit == PERCENT:
        text = _NUMBER.sub(lambda found: format(Decimal(found[0]) / 100, "f"), text)
    return parse_try(f"{option_of(name)}={text}", label_of)


def offered_values(name: str, material: Material) -> str:
    """Return values that are worth trying, to begin with."""
    setting, value = SETTINGS[name], getattr(material.config, name)
    if setting.kind is bool:
        return "off, on"
    if setting.kind is str:
        names = material.backbones if setting.default else ("none", *material.backbones)
        return ", ".join(names)
    if issubclass(setting.kind, Choice):
        return ", ".join(choice.value for choice in setting.kind)
    if name == "images_per_class":
        return "5, 10, 20, 50, 0"
    is_percent = setting.unit == PERCENT
    is_fraction = is_percent or setting.unit == _FRACTION
    factor = _FRACTION_FACTOR if is_fraction else _FACTORS[setting.kind is float]
    if not value:
        candidates = [0, 1, 5] if setting.kind is int else [0.0, 0.1, 0.2]
    elif setting.kind is int:
        candidates = [max(1, value // factor), value, value * factor]
    else:
        exact = Decimal(str(value))
        candidates = [float(exact / factor), value, float(exact * factor)]
    found = [each for each in dict.fromkeys(candidates) if _is_allowed(name, each)]
    return ", ".join(decimal_text(float(100 * Decimal(str(x))) if is_percent else x) for x in found)


def values_help(name: str) -> str:
    """Return how values of a setting are written."""
    setting = SETTINGS[name]
    if setting.kind is bool:
        return tr("off, on")
    if setting.kind is str:
        return tr("Names of backbones, separated by commas")
    if issubclass(setting.kind, Choice):
        values = ", ".join(choice.value for choice in setting.kind)
        return tr("Some of: %1", values)
    if setting.unit == PERCENT:
        return tr("In percent: a list such as 10, 20, 40, or a range such as 0..50")
    if setting.kind is int:
        return tr("A list such as 4, 8, 16, or a range such as 4..64 or log:4..64")
    return tr("A list such as 0.001, 0.01, or a range such as log:0.0001..1")


def expectation_text(planned: Planned) -> str:
    """Return how many runs there are and how long they will take."""
    found = planned.expectation
    runs = num_runs_text(planned.experiment)
    if found.seconds - found.cached_seconds < 1:
        return tr("%1, about %2", runs, duration(found.seconds))
    return tr("%1, %2", runs, duration_range(found.cached_seconds, found.seconds))


def num_runs_text(experiment: Experiment) -> str:
    """Return how many runs an experiment has, and of what."""
    seeds = len(experiment.seeds)
    if experiment.kind is Kind.SEARCH:
        return tr("Search: up to %1 runs", experiment.num_runs)
    return tr("%1 runs: %2 × %3", experiment.num_runs, experiment.num_runs // seeds, seeds)


def _require_different(tries: Sequence[Tried]) -> None:
    names = [tried.name for tried in tries]
    for name in names:
        if names.count(name) > 1:
            raise ExperimentError(
                Text("“%1” is there twice: put all its values in one list.", label_of(name))
            )


def _effective(config: TrainConfig, tries: Sequence[Tried]) -> TrainConfig:
    """Return settings with which the values that are tried make a difference."""
    names = {tried.name for tried in tries}
    for name in sorted(names):
        label = SETTINGS[name].label
        match no_effect(config, names, name):
            case NoEffect.FINE_TUNING:
                raise ExperimentError(
                    Text("“%1” has no effect in the mode Fast: choose Fine-tune first.", label)
                )
            case NoEffect.AUGMENTATION:
                raise ExperimentError(
                    Text("“%1” has no effect while augmentation is off: switch it on first.", label)
                )
            case NoEffect.STEPS:
                config = with_steps(config)
            case None:
                pass
    return config


def _steps_note(config: TrainConfig) -> str:
    return tr(
        "The exact fit of the last layer takes no steps, so all runs use %1.",
        shown(config.optimizer.text),
    )


def _is_allowed(name: str, value: float) -> bool:
    try:
        value_list(name, [value])
    except ExperimentError:
        return False
    return True
