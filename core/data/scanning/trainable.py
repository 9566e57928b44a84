"""Check whether a dataset is enough to train on."""

from collections import Counter

from core.data.dataset import Dataset, FindingKind, Split
from core.data.folders.folder_words import are_splits_only
from core.errors import DatasetError
from core.text import Text, count_text, sentences


def require_trainable(dataset: Dataset, *, test_split: float = 0.0) -> None:
    """Refuse a dataset that no classifier can be trained on.

    Args:
        dataset: As scanned.
        test_split: The fraction to be held out for the test split; above 0, each class needs a
            image more.

    Raises:
        DatasetError: If there are fewer than two classes, if some are most likely splits, or if a
            class has too few images to have one in each split.
    """
    if len(dataset.labels) < 2:
        raise DatasetError(_too_few_classes(dataset))
    if text := _splits_text(dataset):
        raise DatasetError(sentences(text, *_unused_lists(dataset)))
    counts = Counter(image.class_index for image in dataset.images)
    has_given_test = any(image.split is Split.TEST for image in dataset.images)
    splits = 3 if test_split > 0 and not has_given_test else 2
    for index, label in enumerate(dataset.labels):
        if counts[index] < splits:
            raise DatasetError(too_few_message(label, counts[index], asks_for_test=splits == 3))


def too_few_message(label: str, num_images: int, *, asks_for_test: bool) -> Text:
    """Say that a class is too small, and what to do about it."""
    if asks_for_test:
        return count_text(
            "The class “%1” has %n usable picture(s) (copies count once), too few for training, "
            "validation and test. Add pictures to it or set the test fraction to 0.",
            "",
            num_images,
            label,
        )
    return count_text(
        "The class “%1” has %n usable picture(s) (copies count once), too few for training and "
        "validation. Add pictures to it.",
        "",
        num_images,
        label,
    )


def _splits_text(dataset: Dataset) -> str:
    """Say which classes are most likely splits, and what to do about it; "" if none are."""
    advice = Text(
        "Give a folder or a list that tells the classes in them. If they are classes, rename them, "
        "or name them on the command line with --class NAME FOLDER."
    )
    if are_splits_only(dataset.labels, dataset.named_labels):
        names = ", ".join(dataset.labels)
        return sentences(Text("All classes are named like splits: %1.", names), advice)
    found = [label for label in dataset.labels if label in dataset.split_labels]
    if not found:
        return ""
    text = count_text(
        "%n class(es) (is|are) named as splits are: %1.", "", len(found), ", ".join(found)
    )
    return sentences(text, advice)


def _too_few_classes(dataset: Dataset) -> Text:
    unreadable = [
        f.with_path() for f in dataset.findings if f.kind is FindingKind.UNREADABLE_FOLDER
    ]
    empty = [f.detail for f in dataset.findings if f.kind is FindingKind.EMPTY_CLASS]
    if not dataset.labels:
        found = Text("No class was found.")
    else:
        found = count_text(
            "Only one class was found: “%1” with %n picture(s).",
            "",
            len(dataset.images),
            dataset.labels[0],
        )
    needed = Text(
        "At least two classes are needed. Give the folder above it, or a second class folder."
    )
    return sentences(found, needed, *_unused_lists(dataset), *unreadable[:3], *empty[:3])


def _unused_lists(dataset: Dataset) -> list[str]:
    """Why a list isn't used that may have told the classes."""
    return [f.detail for f in dataset.findings if f.kind is FindingKind.UNUSED_LIST][:1]
