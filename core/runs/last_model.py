"""Which model was trained last: the one that `classify` takes if none is named."""

from pathlib import Path

from core.errors import ModelError
from core.models.model_info import MODEL_FILE
from core.storage.app_dirs import data_dir
from core.storage.atomic_file import write_bytes_atomically
from core.text import Text


def remember_last_model(folder: Path) -> None:
    """Note a new model folder.

    Raises:
        StorageError: If the note can't be written.
    """
    write_bytes_atomically(_note(), str(folder.absolute()).encode("utf-8", "surrogateescape"))


def last_model() -> Path:
    """Return the model folder that was trained last.

    Raises:
        ModelError: If there is none, or it has gone.
    """
    try:
        folder = Path(_note().read_bytes().decode("utf-8", "surrogateescape"))
    except FileNotFoundError as error:
        raise ModelError(
            Text(
                "No model has been trained yet. Train one with `fieldguide train FOLDER`, choose "
                "one with --model, or use --model imagenet."
            )
        ) from error
    except OSError as error:
        raise ModelError(
            Text("%1 can't be read: %2.", str(_note()), str(error.strerror))
        ) from error
    if not (folder / MODEL_FILE).is_file():
        raise ModelError(
            Text(
                "The last trained model, %1, no longer exists. Choose one with --model.",
                str(folder),
            )
        )
    return folder


def _note() -> Path:
    return data_dir() / "last-model.txt"
