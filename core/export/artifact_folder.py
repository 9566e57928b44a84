"""The folder of an artifact: write it, put it in place as a whole, and read it again."""

import os
import shutil
from dataclasses import MISSING, fields, replace
from pathlib import Path, PurePosixPath
from typing import Any

from core.errors import StorageError
from core.export.formats.format import format_named
from core.export_spec.artifact import ArtifactResult, Verdict, Verification
from core.export_spec.export_format import ExportTarget, Precision
from core.models.model_info import LABELS_FILE, ModelInfo
from core.models.one_line_label import labels_file
from core.models.predict_program import copy_predict_program
from core.storage.atomic_file import write_bytes_atomically, write_json_atomically
from core.storage.folder_copy import copy_folder
from core.storage.json_file import MIB, read_json
from core.storage.storage_message import storage_message
from core.text import Text

EXPORT_FILE = "export.json"
EXPORT_SCHEMA = 1
_MOST_BYTES = 16 * MIB


def describe_artifact(folder: Path, target: ExportTarget, artifact: Path, info: ModelInfo) -> None:
    """Write what programs need to use the artifact: `export.json`, labels, `predict.py`.

    Args:
        artifact: Path inside the folder.

    Raises:
        OSError, StorageError: If it can't be written.
    """
    write_json_atomically(folder / EXPORT_FILE, _description(target, artifact, info))
    write_bytes_atomically(folder / LABELS_FILE, labels_file(info.labels))
    copy_predict_program(target.format.predict, folder)


def record_result(folder: Path, result: ArtifactResult, info: ModelInfo) -> None:
    """Add the verification to `export.json`; paths are those that the folder will have.

    Raises:
        StorageError: If it can't be written.
    """
    assert result.path is not None
    assert result.folder is not None
    artifact = result.path.relative_to(result.folder)
    content = _description(result.target, artifact, info) | result.to_json_dict()
    del content["path"]  # the folder may be moved
    write_json_atomically(folder / EXPORT_FILE, content)


def put_in_place(folder: Path, place: Path) -> None:
    """Move a finished folder to its place; an existing export is replaced when all is copied.

    Raises:
        StorageError: If it can't be written, or its place holds no export; that stays then.
    """
    partial, old = (place.with_name(f".{place.name}.{word}") for word in ("partial", "old"))
    try:
        _require_replaceable(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        for rest in (partial, old):
            shutil.rmtree(rest, ignore_errors=True)
        copy_folder(folder, partial)
        if place.exists():
            place.replace(old)
        partial.replace(place)
    except OSError as error:
        raise StorageError(storage_message("write the export", place, error)) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _require_replaceable(place: Path) -> None:
    """Refuse to replace anything but an earlier export: the user chose the folder."""
    if place.is_dir() and not place.is_symlink():
        if (place / EXPORT_FILE).is_file() or not any(place.iterdir()):
            return
    elif not os.path.lexists(place):
        return
    raise StorageError(
        Text(
            "%1 exists already and is no export of Fieldguide's. Move it away, or choose another "
            "folder for the exports.",
            str(place),
        )
    )


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def read_description(folder: Path) -> dict[str, Any]:
    """Read a folder's `export.json`.

    Raises:
        OSError, ValueError: If it can't be read.
    """
    content = read_json(folder / EXPORT_FILE, _MOST_BYTES)
    if not isinstance(content, dict) or content.get("schema") != EXPORT_SCHEMA:
        raise ValueError("its schema is another one")
    return content


def moved_to(result: ArtifactResult, folder: Path) -> ArtifactResult:
    """Return the result of an artifact whose folder was moved."""
    assert result.path is not None
    assert result.folder is not None
    return replace(result, folder=folder, path=folder / result.path.relative_to(result.folder))


def read_exports(folder: Path, created: str = "") -> tuple[ArtifactResult, ...]:
    """Read the artifacts in a folder of exports, in the order of the formats.

    Other folders, and damaged exports, are ignored.

    Args:
        created: `created` of the model that they must come from; "" for any.
    """
    found = []
    for path in sorted(folder.glob(f"*/{EXPORT_FILE}")):
        try:
            content = read_description(path.parent)
            if created in ("", content["created"]):
                found.append(_result(path.parent, content))
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            continue
    return tuple(sorted(found, key=lambda result: result.target.format.position))


def _result(folder: Path, content: dict[str, Any]) -> ArtifactResult:
    precision = content["precision"]
    target = ExportTarget(
        format_named(content["format"]), Precision(precision) if precision else None
    )
    verification = _verification(content)
    return ArtifactResult(
        target=target,
        folder=folder,
        path=folder / _inside(content["artifact"]),
        size_bytes=int(content["size_bytes"]),
        verification=verification,
        verdict=_verdict(content["passed"], verification),
        problems=tuple(map(str, content["problems"])),
        notes=tuple(map(str, content["notes"])),
        details=dict(content["details"]),
    )


def _verdict(passed: object, verification: Verification | None) -> Verdict:
    """Return the verdict that was stored as `Verdict.passed`."""
    if passed is None:
        return Verdict.NOT_VERIFIED if verification is None else Verdict.IN_PART
    return Verdict.PASSED if passed else Verdict.FAILED


def _inside(artifact: object) -> Path:
    """Return the path of the artifact within its folder.

    Raises:
        ValueError: If it leads out of the folder.
    """
    path = PurePosixPath(str(artifact))
    if path.is_absolute() or ".." in path.parts or "\\" in str(path) or ":" in str(path):
        raise ValueError("its artifact lies outside of its folder")
    return Path(path)


def _verification(content: dict[str, Any]) -> Verification | None:
    if "runtime" not in content:
        return None
    values = {
        field.name: content[field.name]
        for field in fields(Verification)
        if field.name in content or field.default is MISSING
    }
    for name in ("interval", "change_interval"):
        if values.get(name) is not None:
            low, high = values[name]
            values[name] = (float(low), float(high))
    for name, value in values.items():
        if isinstance(value, dict | list) or (isinstance(value, str) and name != "runtime"):
            raise ValueError(f"its {name} is no number")
    return Verification(**values)


def _description(target: ExportTarget, artifact: Path, info: ModelInfo) -> dict[str, Any]:
    height, width = info.input_size
    return {
        "schema": EXPORT_SCHEMA,
        "format": target.format.name,
        "precision": target.precision.value if target.precision else None,
        "artifact": artifact.as_posix(),
        "input_size": [height, width],
        "fit": info.resize_mode.value,
        "sample_bits": info.decoding.sample_bits,
        "labels": list(info.labels),
        "unknown_threshold": info.unknown_threshold,
        "model": info.name,
        "created": info.created,
        "dataset_fingerprint": info.dataset_fingerprint,
    }
