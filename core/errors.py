"""The errors that a person may meet, each with a message fit to show.

A message says what is wrong, with what (the file's name), and what to do.
"""

from core.image_fault import ImageFault


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
        fault: The reason, to tell it from others.
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
    """A training run can't go on, such as when its loss is no number any more."""


class ExportError(FieldguideError):
    """An artifact can't be made or run; the message says what is missing."""


class RunError(FieldguideError):
    """A run folder can't be created, read or resumed."""


class ProjectError(FieldguideError):
    """A project file can't be opened."""


class HandOverError(FieldguideError):
    """Files can't be handed over to a running Fieldguide, or what came is no such message."""


class StorageError(FieldguideError):
    """Something can't be written or read: a full disk, a missing right, a vanished drive."""


class IntegrationError(FieldguideError):
    """An entry of a file manager can't be installed or removed without harm to somebody's file."""


class WorkerCrashedError(FieldguideError):
    """The worker process went away without saying how its run ended.

    Args:
        reason: What happened.
        advice: What to do about it on the command line.

    Attributes:
        reason: For those who have other advice to give.
    """

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(f"{reason} {advice}")
        self.reason = reason
