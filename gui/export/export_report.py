"""All that is known of one export, as lines to read and to copy."""

from typing import Any

from core.export_spec.artifact import ArtifactResult, Verification
from gui.export.export_table_model import change_text, decimal
from gui.look.language import tr
from gui.look.wording import number, percent, pictures


def export_report(result: ArtifactResult) -> str:
    """What went wrong first, then figures, notes and what the format adds."""
    parts = [
        result.error,
        *result.problems,
        *_verification(result.verification),
        *result.notes,
        *_engines(result.details),
    ]
    return "\n\n".join(part for part in parts if part)


def _verification(found: Verification | None) -> list[str]:
    if found is None:
        return []
    text = tr("Compared with the model on %1, run by %2: the same class for %3.")
    lines = [
        text.replace("%1", pictures(found.num_images))
        .replace("%2", found.runtime)
        .replace("%3", percent(found.top1_agreement, 2))
    ]
    if found.accuracy is not None and found.interval is not None:
        low, high = (percent(bound) for bound in found.interval)
        text = tr("Accuracy %1 (95 % interval: %2 to %3)")
        text = text.replace("%1", percent(found.accuracy)).replace("%2", low).replace("%3", high)
        change = found.accuracy_change
        if change is not None:
            text += tr(", %1 against the model", change_text(change))
        lines.append(text + ".")
    if found.balanced_accuracy is not None:
        text = tr("Balanced accuracy %1, each class counted the same.")
        lines.append(text.replace("%1", percent(found.balanced_accuracy)))
    if found.latency_ms_p50 is not None and found.latency_ms_p95 is not None:
        text = tr("One picture alone takes %1 ms (median; 95 of 100 at most %2 ms).")
        text = text.replace("%1", decimal(found.latency_ms_p50))
        lines.append(text.replace("%2", decimal(found.latency_ms_p95)))
    if found.images_per_s is not None:
        text = tr("In batches of %1: %2 pictures a second.")
        text = text.replace("%1", str(found.batch_size))
        lines.append(text.replace("%2", decimal(found.images_per_s)))
    return ["\n".join(lines)]


def _engines(details: dict[str, Any]) -> list[str]:
    """What TF-TRT made of the model's operations; the share of all is among the notes."""
    if "num_operations" not in details:
        return []
    text = tr("Of the operations that compute something, %1 of %2 are in %3.")
    text = text.replace("%1", number(int(details["num_computing_converted"])))
    text = text.replace("%2", number(int(details["num_computing_operations"])))
    count = int(details["engines"])
    engines = tr("1 engine") if count == 1 else tr("%1 engines", count)
    lines = [text.replace("%3", engines), _speeds(details)]
    if left := details["not_converted"]:
        rows = [f"• {row['name']} ({row['type']}): {row['reason']}" for row in left]
        lines.append("\n".join([tr("Not converted:"), *rows]))
    return lines


def _speeds(details: dict[str, Any]) -> str:
    """TensorFlow's speed and TF-TRT's on the GPU, where there is one."""
    native, tftrt = details.get("native"), details.get("tftrt")
    if not native or not tftrt:
        return ""
    text = tr("One picture alone takes %1 ms with TensorFlow and %2 ms with TensorRT (median).")
    text = text.replace("%1", decimal(native["latency_ms_p50"]))
    return text.replace("%2", decimal(tftrt["latency_ms_p50"]))
