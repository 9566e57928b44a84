"""A short description of how an image looks, by which near-identical ones are found."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

LUMA_SIDE = 16
CHROMA_SIDE = 4
SIGNATURE_BYTES = LUMA_SIDE * LUMA_SIDE + 2 * CHROMA_SIDE * CHROMA_SIDE
"""Mean brightness of 16×16 cells, then mean Cb and Cr of 4×4 cells, a byte each."""


def image_signature(pixels: NDArray[np.uint8]) -> bytes:
    """Describe a decoded image; compare with `near_duplicate_groups`.

    Means of cells, not a hash of gradients: copies keep them to within a few levels, while
    a defect a hundredth of the image wide still moves a cell's mean.

    Args:
        pixels: RGB values, shape `(height, width, 3)`, of any size. Only signatures of
            images decoded with the same fit are comparable.

    Returns:
        `SIGNATURE_BYTES` bytes.
    """
    side = (LUMA_SIDE, LUMA_SIDE)
    cells = Image.fromarray(pixels).resize(side, Image.Resampling.BOX).convert("YCbCr")
    values: NDArray[np.uint8] = np.asarray(cells)
    coarse = CHROMA_SIDE, LUMA_SIDE // CHROMA_SIDE
    chroma = values[:, :, 1:].reshape(*coarse, *coarse, 2).mean(axis=(1, 3))
    luma = values[:, :, 0].tobytes()
    return bytes(luma + np.rint(chroma).astype(np.uint8).tobytes())
