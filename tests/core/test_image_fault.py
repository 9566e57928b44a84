import inspect
import re

import pytest

from core.image_fault import ImageFault, image_sentence
from core.image_reading import foreign_content
from core.image_reading.unreadable import REASONS, UnreadableError
from core.text import Text

DETAILS = {
    ImageFault.NOT_READABLE: ("Permission denied",),
    ImageFault.FILE_TOO_LARGE: (2,),
    ImageFault.NO_IMAGE: ("is a PDF document, not a picture",),
    ImageFault.UNREAD_FORMAT: ("FITS",),
    ImageFault.TIFF_CHANNELS: ("5",),
    ImageFault.TIFF_UNKNOWN: ("a depth of 3",),
    ImageFault.NEEDS_PACKAGE: ("TIFF", "tifffile"),
    ImageFault.TOO_MANY_PIXELS: ("20000", "10000", 178_956_970),
    ImageFault.FAR_TOO_MANY_PIXELS: (178_956_970,),
    ImageFault.NOT_RESIZABLE: ("1", "70000"),
}


@pytest.mark.parametrize("fault", ImageFault)
def test_a_sentence_is_the_name_and_the_published_reason(fault):
    reason = fault.reason(*DETAILS.get(fault, ()))
    sentence = image_sentence(Text("This file"), reason)
    assert sentence == f"This file {reason}."
    assert "%" not in sentence


@pytest.mark.parametrize("fault", [fault for fault in ImageFault if fault.name != "NO_IMAGE"])
def test_a_reason_is_found_in_what_was_published(fault):
    sentence = image_sentence("a.jpg", fault.reason(*DETAILS.get(fault, ())))
    assert sentence.source == fault.value.source


def test_all_that_a_file_may_be_instead_has_a_sentence():
    found = re.findall(
        r'"((?:is|holds) [^"(]+(?:\(\w+( or \w+)?\))?)"', inspect.getsource(foreign_content)
    )
    contents = {content for content, _ in found}
    assert len(contents) >= 15
    for content in contents:
        reason = f"{content}, {foreign_content.NOT_AN_IMAGE}"
        assert image_sentence("a.jpg", reason).source == f"%1 {reason}."


def test_the_reader_has_the_same_reasons():
    assert REASONS.keys() == ImageFault.__members__.keys()
    for fault in ImageFault:
        details = DETAILS.get(fault, ())
        assert str(UnreadableError(fault.name, *details)) == fault.reason(*details)


def test_an_earlier_reason_has_its_sentence():
    found = image_sentence("a.jpg", "is not there any more")
    assert found.source == "%1 is not there any more."
    assert found == "a.jpg is not there any more."


def test_the_words_of_another_version_are_kept():
    assert image_sentence("a.jpg", "is odd") == "a.jpg is odd."
    assert image_sentence("%2.jpg", "is odd").arguments == ("%2.jpg", "is odd")
