"""Find out how many bits the 16-bit samples of a set of images use, where no file says so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.data.examination.image_examination import examine_files
from core.data.examination.image_index import ImageFacts, ImageIndex
from core.data.files.image_files import may_have_16_bits
from core.image_reading.samples import bits_for
from core.image_reading.undeclared import may_be_undeclared
from core.text import Text, count_text, sentences

_LOOKED_AT_ONCE = 1000


# An image with less of the range than this is almost black.
_DIM_BITS = 4


@dataclass(frozen=True, slots=True)
class SetBits:
    """How many bits the 16-bit samples of a set use, of the images whose files don't say so.

    One number for all: a dark image of a set has the same white as a bright one.

    Attributes:
        bits: By the largest value of all.
        num_images: Such images.
        num_dim: Those of them with no value above a sixteenth of the range.
        brightest: The image with the largest value.
    """

    bits: int
    num_images: int
    num_dim: int
    brightest: Path

    def text(self) -> Text:
        """Say how they are read, and if some are too dark to be of the same kind."""
        told = count_text(
            "%n picture(s) (has|have) 16 bits a value and (does|do) not say how many of them are "
            "in use. By the largest value of all, in %1, (it|they) (is|are) read as %2 bits.",
            "",
            self.num_images,
            str(self.brightest),
            self.bits,
        )
        if not self.num_dim:
            return told
        dim = count_text(
            "%n of them (is|are) then almost black. If they are of another camera or program, "
            "convert them to 8 bits first.",
            "",
            self.num_dim,
        )
        return sentences(told, dim)


def find_sample_bits(
    paths: Sequence[Path], index: ImageIndex, check: Callable[[], None]
) -> SetBits | None:
    """Find out how many bits the undeclared 16-bit samples of all these images use.

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
    return set_bits_of(candidates, [each.facts for each in examined])


def set_bits_of(paths: Sequence[Path], facts: Sequence[ImageFacts]) -> SetBits | None:
    """Return how many bits undeclared samples use, by the largest one; None if there are none.

    Args:
        paths: The images.
        facts: About each of them.
    """
    largest = [
        (each.undeclared_largest, path)
        for path, each in zip(paths, facts, strict=True)
        if each.undeclared_largest is not None
    ]
    if not largest:
        return None
    most, brightest = max(largest, key=lambda found: found[0])
    bits = bits_for(most)
    num_dim = sum(value < 1 << (bits - _DIM_BITS) for value, _ in largest)
    return SetBits(bits, len(largest), num_dim, brightest)
