"""Results of an export as text."""

from collections.abc import Sequence

from core.evaluation.figure_words import percent_text
from core.export_spec.artifact import ArtifactResult, Verdict, Verification
from core.text import decimal_text


def verdict_word(verdict: Verdict) -> str:
    """Return the verdict in one or two words; a failure stands out."""
    return verdict.text.upper() if verdict is Verdict.FAILED else verdict.text


def verdict_line(result: ArtifactResult) -> str:
    """Summarise an artifact in a line."""
    line = f"{result.target.name}: {verdict_word(result.verdict)}"
    reasons = [result.error] if result.error else [*result.problems, *result.notes]
    if reasons:
        line += ". " + " ".join(reasons)
    return line


def figures(result: ArtifactResult) -> list[str]:
    """Return the cells of a table row, for all `HEADINGS` but the first."""
    found = result.verification
    size = "" if result.error else f"{result.size_bytes / 1e6:.1f} MB"
    if found is None:
        return [size, "", "", "", "", "", "", verdict_word(result.verdict)]
    change = found.accuracy_change
    return [
        size,
        f"{100 * found.top1_agreement:.2f}%",
        decimal_text(found.max_abs_diff, 2),
        _accuracy(found),
        "" if change is None else f"{100 * change:+.2f}",
        "" if found.latency_ms_p50 is None else f"{found.latency_ms_p50:.1f} ms",
        "" if found.images_per_s is None else f"{found.images_per_s:.0f}/s",
        verdict_word(result.verdict),
    ]


def comparison_line(results: Sequence[ArtifactResult]) -> str:
    """Say how many pictures the figures rest on; "" if nothing was compared."""
    counts = sorted({r.verification.num_images for r in results if r.verification is not None})
    if not counts:
        return ""
    numbers = " or ".join(f"{count:,}" for count in counts)
    noun = "picture" if counts == [1] else "pictures"
    return f"Compared on {numbers} {noun}; the 95% intervals are in the README.md of each export."


def _accuracy(found: Verification) -> str:
    if found.accuracy is None:
        return ""
    text = percent_text(found.accuracy)
    if found.balanced_accuracy is None:
        return text
    return f"{text} (balanced {percent_text(found.balanced_accuracy)})"


HEADINGS = ("format", "size", "agrees", "|Δp| up to", "accuracy", "change", "latency", "rate", "")
