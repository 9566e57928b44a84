"""Damaged and malicious files: an image or a refusal, soon and in little memory."""

import struct
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from core.image_reading.opening import read_image
from core.image_reading.unreadable import UnreadableError
from tests.icc_profiles import ADOBE_RGB, DISPLAY_P3, cmyk_profile
from tests.odd_images import encoded
from tests.png_files import chunk, png
from tests.sample_photo import GRAY, PHOTO, distance, scaled_to
from tests.tiff_files import LONG, SHORT, Page, tiff, written

SMALL, SMALL_GRAY = PHOTO[:16, :16], GRAY[:16, :16]
WIDE = SMALL.astype(np.uint16) * 257
ICC = {b"iCCP": b"p\0\0" + zlib.compress(DISPLAY_P3.profile())}


def sound_files():
    image = Image.fromarray(SMALL)
    planes = np.moveaxis(WIDE, -1, 0)
    rgb = {"photometric": "rgb"}
    return {
        "tif": written(WIDE, **rgb),
        "lzw.tif": written(WIDE, compression="lzw", predictor=2, **rgb),
        "zstd.tif": written(WIDE, compression="zstd", tile=(16, 16), **rgb),
        "planes.tif": written(planes, compression="deflate", planarconfig="separate", **rgb),
        "float.tif": written(SMALL.astype("f4"), compression="lzw", predictor=3, **rgb),
        "jpeg.tif": written(SMALL, compression="jpeg", **rgb),
        "jp2.tif": written(WIDE, compression="jpeg2000", **rgb),
        "jxl.tif": written(WIDE, compression="jpegxl", **rgb),
        "big.tif": written(WIDE, bigtiff=True, **rgb),
        "profile.tif": written(WIDE, iccprofile=DISPLAY_P3.profile(), **rgb),
        "pages.tif": written(np.stack([SMALL_GRAY] * 3), photometric="minisblack"),
        "png": png(WIDE, ICC),
        "interlaced.png": png(WIDE, is_interlaced=True),
        "jxl": imagecodecs.jpegxl_encode(WIDE, lossless=True, usecontainer=True),
        "lossy.jxl": imagecodecs.jpegxl_encode(SMALL, level=90),
        "float.jxl": imagecodecs.jpegxl_encode(SMALL.astype("f4") / 255, lossless=True),
        "12.jpg": imagecodecs.jpeg8_encode(scaled_to(SMALL, 4095), level=95, bitspersample=12),
        "lossless.jpg": imagecodecs.jpeg8_encode(
            scaled_to(SMALL, 4095), lossless=True, bitspersample=12
        ),
        "no-end.jpg": encoded(image, "JPEG", icc_profile=ADOBE_RGB.profile())[:-2],
        "inks.jpg": encoded(image.convert("CMYK"), "JPEG", icc_profile=cmyk_profile(60)),
        "jp2": imagecodecs.jpeg2k_encode(WIDE, level=0, codecformat="jp2"),
        "pgm": b"P5\n16 16\n65535\n" + WIDE[..., 0].astype(">u2").tobytes(),
    }


def read_or_refused(content):
    try:
        return read_image(content).image.mode == "RGB"
    except UnreadableError as error:
        return bool(str(error))


def test_the_sound_files_are_sound():
    for name, content in sound_files().items():
        assert read_image(content).image.size == (16, 16), name


@pytest.mark.parametrize("name", sound_files())
def test_changed_bytes(name):
    content = sound_files()[name]
    random = np.random.default_rng(len(content))
    for case in range(40):
        changed = np.frombuffer(content, np.uint8).copy()
        # Most of what a file says of itself stands at its beginning or, in TIFFs, at its end.
        first, last = ((0, 200), (0, len(changed)), (len(changed) - 200, len(changed)))[case % 3]
        places = random.integers(max(0, first), min(last, len(changed)), 1 + case % 6)
        changed[places] = random.choice([0, 1, 0x7F, 0x80, 0xFF, int(random.integers(256))])
        assert read_or_refused(changed.tobytes())


