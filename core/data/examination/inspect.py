"""Check images for problems that may spoil training."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import Dataset, Finding, FindingKind, LabeledImage, Split
from core.data.examination.image_examination import Examined, examine_files
from core.data.examination.image_index import ImageFacts, ImageIndex
from core.data.examination.sample_bits import set_bits_of
from core.data.grouping.near_duplicates import near_duplicate_groups
from core.image_fault import image_sentence
from core.text import Text, count_text

FEW_IMAGES = 20
"""A class with fewer is reported: it has one to three images in a split."""

MAX_IMBALANCE = 10
"""Largest class to smallest class; above it accuracy says little about the small one."""


def find_problems(
    dataset: Dataset,
    index: ImageIndex,
    *,
    on_progress: Callable[[int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    threads: int | None = None,
) -> tuple[Finding, ...]:
    """Decode every image and report problems that may spoil training; no file is changed.

    Args:
        dataset: As scanned; its own findings are not repeated.
        index: Remembers the results, so that checking the same files again is quick.
        on_progress: Called with the number of images checked so far.
        should_stop: Asked now and then; when true, the findings so far are returned.
        threads: How many images are decoded at a time; by default one a processor core.

    Returns:
        Unreadable files, files of one color or of several images, exact and near duplicates, images
        in two classes, copies across given splits, small classes, imbalance, an unknown number of
        bits; in this order, each in the dataset's.

    Raises:
        StorageError: If the index can't be written.
    """
    paths = [image.path for image in dataset.images]
    examined = examine_files(
        paths, index, on_progress=on_progress, should_stop=should_stop, threads=threads
    )
    usable = [
        (image, seen)
        for image, seen in zip(dataset.images, examined, strict=False)
        if seen.facts.fault is None
    ]
    images = [image for image, _ in usable]
    sha256s = [seen.sha256 or b"" for _, seen in usable]
    signatures = [seen.facts.signature for _, seen in usable]
    groups = near_duplicate_groups(signatures, sha256s, [image.class_index for image in images])
    findings = [
        *_unusable(dataset.images, examined),
        *_odd(dataset.images, examined),
        *_duplicates(images, sha256s),
        *_near_duplicates(images, sha256s, groups.tolist()),
        *_conflicts(images, sha256s, dataset.labels),
        *_leaks(images, groups.tolist()),
    ]
    if len(examined) == len(paths):
        findings.extend(_sizes(images, dataset.labels))
        findings.extend(_undeclared_bits(paths, [seen.facts for seen in examined]))
    return tuple(findings)


IN_TWO_CLASSES = Text("is excluded: the same picture is in two classes")
"""Why `label_conflicts` are left out, worded to follow an image's name."""


def label_conflicts(sha256s: Sequence[bytes], class_indices: Sequence[int]) -> NDArray[np.int64]:
    """Find images whose content is in more than one class; training leaves them all out.

    One of their labels is wrong, and nobody can know which.

    Args:
        sha256s: SHA-256 of each image's content.
        class_indices: Class of each image.

    Returns:
        Positions, ascending.
    """
    first_class: dict[bytes, int] = {}
    torn: set[bytes] = set()
    for sha256, index in zip(sha256s, class_indices, strict=True):
        if first_class.setdefault(sha256, index) != index:
            torn.add(sha256)
    positions = [position for position, sha256 in enumerate(sha256s) if sha256 in torn]
    return np.array(positions, np.int64)


def _unusable(images: Sequence[LabeledImage], examined: Sequence[Examined]) -> Iterator[Finding]:
    for image, seen in zip(images, examined, strict=False):
        fault = seen.facts.fault
        if fault:
            detail = image_sentence(Text("This file"), seen.facts.error or "")
            kind = FindingKind.NOT_AN_IMAGE if fault.is_other_content else FindingKind.UNREADABLE
            yield Finding(image.path, kind, detail)


def _odd(images: Sequence[LabeledImage], examined: Sequence[Examined]) -> Iterator[Finding]:
    """Images that can be read, and may not be what they should be."""
    for image, seen in zip(images, examined, strict=False):
        if seen.facts.is_flat:
            detail = Text("All pixels of this picture have the same colour.")
            yield Finding(image.path, FindingKind.FLAT, detail)
        if seen.facts.num_pages > 1:
            detail = Text(
                "This file holds %1 pictures; the first one is read.", seen.facts.num_pages
            )
            yield Finding(image.path, FindingKind.MANY_PAGES, detail)


