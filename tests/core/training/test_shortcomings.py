"""What a run says that its settings ask of the backbone in vain."""

from dataclasses import replace
from pathlib import Path

from core.backbones.backbone import Backbone, BackboneInfo, FeaturePart
from core.settings.choices import Features
from core.settings.config import TrainConfig
from core.training.backbone_choice import shortcomings

LAST, STAGE = FeaturePart(4), FeaturePart(2, is_stage=True)


def backbone(title: str, *parts: FeaturePart, members: tuple[Backbone, ...] = ()) -> Backbone:
    info = BackboneInfo(
        name=title.lower(),
        title=title,
        handle=title,
        family="",
        input_size=(8, 8),
        feature_dim=4,
        parameters=1,
        parts=parts,
    )
    path = Path(title)
    return Backbone(
        info=info,
        saved_model_dir=path,
        fingerprint=title,
        litert_path=None,
        frozen_graph_path=path,
        members=members,
    )


ONE, TWO = backbone("One"), backbone("Two")


def test_a_backbone_without_stages_is_named() -> None:
    config = TrainConfig(features=Features.STAGES)
    [text] = shortcomings(backbone("One", LAST, members=(ONE,)), config)
    assert text == "One shows no stages, so only features of its last layer are used."
    assert shortcomings(backbone("One", LAST, STAGE, members=(ONE,)), config) == []
    assert shortcomings(ONE, TrainConfig(features=Features.LAST)) == []


def test_of_two_only_the_one_without_stages_is_named() -> None:
    config = TrainConfig(features=Features.STAGES)

    def named(*parts: FeaturePart) -> list[str]:
        texts = shortcomings(backbone("Both", *parts, members=(ONE, TWO)), config)
        return [text.split()[0] for text in texts]

    assert named(LAST, STAGE, STAGE, LAST) == ["Two"]
    assert named(LAST, LAST, STAGE) == ["One"]
    assert named(LAST, LAST) == ["One", "Two"]
    assert named(LAST, STAGE, LAST, STAGE) == []


def test_batch_norm_that_stays_as_pretrained_is_told() -> None:
    config = TrainConfig(fine_tune=True, train_batch_norm=True)
    joint = backbone("One", LAST, STAGE, members=(ONE,))
    [text] = shortcomings(joint, config)
    assert text.startswith("Batch normalisation keeps its averages")
    assert shortcomings(ONE, replace(config, features=Features.LAST)) == []
    assert shortcomings(joint, replace(config, train_batch_norm=False)) == []
