"""How many images of each class a split should get."""

import math
from collections.abc import Mapping, Sequence

from core.data.dataset import Split
from core.data.split.units import SplitUnits


def split_quotas(
    units: SplitUnits, sizes: Sequence[int], fractions: Mapping[Split, float]
) -> dict[Split, list[int]]:
    """Round each class's fractions to whole images, up or down as `assign_splits` says.

    Args:
        units: Each class's first group draws the number that decides how its fractions are rounded.
        sizes: Number of images of each class.
        fractions: Share of each split that is to be filled, each in (0, 1), their sum below 1.

    Returns:
        For each split a number for each class; at least 1, and together at most one less than
        the class has, unless it has too few for that.
    """
    draws = [0.5] * len(sizes)
    for parts, draw in zip(reversed(units.parts), units.draws[::-1].tolist(), strict=True):
        for index, _ in parts:
            draws[index] = draw
    quotas = [_quotas(size, draw, fractions) for size, draw in zip(sizes, draws, strict=True)]
    return {split: [quota[split] for quota in quotas] for split in fractions}


def _quotas(size: int, draw: float, fractions: Mapping[Split, float]) -> dict[Split, int]:
    # With u for one and 1 - u for the other their errors never add up to a whole image, so
    # training has its fraction too; and neither depends on whether there is the other.
    offsets = {Split.TEST: draw, Split.VALIDATION: 1 - draw}
    quotas = {
        s: max(1, math.floor(size * fraction + offsets[s])) for s, fraction in fractions.items()
    }
    while sum(quotas.values()) >= size and max(quotas.values(), default=0) > 1:
        most = max(
            (split for split in quotas if quotas[split] > 1),
            key=lambda split: quotas[split] - size * fractions[split],
        )
        quotas[most] -= 1
    return quotas
