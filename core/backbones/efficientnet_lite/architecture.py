"""The shapes of the EfficientNet-Lite networks 0, 1 and 2. Imports nothing but Python itself.

The larger ones are the smallest with more channels and more blocks in each stage; the stem, the
number of features and the repeats of the first and last stage stay as they are.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

FEATURE_DIM = 1280
STEM_CHANNELS = 32
BATCH_NORM_EPSILON = 1e-3

# The networks were trained on (value - 127) / 128 with values in [0, 255]; images here are in
# [0, 1].
INPUT_SCALE = 255.0 / 128.0
INPUT_OFFSET = -127.0 / 128.0

# Repeats, kernel, stride, expansion, output channels; of network 0.
_STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
_CHANNELS_STEP = 8
_MOST_LOST = 0.1  # of the channels, by rounding


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """One of the networks.

    Attributes:
        width: Factor of the channels of network 0.
        depth: Factor of the blocks in a stage of network 0.
        side: Height and width of an image, in pixels.
    """

    width: float
    depth: float
    side: int

    @property
    def input_size(self) -> tuple[int, int]:
        """Height and width of an image, in pixels."""
        return (self.side, self.side)

    def blocks(self) -> Iterator[BlockShape]:
        """Yield the blocks; only a stage's first strides and changes the number of channels."""
        index, in_channels = 0, STEM_CHANNELS
        for stage, (repeats, kernel, stride, expansion, base) in enumerate(_STAGES):
            is_fixed = stage in (0, len(_STAGES) - 1)
            out_channels = self._channels(base)
            for repeat in range(repeats if is_fixed else math.ceil(repeats * self.depth)):
                yield BlockShape(
                    index=index,
                    kernel=kernel,
                    stride=stride if repeat == 0 else 1,
                    expansion=expansion,
                    in_channels=in_channels,
                    out_channels=out_channels,
                )
                index, in_channels = index + 1, out_channels

    def multiply_adds(self) -> int:
        """Count those of one image up to the feature vector, without any ImageNet head."""
        size, channels = _halved(self.side), STEM_CHANNELS
        total = size**2 * STEM_CHANNELS * 3 * 9
        for block in self.blocks():
            if block.expansion != 1:
                total += size**2 * block.in_channels * block.expanded_channels
            size = _halved(size) if block.stride == 2 else size
            total += size**2 * block.expanded_channels * (block.kernel**2 + block.out_channels)
            channels = block.out_channels
        return total + size**2 * channels * FEATURE_DIM

    def _channels(self, base: int) -> int:
        wanted = base * self.width
        step = _CHANNELS_STEP
        rounded = max(step, int(wanted + step / 2) // step * step)
        return rounded + step if rounded < (1 - _MOST_LOST) * wanted else rounded


LITE0 = Architecture(width=1.0, depth=1.0, side=224)
LITE1 = Architecture(width=1.0, depth=1.1, side=240)
LITE2 = Architecture(width=1.1, depth=1.2, side=260)


def _halved(size: int) -> int:
    """Return the size of the output of a stride of 2 with "same" padding."""
    return -(-size // 2)
