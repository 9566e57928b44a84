"""Names of the choices of settings."""

from enum import StrEnum

from core.data.augmentation import Flip
from core.data.decoder import Fit
from core.settings.config import ClassWeighting, Device, Optimizer, Schedule
from core.settings.presets import Preset
from gui.look.language import tr


def choice_text(choice: StrEnum) -> str:
    """Return the name of a choice."""
    texts: dict[StrEnum, str] = {
        Optimizer.ADAM: "Adam",
        Optimizer.ADAMW: "AdamW",
        Optimizer.SGD: "SGD",
        Optimizer.RMSPROP: "RMSprop",
        Schedule.CONSTANT: tr("Constant"),
        Schedule.COSINE: tr("Cosine"),
        Schedule.EXPONENTIAL: tr("Exponential"),
        Schedule.STEP: tr("Step"),
        Schedule.ONE_CYCLE: tr("One cycle"),
        Schedule.REDUCE_ON_PLATEAU: tr("Reduce on plateau"),
        ClassWeighting.NONE: tr("None"),  # Flip.NONE too
        ClassWeighting.BALANCED: tr("Balanced"),  # Preset.BALANCED too
        Device.AUTO: tr("Auto"),
        Device.CPU: tr("CPU"),
        Device.GPU: tr("GPU"),
        Device.ALL_GPUS: tr("All GPUs"),
        Flip.HORIZONTAL: tr("Left and right"),
        Flip.BOTH: tr("Both ways"),
        Fit.SQUASH: tr("Squash"),
        Fit.CROP: tr("Crop"),
        Fit.PAD: tr("Pad"),
        Preset.QUICK: tr("Quick"),
        Preset.THOROUGH: tr("Thorough"),
    }
    # Members of different enumerations are equal where their values are.
    return texts[choice]
