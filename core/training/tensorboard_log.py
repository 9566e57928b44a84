"""The run's curves as TensorBoard event files."""

from pathlib import Path

import tensorflow as tf

from core.messages.events import EpochFinished

_SCALARS = {
    "training": {"epoch_loss": "loss", "epoch_accuracy": "accuracy"},
    "validation": {"epoch_loss": "val_loss", "epoch_accuracy": "val_accuracy"},
}


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
