"""Groups of pictures that are the same content or near-identical copies."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.data.grouping.copy_candidates import candidate_pairs
from core.data.grouping.groupings import connected, first_positions, numbered
from core.data.grouping.signature import SIGNATURE_BYTES
from core.data.grouping.signature_matching import are_copies, contrasts, may_be_copies

# Larger groups than both are no copies but a kind of picture: parts in a fixture, empty scenes.
_MAX_GROUP = 10
_MAX_SHARE_OF_ALL = 0.2
# A class of webcam frames is small, and would be too small for a split if its frames were one.
_MAX_GROUP_OF_CLASS = 3
_MAX_SHARE_OF_CLASS = 0.5

_MAX_CONTRAST_RATIO = 1.25
_MAX_CONTRAST_DIFFERENCE = 2.0
_CHAIN_LEEWAY = 1.5
_CHUNK_PAIRS = 8_192


def near_duplicate_groups(
    signatures: Sequence[bytes | None],
    sha256s: Sequence[bytes],
    class_indices: Sequence[int] | None = None,
) -> NDArray[np.int64]:
    """Number the groups of pictures that must not be torn apart by a split.

    Near-identical means re-encoded, resized or slightly brightened; see
    `core.data.grouping.signature_matching` for what that takes. A group is kept only as far as
    its members are like its first one, so chains of small steps don't grow. Where pictures are
    all but equal by nature, as those of an inspection camera are, a group would swallow too
    many: with more than ten members and a fifth of all pictures, or more than three and half of
    a class, only identical content stays together.

    Args:
        signatures: As `picture_signature` gives them; `None` where a picture has none.
        sha256s: SHA-256 of each picture's content.
        class_indices: Class of each picture, to spare classes that are alike by nature.

    Returns:
        A group number for each picture, shape `(num_pictures,)`, counted from 0 in the order
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
    """Groups of two and more positions, from the pictures' content alone, not their order."""
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
    alike = are_copies(np.broadcast_to(table[0], table.shape), table, leeway=_CHAIN_LEEWAY)
    alike[0] = True
    return alike


def _matching_pairs(table: NDArray[np.uint8]) -> NDArray[np.int64]:
    pairs = candidate_pairs(table)
    contrast = contrasts(table)
    low, high = np.sort(contrast[pairs], axis=1).T
    # The contrast costs next to nothing to compare and rules out most.
    pairs = pairs[high <= _MAX_CONTRAST_RATIO * low + _MAX_CONTRAST_DIFFERENCE]
    kept = [pairs[:0]]
    for start in range(0, len(pairs), _CHUNK_PAIRS):
        chunk = pairs[start : start + _CHUNK_PAIRS]
        chunk = chunk[may_be_copies(table[chunk[:, 0]], table[chunk[:, 1]])]
        kept.append(chunk[are_copies(table[chunk[:, 0]], table[chunk[:, 1]])])
    return np.concatenate(kept)


def _without_large(
    groups: NDArray[np.int64],
    content: NDArray[np.int64],
    class_indices: Sequence[int] | None,
) -> NDArray[np.int64]:
    """Group of each picture; members of groups that are too large fall back to their content."""
    of_picture = groups[content]
    sizes = Counter(of_picture.tolist())
    too_large = {
        g for g, n in sizes.items() if n > max(_MAX_GROUP, _MAX_SHARE_OF_ALL * len(content))
    }
    if class_indices is not None:
        class_sizes = Counter(class_indices)
        shares = Counter(zip(of_picture.tolist(), class_indices, strict=True))
        too_large |= {
            group
            for (group, index), n in shares.items()
            if n > max(_MAX_GROUP_OF_CLASS, _MAX_SHARE_OF_CLASS * class_sizes[index])
        }
    return np.where(np.isin(of_picture, list(too_large)), content, of_picture)
