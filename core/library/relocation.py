"""Paths in a project's files when it moves: where each image, run and folder is from now on."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from core.runs.run_folder import CONFIG_FILE
from core.runs.run_predictions import PREDICTIONS_FILE
from core.storage.json_file import MIB, parse_json, read_bounded

IMAGES_FILE = "images.jsonl"
PATHS_IN_LINES = (IMAGES_FILE, PREDICTIONS_FILE)
"""A run's files with a line an image, which begins with its path."""
EXPERIMENT_FILE = "experiment.json"
_MOST_BYTES = 512 * MIB

Relocate = Callable[[str], str]
"""Return where the file or folder at a path is from now on."""


@dataclass(frozen=True, slots=True)
class Moves:
    """Old and new places.

    Attributes:
        files: New path of single files, by their old one.
        folders: Likewise of folders with all in them; the longest that holds a path counts.
        separator: Between the parts of new paths.
    """

    files: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    separator: str = "/"

    def __call__(self, path: str) -> str:
        """Return the new path; the old one of what isn't moved."""
        if path in self.files:
            return self.files[path]
        if path in self.folders:
            return self.folders[path]
        for old in sorted(self.folders, key=len, reverse=True):
            for separator in ("/", "\\"):
                prefix = old if old.endswith(separator) else old + separator
                if path.startswith(prefix):
                    rest = path[len(prefix) :].replace(separator, self.separator)
                    return self.folders[old] + self.separator + rest
        return path


def relocate_project(content: dict[str, Any], place: Relocate) -> dict[str, Any]:
    """Return the values of a project file with other paths, all absolute.

    Raises:
        ValueError: If they are none.
    """
    try:
        runs = {
            key: content[key] and {"path": place(content[key]["path"])}
            for key in ("last_run", "starred_run")
            if key in content
        }
        return _relocated_images(content, place) | runs
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"no project: {error}") from error


def relocate_run_file(path: Path, place: Relocate) -> bytes | None:
    """Return the content of a file of a run with other paths; None if it holds no paths.

    Raises:
        OSError: If it can't be read.
        ValueError: If it is damaged.
    """
    try:
        if path.name == CONFIG_FILE:
            content = parse_json(read_bounded(path, _MOST_BYTES))
            return json.dumps(_relocated_images(content, place), indent=2).encode("ascii")
        if path.name not in PATHS_IN_LINES:
            return None
        header, *rows = read_bounded(path, _MOST_BYTES).decode("ascii").splitlines()
        moved = [_relocated_row(parse_json(row), place) for row in rows]
        return ("\n".join([header, *moved]) + "\n").encode("ascii")
    except (TypeError, KeyError, AttributeError, IndexError) as error:
        raise ValueError(f"no run: {error}") from error


def relocate_experiment(path: Path, place: Relocate) -> bytes:
    """Return the content of an experiment's file with other paths.

    A run whose folder isn't moved keeps its figures and loses its folder: after an import it would
    be one that anybody wrote into the file.

    Raises:
        OSError: If it can't be read.
        ValueError: If it is damaged.
    """
    try:
        content = parse_json(read_bounded(path, _MOST_BYTES))
        moved = _relocated_images(content, place)
        moved["runs"] = [
            {**run, "run_dir": _run_dir(run.get("run_dir"), place)} for run in content["runs"]
        ]
        return json.dumps(moved, indent=2).encode("ascii")
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"no experiment: {error}") from error


def _run_dir(path: str | None, place: Relocate) -> str | None:
    if path is None or ".." in PurePosixPath(path.replace("\\", "/")).parts:
        return None
    moved = place(path)
    return None if moved == path else moved


def _relocated_images(content: dict[str, Any], place: Relocate) -> dict[str, Any]:
    """Return the sources and the edits with other paths, and all else as it is."""
    moved = dict(content)
    moved["sources"] = [
        {"path": place(source["path"]), "label": source["label"]} for source in content["sources"]
    ]
    if "edits" in content:
        edits = dict(content["edits"])
        labels = edits.get("picture_labels", {})
        edits["picture_labels"] = {place(path): label for path, label in labels.items()}
        edits["excluded"] = [place(path) for path in edits.get("excluded", [])]
        moved["edits"] = edits
    return moved


def _relocated_row(row: list[Any], place: Relocate) -> str:
    return json.dumps([place(row[0]), *row[1:]])
