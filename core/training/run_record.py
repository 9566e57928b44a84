"""Where the epochs of a run are noted: history, TensorBoard, and whoever listens."""

from core.messages.events import EpochFinished
from core.messages.reporter import Reporter
from core.runs.run_folder import RunFolder
from core.training.tensorboard_log import TensorBoardLog


class RunRecord:
    """Notes epochs from where the run stands.

    Args:
        folder: Later epochs that its history may have are dropped: they will come again.
        epochs: Finished so far, over all stages.
    """

    def __init__(self, folder: RunFolder, epochs: int, reporter: Reporter) -> None:
        folder.rewind_history(epochs)
        self._folder, self._reporter = folder, reporter
        self._tensorboard = TensorBoardLog(folder.path, epochs)
        self.epochs = epochs

    def note_epoch(self, event: EpochFinished) -> None:
        """Write an epoch down and tell of it.

        Raises:
            StorageError: If it can't be written.
        """
        self._folder.append_epoch(event)
        self._tensorboard.write(event)
        self._reporter.send(event)
        self.epochs = event.epoch
        if not event.is_fine_tuning:  # whose progress is counted in pictures
            self._reporter.progress(event.epoch)

    def close(self) -> None:
        """Let go of the event files."""
        self._tensorboard.close()
