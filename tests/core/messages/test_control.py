import threading

import pytest

from core.messages.control import Command, RunControl, StopRequestedError


class Told:
    """A control that notes what it tells, and is resumed or stopped while it holds still."""

    def __init__(self, then: Command) -> None:
        self.said: list[str] = []
        self.control = RunControl(self._on_pause, lambda: self.said.append("resumed"))
        self._then = then

    def _on_pause(self) -> None:
        self.said.append("paused")
        # From another thread, as commands come.
        thread = threading.Thread(target=self.control.obey, args=(self._then,))
        thread.start()
        thread.join()


def test_a_run_that_nobody_disturbs_goes_on():
    control = RunControl()
    control.checkpoint()
    assert not control.stop_requested


def test_a_stop_unwinds_the_run_at_every_checkpoint_from_then_on():
    control = RunControl()
    control.obey(Command.STOP)
    assert control.stop_requested
    for _ in range(2):
        with pytest.raises(StopRequestedError):
            control.checkpoint()


def test_a_paused_run_holds_still_until_resumed():
    told = Told(Command.RESUME)
    told.control.obey(Command.PAUSE)
    told.control.checkpoint()
    told.control.checkpoint()
    assert told.said == ["paused", "resumed"]


def test_a_paused_run_can_be_stopped_without_going_on():
    told = Told(Command.STOP)
    told.control.obey(Command.PAUSE)
    with pytest.raises(StopRequestedError):
        told.control.checkpoint()
    assert told.said == ["paused"]


def test_a_pause_after_a_stop_does_not_hold_it_up():
    control = RunControl()
    control.obey(Command.STOP)
    control.obey(Command.PAUSE)
    with pytest.raises(StopRequestedError):
        control.checkpoint()


def test_a_pause_taken_back_in_time_is_never_told():
    told = Told(Command.RESUME)
    told.control.obey(Command.PAUSE)
    told.control.obey(Command.RESUME)
    told.control.checkpoint()
    assert told.said == []
