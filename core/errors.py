"""The errors that a user may see, each with a message for the user.

A message says what is wrong, with which file, and what to do. It is a `core.text.Text`, so that the
window can translate it.
"""

from core.image_fault import ImageFault
from core.text import Text


class FieldguideError(Exception):
    """Base of all expected errors; the command line prints it as one line and exits with 1."""


class DatasetError(FieldguideError):
    """The images given can't be trained on or evaluated as they are."""


class ImageError(FieldguideError):
    """An image can't be used. The message is the reason, worded to follow the image's name.

    `core.image_fault.image_sentence` makes a sentence for users of it.

    Args:
        fault: The reason.
        details: What belongs in its places.

    Attributes:
        fault: The reason, for code that treats some of them differently.
    """

    def __init__(self, fault: ImageFault, *details: str | int) -> None:
        super().__init__(fault, *details)
        self.fault = fault
        self._details = details

    def __str__(self) -> str:
        return self.fault.reason(*self._details)


class ArchiveError(FieldguideError):
    """An archive is damaged, unsafe or of an unknown kind."""


class BackboneError(FieldguideError):
    """A backbone can't be found, fetched or used."""


class ModelError(FieldguideError):
    """A model folder is missing, damaged or of a later version."""


class TrainingError(FieldguideError):
    """A training run can't continue, such as when its loss is not a number any more."""


class ExportError(FieldguideError):
    """An export can't be made or run; the message says what is missing."""


class RunError(FieldguideError):
    """A run folder can't be created, read or resumed."""


class ExperimentError(FieldguideError):
    """An experiment can't be made, read or resumed."""


class ProjectError(FieldguideError):
    """A project file can't be opened."""


class HandOverError(FieldguideError):
    """Files can't be handed over to a running Fieldguide, or a message can't be understood."""


class StorageError(FieldguideError):
    """Something can't be written or read: a full disk, a missing permission, a vanished drive."""


class IntegrationError(FieldguideError):
    """An entry of a file manager can't be installed or removed without damage to another file."""


class WorkerCrashedError(FieldguideError):
    """The worker process ended without a last event.

    Args:
        reason: What happened.
        advice: What to do about it on the command line.

    Attributes:
        reason: Without the advice, for windows, which have advice of their own.
    """

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(Text("%1 %2", reason, advice))
        self.reason = reason
