"""What the card tells those who write programs for Apple's devices."""

from dataclasses import replace

import pytest

from core.data.pixels.decoder import ResizeMode
from core.export.formats.coreml import COREML
from tests.models import model_info


@pytest.mark.parametrize(
    ("resize_mode", "option"),
    [
        (ResizeMode.SQUASH, ".scaleFill"),
        (ResizeMode.CROP, ".centerCrop"),
        (ResizeMode.PAD, ".scaleFit"),
    ],
)
def test_visions_option_is_the_models_fit(resize_mode: ResizeMode, option: str):
    notes = "\n".join(COREML.client_notes(replace(model_info(), resize_mode=resize_mode)))
    assert f"request.imageCropAndScaleOption = {option}\n" in notes
    assert f"this model's fit ({resize_mode})" in notes
    assert ("on a white square" in notes) == (resize_mode is ResizeMode.PAD)
