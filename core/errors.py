"""The errors that a person may meet, each with a message fit to show.

A message says what is wrong, with what (the file's name), and what to do.
"""

from enum import Enum

from core.text import Text


class FieldguideError(Exception):
    """Base of all expected errors; the command line prints it as one line and exits with 1."""


class DatasetError(FieldguideError):
    """The images given can't be trained on or evaluated as they are."""


class ImageFault(Enum):
    """Why an image can't be used.

    The value is the reason, worded to follow the file's name, with places for details.
    """

    MISSING = "is not there any more"
    NOT_A_FILE = "is not a regular file"
    NOT_READABLE = "can't be read: {}"
    FILE_TOO_LARGE = "is larger than {} GiB"
    FILE_TOO_LARGE_FOR_MEMORY = "is too large for this computer's memory"
    EMPTY = "is empty (0 bytes)"
    NO_IMAGE = "{}"
    UNKNOWN_FORMAT = "is of an unknown format, not a picture"
    DAMAGED_START = "is damaged: it begins as a picture, but can't be read"
    DAMAGED = "is damaged"
    TRUNCATED = "is cut off (truncated)"
    TOO_MANY_PIXELS = "is {}×{} pixels, more than the {:,} that Fieldguide decodes"
    FAR_TOO_MANY_PIXELS = "has more than the {:,} pixels that Fieldguide decodes"
    TOO_LARGE_FOR_MEMORY = "needs more memory than there is"
    CIELAB = "has colours in the CIELAB space, which Fieldguide doesn't read"
    NO_FINITE_VALUE = "holds no finite pixel value"
    NOT_RESIZABLE = "can't be resized from {}×{}"

    @property
    def is_other_content(self) -> bool:
        """Whether the file holds something else than an image, rather than a damaged one."""
        return self in (ImageFault.NO_IMAGE, ImageFault.UNKNOWN_FORMAT)


class ImageError(FieldguideError):
    """One image can't be used. The message is the reason, without the path.

    Args:
        fault: The reason.
        details: What its places hold.

    Attributes:
        fault: The reason, to tell it from others.
    """

    def __init__(self, fault: ImageFault, *details: str | int) -> None:
        super().__init__(fault, *details)
        self.fault = fault
        self._details = details

    def __str__(self) -> str:
        return self.fault.value.format(*self._details)


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
        super().__init__(Text("%1 %2", reason, advice))
        self.reason = reason
