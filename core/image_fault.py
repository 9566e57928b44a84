"""Why an image can't be used: reasons as they are published, and sentences for users."""

import re
from enum import Enum
from functools import cache

from core.text import Text


class ImageFault(Enum):
    """A sentence about an image that can't be used; %1 is its name.

    Outputs for programs, journals and caches hold the reason alone, which is the sentence in
    English without the name before it and the full stop after it: "is damaged".
    """

    MISSING = Text("%1 is not there.")
    NOT_A_FILE = Text("%1 is not a regular file.")
    NOT_READABLE = Text("%1 can't be read: %2.")
    FILE_TOO_LARGE = Text("%1 is larger than %2 GiB.")
    FILE_TOO_LARGE_FOR_MEMORY = Text("%1 is too large for this computer's memory.")
    EMPTY = Text("%1 is empty (0 bytes).")
    NO_IMAGE = Text("%1 %2.")
    DICOM = Text("%1 is a DICOM file; export it as PNG or TIFF first.")
    PHOTOSHOP = Text("%1 is a Photoshop document; export it as PNG or TIFF first.")
    CAMERA_RAW = Text("%1 is a camera RAW file; export it as PNG or TIFF first.")
    UNREAD_FORMAT = Text("%1 is a file of the format %2; export it as PNG or TIFF first.")
    TIFF_CHANNELS = Text("%1 is a TIFF of %2 channels; export it in colour or grayscale first.")
    TIFF_COMPLEX = Text("%1 is a TIFF of complex numbers; export it in colour or grayscale first.")
    TIFF_UNKNOWN = Text("%1 is a TIFF of a rare kind (%2); export it as PNG first.")
    NEEDS_PACKAGE = Text("%1 is of the format %2, which needs the package %3.")
    UNKNOWN_FORMAT = Text("%1 is of an unknown format, not a picture.")
    DAMAGED_START = Text("%1 is damaged: it begins as a picture, but can't be read.")
    DAMAGED = Text("%1 is damaged.")
    TRUNCATED = Text("%1 is cut off (truncated).")
    TOO_MANY_PIXELS = Text("%1 is %2×%3 pixels, more than the %4 that Fieldguide decodes.")
    FAR_TOO_MANY_PIXELS = Text("%1 has more than the %2 pixels that Fieldguide decodes.")
    TOO_LARGE_FOR_MEMORY = Text("%1 needs more memory than there is.")
    NO_FINITE_VALUE = Text("%1 holds no finite pixel value.")
    NOT_RESIZABLE = Text("%1 can't be resized from %2×%3.")

    @property
    def is_other_content(self) -> bool:
        """Whether the file holds something else than an image, rather than a damaged one."""
        return self in (ImageFault.NO_IMAGE, ImageFault.UNKNOWN_FORMAT)

    def reason(self, *details: str | int) -> str:
        """The reason as it is published, worded to follow the image's name.

        Args:
            details: What belongs in the places from %2 on.
        """
        return Text.of(self.value.source, ("", *details), None)[1:-1]


# As earlier versions wrote it into journals and caches.
_MISSING_BEFORE = Text("%1 is not there any more.")

# What `core.image_reading.foreign_content` may say, which lies beside exports and knows no `Text`.
_OTHER_CONTENTS = (
    Text("%1 is a PDF document, not a picture."),
    Text("%1 is a ZIP archive or an office document, not a picture."),
    Text("%1 is a gzip archive, not a picture."),
    Text("%1 is a RAR archive, not a picture."),
    Text("%1 is a 7-Zip archive, not a picture."),
    Text("%1 is a video (Matroska or WebM), not a picture."),
    Text("%1 is a Git LFS pointer to a file that was never fetched, not a picture."),
    Text("%1 is a program, not a picture."),
    Text("%1 is a web page (HTML), not a picture."),
    Text("%1 is an SVG drawing, not a picture."),
    Text("%1 is an XML document, not a picture."),
    Text("%1 is a video, not a picture."),
    Text("%1 is a video or a sound, not a picture."),
    Text("%1 holds nothing but zero bytes, not a picture."),
    Text("%1 is plain text, not a picture."),
)


def image_sentence(image: str, reason: str) -> Text:
    """Make a sentence about an image that can't be used.

    Args:
        image: Its name, or a text such as "This file".
        reason: As it is published; from journals and caches too, which hold nothing else.
    """
    for source, pattern in _patterns():
        if match := pattern.fullmatch(reason):
            return Text.of(source, (image, *match.groups()), None)
    return Text.of(ImageFault.NO_IMAGE.value.source, (image, reason), None)


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """The source of each sentence, and what its reason looks like."""
    faults = [fault.value for fault in ImageFault if fault is not ImageFault.NO_IMAGE]
    return [
        (text.source, re.compile(re.sub("%[2-9]", "(.+)", re.escape(text.source[3:-1])), re.DOTALL))
        for text in (*_OTHER_CONTENTS, _MISSING_BEFORE, *faults)
    ]
