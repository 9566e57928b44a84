"""Images as they come: every kind that a folder from elsewhere may hold, made here.

The usable ones all show the same: red, green, blue and yellow quarters, unless said otherwise.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import imagecodecs
import numpy as np
import pillow_heif
from PIL import Image

from tests.icc_profiles import ADOBE_RGB, DISPLAY_P3, LINEAR
from tests.png_files import png
from tests.tiff_files import LONG, MINISWHITE, RGB, SHORT, Page, tiff, written

RED, GREEN, BLUE, YELLOW = (220, 20, 20), (20, 180, 20), (20, 20, 220), (230, 220, 20)
WHITE, BLACK, GRAY = (255, 255, 255), (0, 0, 0), (128, 128, 128)
WIDTH, HEIGHT = 48, 32
QUARTERS = (RED, GREEN, BLUE, YELLOW)

# What brings an image into the position that EXIF orientation N says it is stored in.
_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True, slots=True)
class OddImage:
    """A file and what is to be made of it.

    Attributes:
        name: File name.
        content: Its bytes.
        reason: A word of the reason for which it can't be used; `None` if it can.
        quarters: Colours expected in the middle of the quarters, left to right, top to bottom.
    """

    name: str
    content: bytes
    reason: str | None = None
    quarters: tuple[tuple[int, int, int], ...] = QUARTERS


def make_odd_images(folder: Path) -> dict[str, str | None]:
    """Write all odd images; name → `None` if usable, else a word of the expected reason."""
    folder.mkdir(parents=True, exist_ok=True)
    expected: dict[str, str | None] = {}
    for image in odd_images():
        (folder / image.name).write_bytes(image.content)
        expected[image.name] = image.reason
    return expected


def odd_images() -> list[OddImage]:
    """Every odd image, usable and not."""
    return [
        *_turned(),
        *_deep(),
        *_scientific(),
        *_profiled(),
        *_transparent(),
        *_formats(),
        *_unusable(),
    ]


def quartered(size: tuple[int, int] = (WIDTH, HEIGHT)) -> Image.Image:
    """An image of four colours, so that every turn and flip of it differs."""
    width, height = size
    image = Image.new("RGB", size, RED)
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    image.paste(YELLOW, (width // 2, height // 2, width, height))
    return image


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """`image` as the bytes of a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that says how large it is and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    )


def _turned() -> Iterator[OddImage]:
    for orientation in _STORED:
        stored, exif = _stored(orientation)
        content = encoded(stored, "JPEG", quality=95, subsampling=0, exif=exif)
        yield OddImage(f"orientation-{orientation}.jpg", content)
    for suffix, kind in (("png", "PNG"), ("webp", "WEBP"), ("tif", "TIFF"), ("avif", "AVIF")):
        stored, exif = _stored(6)
        options = {"lossless": True} if kind == "WEBP" else {}
        yield OddImage(f"orientation-6.{suffix}", encoded(stored, kind, exif=exif, **options))
    stored, exif = _stored(6)
    yield OddImage("orientation-6.heic", _heic(stored, exif=exif.tobytes()))


def _stored(orientation: int) -> tuple[Image.Image, Image.Exif]:
    method = _STORED[orientation]
    image = quartered() if method is None else quartered().transpose(method)
    exif = Image.Exif()
    exif[0x0112] = orientation
    return image, exif


