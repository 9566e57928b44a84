"""The decoder that is copied beside artifacts sees what the program's own sees."""

import numpy as np
import pytest
from PIL import Image

from core.data.decoder import Fit, decode_image
from core.errors import ImageError
from core.export.predict.picture import artifact_path, read_picture
from tests.odd_images import odd_images


@pytest.mark.parametrize("artifact", ["../model.tflite", "/etc/passwd", "a/../../b"])
def test_a_model_outside_of_the_folder_is_refused(artifact, tmp_path):
    with pytest.raises(ValueError, match="outside of its folder"):
        artifact_path(tmp_path, {"artifact": artifact})
    assert artifact_path(tmp_path, {"artifact": "saved_model/1"}) == tmp_path / "saved_model/1"


USABLE = [image for image in odd_images() if image.reason is None]


@pytest.mark.parametrize("fit", Fit)
@pytest.mark.parametrize("image", USABLE, ids=lambda image: image.name)
def test_odd_pictures_give_the_same_pixels(image, fit, tmp_path):
    path = tmp_path / image.name
    path.write_bytes(image.content)
    expected = decode_image(image.content, size=(20, 24), fit=fit)
    assert np.array_equal(read_picture(path, (20, 24), fit.value), expected)


@pytest.mark.parametrize("fit", Fit)
@pytest.mark.parametrize("orientation", [1, 6])
def test_large_photographs_are_reduced_alike(fit, orientation, tmp_path):
    random = np.random.default_rng(0).integers(0, 256, (900, 1300, 3), np.uint8)
    path = tmp_path / "large.jpg"
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(random).save(path, quality=90, exif=exif)
    expected = decode_image(path.read_bytes(), size=(64, 80), fit=fit)
    assert np.array_equal(read_picture(path, (64, 80), fit.value), expected)


@pytest.mark.parametrize(
    "image", [i for i in odd_images() if i.reason is not None], ids=lambda image: image.name
)
def test_what_the_program_refuses_gives_no_other_answer(image, tmp_path):
    path = tmp_path / image.name
    path.write_bytes(image.content)
    with pytest.raises(ImageError):
        decode_image(image.content, size=(20, 24))
    try:
        found = read_picture(path, (20, 24), "squash")
    except Exception:  # noqa: BLE001 - whatever Pillow raises
        return
    assert found.shape == (20, 24, 3)
