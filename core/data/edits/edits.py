"""The user's changes to scanned images; the files on disk are never touched.

Edits are kept apart from what a scan finds: they hold when the folders are scanned again, and a
scan can be repeated at any time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from core.data.class_names import class_name, natural_key
from core.data.dataset import Dataset, LabeledImage


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """Renamed, merged and removed classes, moved and excluded images.

    Edits are kept apart from what a scan finds, so that they hold when the same folders are
    scanned again with more images in them.

    Attributes:
        class_names: Class as scanned to its name now; two with one name are merged, `None`
            removes. Classes that are not listed keep their names.
        image_labels: Images moved to another class, by its name now; `None` removes.
        excluded: Images excluded from training; they still belong to their class.
    """

    class_names: Mapping[str, str | None] = field(default_factory=dict)
    image_labels: Mapping[Path, str | None] = field(default_factory=dict)
    excluded: frozenset[Path] = frozenset()

    def label_of(self, path: Path, scanned_label: str) -> str | None:
        """Return the current class of an image; `None` if it was removed."""
        if path in self.image_labels:
            return self.image_labels[path]
        return self.class_names.get(scanned_label, scanned_label)

    def apply(self, dataset: Dataset) -> Dataset:
        """Return the included images with their current classes; findings stay as they are.

        A class without an included image is dropped. A file that was in two classes
        and moved to one counts once.
        """
        if self == NO_EDITS:
            return dataset
        by_label: dict[str, list[LabeledImage]] = {}
        moved: set[Path] = set()
        for image in dataset.images:
            label = self.label_of(image.path, dataset.labels[image.class_index])
            if label is None or image.path in self.excluded or image.path in moved:
                continue
            if image.path in self.image_labels:
                moved.add(image.path)
            by_label.setdefault(label, []).append(image)
        labels = tuple(sorted(by_label, key=natural_key))
        images = tuple(
            image if image.class_index == index else replace(image, class_index=index)
            for index, label in enumerate(labels)
            for image in sorted(by_label[label], key=lambda image: str(image.path))
        )
        named = self._named_labels(dataset)
        return Dataset(labels, images, dataset.findings, named, dataset.split_labels - named)

    def rename_class(self, scanned_labels: Iterable[str], old: str, new: str) -> Self:
        """Rename a class; the name of another class merges the two.

        Args:
            scanned_labels: The classes as scanned.
            old: The class's name now.
            new: Its name from now on.

        Raises:
            ValueError: If `new` is blank.
        """
        return self._relabel(scanned_labels, old, _valid_name(new))

    def remove_class(self, scanned_labels: Iterable[str], name: str) -> Self:
        """Remove a class, by its current name, with all its images."""
        return self._relabel(scanned_labels, name, None)

    def move(self, paths: Iterable[Path], label: str | None) -> Self:
        """Move images to a class, an existing one or a new one; `None` removes them.

        Raises:
            ValueError: If `label` is blank.
        """
        name = None if label is None else _valid_name(label)
        return replace(self, image_labels={**self.image_labels, **dict.fromkeys(paths, name)})

    def exclude(self, paths: Iterable[Path]) -> Self:
        """Exclude images from training."""
        return replace(self, excluded=self.excluded | frozenset(paths))

    def include(self, paths: Iterable[Path]) -> Self:
        """Include excluded images again."""
        return replace(self, excluded=self.excluded - frozenset(paths))

    def moved_on_disk(self, old: Path, new: Path) -> Self:
        """Return the same edits for images that were moved from one folder to another."""

        def moved(path: Path) -> Path:
            return new / path.relative_to(old) if path.is_relative_to(old) else path

        labels = {moved(path): name for path, name in self.image_labels.items()}
        excluded = frozenset(moved(path) for path in self.excluded)
        return replace(self, image_labels=labels, excluded=excluded)

    def to_json_dict(self) -> dict[str, Any]:
        """Return all edits as plain JSON values."""
        return {
            "class_names": dict(self.class_names),
            "picture_labels": {str(path): name for path, name in self.image_labels.items()},
            "excluded": sorted(str(path) for path in self.excluded),
        }

    @classmethod
    def from_json_dict(cls, content: object) -> Self:
        """Read edits from `to_json_dict`'s values; missing keys mean no edits of that kind.

        Raises:
            ValueError: If a key is unknown or a value of another kind.
        """
        values = _mapping("edits", content)
        if unknown := sorted(set(values) - {"class_names", "picture_labels", "excluded"}):
            raise ValueError(f"Unknown edits: {', '.join(unknown)}")
        excluded = values.get("excluded", [])
        if not isinstance(excluded, list):
            raise ValueError(f"`excluded` must be a list. Received: {type(excluded).__name__}")
        image_labels = _mapping("picture_labels", values.get("picture_labels", {}))
        return cls(
            class_names=_names(_mapping("class_names", values.get("class_names", {}))),
            image_labels={_path(path): name for path, name in _names(image_labels).items()},
            excluded=frozenset(_path(path) for path in excluded),
        )

    def _named_labels(self, dataset: Dataset) -> frozenset[str]:
        kept = (self.class_names.get(label, label) for label in dataset.named_labels)
        named = (*kept, *self.class_names.values(), *self.image_labels.values())
        return frozenset(name for name in named if name is not None)

    def _relabel(self, scanned_labels: Iterable[str], old: str, new: str | None) -> Self:
        """Rename everything whose current name is `old`."""
        names = {label: label for label in scanned_labels} | dict(self.class_names)
        names = {label: new if name == old else name for label, name in names.items()}
        images = {path: new if name == old else name for path, name in self.image_labels.items()}
        changed = {label: name for label, name in names.items() if name != label}
        return replace(self, class_names=changed, image_labels=images)


NO_EDITS = Edits()


def _valid_name(text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"A class name must not be blank. Received: {text!r}")
    return class_name(text)


def _names(content: Mapping[str, object]) -> dict[str, str | None]:
    return {key: None if name is None else _valid_name(name) for key, name in content.items()}


def _mapping(name: str, content: object) -> dict[str, object]:
    if not isinstance(content, dict):
        raise ValueError(f"`{name}` must be an object. Received: {type(content).__name__}")
    return content


def _path(text: object) -> Path:
    if not isinstance(text, str) or not text or "\0" in text:
        raise ValueError(f"An edited picture must be named by its path. Received: {text!r}")
    return Path(text)