def _heic(image: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(image).save(buffer, quality=95, chroma=444, **options)
    return buffer.getvalue()


def _deep() -> Iterator[OddImage]:
    """More than eight bits a channel: 0, 16448, 32896 and 65535 are black, 64, 128 and white."""
    values = (0, 64 * 257, 128 * 257, 65535)
    gray = ((0, 0, 0), (64, 64, 64), (128, 128, 128), (255, 255, 255))
    wide = _quartered_array(values).astype(np.uint16)
    yield OddImage("16-bit.png", encoded(Image.fromarray(wide), "PNG"), None, gray)
    yield OddImage("16-bit.tif", encoded(Image.fromarray(wide), "TIFF"), None, gray)
    yield OddImage("16-bit-rgb.png", _png_16_bit_rgb())
    yield OddImage(
        "32-bit.tif", encoded(Image.fromarray(wide.astype(np.int32)), "TIFF"), None, gray
    )
    small = wide // 257  # eight bits in files of 32 are what they are
    yield OddImage(
        "8-in-32-bit.tif", encoded(Image.fromarray(small.astype(np.int32)), "TIFF"), None, gray
    )
    header = f"P5 {WIDTH} {HEIGHT} 65535\n".encode()
    yield OddImage("16-bit.pgm", header + wide.astype(">u2").tobytes(), None, gray)
    floats = Image.fromarray(_quartered_array((-3.0, -3 + 64 / 255, -3 + 128 / 255, -2.0)))
    yield OddImage("float.tif", encoded(floats, "TIFF"), None, gray)


def _scientific() -> Iterator[OddImage]:
    """What cameras, scanners and microscopes write, and JPEGs of their kinds."""
    rgb = np.asarray(quartered())
    twelve = np.rint(rgb * (4095 / 255)).astype(np.uint16)
    colors, rgb_tiff = (4095, 64 * 16, 128 * 16, 0), {"photometric": "rgb"}
    gray = (WHITE, (64,) * 3, (128,) * 3, BLACK)
    wide = _quartered_array(colors).astype(np.uint16)
    yield OddImage("12-in-16-bit.png", png(wide), None, gray)
    yield OddImage("12-in-16-bit-rgb.tif", written(twelve, **rgb_tiff))
    page = Page([(4095 - wide).astype("<u2").tobytes()], (WIDTH, HEIGHT), 16, 1, MINISWHITE)
    page.tags[281] = SHORT, (4095,)
    yield OddImage("white-is-zero.tif", tiff(page), None, gray)
    planes = np.moveaxis(rgb.astype(np.uint16) * 257, -1, 0)
    options = {**rgb_tiff, "planarconfig": "separate", "byteorder": ">"}
    yield OddImage("planes.tif", written(planes, compression="lzw", **options))
    floats = rgb.astype(np.float32) / 255
    floats[0, 0], floats[0, 1] = np.nan, 1e30
    yield OddImage("float-rgb-outliers.tif", written(floats, **rgb_tiff))
    signed = (_quartered_array((32767, 64 * 257 - 32768, 128 * 257 - 32768, -32768))).astype("i2")
    yield OddImage("signed.tif", written(signed, photometric="minisblack"), None, gray)
    small = Page([bytes(64)], (8, 8), tags={254: (LONG, (1,))})
    page = Page([rgb.tobytes()], (WIDTH, HEIGHT), 8, 3, RGB)
    yield OddImage("thumbnail-first.tif", tiff(small, page))
    jpeg = encoded(quartered(), "JPEG", quality=95, subsampling=0)
    yield OddImage("no-end.jpg", jpeg[:-2])
    options = {"bitspersample": 12, "subsampling": "444"}
    yield OddImage("12-bit.jpg", imagecodecs.jpeg8_encode(twelve, level=95, **options))
    yield OddImage("lossless.jpg", imagecodecs.jpeg8_encode(rgb, lossless=True))
    yield OddImage("plain.jxl", imagecodecs.jpegxl_encode(rgb, lossless=True))
    yield OddImage("12-bit.jp2", imagecodecs.jpeg2k_encode(twelve, level=0, bitspersample=12))


def _profiled() -> Iterator[OddImage]:
    """Colors of other spaces than sRGB, which would be seen if the profile were not."""
    rgb = np.asarray(quartered())
    for name, space in (("p3", DISPLAY_P3), ("adobe", ADOBE_RGB)):
        stored = space.encoded(rgb)
        image, profile = Image.fromarray(stored.astype(np.uint8)), space.profile()
        yield OddImage(
            f"{name}.jpg", encoded(image, "JPEG", icc_profile=profile, quality=95, subsampling=0)
        )
        yield OddImage(f"{name}.png", encoded(image, "PNG", icc_profile=profile))
    wide = LINEAR.encoded(rgb, 65535).astype(np.uint16)
    yield OddImage("linear.tif", written(wide, photometric="rgb", iccprofile=LINEAR.profile()))
    damaged = DISPLAY_P3.profile()[:150]
    yield OddImage("damaged-profile.png", encoded(quartered(), "PNG", icc_profile=damaged))


def _quartered_array(values: tuple[float, ...]) -> np.ndarray:
    array = np.empty((HEIGHT, WIDTH), np.float32)
    middle_row, middle = HEIGHT // 2, WIDTH // 2
    array[:middle_row, :middle], array[:middle_row, middle:] = values[:2]
    array[middle_row:, :middle], array[middle_row:, middle:] = values[2:]
    return array


def _png_16_bit_rgb() -> bytes:
    pixels = np.asarray(quartered()).astype(">u2") * 257
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 16, 2, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            chunk(b"IDAT", zlib.compress(rows)),
            chunk(b"IEND", b""),
        )
    )


