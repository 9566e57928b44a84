"""Sound files that are not read are called what they are, never damaged."""

import io
import struct

import numpy as np
import pytest
import tifffile
from PIL import Image

from core.image_reading.foreign_content import foreign_fault
from core.image_reading.opening import read_image
from core.image_reading.unreadable import UnreadableError
from tests.odd_images import encoded
from tests.png_files import png
from tests.sample_photo import GRAY, PHOTO, distance
from tests.tiff_files import ASCII, BYTE, LONG, RGB, SHORT, Page, tiff, written

SIZE = (60, 44)
SENSOR = (GRAY.astype(np.uint16) * 16).tobytes()


def refused(content):
    with pytest.raises(UnreadableError) as caught:
        read_image(content)
    return str(caught.value)


def raw_page(**options):
    return Page([SENSOR], SIZE, 16, **options)


def preview(**tags):
    return Page([PHOTO.tobytes()], SIZE, 8, 3, RGB, tags=tags or {254: (LONG, (1,))})


CAMERAS = {
    # Adobe's: a preview first, what the sensor saw in a sub-page, or at once.
    "dng": tiff(
        Page(
            [PHOTO.tobytes()],
            SIZE,
            8,
            3,
            RGB,
            tags={254: (LONG, (1,)), 50706: (BYTE, (1, 4, 0, 0))},
        )
    ),
    "linear.dng": tiff(raw_page(photometric=34892, tags={50706: (BYTE, (1, 4, 0, 0))})),
    "color filter array": tiff(raw_page(photometric=32803)),
    # Nikon's and Sony's, by how they pack values.
    "nef": tiff(raw_page(photometric=32803, tags={259: (SHORT, (34713,))})),
    "arw": tiff(raw_page(photometric=32803, tags={259: (SHORT, (32767,))})),
    "pef": tiff(raw_page(photometric=32803, tags={259: (SHORT, (65535,))})),
    "cr2": tiff(preview())[:8] + b"CR\x02\0" + tiff(preview())[12:],
    "cr3": b"\0\0\0\x18ftypcrx " + bytes(64),
    "raf": b"FUJIFILMCCD-RAW 0201" + bytes(64),
    "orf": b"IIRO\x08\0\0\0" + bytes(64),
    "rw2": b"IIU\0\x18\0\0\0" + bytes(64),
    "x3f": b"FOVb" + bytes(64),
    "mrw": b"\0MRM" + bytes(64),
}


@pytest.mark.parametrize("name", CAMERAS)
def test_camera_raw_files(name):
    assert refused(CAMERAS[name]) == "is a camera RAW file; export it as PNG or TIFF first"


def with_sub_page(order):
    """As Nikon, Sony and Adobe write it: a small picture, and what the sensor saw in a sub-page."""
    sub_page = raw_page(photometric=32803, tags={254: (LONG, (0,))})
    content = tiff(preview(), sub_page, order=order)
    first = struct.unpack_from(order + "I", content, 4)[0]
    count = struct.unpack_from(order + "H", content, first)[0]
    second = struct.unpack_from(order + "I", content, first + 2 + 12 * count)[0]
    page = Page(
        [PHOTO.tobytes()], SIZE, 8, 3, RGB, tags={254: (LONG, (1,)), 330: (LONG, (second,))}
    )
    # The preview is laid out anew, longer by one tag: the sub-page lies 12 bytes farther.
    page = Page(page.strips, SIZE, 8, 3, RGB, tags=page.tags | {330: (LONG, (second + 12,))})
    content = bytearray(tiff(page, sub_page, order=order))
    first = struct.unpack_from(order + "I", content, 4)[0]
    count = struct.unpack_from(order + "H", content, first)[0]
    struct.pack_into(order + "I", content, first + 2 + 12 * count, 0)
    return bytes(content)


@pytest.mark.parametrize("order", ["<", ">"])
def test_camera_raw_files_with_a_preview(order):
    assert refused(with_sub_page(order)) == "is a camera RAW file; export it as PNG or TIFF first"


def test_pictures_with_sub_pages_are_no_camera_raw_files():
    buffer = io.BytesIO()
    with tifffile.TiffWriter(buffer) as writer:
        writer.write(PHOTO, photometric="rgb", subifds=2)
        for step in (2, 4):
            small = np.ascontiguousarray(PHOTO[::step, ::step])
            writer.write(small, photometric="rgb", subfiletype=1)
    assert distance(buffer.getvalue(), PHOTO) == 0
    assert read_image(buffer.getvalue()).num_pages == 1


