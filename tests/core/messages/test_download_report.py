import pytest

from core.messages import reporter as reporter_module
from core.messages.control import Command, RunControl, StopRequestedError
from core.messages.download_report import DownloadReport
from core.messages.events import Phase, PhaseProgressed, PhaseStarted
from core.messages.reporter import Reporter


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """The time in seconds, to be set by the test."""
    now = [1000.0]
    monkeypatch.setattr(reporter_module.time, "monotonic", lambda: now[0])
    return now


def test_all_that_came_is_told_while_the_server_is_silent(clock):
    sent: list[object] = []
    report = DownloadReport(Reporter(sent.append), RunControl())
    report(0, 1000)
    for done in (300, 600):
        clock[0] += 0.01
        report(done, 1000)
    clock[0] += 0.1
    report.check()
    assert sent[-1] == PhaseProgressed(Phase.DOWNLOADING, 600, 1000, pytest.approx(5000.0))


def test_bytes_of_an_earlier_attempt_do_not_count_for_the_rate(clock):
    sent: list[object] = []
    report = DownloadReport(Reporter(sent.append), RunControl())
    report(500, 1000)
    clock[0] += 1
    report(600, 1000)
    assert sent == [
        PhaseStarted(Phase.DOWNLOADING, 1000),
        PhaseProgressed(Phase.DOWNLOADING, 500, 1000, 0.0),
        PhaseProgressed(Phase.DOWNLOADING, 600, 1000, pytest.approx(100.0)),
    ]


def test_a_download_that_begins_anew_has_a_rate_of_its_own(clock):
    sent: list[object] = []
    report = DownloadReport(Reporter(sent.append), RunControl())
    report(500, 1000)
    clock[0] += 1
    report(0, 1000)
    clock[0] += 1
    report(200, 1000)
    assert sent[-1] == PhaseProgressed(Phase.DOWNLOADING, 200, 1000, pytest.approx(200.0))


def test_a_stop_is_obeyed():
    control = RunControl()
    control.obey(Command.STOP)
    with pytest.raises(StopRequestedError):
        DownloadReport(Reporter(lambda _event: None), control).check()
