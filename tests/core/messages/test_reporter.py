import pytest

from core.messages import reporter as reporter_module
from core.messages.events import BatchFinished, Phase, PhaseProgressed, PhaseStarted
from core.messages.reporter import Reporter


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """The time in seconds, to be set by the test."""
    now = [1000.0]
    monkeypatch.setattr(reporter_module.time, "monotonic", lambda: now[0])
    return now


def batch(step: int) -> BatchFinished:
    return BatchFinished(1, step, 1000, 0.5, 0.9)


def test_progress_is_sent_ten_times_a_second_and_at_the_end(clock):
    sent: list[object] = []
    reporter = Reporter(sent.append)
    reporter.start_phase(Phase.EXTRACTING_FEATURES, 1000)
    for done in range(1, 1001):
        clock[0] += 0.001
        reporter.progress(done)
    assert sent[0] == PhaseStarted(Phase.EXTRACTING_FEATURES, 1000)
    done_sent = [event.done for event in sent[1:]]
    assert 9 <= len(done_sent) <= 12
    assert done_sent == sorted(done_sent)
    assert sent[-1] == PhaseProgressed(Phase.EXTRACTING_FEATURES, 1000, 1000, pytest.approx(1000.0))


def test_the_rate_counts_from_the_start_of_the_phase(clock):
    sent: list[object] = []
    reporter = Reporter(sent.append)
    clock[0] += 50
    reporter.start_phase(Phase.SCANNING)
    clock[0] += 2
    reporter.progress(60)
    assert sent[-1] == PhaseProgressed(Phase.SCANNING, 60, None, pytest.approx(30.0))


def test_what_was_done_before_does_not_count_for_the_rate(clock):
    sent: list[object] = []
    reporter = Reporter(sent.append)
    reporter.start_phase(Phase.TRAINING, 100, done=50)
    clock[0] += 2
    reporter.progress(60)
    assert sent[-1] == PhaseProgressed(Phase.TRAINING, 60, 100, pytest.approx(5.0))


def test_held_back_progress_is_sent_once_when_asked(clock):
    sent: list[object] = []
    reporter = Reporter(sent.append)
    reporter.start_phase(Phase.DOWNLOADING, 100)
    for done in (10, 20):
        clock[0] += 0.05
        reporter.progress(done)
    reporter.catch_up()
    assert sent[-1].done == 10
    for _ in range(3):
        clock[0] += 0.1
        reporter.catch_up()
    assert [event.done for event in sent[1:]] == [10, 20]


def test_progress_of_one_phase_is_not_told_in_the_next(clock):
    sent: list[object] = []
    reporter = Reporter(sent.append)
    reporter.start_phase(Phase.DOWNLOADING, 100)
    reporter.progress(10)
    reporter.progress(20)
    reporter.start_phase(Phase.PREPARING_BACKBONE)
    clock[0] += 1
    reporter.catch_up()
    assert sent[-1] == PhaseStarted(Phase.PREPARING_BACKBONE)


def test_a_new_phase_tells_its_first_progress_at_once(clock):
    sent: list[object] = []
    reporter = Reporter(sent.append)
    for phase in (Phase.SCANNING, Phase.TRAINING):
        reporter.start_phase(phase, 10)
        reporter.progress(1)
    assert [type(event) for event in sent] == [PhaseStarted, PhaseProgressed] * 2


def test_batches_are_throttled_but_for_the_last_of_an_epoch(clock):
    sent: list[object] = []
    reporter = Reporter(sent.append)
    for step in range(1, 1001):
        clock[0] += 0.0001
        reporter.batch(batch(step))
    assert sent[-1] == batch(1000)
    assert len(sent) <= 3


def test_batches_do_not_hold_progress_back(clock):
    sent: list[object] = []
    reporter = Reporter(sent.append)
    reporter.start_phase(Phase.TRAINING, 200)
    for epoch in range(1, 201):
        clock[0] += 0.02
        reporter.batch(batch(1000))
        reporter.progress(epoch)
    done = [event.done for event in sent if isinstance(event, PhaseProgressed)]
    assert 30 <= len(done) <= 45
