"""Groups of images that are the same content or near-identical copies."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.data.grouping.groupings import connected, first_positions, numbered
from core.data.grouping.signature import LUMA_SIDE, SIGNATURE_BYTES

# Larger groups than both are no copies but a kind of image: parts in a fixture, empty scenes.
_MAX_GROUP = 10
_MAX_FRACTION_OF_ALL = 0.2
# A class of webcam frames is small, and would be too small for a split if its frames were one.
_MAX_GROUP_OF_CLASS = 3
_MAX_FRACTION_OF_CLASS = 0.5

_MAX_CONTRAST_RATIO = 1.25
_MAX_CONTRAST_DIFFERENCE = 2.0
_CHAIN_LEEWAY = 1.5
_CHUNK_PAIRS = 8_192

# Of `candidate_pairs`.
_NUM_BANDS = 8
_BITS = 16
_NEIGHBOURS = 4
_CHUNK_ROWS = 16_384

_NUM_LUMA = LUMA_SIDE * LUMA_SIDE

# A copy may be brighter by a factor and by a constant; more than that is another exposure.
_GAIN_RANGE = (0.9, 1.11)
_MAX_OFFSET = 16.0

# Encoding errors grow with the contrast of an image, in levels of 255.
_BASE_TOLERANCE = 3.0
_TOLERANCE_PER_CONTRAST = 0.08
_MAX_CONTRAST = 64.0
_CHROMA_TOLERANCE = 5.0

# Below this standard deviation nothing but the colour is there to compare, and images of one
# colour are common as drawings: only the rounding of an encoder is forgiven.
_FLAT_CONTRAST = 2.0
_FLAT_TOLERANCE = 1.0


def near_duplicate_groups(
    signatures: Sequence[bytes | None],
    sha256s: Sequence[bytes],
    class_indices: Sequence[int] | None = None,
) -> NDArray[np.int64]:
    """Number the groups of images that a split must keep together.

    Near-identical means re-encoded, resized or slightly brightened; see `_are_copies` for what
    that takes. A group is kept only as far as its members are like its first one, so chains of
    small steps don't grow. Where images are all but equal by nature, as those of an inspection
    camera are, a group would swallow too many: with more than ten members and a fifth of all
    images, or more than three and half of a class, only identical content stays together.

    Args:
        signatures: As `image_signature` gives them; `None` where an image has none.
        sha256s: SHA-256 of each image's content.
        class_indices: Class of each image, to spare classes that are alike by nature.

    Returns:
        A group number for each image, shape `(num_images,)`, counted from 0 in the order
        of first appearance.
    """
    content = numbered(sha256s)
    first_of = first_positions(content).tolist()
    usable = [p for p in first_of if len(signatures[p] or b"") == SIGNATURE_BYTES]
    groups = np.arange(len(first_of))
    for members in _copies([signatures[p] or b"" for p in usable], [sha256s[p] for p in usable]):
        contents = [content[usable[member]] for member in members]
        groups[contents] = min(contents)
    return numbered(_without_large(groups, content, class_indices).tolist())


def _copies(signatures: list[bytes], sha256s: list[bytes]) -> list[list[int]]:
    """Groups of two and more positions, from the images' content alone, not their order."""
    if len(signatures) < 2:
        return []
    table = np.frombuffer(b"".join(signatures), np.uint8).reshape(len(signatures), -1)
    groups = []
    for members in connected(_matching_pairs(table)):
        if len(members) == 2:  # the common case, and compared already
            groups.append(members)
            continue
        rest = sorted(members, key=lambda member: sha256s[member])
        while rest:
            alike = _like_the_first(table[rest])
            groups.append([member for member, keep in zip(rest, alike, strict=True) if keep])
            rest = [member for member, keep in zip(rest, alike, strict=True) if not keep]
    return groups


def _like_the_first(table: NDArray[np.uint8]) -> NDArray[np.bool_]:
    alike = _are_copies(np.broadcast_to(table[0], table.shape), table, leeway=_CHAIN_LEEWAY)
    alike[0] = True
    return alike


