"""Workers that train nothing: what each run comes to follows from its settings."""

import threading
from collections.abc import Callable, Iterator

from core.errors import WorkerCrashedError
from core.messages.events import (
    DatasetSplit,
    EpochFinished,
    Event,
    Phase,
    PhaseStarted,
    RequestFailed,
    RunPaused,
    RunResumed,
    RunStarted,
    TrainingCancelled,
    TrainingFinished,
)
from core.messages.requests import ResumeRequest, TrainRequest
from core.runs.run_folder import RunFolder
from core.settings.config import TrainConfig

Accuracy = Callable[[TrainConfig, int], float]
"""Validation accuracy after an epoch, by settings."""


def accuracy_of_rate(config: TrainConfig, epoch: int) -> float:
    """Best at a learning rate of 0.01, and growing with the epochs."""
    import math

    distance = abs(math.log10(config.learning_rate) + 2)
    return max(0.0, 0.9 - 0.2 * distance - 0.2 / epoch)


class FakeWorkers:
    """Makes workers and remembers what they were asked for."""

    def __init__(self, accuracy: Accuracy = accuracy_of_rate, epochs: int = 20) -> None:
        self.accuracy, self.epochs = accuracy, epochs
        self.requests: list[TrainRequest | ResumeRequest] = []
        self.processes: list[FakeProcess] = []
        self.split = 700, 100, 200
        """Numbers of training, validation and test images."""
        self.faults: dict[int, str] = {}
        """What goes wrong, by the number of the request."""
        self.on_epoch: Callable[[int, int], None] = lambda request, epoch: None

    def __call__(self) -> "FakeProcess":
        self.processes.append(FakeProcess(self))
        return self.processes[-1]


class FakeProcess:
    """Stands in for `WorkerProcess`."""

    def __init__(self, workers: FakeWorkers) -> None:
        self._workers = workers
        self.is_started = self.is_killed = self.is_closed = self.is_stopping = False
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def start(self) -> None:
        self.is_started = True

    def request_stop(self) -> None:
        self.is_stopping = True
        self.may_go_on.set()

    def request_pause(self) -> None:
        self.may_go_on.clear()

    def request_resume(self) -> None:
        self.may_go_on.set()

    def kill(self) -> None:
        self.is_killed = True
        self.may_go_on.set()

    def close(self) -> None:
        self.is_closed = True

    def events(self, request: TrainRequest | ResumeRequest) -> Iterator[Event]:
        workers = self._workers
        number = len(workers.requests)
        workers.requests.append(request)
        fault = workers.faults.get(number)
        if isinstance(request, TrainRequest):
            if fault == "refused":
                yield RequestFailed("refused", is_run=True)
                return
            folder = RunFolder.create(request.output, request.config, request.sources)
        else:
            folder = RunFolder.open(request.run_dir)
        config, _ = folder.read_config()
        yield RunStarted(folder.path)
        yield DatasetSplit(("a", "b"), *workers.split, cached_features=0)
        yield PhaseStarted(Phase.TRAINING)
        for epoch in range(1, workers.epochs + 1):
            if not self.may_go_on.is_set():
                yield RunPaused()
                self.may_go_on.wait()
                if not self.is_stopping:
                    yield RunResumed()
            if self.is_killed or (fault == "crash" and epoch == 3):
                raise WorkerCrashedError("killed", "")
            if self.is_stopping:
                val = workers.accuracy(config, epoch - 1) if epoch > 1 else None
                model = folder.model_dir if epoch > 1 else None
                yield TrainingCancelled(folder.path, model, epoch - 1, val, val)
                return
            val = workers.accuracy(config, epoch)
            yield EpochFinished(epoch, workers.epochs, 1, 1, 1, val, 0.1, is_best=True, seconds=1)
            workers.on_epoch(number, epoch)
        val = workers.accuracy(config, workers.epochs)
        yield TrainingFinished(
            folder.path, folder.model_dir, val, val - 0.01, (0, 1), workers.epochs, 1, seconds=2.5
        )
