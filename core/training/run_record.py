"""The record of a run's epochs: history, TensorBoard, and events."""

from pathlib import Path

import tensorflow as tf

from core.messages.events import EpochFinished
from core.messages.reporter import Reporter
from core.runs.run_folder import RunFolder

_SCALARS = {
    "training": {"epoch_loss": "loss", "epoch_accuracy": "accuracy"},
    "validation": {"epoch_loss": "val_loss", "epoch_accuracy": "val_accuracy"},
}


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
        if not event.is_fine_tuning:  # whose progress is counted in images
            self._reporter.progress(event.epoch)

    def close(self) -> None:
        """Let go of the event files."""
        self._tensorboard.close()


class TensorBoardLog:
    """Writes `training/` and `validation/`, tagged as Keras's own callback does.

    Args:
        folder: The run folder.
        epochs_done: Epochs of an earlier part of the run. What was written after them is
            overruled by a new event file, as TensorBoard expects of a restart.
    """

    def __init__(self, folder: Path, epochs_done: int) -> None:
        self._writers = {
            name: tf.summary.create_file_writer(
                str(folder / "tensorboard" / name), filename_suffix=f".from-{epochs_done}"
            )
            for name in _SCALARS
        }

    def write(self, event: EpochFinished) -> None:
        """Add one epoch's values."""
        for name, scalars in _SCALARS.items():
            with self._writers[name].as_default(step=event.epoch):
                for tag, attribute in scalars.items():
                    tf.summary.scalar(tag, getattr(event, attribute))

    def close(self) -> None:
        """Flush and close the files."""
        for writer in self._writers.values():
            writer.close()
