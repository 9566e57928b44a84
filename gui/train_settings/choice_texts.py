"""What the choices of settings are called, for people."""

from enum import StrEnum

from core.data.augmentation import Flip
from core.data.decoder import Fit
from core.settings.config import ClassWeighting, Device, Optimizer, Schedule
from core.settings.presets import Preset
from gui.look.language import tr


def choice_text(choice: StrEnum) -> str:
    """One choice in words."""
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
        ClassWeighting.NONE: tr("None"),
        ClassWeighting.BALANCED: tr("Balanced"),
        Device.AUTO: tr("Auto"),
        Device.CPU: tr("CPU"),
        Device.GPU: tr("GPU"),
        Device.ALL_GPUS: tr("All GPUs"),
        Flip.HORIZONTAL: tr("Left and right"),
        Flip.BOTH: tr("Both ways"),
        Fit.SQUASH: tr("Squash"),
        Preset.QUICK: tr("Quick"),
        Preset.THOROUGH: tr("Thorough"),
    }
    # Members of different enumerations are equal where their values are.
    return texts.get(choice, str(choice).replace("-", " ").capitalize())