def _undeclared_bits(paths: Sequence[Path], facts: Sequence[ImageFacts]) -> Iterator[Finding]:
    found = set_bits_of(paths, facts)
    if found is not None:
        kind, text = FindingKind.UNDECLARED_BITS, found.text()
        yield Finding(None, kind, text, sample_bits=found.bits)


def _duplicates(images: Sequence[LabeledImage], sha256s: Sequence[bytes]) -> Iterator[Finding]:
    first: dict[bytes, LabeledImage] = {}
    for image, sha256 in zip(images, sha256s, strict=True):
        original = first.setdefault(sha256, image)
        if original is not image:
            detail = Text("This is an exact duplicate of %1.", str(original.path))
            yield Finding(image.path, FindingKind.DUPLICATE, detail)


def _near_duplicates(
    images: Sequence[LabeledImage], sha256s: Sequence[bytes], groups: Sequence[int]
) -> Iterator[Finding]:
    first: dict[int, tuple[LabeledImage, bytes]] = {}
    reported: set[bytes] = set()
    for image, sha256, group in zip(images, sha256s, groups, strict=True):
        original, content = first.setdefault(group, (image, sha256))
        if content != sha256 and sha256 not in reported:
            reported.add(sha256)
            detail = Text(
                "This looks the same as %1, but is encoded otherwise.", str(original.path)
            )
            yield Finding(image.path, FindingKind.NEAR_DUPLICATE, detail)


def _conflicts(
    images: Sequence[LabeledImage], sha256s: Sequence[bytes], labels: Sequence[str]
) -> Iterator[Finding]:
    torn = label_conflicts(sha256s, [image.class_index for image in images])
    first: dict[bytes, LabeledImage] = {}
    of_another_class: dict[bytes, LabeledImage] = {}
    for position in torn:
        image, sha256 = images[position], sha256s[position]
        if first.setdefault(sha256, image).class_index != image.class_index:
            of_another_class.setdefault(sha256, image)
    for position in torn:
        image, sha256 = images[position], sha256s[position]
        is_of_first_class = image.class_index == first[sha256].class_index
        other = of_another_class[sha256] if is_of_first_class else first[sha256]
        if is_of_first_class and other.path == image.path:
            continue  # a file in two classes: it is told of once
        detail = Text(
            "This picture is in the class “%1”, and its exact duplicate %2 in “%3”; training "
            "leaves both out.",
            labels[image.class_index],
            str(other.path),
            labels[other.class_index],
        )
        yield Finding(image.path, FindingKind.LABEL_CONFLICT, detail)


def _leaks(images: Sequence[LabeledImage], groups: Sequence[int]) -> Iterator[Finding]:
    """Images held out from training with a copy in training, or in the other held-out split."""
    first: defaultdict[int, dict[Split, LabeledImage]] = defaultdict(dict)
    for image, group in zip(images, groups, strict=True):
        if image.split:
            first[group].setdefault(image.split, image)
    for image, group in zip(images, groups, strict=True):
        others = [s for s in Split if s in first[group] and s is not image.split]
        if not image.split or image.split is Split.TRAINING:
            continue
        if not others or others[0] is Split.TEST:
            continue
        detail = Text(
            "This picture of the %1 split is a duplicate of %2, which is in the %3 split.",
            image.split.text,
            str(first[group][others[0]].path),
            others[0].text,
        )
        yield Finding(image.path, FindingKind.SPLIT_LEAK, detail)


def _sizes(images: Sequence[LabeledImage], labels: Sequence[str]) -> Iterator[Finding]:
    counts = Counter(image.class_index for image in images)
    for index, label in enumerate(labels):
        if counts[index] < FEW_IMAGES:
            detail = count_text(
                "The class “%1” has %n usable picture(s); %2 and more give results to rely on.",
                "",
                counts[index],
                label,
                FEW_IMAGES,
            )
            yield Finding(None, FindingKind.TOO_FEW, detail)
    sizes = [(counts[index], label) for index, label in enumerate(labels)]
    (fewest, smallest), (most, largest) = min(sizes), max(sizes)
    if most > MAX_IMBALANCE * max(1, fewest):
        detail = Text(
            "The class “%1” has %2 pictures and “%3” %4. Add pictures to the small ones, or train "
            "with class weights.",
            largest,
            most,
            smallest,
            fewest,
        )
        yield Finding(None, FindingKind.IMBALANCE, detail)