def _matching_pairs(table: NDArray[np.uint8]) -> NDArray[np.int64]:
    pairs = candidate_pairs(table)
    contrast = _contrasts(table)
    low, high = np.sort(contrast[pairs], axis=1).T
    # The contrast costs next to nothing to compare and rules out most.
    pairs = pairs[high <= _MAX_CONTRAST_RATIO * low + _MAX_CONTRAST_DIFFERENCE]
    kept = [pairs[:0]]
    for start in range(0, len(pairs), _CHUNK_PAIRS):
        chunk = pairs[start : start + _CHUNK_PAIRS]
        chunk = chunk[_may_be_copies(table[chunk[:, 0]], table[chunk[:, 1]])]
        kept.append(chunk[_are_copies(table[chunk[:, 0]], table[chunk[:, 1]])])
    return np.concatenate(kept)


def _without_large(
    groups: NDArray[np.int64],
    content: NDArray[np.int64],
    class_indices: Sequence[int] | None,
) -> NDArray[np.int64]:
    """Group of each image; members of groups that are too large fall back to their content."""
    of_image = groups[content]
    sizes = Counter(of_image.tolist())
    too_large = {
        g for g, n in sizes.items() if n > max(_MAX_GROUP, _MAX_FRACTION_OF_ALL * len(content))
    }
    if class_indices is not None:
        class_sizes = Counter(class_indices)
        fractions = Counter(zip(of_image.tolist(), class_indices, strict=True))
        too_large |= {
            group
            for (group, index), n in fractions.items()
            if n > max(_MAX_GROUP_OF_CLASS, _MAX_FRACTION_OF_CLASS * class_sizes[index])
        }
    return np.where(np.isin(of_image, list(too_large)), content, of_image)