def test_a_maker_of_cameras_makes_no_raw_file():
    tags = {271: (ASCII, (b"NIKON CORPORATION\0",)), 272: (ASCII, (b"NIKON D90\0",))}
    assert distance(tiff(Page([PHOTO.tobytes()], SIZE, 8, 3, RGB, tags=tags)), PHOTO) == 0


@pytest.mark.parametrize("channels", [2, 3, 5, 12])
@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("dtype", ["u1", "u2", "f4"])
def test_channels_of_no_picture_are_counted(dtype, planar, channels):
    shape = (16, 16, channels) if planar == "contig" else (channels, 16, 16)
    content = written(np.ones(shape, dtype), photometric="minisblack", planarconfig=planar)
    expected = f"is a TIFF of {channels} channels; export it in colour or grayscale first"
    assert refused(content) == expected


@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_colors_with_more_than_one_further_channel(dtype):
    content = written(np.ones((16, 16, 6), dtype), photometric="rgb")
    assert "is a TIFF of 6 channels" in refused(content)


def test_complex_numbers():
    content = written(np.ones((16, 16), np.complex64), photometric="minisblack")
    assert "complex numbers" in refused(content)


def test_volumes():
    content = written(np.ones((16, 16, 16), np.uint8), volumetric=True, tile=(16, 16, 16))
    assert "a depth of 16" in refused(content)


@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_inks_of_sixteen_bits_and_other_colors_are_named(dtype):
    values = np.ones((16, 16, 4), dtype)
    content = written(values, photometric="separated")
    if dtype == "u1":
        assert read_image(content).image.size == (16, 16)
    else:
        assert refused(content) == (
            "is a TIFF of a rare kind (16 bits, SEPARATED); export it as PNG first"
        )


def test_photometric_interpretations_that_are_unknown():
    page = Page([PHOTO.tobytes()], SIZE, 8, 3, 32845)  # LogLUV
    assert "is a TIFF of a rare kind" in refused(tiff(page))


SIGNATURES = {
    "DICOM": bytes(128) + b"DICM" + bytes(200),
    "Photoshop": b"8BPS\0\x01" + bytes(64),
    "CZI": b"ZISRAWFILE" + bytes(64),
    "LIF": b"\x70\0\0\0" + bytes(64),
    "ND2": b"\xda\xce\xbe\x0a" + bytes(64),
    "HDF5": b"\x89HDF\r\n\x1a\n" + bytes(64),
    "FITS": b"SIMPLE  =                    T" + b" " * 100,
    "NRRD": b"NRRD0004\ntype: short\n",
    "NIfTI": bytes(344) + b"n+1\0" + bytes(64),
    "MRC": bytes(208) + b"MAP " + bytes(64),
    "OpenEXR": b"\x76\x2f\x31\x01" + bytes(64),
    "OIB": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64),
    "GIMP": b"gimp xcf file" + bytes(64),
    "DDS": b"DDS " + bytes(64),
    "NumPy": b"\x93NUMPY" + bytes(64),
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_formats_that_others_read_are_named_with_advice(name):
    reason = refused(SIGNATURES[name])
    assert name in reason
    assert "export it as PNG or TIFF first" in reason
    assert "damaged" not in reason


def test_a_dicom_file_without_its_signature_is_no_damaged_picture():
    # Old ones begin with their first element at once.
    content = struct.pack("<HH2sH", 8, 5, b"CS", 10) + b"ISO_IR 100" + bytes(200)
    assert refused(content) == "is of an unknown format, not a picture"


def test_a_suffix_that_lies_changes_nothing():
    assert distance(encoded(Image.fromarray(PHOTO), "PNG"), PHOTO) == 0


def test_what_lies_within_a_picture_says_nothing_of_its_format():
    for kind in ("PNG", "JPEG", "GIF"):
        content = encoded(Image.fromarray(PHOTO), kind, comment=b"a" * 400)
        if kind == "PNG":
            content = png(PHOTO, {b"tEXt": b"Comment\0" + b"a" * 400})
        for at, mark in ((128, b"DICM"), (208, b"MAP "), (344, b"n+1\0")):
            changed = content[:at] + mark + content[at + 4 :]
            assert foreign_fault(changed) is None
