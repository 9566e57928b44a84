"""Whether a dataset is enough to train on."""

from collections import Counter

from core.data.dataset import Dataset, FindingKind, Split
from core.errors import DatasetError


def require_trainable(dataset: Dataset, *, test_split: float = 0.0) -> None:
    """Refuse a dataset that no classifier can be trained on.

    Args:
        dataset: As scanned.
        test_split: The share to be held out for the test split; above 0, each class needs a
            picture more.

    Raises:
        DatasetError: If there are fewer than two classes, or if a class has too few pictures
            to have one in each split.
    """
    if len(dataset.labels) < 2:
        raise DatasetError(_too_few_classes(dataset))
    counts = Counter(image.class_index for image in dataset.images)
    has_given_test = any(image.split is Split.TEST for image in dataset.images)
    splits = 3 if test_split > 0 and not has_given_test else 2
    for index, label in enumerate(dataset.labels):
        if counts[index] < splits:
            raise DatasetError(too_few_message(label, counts[index], asks_for_test=splits == 3))


def too_few_message(label: str, num_pictures: int, *, asks_for_test: bool) -> str:
    """One sentence on a class that is too small, and what to do."""
    pictures = "1 usable picture" if num_pictures == 1 else f"{num_pictures} usable pictures"
    splits = "training, validation and test" if asks_for_test else "training and validation"
    advice = " or set the test share to 0" if asks_for_test else ""
    return (
        f"The class “{label}” has {pictures} (copies count once), too few for {splits}. "
        f"Add pictures to it{advice}."
    )


def _too_few_classes(dataset: Dataset) -> str:
    unreadable = [
        f"{f.path}: {f.detail}" for f in dataset.findings if f.kind is FindingKind.UNREADABLE_FOLDER
    ]
    empty = [f.detail for f in dataset.findings if f.kind is FindingKind.EMPTY_CLASS]
    if not dataset.labels:
        found = "No class was found."
    else:
        count = len(dataset.images)
        pictures = "1 picture" if count == 1 else f"{count:,} pictures"
        found = f"Only one class was found: “{dataset.labels[0]}” with {pictures}."
    hint = "Give the folder above it, or a second class folder."
    return " ".join([found, "At least two classes are needed.", hint, *unreadable[:3], *empty[:3]])
