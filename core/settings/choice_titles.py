"""Titles of the choices that settings offer."""

from enum import StrEnum

from core.data.augmentation import Flip
from core.data.decoder import ResizeMode
from core.settings.config import ClassWeighting, Device, Optimizer, Schedule
from core.settings.presets import Preset
from core.text import Text

# By enumeration: members of different ones are equal where their values are.
_TITLES: dict[type[StrEnum], dict[StrEnum, str]] = {
    Optimizer: {
        Optimizer.ADAM: "Adam",
        Optimizer.ADAMW: "AdamW",
        Optimizer.SGD: "SGD",
        Optimizer.RMSPROP: "RMSprop",
    },
    Schedule: {
        Schedule.CONSTANT: Text("Constant"),
        Schedule.COSINE: Text("Cosine"),
        Schedule.EXPONENTIAL: Text("Exponential"),
        Schedule.STEP: Text("Step"),
        Schedule.ONE_CYCLE: Text("One cycle"),
        Schedule.REDUCE_ON_PLATEAU: Text("Reduce on plateau"),
    },
    ClassWeighting: {
        ClassWeighting.NONE: Text("None"),
        ClassWeighting.BALANCED: Text("Balanced"),
    },
    Device: {
        Device.AUTO: Text("Auto"),
        Device.CPU: Text("CPU"),
        Device.GPU: Text("GPU"),
        Device.ALL_GPUS: Text("All GPUs"),
    },
    Flip: {
        Flip.NONE: Text("None"),
        Flip.HORIZONTAL: Text("Left and right"),
        Flip.BOTH: Text("Both ways"),
    },
    ResizeMode: {
        ResizeMode.SQUASH: Text("Squash"),
        ResizeMode.CROP: Text("Crop"),
        ResizeMode.PAD: Text("Pad"),
    },
    Preset: {
        Preset.QUICK: Text("Quick"),
        Preset.BALANCED: Text("Balanced"),
        Preset.THOROUGH: Text("Thorough"),
    },
}


def choice_title(choice: StrEnum) -> str:
    """Return the title of a choice: a `Text`, or a name that is the same in all languages."""
    return _TITLES[type(choice)][choice]
