from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.image_reading.image_formats import IMAGE_FORMATS, formats_of
from core.image_reading.pillow_setup import load_plugin
from tests.odd_images import odd_images

PILLOWS = [each for each in IMAGE_FORMATS if each.plugin]
STARTS = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    *(b"RIFF\0\0\0\0WEBP" + mode for mode in (b"VP8 ", b"VP8X", b"VP8L", b"VP9 ")),
    b"GIF87a",
    b"GIF89a",
    b"BM",
    *(b"MM\0*", b"II*\0", b"MM*\0", b"II\0*", b"MM\0+", b"II+\0", b"MM+\0", b"II\0+"),
    *(b"\0\0\0\x18ftyp" + brand for brand in (b"heic", b"hevs", b"avif", b"avis", b"avio")),
    *(b"\0\0\0\x18ftyp" + brand for brand in (b"mif1", b"msf1", b"mif2", b"isom")),
    b"P6",
    b"Pf",
    b"P7",
    b"\0\0\x01\0",
    b"\0\0\x02\0",
    b"\xff\x4f\xff\x51",
    b"\0\0\0\x0cjP  \r\n\x87\n",
    b"",
)


@pytest.fixture(scope="module", autouse=True)
def _all_plugins():
    for each in PILLOWS:
        load_plugin(each)


def test_no_two_formats_share_a_name_suffix_or_type():
    for values in (
        [each.name for each in IMAGE_FORMATS],
        list(chain.from_iterable(each.suffixes for each in IMAGE_FORMATS)),
        list(chain.from_iterable(each.mime_types for each in IMAGE_FORMATS)),
    ):
        assert len(set(values)) == len(values)


@pytest.mark.parametrize("each", PILLOWS, ids=lambda each: each.name)
def test_a_format_is_one_that_its_plugin_registers(each):
    assert each.name in Image.OPEN
    assert each.suffixes
    assert all(mime_type.startswith("image/") for mime_type in each.mime_types)


@pytest.mark.parametrize(
    ("each", "suffix"),
    [(each, suffix) for each in PILLOWS for suffix in each.suffixes],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_pillow_has_the_suffixes_for_the_same_format(each, suffix):
    # A bitmap without its file header, which programs save with one all the same.
    expected = "DIB" if suffix == "dib" else each.name
    assert Image.registered_extensions()[f".{suffix}"] == expected


def assert_recognised_as_by_pillow(content: bytes) -> None:
    recognised = {each.name for each in formats_of(content) if each.plugin}
    assert recognised == {
        each.name for each in PILLOWS if Image.OPEN[each.name][1](content[:16]) is True
    }


@pytest.mark.parametrize("image", odd_images(), ids=lambda image: image.name)
def test_signatures_are_those_of_pillow_for_files_of_all_kinds(image):
    assert_recognised_as_by_pillow(image.content)


@given(st.sampled_from(STARTS), st.binary(max_size=20), st.integers(0, 16))
def test_signatures_are_those_of_pillow_whatever_follows_or_lacks(start, rest, length):
    assert_recognised_as_by_pillow(start + rest)
    assert_recognised_as_by_pillow(start[:length] + rest)


@pytest.mark.parametrize("brand", [b"mif1", b"msf1"])
def test_of_a_shared_brand_pillows_own_reader_is_tried_first(brand):
    names = [each.name for each in formats_of(b"\0\0\0\x18ftyp" + brand)]
    assert names == ["AVIF", "HEIF"]


def test_jpeg_xl_is_recognised_bare_and_in_its_container():
    for start in (b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"):
        assert [each.name for each in formats_of(start)] == ["JXL"]
