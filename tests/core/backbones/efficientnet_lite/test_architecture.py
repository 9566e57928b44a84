"""The shapes of the networks, held against the weights and the facts that are published."""

import pytest

from core.backbones.backbone import read_info
from core.backbones.efficientnet_lite.architecture import LITE0, LITE1, LITE2, Architecture
from core.backbones.efficientnet_lite.packed_weights import PACKED_WEIGHTS
from core.backbones.efficientnet_lite.torch_weights import read_torch_weights
from resources import resource_path


@pytest.mark.parametrize(
    ("number", "architecture", "blocks"), [(0, LITE0, 16), (1, LITE1, 21), (2, LITE2, 21)]
)
def test_facts_are_those_of_the_shape(number: int, architecture: Architecture, blocks: int) -> None:
    info = read_info(resource_path("backbones", f"efficientnet_lite{number}"))
    assert info.multiply_adds == architecture.multiply_adds()
    assert info.input_size == architecture.input_size
    assert len(list(architecture.blocks())) == blocks


@pytest.mark.parametrize("weights", PACKED_WEIGHTS, ids=lambda weights: weights.name)
def test_blocks_and_parameters_are_those_of_the_weights(weights) -> None:
    arrays = read_torch_weights(weights.path(), weights.sha256)
    for block in weights.architecture.blocks():
        source, expanded = f"_blocks.{block.index}.", block.expanded_channels
        depthwise = arrays[f"{source}_depthwise_conv.weight"]
        assert depthwise.shape == (expanded, 1, block.kernel, block.kernel)
        project = arrays[f"{source}_project_conv.weight"]
        assert project.shape == (block.out_channels, expanded, 1, 1)
    assert f"_blocks.{block.index + 1}._project_conv.weight" not in arrays
    info = read_info(resource_path("backbones", weights.name.replace("-", "_")))
    counted = sum(array.size for name, array in arrays.items() if not name.startswith("_fc."))
    assert info.parameters == counted
