"""What a scan finds: class names, their pictures, and what was odd on the way."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Split(StrEnum):
    """What a picture is used for."""

    TRAINING = "training"
    VALIDATION = "validation"
    TEST = "test"


class FindingKind(StrEnum):
    """What is odd about a picture, a folder or a whole class."""

    UNREADABLE = "unreadable"
    NOT_AN_IMAGE = "not_an_image"
    DUPLICATE = "duplicate"
    NEAR_DUPLICATE = "near_duplicate"
    LABEL_CONFLICT = "label_conflict"
    SPLIT_LEAK = "split_leak"
    EMPTY_CLASS = "empty_class"
    TOO_FEW = "too_few"
    IMBALANCE = "imbalance"
    UNREADABLE_FOLDER = "unreadable_folder"
    LINK_LOOP = "link_loop"
    MISSING = "missing"
    BAD_ROW = "bad_row"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class ImageSource:
    """One thing that the user named.

    Attributes:
        path: A class folder, a parent of class folders, an archive, a CSV list or,
            with a label, a picture.
        label: Class of all the pictures found there; `None` takes it from folder names.
    """

    path: Path
    label: str | None = None


@dataclass(frozen=True, slots=True)
class LabeledImage:
    """A picture file and its class.

    Attributes:
        path: Absolute; as named, so links in it are not resolved.
        class_index: Position of its class in `Dataset.labels`.
        split: Where a prepared folder or a list's column puts it; `None` means undecided.
    """

    path: Path
    class_index: int
    split: Split | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the pictures that their owner should know.

    Attributes:
        path: The picture or folder it is about; `None` when it is about a class or all.
        kind: For grouping and counting.
        detail: A sentence fit to show; it does not repeat the path.
    """

    path: Path | None
    kind: FindingKind
    detail: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """Labelled pictures, in an order that depends on nothing but their names.

    Attributes:
        labels: Class names in natural order without regard to case (`cat2` before `cat10`).
            They may hold any character a file name can, lone surrogates included.
        images: By class, then by path.
        findings: What was odd while scanning.
    """

    labels: tuple[str, ...]
    images: tuple[LabeledImage, ...]
    findings: tuple[Finding, ...]
