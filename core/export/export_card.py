"""The `README.md` of an export: what it is, how good, how it was made, how to load it."""

from typing import assert_never

from core.evaluation.figure_words import percent_text
from core.export.formats.format import format_named
from core.export_spec.artifact import ArtifactResult, Verdict, Verification
from core.models.model_card import (
    class_rows,
    made_with,
    result_rows,
    setting_rows,
    unknown_rows,
    usage_rows,
)
from core.models.model_info import LABELS_FILE, ModelInfo
from core.plain_text import markdown_text
from core.text import decimal_text


def export_card(info: ModelInfo, result: ArtifactResult, origin: str) -> str:
    """Markdown text that describes an artifact.

    Args:
        origin: Which images it was verified with, in words.
    """
    parts = [
        _head(info, result),
        _verification(result, origin),
        _model_results(info),
        _data(info),
        _limits(info),
        _loading(info, result),
    ]
    return "\n".join(line for part in parts for line in [*part, ""])


def _head(info: ModelInfo, result: ArtifactResult) -> list[str]:
    precision = f", {result.target.precision.upper()}" if result.target.precision else ""
    return [
        f"# {markdown_text(info.name)}: {result.target.format.card_title}{precision}",
        "",
        f"An image classifier: it tells which of {len(info.labels)} classes a picture shows. "
        f"Trained with {made_with(info)}.",
        "",
        "## Classes",
        "",
        *class_rows(info),
    ]


def _verification(result: ArtifactResult, origin: str) -> list[str]:
    found = result.verification
    lines = ["## Does it agree with the model?", "", _verdict_words(result.verdict), ""]
    lines += [f"- {markdown_text(problem)}" for problem in result.problems]
    lines += [f"- {markdown_text(note)}" for note in result.notes]
    if found is not None:
        lines += ["", *_figures(result, found, origin)]
    return lines


def _verdict_words(verdict: Verdict) -> str:
    match verdict:
        case Verdict.PASSED:
            return (
                "Yes: it was run with its own runtime, in a process of its own, beside the model."
            )
        case Verdict.IN_PART:
            return "**In part**: what could be run on the computer that made it agrees."
        case Verdict.NOT_VERIFIED:
            return "**Not verified** on the computer that made it."
        case Verdict.FAILED:
            return "**FAILED: don't use it.**"
        case Verdict.NOT_MADE:
            raise ValueError("What was not made has no card")
        case _:
            assert_never(verdict)


def _figures(result: ArtifactResult, found: Verification, origin: str) -> list[str]:
    rows = [
        ("pictures", f"{found.num_images} ({markdown_text(origin)})"),
        ("runtime", markdown_text(found.runtime)),
        ("size", f"{result.size_bytes / 1e6:.1f} MB"),
        ("top-1 agreement with the model", f"{100 * found.top1_agreement:.2f}%"),
        ("largest difference of a probability", decimal_text(found.max_abs_diff, 2)),
        ("mean difference", decimal_text(found.mean_abs_diff, 2)),
    ]
    if found.accuracy is not None and found.interval is not None:
        low, high = found.interval
        interval = f"95% interval {100 * low:.1f}–{100 * high:.1f}%"
        rows.append(("accuracy", f"{100 * found.accuracy:.2f}% ({interval})"))
    if found.balanced_accuracy is not None:
        rows.append(("balanced accuracy", percent_text(found.balanced_accuracy)))
    if found.accuracy_change is not None:
        rows.append(("accuracy less the model's", _change(found.accuracy_change, found)))
    if found.latency_ms_p50 is not None and found.latency_ms_p95 is not None:
        times = f"{found.latency_ms_p50:.1f} ms, 95th percentile {found.latency_ms_p95:.1f} ms"
        rows.append(("one picture, median", times))
    if found.images_per_s is not None:
        rate = f"{found.images_per_s:.0f} a second"
        rows.append((f"in batches of {found.batch_size}", rate))
    return ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]


def _change(change: float, found: Verification) -> str:
    text = f"{100 * change:+.2f} points"
    if found.change_interval is None:
        return text
    low, high = found.change_interval
    return f"{text} (95% interval {100 * low:+.1f} to {100 * high:+.1f})"


def _model_results(info: ModelInfo) -> list[str]:
    unknown = unknown_rows(info)
    return ["## Results of the model", "", *result_rows(info), *([""] if unknown else []), *unknown]


def _data(info: ModelInfo) -> list[str]:
    height, width = info.input_size
    backbone = "fine-tuned on these pictures" if info.is_fine_tuned else "frozen"
    return [
        "## How it was made",
        "",
        f"- backbone: {markdown_text(info.backbone)}, input {width}×{height} pixels, "
        f"fit: {info.resize_mode}, {backbone}",
        f"- pictures: SHA-256 over contents and labels {markdown_text(info.dataset_fingerprint)}",
        f"- temperature of the calibration, part of the weights: {info.temperature:.3f}",
        *setting_rows(info),
    ]


def _limits(info: ModelInfo) -> list[str]:
    return [
        "## Limits",
        "",
        f"- It knows {len(info.labels)} classes and names one of them for any picture, also for "
        "one that shows something else.",
        "- Its figures hold for pictures like those it was tested on: other cameras, places or "
        "seasons can make it worse.",
        "- Where few pictures were set aside, the intervals above are wide.",
    ]


def _loading(info: ModelInfo, result: ArtifactResult) -> list[str]:
    assert result.path is not None
    assert result.folder is not None
    chosen = format_named(result.target.format.name)
    artifact = result.path.relative_to(result.folder).as_posix()
    return [
        "## How to use it",
        "",
        *usage_rows(chosen.runs_on),
        "",
        *(f"- {note}" for note in chosen.client_notes(info)),
        "",
        f"Files: `{artifact}`, `{LABELS_FILE}` (class names in the order of the outputs), "
        "`export.json` (all figures), `predict.py` with `picture.py`, "
        "`command_line.py` and `image_reading`.",
    ]
