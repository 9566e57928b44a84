"""Texts for a run's events."""

from core.evaluation.measured_figures import MeasuredFigures
from core.messages.events import (
    BatchFinished,
    EpochFinished,
    Phase,
    PhaseProgressed,
    TrainingCancelled,
    TrainingFinished,
)
from gui.look.figure_texts import summary_text
from gui.look.language import tr, tr_count
from gui.look.phase_texts import rate_unit
from gui.look.wording import data_size, decimal, duration, number, percent


def progress_text(event: PhaseProgressed) -> str:
    """Return progress, speed and time left: "512 of 2,000 · 143 images/s · about 10 s left"."""
    if event.phase is Phase.DOWNLOADING:
        parts = [data_size(event.done), tr("%1/s", data_size(round(event.rate)))]
        total = data_size(event.total) if event.total else ""
    else:
        rate = decimal(event.rate, 1) if event.rate < 10 else number(round(event.rate))
        parts = [number(event.done), tr("%1 %2", rate, rate_unit(event.phase))]
        total = number(event.total) if event.total else ""
    if event.total:
        parts[0] = tr("%1 of %2", parts[0], total)
        if event.rate > 0 and event.done < event.total:
            left = duration((event.total - event.done) / event.rate)
            parts.append(tr("about %1 left", left))
    return " · ".join(parts)


def epoch_text(event: EpochFinished) -> str:
    """Return the metrics of an epoch."""
    values = (
        event.epoch,
        event.num_epochs,
        percent(event.accuracy),
        percent(event.val_accuracy),
        decimal(event.loss, 3),
        decimal(event.val_loss, 3),
    )
    if event.is_fine_tuning:
        return tr(
            "Fine-tuning epoch %1 of %2: accuracy %3, validation accuracy %4, loss %5, "
            "validation loss %6",
            *values,
        )
    if event.is_exact:
        return tr(
            "Iteration %1 of at most %2: accuracy %3, validation accuracy %4, loss %5, "
            "validation loss %6",
            *values,
        )
    return tr(
        "Epoch %1 of %2: accuracy %3, validation accuracy %4, loss %5, validation loss %6",
        *values,
    )


def batch_text(event: BatchFinished) -> str:
    """Return the metrics of the latest training steps."""
    values = (
        event.epoch,
        event.step,
        event.num_steps,
        percent(event.accuracy),
        decimal(event.loss, 3),
    )
    if event.is_fine_tuning:
        return tr("Fine-tuning epoch %1, step %2 of %3: accuracy %4, loss %5", *values)
    return tr("Epoch %1, step %2 of %3: accuracy %4, loss %5", *values)


def finished_text(event: TrainingFinished, *, is_iteration: bool = False) -> str:
    """Return the result of a run that has finished.

    Args:
        is_iteration: Whether the best epoch is an iteration of an exact fit.
    """
    return _with_figures(_end_text(event, is_iteration=is_iteration), event.figures)


def earlier_text(name: str, *, can_resume: bool) -> str:
    """Return what the run of a project is that was opened."""
    if can_resume:
        return tr("The last training of this project, %1, was stopped before its end.", name)
    return tr("The last training of this project: %1.", name)


def cancelled_text(event: TrainingCancelled, *, is_iteration: bool = False) -> str:
    """Return the result of a run that was stopped.

    Args:
        is_iteration: Whether the last epoch is an iteration of an exact fit.
    """
    if event.model_dir is None:
        return tr("Stopped before the first epoch was finished; nothing was trained.")
    text = tr_count(
        "Stopped after %n epoch(s); the best weights so far are kept.", "", event.epochs
    )
    if is_iteration:
        text = tr_count(
            "Stopped after %n iteration(s); the best weights so far are kept.", "", event.epochs
        )
    if event.test_accuracy is not None:
        accuracy = percent(event.test_accuracy)
        text += " " + tr("%1 of test pictures classified correctly.", accuracy)
    elif event.val_accuracy is not None:
        more = tr(
            "%1 of validation pictures, which were also used to pick the epoch, "
            "classified correctly.",
            percent(event.val_accuracy),
        )
        text += " " + more
    return _with_figures(text, event.figures)


def _end_text(event: TrainingFinished, *, is_iteration: bool) -> str:
    if event.test_accuracy is None or event.test_interval is None:
        return _untested_text(event)
    low, high = event.test_interval
    values = (
        duration(event.seconds),
        percent(event.test_accuracy),
        percent(low),
        percent(high),
        event.best_epoch,
        event.epochs,
    )
    if is_iteration:
        return tr(
            "Done in %1. %2 of unseen test pictures classified correctly (95% interval %3 to %4). "
            "Kept the best iteration: %5 of %6.",
            *values,
        )
    return tr(
        "Done in %1. %2 of unseen test pictures classified correctly (95% interval %3 to %4). "
        "Kept the best epoch: %5 of %6.",
        *values,
    )


def _untested_text(event: TrainingFinished) -> str:
    time, accuracy = duration(event.seconds), percent(event.val_accuracy)
    if event.figures is None:
        return tr("Done in %1. %2 of validation pictures classified correctly.", time, accuracy)
    low, high = event.figures.interval
    return tr(
        "Done in %1. %2 of validation pictures classified correctly (95% interval %3 to %4). "
        "They were used to pick the best epoch, so this is slightly optimistic.",
        time,
        accuracy,
        percent(low),
        percent(high),
    )


def _with_figures(text: str, figures: MeasuredFigures | None) -> str:
    return text if figures is None else f"{text}\n{summary_text(figures)}"
