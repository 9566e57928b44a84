"""Find out how many bits the 16-bit samples of a set of images use, where no file says so."""

from collections.abc import Callable, Sequence
from pathlib import Path

from core.data.examination.image_examination import examine_files
from core.data.examination.image_index import ImageFacts, ImageIndex
from core.data.files.image_files import may_have_16_bits
from core.image_reading.samples import bits_for
from core.image_reading.undeclared import may_be_undeclared
from core.text import Text

_LOOKED_AT_ONCE = 1000


def find_sample_bits(
    paths: Sequence[Path], index: ImageIndex, check: Callable[[], None]
) -> int | None:
    """Return how many bits the undeclared 16-bit samples of all these images use.

    One number for all: a dark image of a set has the same white as a bright one.

    Args:
        paths: The images.
        index: Knows the facts about those that were examined before.
        check: Called often; what it raises ends the search.

    Returns:
        None if there are no such samples.

    Raises:
        StorageError: If the index can't be written.
    """
    candidates = []
    for number, path in enumerate(paths):
        if number % _LOOKED_AT_ONCE == 0:
            check()
        if may_have_16_bits(path) and may_be_undeclared(path):
            candidates.append(path)
    examined = examine_files(candidates, index, on_progress=lambda _: check())
    return sample_bits_of([each.facts for each in examined])


def undeclared_bits_text(bits: int) -> Text:
    """Say how 16-bit samples are read whose files don't say how many bits they use."""
    return Text(
        "Some pictures have 16 bits a value and don't say how many of them are in use. By the "
        "largest value of all, they are read as %1 bits.",
        bits,
    )


def sample_bits_of(facts: Sequence[ImageFacts]) -> int | None:
    """Return how many bits undeclared samples use, by the largest one; None if there are none."""
    largest = [each.undeclared_largest for each in facts if each.undeclared_largest is not None]
    return bits_for(max(largest)) if largest else None
