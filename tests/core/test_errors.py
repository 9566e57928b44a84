import pickle

import pytest

from core.errors import ImageError
from core.image_fault import ImageFault


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ImageError(ImageFault.TRUNCATED), "is cut off (truncated)"),
        (ImageError(ImageFault.NO_IMAGE, "is {} or a {0}"), "is {} or a {0}"),
        (
            ImageError(ImageFault.TOO_MANY_PIXELS, "20000", "10000", 178_956_970),
            "is 20000×10000 pixels, more than the 178,956,970 that Fieldguide decodes",
        ),
    ],
)
def test_an_image_error_says_its_fault_in_words(error, reason):
    assert str(error) == reason
    assert str(pickle.loads(pickle.dumps(error))) == reason
