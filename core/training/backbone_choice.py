"""Prepare the backbone of a training, and TensorFlow where it is needed."""

from dataclasses import replace
from pathlib import Path

from core.backbones.backbone import Backbone
from core.backbones.joint import join_backbones
from core.backbones.locate import absolute_handle
from core.backbones.prepare import prepare_backbone
from core.messages.control import RunControl
from core.messages.download_report import DownloadReport
from core.messages.events import Phase, Warned
from core.messages.reporter import Reporter
from core.settings.choices import Device, Features
from core.settings.config import TrainConfig, fixed_norm_reason
from core.text import Text
from core.training.run_data import ChosenBackbone


def choose_backbone(
    config: TrainConfig, reporter: Reporter, control: RunControl, *, trust: bool = False
) -> ChosenBackbone:
    """Prepare the backbones that are asked for as one, and find out what computes with it.

    Args:
        trust: Whether the user trusts it even if it may do more than compute.

    Raises:
        BackboneError: If one can't be used.
        StopRequestedError: If the run should stop.
    """
    reporter.start_phase(Phase.PREPARING_BACKBONE)
    control.checkpoint()
    report = DownloadReport(reporter, control)
    backbones = [
        prepare_backbone(
            handle,
            lambda: configure_tensorflow(config),
            trust=trust,
            download_progress=report,
            check=report.check,
        )
        for handle in config.backbones
    ]
    backbone = _joined(backbones, config, reporter)
    if backbone.litert_path is None:  # TensorFlow computes the features then
        configure_tensorflow(config)
    return ChosenBackbone(backbone, gpu=_has_gpu(config))


def _joined(backbones: list[Backbone], config: TrainConfig, reporter: Reporter) -> Backbone:
    with_stages = config.features is Features.STAGES
    image_size = (config.image_size, config.image_size) if config.image_size else None
    if len(backbones) == 1:
        (only,) = backbones
        if image_size == only.info.input_size:
            image_size = None
        if not with_stages and image_size is None:
            return only
        if image_size is None and config.fine_tune and _has_branches(only, config):
            reporter.send(
                Warned(
                    Text(
                        "The backbone %1 has branches or loops, so it is fine-tuned with the "
                        "features of its last layer only.",
                        only.info.title,
                    )
                )
            )
            return only
    return join_backbones(
        backbones,
        lambda: configure_tensorflow(config),
        with_stages=with_stages,
        image_size=image_size,
    )


def shortcomings(backbone: Backbone, config: TrainConfig) -> list[Text]:
    """Return what the settings ask of the chosen backbone in vain, a sentence each."""
    texts = []
    if config.features is Features.STAGES:
        texts = [
            Text("%1 shows no stages, so only features of its last layer are used.", title)
            for title in _stageless(backbone)
        ]
    if reason := fixed_norm_reason(config):
        texts.append(reason)
    return texts


def _stageless(backbone: Backbone) -> list[str]:
    """Return the titles of the members whose graph shows no stages."""
    with_stages: set[int] = set()
    member = -1
    for part in backbone.info.all_parts:
        if part.is_stage:
            with_stages.add(member)
        else:
            member += 1
    return [
        each.info.title for index, each in enumerate(backbone.members) if index not in with_stages
    ]


def _has_branches(backbone: Backbone, config: TrainConfig) -> bool:
    configure_tensorflow(config)
    # Imported here: it loads TensorFlow.
    from core.backbones.saved_model_graph import has_branches

    return has_branches(backbone)


def with_absolute_handles(config: TrainConfig) -> TrainConfig:
    """Make the backbones mean the same from any folder: paths become absolute."""
    second = config.second_backbone
    return replace(
        config,
        backbone=absolute_handle(config.backbone),
        second_backbone=second and absolute_handle(second),
    )


def configure_tensorflow(config: TrainConfig) -> None:
    """Set TensorFlow up once it is there; it is being loaded in the background."""
    # Imported here: it waits for that.
    from core.training.devices import configure_tensorflow

    configure_tensorflow(config)


def _has_gpu(config: TrainConfig) -> bool:
    # TensorFlow, which takes seconds to load, needn't be asked where no GPU can be: its wheels
    # use NVIDIA GPUs on Linux only, where each is a device file.
    if config.device is Device.CPU or not any(Path("/dev").glob("nvidia[0-9]*")):
        return False
    configure_tensorflow(config)
    from core.training.devices import has_gpu

    return has_gpu()
