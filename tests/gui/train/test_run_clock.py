from pathlib import Path

from core.messages.events import (
    BatchFinished,
    DatasetSplit,
    EpochFinished,
    Phase,
    PhaseStarted,
    TrainingFinished,
)
from core.runs.speed_record import Speed
from gui.train.run_clock import RunClock

BEFORE = Speed(images_per_s=10.0, step_s=1.0, rest_s=9.0)


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
    assert heard(395).speed(finished(8.0), BEFORE).images_per_s == 10.0


def test_a_silent_run_leaves_what_was_known():
    speed = RunClock().speed(finished(2.0), BEFORE)
    assert (speed.images_per_s, speed.step_s) == (10.0, 1.0)


def test_fine_tuning_has_its_own_rate_and_leaves_the_steps_alone():
    clock = heard(0)
    # The first makes the graph too.
    for epoch, seconds in ((3, 20.0), (4, 8.0), (5, 8.0)):
        clock.hear(BatchFinished(epoch, 40, 40, 0.5, 0.5))
        clock.hear(EpochFinished(epoch, 5, 0.5, 0.5, 0.5, 0.5, 1e-5, True, seconds, True))
    assert clock.speed(finished(44.0), BEFORE) == Speed(100.0, 0.05, 9.0, 40.0)


def test_a_single_epoch_of_fine_tuning_is_better_than_no_measurement():
    clock = heard(0)
    clock.hear(EpochFinished(3, 3, 0.5, 0.5, 0.5, 0.5, 1e-5, True, 16.0, True))
    assert clock.speed(finished(24.0), BEFORE) == Speed(100.0, 0.05, 9.0, 20.0)


def test_what_fine_tuning_prepares_is_no_rest_of_every_run():
    clock = heard(0)
    clock.hear(EpochFinished(3, 3, 0.5, 0.5, 0.5, 0.5, 1e-5, True, 16.0, True))
    assert clock.speed(finished(24.0 + 17.0), BEFORE).rest_s == 9.0


def test_downloads_and_changed_copies_are_no_rest_of_every_run():
    times = iter([10.0, 70.0, 74.0, 80.0, 100.0])
    clock = RunClock(lambda: next(times))
    clock.hear(PhaseStarted(Phase.DOWNLOADING, 1000))
    clock.hear(PhaseStarted(Phase.EXTRACTING_FEATURES, 400))
    clock.hear(DatasetSplit(("a", "b"), 320, 40, 40, 0))
    clock.hear(PhaseStarted(Phase.EXTRACTING_FEATURES, 640))
    clock.hear(PhaseStarted(Phase.TRAINING, 2))
    assert clock.speed(finished(60.0 + 4.0 + 20.0 + 6.0), BEFORE) == Speed(100.0, 1.0, 6.0)
