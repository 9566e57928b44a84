"""What the names of folders say: a split, a part of a set, or nothing but a class."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable

from core.data.dataset import Split

SPLIT_NAMES = {
    "train": Split.TRAINING,
    "training": Split.TRAINING,
    "val": Split.VALIDATION,
    "valid": Split.VALIDATION,
    "validation": Split.VALIDATION,
    "dev": Split.VALIDATION,
    "eval": Split.VALIDATION,
    "test": Split.TEST,
    "testing": Split.TEST,
}
"""Lower-case names by which folders and list columns mean a split."""

_WORD = re.compile(r"[^\W\d_]+")
_PART_WORDS = frozenset(
    (
        *("batch", "part", "fold", "set", "subset", "dataset", "split", "session", "series"),
        *("shoot", "camera", "cam", "day", "week", "month", "year", "run", "version", "v"),
        *("jan", "january", "feb", "february", "mar", "march", "apr", "april", "may"),
        *("jun", "june", "jul", "july", "aug", "august", "sep", "sept", "september"),
        *("oct", "october", "nov", "november", "dec", "december"),
    )
)
_IMAGE_WORDS = frozenset(
    (
        *("image", "images", "img", "imgs", "picture", "pictures", "pic", "pics"),
        *("photo", "photos", "data", "file", "files", "jpg", "jpeg", "png"),
    )
)


def splits_by_name(names: Iterable[str]) -> dict[str, Split]:
    """Tell which of some names beside each other mean splits.

    `train` does by itself; `seg_train`, `training_set` and `train2017` do beside another that is
    made the same way, such as `seg_test`.
    """
    exact: dict[str, Split] = {}
    alike: defaultdict[tuple[str, ...], dict[str, Split]] = defaultdict(dict)
    for name in names:
        words = _words(name)
        found = [word for word in words if word in SPLIT_NAMES]
        if name.lower() in SPLIT_NAMES:
            exact[name] = SPLIT_NAMES[name.lower()]
        elif len(found) == 1:
            rest = tuple(word for word in words if word not in SPLIT_NAMES)
            alike[rest][name] = SPLIT_NAMES[found[0]]
    for splits in alike.values():
        if not exact and len(set(splits.values())) >= 2:
            return splits
    return exact


def are_splits_only(labels: Collection[str], named: Collection[str] = ()) -> bool:
    """Tell whether classes are most likely none, but splits whose images nothing names.

    Args:
        labels: All class names.
        named: Those that the user chose.
    """
    if len(labels) < 2 or set(labels) <= set(named):
        return False
    return splits_by_name(labels).keys() == set(labels)


def split_words(names: Iterable[str]) -> dict[str, Split]:
    """Tell which split each of some names beside each other means by one of its words.

    Returns:
        Splits by name; empty unless each name means one, and at least two are meant.
    """
    found: dict[str, Split] = {}
    for name in names:
        splits = {SPLIT_NAMES[word] for word in _words(name) if word in SPLIT_NAMES}
        if len(splits) != 1:
            return {}
        found[name] = splits.pop()
    return found if len(set(found.values())) > 1 else {}


def is_part_name(name: str) -> bool:
    """Tell whether a folder's name counts or dates a part of a set, or says for which split it is.

    `batch 2`, `fold_b`, `2021-05`, `7`, `images_A` and `my train` do; `car` does not.
    """
    words = _words(name)
    if any(word in SPLIT_NAMES or word.endswith("split") for word in words):
        return True
    if not words:
        return any(sign.isdigit() for sign in name)
    named = [word for word in words if len(word) > 1 or word in _PART_WORDS]
    is_counted = len(named) < len(words) or any(sign.isdigit() for sign in name)
    if not named or not all(word in _PART_WORDS or word in _IMAGE_WORDS for word in named):
        return False
    return is_counted or any(word in _PART_WORDS for word in named)


def is_images_name(name: str) -> bool:
    """Tell whether a folder's name says no more than that there are images in it."""
    words = _words(name)
    has_word = any(word in _IMAGE_WORDS or word in SPLIT_NAMES for word in words)
    return has_word or (bool(words) and is_part_name(name))


def name_key(name: str) -> str:
    """Return what two names of one class have in common: not case, blanks, hyphens, underscores."""
    return "".join(name.casefold().replace("_", " ").replace("-", " ").split())


def _words(name: str) -> list[str]:
    return _WORD.findall(name.lower())
