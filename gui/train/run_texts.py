"""A run's events in words."""

from core.evaluation.measured_figures import MeasuredFigures
from core.messages.events import (
    BatchFinished,
    EpochFinished,
    Phase,
    PhaseProgressed,
    TrainingCancelled,
    TrainingFinished,
)
from gui.look.language import tr
from gui.look.wording import data_size, duration, filled, number, percent
from gui.widgets.figure_texts import summary_text
from gui.widgets.phase_texts import rate_unit


def progress_text(event: PhaseProgressed) -> str:
    """How far, how fast and how long still: "512 of 2,000 · 143 pictures/s · about 10 s left"."""
    if event.phase is Phase.DOWNLOADING:
        parts = [data_size(event.done), f"{data_size(round(event.rate))}/s"]
        total = data_size(event.total) if event.total else ""
    else:
        rate = f"{event.rate:.1f}" if event.rate < 10 else number(round(event.rate))
        parts = [number(event.done), f"{rate} {rate_unit(event.phase)}"]
        total = number(event.total) if event.total else ""
    if event.total:
        parts[0] = tr("%1 of %2", parts[0], total)
        if event.rate > 0 and event.done < event.total:
            left = duration((event.total - event.done) / event.rate)
            parts.append(tr("about %1 left", left))
    return " · ".join(parts)


def epoch_text(event: EpochFinished) -> str:
    """The numbers of an epoch."""
    text = tr("Epoch %1 of %2: accuracy %3, validation accuracy %4, loss %5, validation loss %6")
    if event.is_fine_tuning:
        text = tr(
            "Fine-tuning epoch %1 of %2: accuracy %3, validation accuracy %4, loss %5, "
            "validation loss %6"
        )
    values = (
        event.epoch,
        event.num_epochs,
        percent(event.accuracy),
        percent(event.val_accuracy),
        f"{event.loss:.3f}",
        f"{event.val_loss:.3f}",
    )
    return filled(text, *values)


def batch_text(event: BatchFinished) -> str:
    """The numbers of the steps done last."""
    text = tr("Epoch %1, step %2 of %3: accuracy %4, loss %5")
    if event.is_fine_tuning:
        text = tr("Fine-tuning epoch %1, step %2 of %3: accuracy %4, loss %5")
    return filled(
        text,
        event.epoch,
        number(event.step),
        number(event.num_steps),
        percent(event.accuracy),
        f"{event.loss:.3f}",
    )


def finished_text(event: TrainingFinished) -> str:
    """What came of a run."""
    return _with_figures(_end_text(event), event.figures)


def cancelled_text(event: TrainingCancelled) -> str:
    """What is left of a run that was stopped."""
    if event.model_dir is None:
        return tr("Stopped before the first epoch was finished; nothing was trained.")
    text = tr("Stopped after %1 epochs; the best weights so far are kept.")
    text = text.replace("%1", number(event.epochs))
    if event.test_accuracy is not None:
        more = tr("%1 of test pictures classified correctly.")
        text = f"{text} {more.replace('%1', percent(event.test_accuracy))}"
    elif event.val_accuracy is not None:
        more = tr(
            "%1 of validation pictures, which were also used to pick the epoch, "
            "classified correctly."
        )
        text = f"{text} {more.replace('%1', percent(event.val_accuracy))}"
    return _with_figures(text, event.figures)


def _end_text(event: TrainingFinished) -> str:
    if event.test_accuracy is None or event.test_interval is None:
        return _untested_text(event)
    low, high = event.test_interval
    text = tr(
        "Done in %1. %2 of test pictures, which it had not seen, classified correctly "
        "(95 % interval %3 to %4). Kept the best epoch: %5 of %6."
    )
    return filled(
        text,
        duration(event.seconds),
        percent(event.test_accuracy),
        percent(low),
        percent(high),
        event.best_epoch,
        event.epochs,
    )


def _untested_text(event: TrainingFinished) -> str:
    text = tr("Done in %1. %2 of validation pictures classified correctly.")
    text = filled(text, duration(event.seconds), percent(event.val_accuracy))
    if event.figures is None:
        return text
    low, high = (percent(bound) for bound in event.figures.interval)
    more = tr(
        "(95 % interval %1 to %2.) They were used to pick the best epoch, so this is slightly "
        "optimistic."
    )
    return f"{text} {filled(more, low, high)}"


def _with_figures(text: str, figures: MeasuredFigures | None) -> str:
    return text if figures is None else f"{text}\n{summary_text(figures)}"
