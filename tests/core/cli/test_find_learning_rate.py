"""`fieldguide find-learning-rate` with a worker that only pretends; its tests try real ones."""

import json
import os
import signal
from pathlib import Path

import pytest

from core.cli import run_display
from core.cli.main import main
from core.cli.run_terminal import TerminalDisplay
from core.data.dataset import ImageSource
from core.messages.events import LearningRateTried
from core.messages.requests import FindLearningRateRequest
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig
from core.worker.process import WorkerProcess
from tests import fake_rate_finds, fake_refusals


@pytest.fixture
def worker(monkeypatch):
    """Chooses what the worker's process runs; gives the requests it got."""

    def choose(target) -> list[object]:
        requests: list[object] = []

        class Fake(WorkerProcess):
            def __init__(self) -> None:
                super().__init__(target)

            def events(self, request):
                requests.append(request)
                return super().events(request)

        monkeypatch.setattr(run_display, "WorkerProcess", Fake)
        return requests

    return choose


def test_a_user_gets_a_table_and_a_line_to_go_on_with(worker, capsys) -> None:
    worker(fake_rate_finds.finds)
    assert main(["find-learning-rate", "pictures"]) == 0
    output = capsys.readouterr().out.splitlines()
    assert output[0] == "learning rate     loss"
    assert 20 <= len(output) <= 40
    assert output[1].split() == ["0.0000001", "1.1000", "#" * 27]
    assert output[-2] == "Suggested learning rate: 0.0013"
    use = "Use it with: fieldguide train IMAGES --optimizer adam --learning-rate 0.0013"
    assert output[-1] == use
    assert max(map(len, output)) < 80


def test_the_rate_is_of_the_optimizer_that_takes_steps(worker, capsys) -> None:
    requests = worker(fake_rate_finds.finds)
    assert main(["find-learning-rate", "pictures"]) == 0
    assert main(["find-learning-rate", "pictures", "--optimizer", "sgd"]) == 0
    assert "IMAGES --optimizer sgd --learning-rate 0.0013" in capsys.readouterr().out
    optimizers = [request.config.optimizer for request in requests]
    assert optimizers == [Optimizer.ADAM, Optimizer.SGD]


def test_fine_tuning_has_an_option_of_its_own(worker, capsys) -> None:
    worker(fake_rate_finds.finds_one_to_fine_tune_with)
    assert main(["find-learning-rate", "pictures", "--fine-tune"]) == 0
    assert "--fine-tune-learning-rate 0.000013" in capsys.readouterr().out


def test_json_is_every_event_in_a_line(worker, capsys) -> None:
    worker(fake_rate_finds.finds)
    assert main(["find-learning-rate", "--json", "pictures"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    tried = [event for event in events if event["event"] == "learning_rate_tried"]
    assert len(tried) == 100
    assert set(tried[0]) == {"event", "learning_rate", "loss", "smoothed_loss"}
    assert events[-1] == {
        "event": "learning_rate_found",
        "suggestion": fake_rate_finds.SUGGESTION,
        "is_fine_tuning": False,
        "is_complete": True,
    }


def test_settings_and_images_reach_the_worker(worker) -> None:
    requests = worker(fake_rate_finds.finds)
    main(["find-learning-rate", "a", "--class", "b", "c.jpg", "--optimizer", "sgd"])
    sources = (ImageSource(Path("a")), ImageSource(Path("c.jpg"), "b"))
    expected = TrainConfig(optimizer=Optimizer.SGD)
    assert requests == [FindLearningRateRequest(sources=sources, config=expected)]


def test_no_suggestion_is_said_in_words(worker, capsys) -> None:
    worker(fake_rate_finds.finds_none)
    assert main(["find-learning-rate", "pictures"]) == 0
    assert "The losses suggest no learning rate. Keep the default" in capsys.readouterr().out


@pytest.mark.parametrize("options", [[], ["--json"]])
@pytest.mark.parametrize(
    ("target", "message"),
    [
        (fake_rate_finds.fails, "There is no picture in pets. Add some."),
        (fake_rate_finds.has_a_bug, "Something unexpected went wrong: division by zero"),
        (fake_rate_finds.dies, "The worker process ended unexpectedly (exit code 137)."),
    ],
)
def test_failures_are_one_line_and_exit_code_1(worker, capsys, target, message, options) -> None:
    worker(target)
    assert main(["find-learning-rate", *options, "pictures"]) == 1
    output = capsys.readouterr()
    assert message in output.err.splitlines()[-1]
    assert output.err.splitlines()[-1].startswith("fieldguide: ")
    assert "Suggested" not in output.out


def test_ctrl_c_stops_in_order_and_tells_what_was_found(worker, capsys, monkeypatch) -> None:
    worker(fake_rate_finds.until_stopped)
    show = TerminalDisplay.show
    count = 0

    def show_and_interrupt(self, event) -> None:
        nonlocal count
        show(self, event)
        count += isinstance(event, LearningRateTried)
        if count == 60:
            count += 1
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(TerminalDisplay, "show", show_and_interrupt)
    assert main(["find-learning-rate", "pictures"]) == 130
    output = capsys.readouterr().out
    assert "Stopped before all rates were tried." in output
    assert "Suggested learning rate: 0.0013" in output


def test_a_setting_out_of_range_is_refused_before_any_work(worker, capsys) -> None:
    requests = worker(fake_rate_finds.finds)
    with pytest.raises(SystemExit) as end:
        main(["find-learning-rate", "pictures", "--batch-size", "0"])
    assert end.value.code == 2
    assert "--batch-size must be from 1 to 1,000,000" in capsys.readouterr().err
    assert requests == []


def test_backbone_is_trusted_when_asked(worker, capsys) -> None:
    requests = worker(fake_refusals.refuses)
    assert main(["find-learning-rate", "pictures"]) == 1
    assert "WriteFile in the function" in capsys.readouterr().err
    main(["find-learning-rate", "pictures", "--trust"])
    assert [request.trust for request in requests] == [False, True]


def test_an_exact_fit_has_no_rate_to_find(worker, capsys) -> None:
    requests = worker(fake_rate_finds.finds)
    with pytest.raises(SystemExit) as caught:
        main(["find-learning-rate", "pictures", "--optimizer", "lbfgs"])
    assert caught.value.code == 2
    assert "There is no learning rate to find" in capsys.readouterr().err
    assert requests == []
