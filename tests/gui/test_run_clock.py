from pathlib import Path

from core.runs.speed_record import Speed
from core.worker.events import (
    BatchFinished,
    DatasetSplit,
    EpochFinished,
    Phase,
    PhaseStarted,
    TrainingFinished,
)
from gui.run_clock import RunClock

BEFORE = Speed(pictures_per_s=10.0, step_s=1.0, rest_s=9.0)


def heard(num_cached: int) -> RunClock:
    times = iter([100.0, 104.0])
    clock = RunClock(lambda: next(times))
    clock.hear(PhaseStarted(Phase.EXTRACTING_FEATURES, 400))
    clock.hear(DatasetSplit(("a", "b"), 320, 40, 40, num_cached))
    for epoch in (1, 2):
        clock.hear(BatchFinished(epoch, 10, 10, 0.5, 0.5))
        clock.hear(EpochFinished(epoch, 2, 0.5, 0.5, 0.5, 0.5, 1e-3, True, 0.5))
    return clock


def finished(seconds: float) -> TrainingFinished:
    return TrainingFinished(Path("run"), Path("model"), 1.0, None, None, 2, 2, seconds)


def test_a_run_tells_its_rates():
    assert heard(0).speed(finished(8.0), BEFORE) == Speed(100.0, 0.05, 3.0)


def test_a_cached_run_says_nothing_about_extraction():
    assert heard(395).speed(finished(8.0), BEFORE).pictures_per_s == 10.0


def test_a_silent_run_leaves_what_was_known():
    speed = RunClock().speed(finished(2.0), BEFORE)
    assert (speed.pictures_per_s, speed.step_s) == (10.0, 1.0)
