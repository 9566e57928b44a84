"""Finds a learning rate by trying all of them, from tiny to huge, for a step each."""

import math
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.errors import StorageError, TrainingError
from core.messages.control import RunControl, StopRequestedError
from core.messages.events import Event, LearningRateFound, LearningRateTried, Phase
from core.messages.reporter import Reporter
from core.messages.requests import FindLearningRateRequest
from core.runs.run_folder import RunFolder
from core.settings.config import TrainConfig, rateless_reason
from core.storage.app_dirs import cache_dir
from core.storage.storage_message import storage_message
from core.training.backbone_choice import (
    choose_backbone,
    configure_tensorflow,
    with_absolute_handles,
)
from core.training.learning_rate_suggestion import LossCurve, suggested_rate
from core.training.rate_trial import HeadTrial, RateTrial, TuningTrial
from core.training.run_data import RunData, RunDataPreparation

_PREFIX = "learning-rate-"
_OLD_S = 86_400.0


def find_learning_rate(
    request: FindLearningRateRequest, send: Callable[[Event], None], control: RunControl
) -> None:
    """Carry out a request; the last event sent is `LearningRateFound`.

    Images, features and splits are those of the training to come, so that nothing of this was
    done in vain. When stopped, what was tried so far decides.

    Raises:
        FieldguideError: If there is no rate to find, or the images or the backbone can't be used.
    """
    if reason := rateless_reason(request.config):
        raise TrainingError(reason)
    config = with_absolute_handles(request.config)
    reporter = Reporter(send)
    try:
        with _passing_folder(request, config) as folder:
            data = RunDataPreparation(folder, config, reporter, control).prepare(
                request.sources,
                lambda: choose_backbone(config, reporter, control, trust=request.trust),
                request.edits,
            )
            configure_tensorflow(config)
            control.checkpoint()
            trial = _trial_for(folder, config, data, reporter, control)
            suggestion, is_complete = _try_rates(trial, reporter, control)
    except StopRequestedError:
        send(LearningRateFound(None, config.fine_tune, is_complete=False))
        return
    send(LearningRateFound(suggestion, trial.is_fine_tuning, is_complete))


def _trial_for(
    folder: RunFolder, config: TrainConfig, data: RunData, reporter: Reporter, control: RunControl
) -> RateTrial:
    if not config.fine_tune:
        return HeadTrial(config, data)
    return TuningTrial(folder, config, data, reporter, control)


def _try_rates(
    trial: RateTrial, reporter: Reporter, control: RunControl
) -> tuple[float | None, bool]:
    """Try rates; return the suggestion, and whether all worth trying were tried."""
    rates = trial.rates.tolist()
    reporter.start_phase(Phase.FINDING_LEARNING_RATE, len(rates))
    curve = LossCurve()
    is_complete = True
    for number, rate in enumerate(rates, start=1):
        try:
            control.checkpoint()
        except StopRequestedError:
            is_complete = False
            break
        loss = trial.step(rate)
        if not math.isfinite(loss):
            break
        reporter.send(LearningRateTried(rate, loss, curve.add(loss)))
        reporter.progress(number)
        if curve.has_diverged:
            break
    return suggested_rate(rates[: len(curve.losses)], curve.losses), is_complete


@contextmanager
def _passing_folder(request: FindLearningRateRequest, config: TrainConfig) -> Iterator[RunFolder]:
    """Make a temporary run folder."""
    parent = cache_dir()
    try:
        parent.mkdir(parents=True, exist_ok=True)
        _remove_old(parent)
        passing = tempfile.TemporaryDirectory(prefix=_PREFIX, dir=parent)
    except OSError as error:
        raise StorageError(storage_message("write to", parent, error)) from error
    with passing as path:
        yield RunFolder.create(Path(path) / "run", config, request.sources, request.edits)


def _remove_old(parent: Path) -> None:
    """Remove what searches left that were killed."""
    for path in parent.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _OLD_S:
                shutil.rmtree(path)