@pytest.mark.parametrize("name", sound_files())
def test_files_that_are_cut_anywhere(name):
    content = sound_files()[name]
    whole = read_image(content).image.tobytes()
    for length in {*range(min(len(content), 64)), *range(0, len(content), 1 + len(content) // 60)}:
        try:
            pixels = read_image(content[:length]).image.tobytes()
        except UnreadableError:
            continue
        assert pixels == whole  # what is missing was no pixel


def with_count(tag, count):
    """A TIFF with a tag that claims to have `count` values."""
    content = bytearray(tiff(Page([scaled_to(GRAY, 4095).tobytes()], (60, 44), 16)))
    (first,) = struct.unpack_from("<I", content, 4)
    (entries,) = struct.unpack_from("<H", content, first)
    for at in range(first + 2, first + 2 + 12 * entries, 12):
        if struct.unpack_from("<H", content, at) == (tag,):
            struct.pack_into("<I", content, at + 4, count)
    return bytes(content)


def long_text(header, pieces):
    large = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(16 << 20)))
    content = png(header)
    return content[:33] + large * pieces + content[33:]


def inside(compression, content):
    """A small TIFF whose one strip is an image of its own."""
    return tiff(Page([content], (60, 44), 16, tags={259: (SHORT, (compression,))}))


PAGE = Page([scaled_to(GRAY, 4095).tobytes()], (60, 44), 16)
MANY_PIXELS = np.zeros((3000, 3000), np.uint8)
ENEMIES = {
    "a page that is its own next": lambda: tiff(PAGE, link_last_to=0),
    "pages in a circle": lambda: tiff(PAGE, PAGE, PAGE, link_last_to=1),
    "4 billion strips": lambda: with_count(273, 0xFFFFFFFF),
    "4 billion lengths": lambda: with_count(279, 0xFFFFFFFF),
    "4 billion bits": lambda: with_count(258, 0xFFFFFFFF),
    "a million strips": lambda: with_count(273, 1 << 20),
    "65535 samples": lambda: tiff(Page([bytes(99)], (60, 44), 16, tags={277: (SHORT, (65535,))})),
    "strips that are not there": lambda: tiff(
        Page([bytes(99)], (13000, 13000), 16, tags={278: (LONG, (1,))})
    ),
    "a huge page": lambda: tiff(Page([bytes(99)], (1 << 30, 1 << 30), 16)),
    "no page": lambda: b"II*\0" + bytes(60),
    "no pixels": lambda: tiff(Page([bytes(99)], (0, 0), 16)),
    "a deflated strip": lambda: tiff(
        Page([zlib.compress(bytes(200 << 20))], (60, 44), 16, tags={259: (SHORT, (8,))})
    ),
    "a huge JPEG XL in a TIFF": lambda: inside(
        50002, imagecodecs.jpegxl_encode(MANY_PIXELS, lossless=True)
    ),
    "a huge JPEG 2000 in a TIFF": lambda: inside(
        34712, imagecodecs.jpeg2k_encode(MANY_PIXELS.astype(np.uint16), level=0)
    ),
    "a PNG of much text": lambda: long_text(SMALL, 40),
    "a deep PNG of much text": lambda: long_text(WIDE, 40),
    "a profile of zeros": lambda: png(WIDE, {b"iCCP": b"p\0\0" + zlib.compress(bytes(500 << 20))}),
    "pixels behind the pixels": lambda: png(WIDE, None, {b"IDAT": zlib.compress(bytes(300 << 20))}),
}


@pytest.mark.parametrize("name", ENEMIES)
def test_files_that_are_made_to_do_harm(name):
    """Each is read in a process of little memory, which a hang or a crash would end."""
    program = (
        "import resource, sys\n"
        "from core.image_reading.opening import read_image\n"
        "from core.image_reading.unreadable import UnreadableError\n"
        "import tifffile, imagecodecs\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (20, 20))\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "content = sys.stdin.buffer.read()\n"
        "try:\n"
        "    print(read_image(content).image.size)\n"
        "except UnreadableError as error:\n"
        "    print(error)\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        input=ENEMIES[name](),
        capture_output=True,
        timeout=100,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert ended.returncode == 0, ended.stderr.decode()
    *_, outcome, megabytes = ended.stdout.decode().splitlines()
    assert outcome
    assert int(megabytes) < 400


def test_threads_agree():
    contents = [*sound_files().values()] * 6

    def outcome(content):
        return read_image(content).image.tobytes()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(outcome, contents)) == [outcome(content) for content in contents]


def test_a_sound_file_after_damaged_ones():
    for content in sound_files().values():
        read_or_refused(content[: len(content) // 2])
    assert distance(png(PHOTO.astype(np.uint16) * 257), PHOTO) == 0