def _transparent() -> Iterator[OddImage]:
    """The first quarter is seen through, so it is white."""
    clear = (WHITE, *QUARTERS[1:])
    rgba = quartered().convert("RGBA")
    rgba.paste((*RED, 0), (0, 0, WIDTH // 2, HEIGHT // 2))
    yield OddImage("transparent.png", encoded(rgba, "PNG"), None, clear)
    yield OddImage("transparent.webp", encoded(rgba, "WEBP", lossless=True), None, clear)
    yield OddImage("transparent.tif", encoded(rgba, "TIFF"), None, clear)
    palette = quartered().quantize(8)
    pixel = palette.getpixel((1, 1))
    assert isinstance(pixel, int)
    yield OddImage("palette.png", encoded(palette, "PNG"))
    yield OddImage(
        "palette-transparent.png", encoded(palette, "PNG", transparency=pixel), None, clear
    )
    yield OddImage(
        "palette-transparent.gif", encoded(palette, "GIF", transparency=pixel), None, clear
    )
    yield OddImage("colour-key.png", encoded(quartered(), "PNG", transparency=RED), None, clear)
    la = Image.new("LA", (WIDTH, HEIGHT), (10, 0))
    yield OddImage("gray-transparent.png", encoded(la, "PNG"), None, (WHITE,) * 4)


def _formats() -> Iterator[OddImage]:
    image = quartered()
    black = Image.new("RGB", image.size)
    for suffix, kind, options in (
        ("bmp", "BMP", {}),
        ("ppm", "PPM", {}),
        ("jp2", "JPEG2000", {}),
        ("avif", "AVIF", {"quality": 95, "subsampling": "4:4:4"}),
        ("lzw.tif", "TIFF", {"compression": "tiff_lzw"}),
        ("tif", "TIFF", {}),
        ("webp", "WEBP", {"lossless": True}),
        ("progressive.jpg", "JPEG", {"quality": 95, "progressive": True, "subsampling": 0}),
    ):
        yield OddImage(f"plain.{suffix}", encoded(image, kind, **options))
    yield OddImage("plain.heic", _heic(image))
    yield OddImage("animated.gif", _animation("GIF", [image, black]))
    yield OddImage("animated.webp", _animation("WEBP", [image, black], lossless=True))
    yield OddImage("animated.png", _animation("PNG", [image, black]))
    yield OddImage("pages.tif", _animation("TIFF", [image, black]))
    large = quartered((4 * WIDTH, 4 * HEIGHT))
    pair = _animation("MPO", [large, large], quality=95, subsampling=0)
    yield OddImage("camera-pair.jpg", pair)
    yield OddImage("gray.jpg", encoded(Image.new("L", image.size, 128), "JPEG"), None, (GRAY,) * 4)
    bits = Image.new("1", image.size, 1)
    yield OddImage("one-bit.png", encoded(bits, "PNG"), None, (WHITE,) * 4)
    yield OddImage("one-bit.tif", encoded(bits, "TIFF", compression="group4"), None, (WHITE,) * 4)
    yield OddImage(
        "one-pixel.png", encoded(Image.new("RGB", (1, 1), BLUE), "PNG"), None, (BLUE,) * 4
    )
    cmyk = encoded(image.convert("CMYK"), "JPEG", quality=95, subsampling=0)
    yield OddImage("cmyk.jpg", cmyk)
    yield OddImage("cmyk.tif", encoded(image.convert("CMYK"), "TIFF"))
    yield OddImage("named-png.jpg", encoded(image, "PNG"))
    exif = b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x12\x01" * 9
    yield OddImage("damaged-exif.jpg", encoded(image, "JPEG", quality=95, subsampling=0, exif=exif))
    yield OddImage("upper-case.JPG", encoded(image, "JPEG", quality=95, subsampling=0))


def _animation(kind: str, frames: list[Image.Image], **options: object) -> bytes:
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], **options)


def _unusable() -> Iterator[OddImage]:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    jpeg = encoded(Image.fromarray(noise), "JPEG", quality=90)
    png = encoded(Image.fromarray(noise), "PNG")
    page = b"<!DOCTYPE html>\n<html><head><title>404</title></head></html>"
    yield OddImage("truncated.jpg", jpeg[: len(jpeg) // 2], "truncated")
    yield OddImage("header-only.jpg", jpeg[:30], "truncated")
    yield OddImage("broken-header.png", png[:12] + b"\xff" * 4 + png[16:], "damaged")
    yield OddImage("truncated.png", png[: len(png) // 2], "truncated")
    yield OddImage("truncated.heic", _heic(quartered())[:-200], "truncated")
    yield OddImage("web-page.jpg", page, "web page")
    yield OddImage("empty.jpg", b"", "empty")
    yield OddImage("zeros.jpg", bytes(4096), "zero bytes")
    yield OddImage("text.png", b"This is no picture.\n", "plain text")
    yield OddImage("drawing.png", b'<?xml version="1.0"?><svg xmlns="x"/>', "SVG")
    yield OddImage("document.jpg", b"%PDF-1.7\n%\xe2\xe3", "PDF")
    yield OddImage("scan.dcm.png", bytes(128) + b"DICM" + bytes(64), "is a DICOM file; export it")
    yield OddImage("layers.png", b"8BPS\0\1" + bytes(64), "is a Photoshop document; export it")
    raw = encoded(quartered(), "TIFF")
    raw = raw[:8] + b"CR\2\0" + raw[12:]
    yield OddImage("canon.tif", raw, "is a camera RAW file; export it")
    five = written(np.ones((16, 16, 5), np.uint16), photometric="minisblack", planarconfig="contig")
    yield OddImage("channels.tif", five, "is a TIFF of 5 channels; export it")
    yield OddImage("cut.jxl", imagecodecs.jpegxl_encode(noise)[:200], "truncated")
    yield OddImage("noise.jpg", noise.tobytes(), "unknown format")
    yield OddImage("enormous.png", png_header(20000, 10000), "20000×10000")
    yield OddImage(
        "postscript.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "plain text"
    )
