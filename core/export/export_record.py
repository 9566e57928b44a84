"""Exports that were made earlier, read from their folders."""

from dataclasses import MISSING, fields
from pathlib import Path, PurePosixPath
from typing import Any

from core.export.artifact_folder import EXPORT_FILE, read_description
from core.export.formats.format import format_named
from core.export_spec.artifact import ArtifactResult, Verdict, Verification
from core.export_spec.export_format import ExportTarget, Precision


def read_exports(folder: Path, created: str = "") -> tuple[ArtifactResult, ...]:
    """The artifacts in a folder of exports, in the order of the formats.

    Folders that are no exports, or damaged ones, are passed over.

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
    """The verdict that was written down as `Verdict.passed`."""
    if passed is None:
        return Verdict.NOT_VERIFIED if verification is None else Verdict.IN_PART
    return Verdict.PASSED if passed else Verdict.FAILED


def _inside(artifact: object) -> Path:
    """Path of the artifact within its folder.

    Raises:
        ValueError: If it leads out of it.
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
