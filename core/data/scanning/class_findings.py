"""Findings about the names of classes and the splits they are in."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from core.data.dataset import Finding, FindingKind, LabeledImage, Split
from core.data.folders.folder_words import name_key
from core.text import Text


def class_findings(labels: Sequence[str], images: Sequence[LabeledImage]) -> Iterator[Finding]:
    """Find classes that may be meant as one, and classes that a given split lacks.

    Args:
        labels: Class names, by class index.
        images: All images; those without a split are in none that was given.
    """
    alike = [names for names in _by_key(labels) if len(names) > 1]
    for first, *others in alike:
        for other in others:
            detail = Text(
                "The classes “%1” and “%2” differ in case or blanks alone. If they are one, give "
                "them the same name.",
                first,
                other,
            )
            yield Finding(None, FindingKind.SIMILAR_CLASSES, detail)
    splits: defaultdict[int, set[Split]] = defaultdict(set)
    for image in images:
        if image.split is not None:
            splits[image.class_index].add(image.split)
    given = set().union(*splits.values())
    told = {name for names in alike for name in names}
    for index, found in sorted(splits.items()):
        if len(given) > 1 and len(found) == 1 and labels[index] not in told:
            (only,) = found
            detail = Text("The class “%1” is in the %2 split alone.", labels[index], only.text)
            yield Finding(None, FindingKind.ONE_SPLIT, detail)


def _by_key(labels: Sequence[str]) -> list[list[str]]:
    """Class names that are equal but for case, blanks, hyphens and underscores."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for label in labels:
        found[name_key(label)].append(label)
    return list(found.values())
