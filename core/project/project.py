"""The content of a project file: no settings of the window, so that it can be shared."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from core.data.dataset import ImageSource
from core.data.edits.edits import NO_EDITS, Edits
from core.project.stored_path import path_from_json, path_to_json
from core.settings.config import TrainConfig
from core.text import Text

PROJECT_SCHEMA = 2  # 1 had no name and no starred run
MOST_NAME_CHARACTERS = 200
_SINCE_2 = ("name", "starred_run")


class NewerSchemaError(ValueError):
    """The content was written by a later version of the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Images to train on, the user's edits of them, and the training settings.

    Attributes:
        sources: Folders, archives, lists and labelled images, in the order added.
        edits: Changes of classes and images since they were scanned.
        config: Settings for the next run.
        last_run: Folder of the latest run.
        name: For users; "" for the name of the file.
        starred_run: Folder of the run whose model is the project's; None for that of `last_run`.
    """

    sources: tuple[ImageSource, ...] = ()
    edits: Edits = NO_EDITS
    config: TrainConfig = field(default_factory=TrainConfig)
    last_run: Path | None = None
    name: str = ""
    starred_run: Path | None = None

    @property
    def model_run(self) -> Path | None:
        """The run whose model classifies and is exported."""
        return self.starred_run or self.last_run

    def to_json_dict(self, folder: Path) -> dict[str, Any]:
        """Return the project as plain JSON values, to be stored in `folder`."""
        return {
            "schema": PROJECT_SCHEMA,
            "sources": [
                path_to_json(source.path, folder) | {"label": source.label}
                for source in self.sources
            ],
            "edits": self.edits.to_json_dict(),
            "config": self.config.to_json_dict(),
            "last_run": _stored_run(self.last_run, folder),
            "name": self.name,
            "starred_run": _stored_run(self.starred_run, folder),
        }

    @classmethod
    def from_json_dict(cls, content: object, folder: Path) -> Self:
        """Read a project from `to_json_dict`'s values.

        Missing keys have their defaults, except for the schema. Images that were moved together
        with the project are found at their new place, and so are their edits.

        Args:
            folder: Where the project file is now.

        Raises:
            NewerSchemaError: If the schema is newer.
            ValueError: If a key is unknown or a value can't be used.
        """
        values = dict(_object("project", content))
        _require_schema(values.pop("schema", None))
        _refuse_unknown(values, {"sources", "edits", "config", "last_run", *_SINCE_2})
        edits = Edits.from_json_dict(values.get("edits", {}))
        sources = []
        for stored in _list("sources", values.get("sources", [])):
            written, source = _source(stored, folder)
            sources.append(source)
            edits = _follow(edits, written, source.path)
        return cls(
            sources=tuple(sources),
            edits=edits,
            config=TrainConfig.from_json_dict(_object("config", values.get("config", {}))),
            last_run=_run("last_run", values.get("last_run"), folder),
            name=_name(values.get("name", "")),
            starred_run=_run("starred_run", values.get("starred_run"), folder),
        )


def _source(content: object, folder: Path) -> tuple[Path, ImageSource]:
    values = _object("source", content)
    _refuse_unknown(values, {"path", "relative", "label"})
    label = values.get("label")
    if label is not None and (not isinstance(label, str) or not label.strip()):
        raise ValueError(f"`label` must be a class name. Received: {label!r}")
    written, found = path_from_json(values, folder)
    return written, ImageSource(found, label)


def _follow(edits: Edits, written: Path, found: Path) -> Edits:
    """Return the edits with a source's images at the place where it was found."""
    if found == written:
        return edits
    if found.is_dir():
        return edits.moved_on_disk(written, found)
    # A list names images beside itself.
    return edits.moved_on_disk(written.parent, found.parent)


def _stored_run(run_dir: Path | None, folder: Path) -> dict[str, Any] | None:
    return None if run_dir is None else path_to_json(run_dir, folder)


def _name(content: object) -> str:
    if not isinstance(content, str) or len(content) > MOST_NAME_CHARACTERS:
        raise ValueError(f"`name` must be a short text. Received: {str(content)[:40]!r}")
    return content


def _run(name: str, content: object, folder: Path) -> Path | None:
    if content is None:
        return None
    values = _object(name, content)
    _refuse_unknown(values, {"path", "relative"})
    return path_from_json(values, folder)[1]


def _require_schema(schema: object) -> None:
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise ValueError(f"`schema` must be {PROJECT_SCHEMA}. Received: {schema!r}")
    if schema > PROJECT_SCHEMA:
        raise NewerSchemaError(
            Text("its format is %1, and this version knows %2", str(schema), PROJECT_SCHEMA)
        )


def _refuse_unknown(values: dict[str, Any], known: set[str]) -> None:
    if unknown := sorted(set(values) - known):
        raise ValueError(f"Unknown keys: {', '.join(unknown)}")


def _object(name: str, content: object) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise ValueError(f"`{name}` must be an object. Received: {type(content).__name__}")
    return content


def _list(name: str, content: object) -> list[object]:
    if not isinstance(content, list):
        raise ValueError(f"`{name}` must be a list. Received: {type(content).__name__}")
    return content
