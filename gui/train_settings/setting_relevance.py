"""Tells which settings have no effect at present, and why."""

from core.settings.choices import Device
from core.settings.config import (
    SETTINGS,
    TrainConfig,
    fixed_norm_reason,
    inexact_reason,
    stepless_settings,
)
from core.settings.setting import Need, Stage
from gui.look.language import shown, tr


def idle_reasons(config: TrainConfig, num_gpus: int | None) -> dict[str, str]:
    """Return why settings have no effect, by name; without those hidden as fine-tuning is off.

    Args:
        num_gpus: GPUs on this computer; None while unknown.
    """
    reasons: dict[Need | None, str] = {}
    if not config.augmentation().is_active:
        reasons[Need.AUGMENTATION] = tr("No effect: augmentation is off.")
    if num_gpus == 0:
        reasons[Need.GPU] = tr("No effect: no GPU was found on this computer.")
    elif config.device is Device.CPU:
        reasons[Need.GPU] = tr("No effect: the CPU is selected below.")
    found = {
        name: reasons[setting.need] for name, setting in SETTINGS.items() if setting.need in reasons
    }
    return found | _stepless_reasons(config)


def hidden_settings(config: TrainConfig) -> set[str]:
    """Return the names of settings that would only distract: of steps or a stage not taken."""
    tuning = {name for name, each in SETTINGS.items() if each.stage is Stage.FINE_TUNING}
    return stepless_settings(config) | (set() if config.fine_tune else tuning)


def _stepless_reasons(config: TrainConfig) -> dict[str, str]:
    """Return why settings of steps have no effect, where none are taken."""
    reason = tr("No effect: the last layer is fitted exactly, without steps.")
    return dict.fromkeys(stepless_settings(config), reason)


def epochs_explanation(config: TrainConfig) -> str:
    """Return what the epochs of these settings are."""
    if config.is_exact:
        return tr("Largest number of iterations; the exact fit mostly ends earlier.")
    return shown(SETTINGS["epochs"].explanation)


def second_backbone_note(config: TrainConfig) -> str:
    """Return a note if the second backbone adds nothing; "" if it does or there is none."""
    if config.second_backbone.strip() and len(config.backbones) == 1:
        return tr("No effect: this is the first backbone.")
    return ""


def batch_norm_note(config: TrainConfig) -> str:
    """Return a note if batch normalisation can't be trained; "" if it can or need not."""
    reason = fixed_norm_reason(config)
    return shown(reason) if reason is not None else ""


def optimizer_note(config: TrainConfig) -> str:
    """Return a note if the head is trained by another optimizer than selected; "" if not."""
    reason = inexact_reason(config)
    return shown(reason) if reason is not None else ""


def unseen_changes(config: TrainConfig) -> dict[str, str]:
    """Return why selected augmentations have no effect, by name; they stay editable."""
    if config.fine_tune or config.augmented_versions:
        return {}
    label = shown(SETTINGS["augmented_versions"].label)
    reason = tr("No effect: %1 is 0. Set it to 1 or more, or fine-tune.", label)
    return {
        name: reason
        for name, setting in SETTINGS.items()
        if setting.need is Need.AUGMENTED_VERSIONS and getattr(config, name) != setting.default
    }


def preview_note(config: TrainConfig) -> str:
    """Return a note if training would not see the augmented images; "" if it would."""
    reasons = unseen_changes(config)
    if not reasons:
        return ""
    if config.mixup:
        label = shown(SETTINGS["augmented_versions"].label)
        return tr("Only mixup has an effect: %1 is 0. Set it, or fine-tune.", label)
    return next(iter(reasons.values()))


def device_note(config: TrainConfig, num_gpus: int | None) -> str:
    """Return a note if the selected device is not available; "" if it may be."""
    if num_gpus == 0 and config.device in (Device.GPU, Device.ALL_GPUS):
        return tr("No GPU was found on this computer, so the CPU will be used.")
    if num_gpus == 1 and config.device is Device.ALL_GPUS:
        return tr("There is one GPU on this computer; it will be used.")
    return ""
