"""Which settings have no effect as things are, and why."""

from core.settings.config import SETTINGS, Device, TrainConfig
from core.settings.setting import Need
from gui.look.language import tr


def idle_reasons(config: TrainConfig, num_gpus: int | None) -> dict[str, str]:
    """Why settings have no effect, by name; those of fine-tuning are hidden, and not here.

    Args:
        num_gpus: GPUs on this computer; None while nobody knows.
    """
    reasons: dict[Need | None, str] = {}
    if not config.augmentation().is_active:
        reasons[Need.AUGMENTATION] = tr("Without effect: no change to pictures is chosen above.")
    if num_gpus == 0:
        reasons[Need.GPU] = tr("Without effect: no GPU was found on this computer.")
    elif config.device is Device.CPU:
        reasons[Need.GPU] = tr("Without effect: the CPU is chosen below.")
    return {
        name: reasons[setting.need] for name, setting in SETTINGS.items() if setting.need in reasons
    }


def unseen_changes(config: TrainConfig) -> dict[str, str]:
    """Why changes to pictures that are chosen have no effect, by name; they can be seen to."""
    if config.fine_tune or config.augmented_copies:
        return {}
    reason = tr("Without effect: no changed copies. Set Copies to 1 or more, or fine-tune.")
    return {
        name: reason
        for name, setting in SETTINGS.items()
        if setting.need is Need.AUGMENTED_VERSIONS and getattr(config, name) != setting.default
    }


def preview_note(config: TrainConfig) -> str:
    """What to say of changed pictures that no training would see; "" if one would."""
    reasons = unseen_changes(config)
    if not reasons:
        return ""
    if config.mixup:
        return tr("Mixup alone has an effect: no changed copies. Set Copies, or fine-tune.")
    return next(iter(reasons.values()))


def device_note(config: TrainConfig, num_gpus: int | None) -> str:
    """What to say about a device that was chosen but isn't there; "" if it may be there."""
    if num_gpus == 0 and config.device in (Device.GPU, Device.ALL_GPUS):
        return tr("No GPU was found on this computer, so the CPU will be used.")
    if num_gpus == 1 and config.device is Device.ALL_GPUS:
        return tr("There is one GPU on this computer; it will be used.")
    return ""