def candidate_pairs(signatures: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Find the pairs worth comparing, whose number grows only with the images.

    Each band gives an image 16 bits, the signs of random projections of its brightness
    around its mean, which exposure does not change. Images are sorted by these bits and,
    where they agree, by one more projection; near ones in that order are candidates. A copy
    with an error of 1 in 20 of the contrast has the same 16 bits in a band with a chance of
    77%, so at least one of eight bands finds practically all. However alike the images of
    a set are, no image gets more than 32 candidates after it.

    Args:
        signatures: Shape `(num_images, SIGNATURE_BYTES)`.

    Returns:
        Positions, shape `(num_pairs, 2)`, each pair once and the smaller position first.
    """
    codes, ranks = _projections(signatures)
    pairs = [np.empty((0, 2), np.int64)]
    for band in range(_NUM_BANDS):
        order = np.lexsort((ranks[:, band], codes[:, band]))
        sorted_codes = codes[order, band]
        for step in range(1, min(_NEIGHBOURS, len(order) - 1) + 1):
            same = np.flatnonzero(sorted_codes[step:] == sorted_codes[:-step])
            pairs.append(np.stack([order[same], order[same + step]], axis=1))
    found = np.concatenate(pairs)
    # As one number a pair: ten times faster than finding unique rows.
    keys = np.unique(found.min(axis=1) * len(signatures) + found.max(axis=1))
    return np.stack(np.divmod(keys, max(1, len(signatures))), axis=1)


def _projections(
    signatures: NDArray[np.uint8],
) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
    """For each image and band, the 16 signs as a number, and the projection to sort by."""
    random = np.random.default_rng(20_240_229)
    directions = random.standard_normal((_NUM_LUMA, _NUM_BANDS * (_BITS + 1))).astype(np.float32)
    weights = (1 << np.arange(_BITS)).astype(np.uint16)
    codes = np.empty((len(signatures), _NUM_BANDS), np.uint16)
    ranks = np.empty((len(signatures), _NUM_BANDS), np.float32)
    for start in range(0, len(signatures), _CHUNK_ROWS):
        rows = slice(start, start + _CHUNK_ROWS)
        luma = signatures[rows, :_NUM_LUMA].astype(np.float32)
        luma -= luma.mean(axis=1, keepdims=True)
        # One length for all, so that the last projection does not depend on the exposure.
        luma /= np.maximum(np.linalg.norm(luma, axis=1, keepdims=True), 1.0)
        projected = (luma @ directions).reshape(len(luma), _NUM_BANDS, _BITS + 1)
        codes[rows] = (projected[:, :, :_BITS] > 0) @ weights
        ranks[rows] = projected[:, :, _BITS]
    return codes, ranks


def _contrasts(signatures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Standard deviation of the brightness cells, one a signature, in levels of 255."""
    deviations: NDArray[np.float32] = signatures[:, :_NUM_LUMA].std(axis=1, dtype=np.float32)
    return deviations


def _may_be_copies(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Rule out most pairs by their colours, an eighth of the work; see `_are_copies`."""
    a, b = first[:, _NUM_LUMA:].astype(np.int16), second[:, _NUM_LUMA:].astype(np.int16)
    allowed = _CHROMA_TOLERANCE + (_GAIN_RANGE[1] - 1) * np.abs(a - 128)
    alike: NDArray[np.bool_] = (np.abs(b - a) <= allowed).all(axis=1)
    return alike


def _are_copies(
    first: NDArray[np.uint8], second: NDArray[np.uint8], *, leeway: float = 1.0
) -> NDArray[np.bool_]:
    """Tell which pairs of signatures are of copies, row by row.

    Measured on 6,058 different photographs and 500 × 9 copies of them, decoded at 224×224: this
    rule finds all copies re-encoded at JPEG quality 50 to 95, all enlarged to 150 and 200%,
    99.8% of those scaled to 70% and 87% of those to 50%, 99 to 100% of those made 5%
    brighter or darker. Of the 18 million pairs of different files it takes 9, and all 9 are the
    same image published twice; the most alike pair that is not differs twice as much as the
    rule allows. A blot of 6 pixels in 227 keeps 93% of otherwise equal images apart, one of
    10 pixels 98%.

    Args:
        first: Shape `(num_pairs, SIGNATURE_BYTES)`.
        second: Of the same shape.
        leeway: Factor on all tolerances.

    Returns:
        Shape `(num_pairs,)`.
    """
    a, b = first.astype(np.float32), second.astype(np.float32)
    luma_a, luma_b = a[:, :_NUM_LUMA], b[:, :_NUM_LUMA]
    contrast = np.minimum(luma_a.std(axis=1), luma_b.std(axis=1))
    gain, offset = _exposure(luma_a, luma_b)
    predicted = np.clip(gain * luma_a + offset, 0, 255)
    luma_error = np.abs(luma_b - predicted).max(axis=1)
    chroma = 128 + gain * (a[:, _NUM_LUMA:] - 128)
    chroma_error = np.abs(b[:, _NUM_LUMA:] - chroma).max(axis=1)
    allowed = _BASE_TOLERANCE + _TOLERANCE_PER_CONTRAST * np.minimum(contrast, _MAX_CONTRAST)
    alike: NDArray[np.bool_] = (luma_error <= leeway * allowed) & (
        chroma_error <= leeway * _CHROMA_TOLERANCE
    )
    equal: NDArray[np.bool_] = np.abs(a - b).max(axis=1) <= _FLAT_TOLERANCE
    is_flat: NDArray[np.bool_] = contrast < _FLAT_CONTRAST
    return (is_flat & equal) | (~is_flat & alike)


def _exposure(
    luma_a: NDArray[np.float32], luma_b: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Least-squares gain and offset from `a` to `b` within their bounds, shape `(num_pairs, 1)`."""
    mean_a, mean_b = luma_a.mean(axis=1, keepdims=True), luma_b.mean(axis=1, keepdims=True)
    around_a = luma_a - mean_a
    covariance = (around_a * (luma_b - mean_b)).sum(axis=1, keepdims=True)
    variance = np.maximum((around_a * around_a).sum(axis=1, keepdims=True), 1.0)
    gain = np.clip(covariance / variance, *_GAIN_RANGE)
    return gain, np.clip(mean_b - gain * mean_a, -_MAX_OFFSET, _MAX_OFFSET)
