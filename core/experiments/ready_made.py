"""Ready-made experiments, for the questions that are asked most."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self, assert_never

from core.backbones.backbone import BackboneInfo
from core.backbones.store import list_backbones
from core.errors import ExperimentError
from core.experiments.tries import Tried, ValueList
from core.settings.config import TrainConfig, stepless_settings
from core.text import Text

DEFAULT_SEEDS = 3


class ReadyMade(StrEnum):
    """A ready-made experiment; its value is its name on the command line.

    Attributes:
        text: Its name for users.
        question: That it answers.
    """

    text: str
    question: str

    def __new__(cls, value: str, text: str = "", question: str = "") -> Self:
        """Make a member that is its value; its words stand beside it."""
        member = str.__new__(cls, value)
        member._value_, member.text, member.question = value, text, question
        return member

    BATCH_SIZE = "batch-size", Text("Batch size"), Text("Does the batch size matter?")
    LEARNING_RATE = (
        "learning-rate",
        Text("Learning rate"),
        Text("Which learning rate is best?"),
    )
    BACKBONES = (
        "backbones",
        Text("Backbones on this computer"),
        Text("Which backbone is best for these pictures?"),
    )
    FAST_OR_FINE_TUNED = (
        "fast-or-fine-tuned",
        Text("Fast or fine-tuned"),
        Text("Is it worth training the backbone too?"),
    )
    LEARNING_CURVE = (
        "learning-curve",
        Text("How many pictures?"),
        Text("Would more pictures help?"),
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """What a ready-made experiment tries.

    Attributes:
        config: The settings that all its runs share.
    """

    config: TrainConfig
    tries: tuple[Tried, ...]


_BATCH_SIZES = (4, 8, 16, 32, 64)
_LEARNING_RATES = (0.0001, 0.001, 0.01, 0.1, 1.0)
_STEPS_OF_A_DECADE = (1, 2, 5)
_LEAST_IMAGES = 5
_MOST_OF_ALL = 0.8  # of all that there are, which are tried too


def plan(
    ready: ReadyMade,
    config: TrainConfig,
    class_sizes: Sequence[int],
    backbones: Callable[[], list[BackboneInfo]] = list_backbones,
) -> Plan:
    """Return what a ready-made experiment tries.

    Args:
        config: The user's settings.
        class_sizes: Number of images of each class.
        backbones: Lists those on this computer.

    Raises:
        ExperimentError: If there is nothing to compare.
    """
    match ready:
        case ReadyMade.BATCH_SIZE:
            return Plan(with_steps(config), (ValueList("batch_size", _BATCH_SIZES),))
        case ReadyMade.LEARNING_RATE:
            return Plan(with_steps(config), (ValueList("learning_rate", _LEARNING_RATES),))
        case ReadyMade.BACKBONES:
            names = tuple(info.name for info in backbones())
            if len(names) < 2:
                raise ExperimentError(
                    Text("There is one backbone on this computer only. Download another one first.")
                )
            shared = replace(config, second_backbone="")
            return Plan(shared, (ValueList("backbone", names),))
        case ReadyMade.FAST_OR_FINE_TUNED:
            return Plan(config, (ValueList("fine_tune", (False, True)),))
        case ReadyMade.LEARNING_CURVE:
            return Plan(config, (ValueList("images_per_class", _sizes(config, class_sizes)),))
        case never:
            assert_never(never)


def with_steps(config: TrainConfig) -> TrainConfig:
    """Return settings with which the head is trained in steps, which an exact fit doesn't take."""
    return replace(config, optimizer=config.step_optimizer) if config.is_exact else config


def is_idle(config: TrainConfig, name: str) -> bool:
    """Return whether trying values of a setting of steps would compare equal runs."""
    return name in stepless_settings(config)


def _sizes(config: TrainConfig, class_sizes: Sequence[int]) -> tuple[int, ...]:
    """Return 5, 10, 20, 50 … training images of a class, as far as most classes go; then all."""
    fraction = 1 - config.validation_split - config.test_split
    # In the middle class: a rare one would end the curve where the others go on.
    largest = int(sorted(class_sizes)[len(class_sizes) // 2] * fraction) if class_sizes else 0
    sizes, decade = [], 1
    while decade <= largest:
        sizes += [step * decade for step in _STEPS_OF_A_DECADE]
        decade *= 10
    found = [size for size in sizes if _LEAST_IMAGES <= size <= _MOST_OF_ALL * largest]
    if not found:
        raise ExperimentError(
            Text(
                "For a curve, most classes need more than %1 training pictures. Add pictures.",
                _LEAST_IMAGES,
            )
        )
    return (*found, 0)
