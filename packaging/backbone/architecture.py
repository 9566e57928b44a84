"""The shape of EfficientNet-Lite0, shared by the steps that read, check and convert its weights.

It imports nothing, so that the PyTorch step and the TensorFlow step can both use it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

INPUT_SIZE = (224, 224)
FEATURE_DIM = 1280
STEM_CHANNELS = 32
BATCH_NORM_EPSILON = 1e-3

# The network was trained on (value - 127) / 128 with values in [0, 255]; images here are in [0, 1].
INPUT_SCALE = 255.0 / 128.0
INPUT_OFFSET = -127.0 / 128.0

# Repeats, kernel, stride, expansion, input channels, output channels.
_STAGES = (
    (1, 3, 1, 1, 32, 16),
    (2, 3, 2, 6, 16, 24),
    (2, 5, 2, 6, 24, 40),
    (3, 3, 2, 6, 40, 80),
    (3, 5, 1, 6, 80, 112),
    (4, 5, 2, 6, 112, 192),
    (1, 3, 1, 6, 192, 320),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockShape:
    """One inverted-residual block.

    Attributes:
        index: Position of the block in the network, from 0; it is part of the weights' names.
        kernel: Height and width of the depthwise kernel, in pixels.
        stride: Step of the depthwise convolution, in pixels.
        expansion: Factor by which the 1x1 convolution widens the input; 1 means there is none.
        in_channels: Channels that come in.
        out_channels: Channels that go out.
    """

    index: int
    kernel: int
    stride: int
    expansion: int
    in_channels: int
    out_channels: int

    @property
    def expanded_channels(self) -> int:
        """Channels between the expansion and the projection."""
        return self.in_channels * self.expansion

    @property
    def has_skip(self) -> bool:
        """Whether the input is added to the output."""
        return self.stride == 1 and self.in_channels == self.out_channels


def blocks() -> Iterator[BlockShape]:
    """The 16 blocks in order; only a stage's first block strides and changes the channels."""
    index = 0
    for repeats, kernel, stride, expansion, in_channels, out_channels in _STAGES:
        for repeat in range(repeats):
            first = repeat == 0
            yield BlockShape(
                index=index,
                kernel=kernel,
                stride=stride if first else 1,
                expansion=expansion,
                in_channels=in_channels if first else out_channels,
                out_channels=out_channels,
            )
            index += 1


def multiply_adds() -> int:
    """Multiply-adds of one image up to the feature vector; the ImageNet head is not counted."""
    size = INPUT_SIZE[0] // 2
    total = size**2 * STEM_CHANNELS * 3 * 9
    for block in blocks():
        if block.expansion != 1:
            total += size**2 * block.in_channels * block.expanded_channels
        size //= block.stride
        total += size**2 * block.expanded_channels * (block.kernel**2 + block.out_channels)
    return total + size**2 * 320 * FEATURE_DIM
