"""All details of one export, as lines to read and to copy."""

from typing import Any

from core.export_spec.artifact import ArtifactResult, Verification
from gui.export.export_table_model import change_text, decimal
from gui.look.language import shown, tr, tr_count
from gui.look.wording import percent


def export_report(result: ArtifactResult) -> str:
    """Return errors first, then figures, notes and details of the format."""
    parts = [
        shown(result.error),
        *map(shown, result.problems),
        *_verification(result.verification),
        *map(shown, result.notes),
        *_engines(result.details),
    ]
    return "\n\n".join(part for part in parts if part)


def _verification(found: Verification | None) -> list[str]:
    if found is None:
        return []
    agreement = percent(found.top1_agreement, 2)
    lines = [
        tr_count(
            "Compared with the model on %n picture(s), run by %1: the same class for %2.",
            "",
            found.num_images,
            found.runtime,
            agreement,
        ),
        _accuracy(found),
    ]
    if found.balanced_accuracy is not None:
        balanced = percent(found.balanced_accuracy)
        lines.append(tr("Balanced accuracy %1, each class counted the same.", balanced))
    if found.latency_ms_p50 is not None and found.latency_ms_p95 is not None:
        lines.append(
            tr(
                "One picture alone takes %1 ms (median); 95 of 100 take at most %2 ms.",
                decimal(found.latency_ms_p50),
                decimal(found.latency_ms_p95),
            )
        )
    if found.images_per_s is not None:
        rate = decimal(found.images_per_s)
        lines.append(tr("In batches of %1: %2 pictures per second.", found.batch_size, rate))
    return ["\n".join(filter(None, lines))]


def _accuracy(found: Verification) -> str:
    if found.accuracy is None or found.interval is None:
        return ""
    accuracy, low, high = (percent(value) for value in (found.accuracy, *found.interval))
    change = found.accuracy_change
    if change is None:
        return tr("Accuracy %1 (95% interval: %2 to %3).", accuracy, low, high)
    return tr(
        "Accuracy %1 (95% interval: %2 to %3), %4 compared with the model.",
        accuracy,
        low,
        high,
        change_text(change),
    )


def _engines(details: dict[str, Any]) -> list[str]:
    """Return the operations that TF-TRT converted; their fraction of all is among the notes."""
    if "num_operations" not in details:
        return []
    converted = int(details["num_computing_converted"])
    computing = int(details["num_computing_operations"])
    engines = int(details["engines"])
    lines = [
        tr_count(
            "Of the operations that compute something, %1 of %2 are in %n engine(s).",
            "",
            engines,
            converted,
            computing,
        ),
        _speeds(details),
    ]
    if left := details["not_converted"]:
        rows = [tr("• %1 (%2): %3", row["name"], row["type"], row["reason"]) for row in left]
        lines.append("\n".join([tr("Not converted:"), *rows]))
    return lines


def _speeds(details: dict[str, Any]) -> str:
    """Return TensorFlow's speed and TF-TRT's on the GPU, where there is one."""
    native, tftrt = details.get("native"), details.get("tftrt")
    if not native or not tftrt:
        return ""
    return tr(
        "One picture alone takes %1 ms with TensorFlow and %2 ms with TensorRT (median).",
        decimal(native["latency_ms_p50"]),
        decimal(tftrt["latency_ms_p50"]),
    )
