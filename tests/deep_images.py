"""Images that Pillow alone reads wrong or not, each with the packages that reading it takes.

They show the quarters of `tests.odd_images`, in as many bits and ways as files have them.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import imagecodecs
import numpy as np
import tifffile
from PIL import ImageCms

from tests.odd_images import encoded, quartered

TIFF, CODECS = frozenset({"tifffile"}), frozenset({"imagecodecs"})
BOTH = TIFF | CODECS


@dataclass(frozen=True, slots=True)
class DeepImage:
    """A file and what reading it takes.

    Attributes:
        name: File name.
        content: Its bytes.
        needs: Packages beside NumPy and Pillow.
        is_usable: Whether it is an image that can be read.
    """

    name: str
    content: bytes
    needs: frozenset[str] = frozenset()
    is_usable: bool = True


def deep_images() -> list[DeepImage]:
    """Every one of them."""
    return [*_tiffs(), *_compressed_tiffs(), *_jpegs(), *_pngs(), *_jpeg_xl(), *_unusable()]


def wide(bits: int = 16) -> np.ndarray:
    """The quarters in `bits` bits, uint16 `(height, width, 3)`."""
    values = np.asarray(quartered(), np.float64) / 255 * ((1 << bits) - 1)
    return np.rint(values).astype(np.uint16)


def tiff(values: np.ndarray, photometric: str = "rgb", **options: object) -> bytes:
    """A TIFF of these values."""
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, values, photometric=photometric, **options)
    return buffer.getvalue()


def profile(name: str) -> bytes:
    """An ICC profile of RGB colors, by the name that Little CMS has for it."""
    return bytes(imagecodecs.cms_profile(name))


def _tiffs() -> Iterator[DeepImage]:
    rgb, gray = wide(), wide()[..., 0]
    planes = np.ascontiguousarray(np.moveaxis(rgb, -1, 0))
    fractions = np.asarray(quartered(), np.float32) / 255
    alpha = np.full((*gray.shape, 1), 40_000, np.uint16)
    several = io.BytesIO()
    with tifffile.TiffWriter(several) as writer:
        writer.write(rgb[::4, ::4], photometric="rgb", subfiletype=1)  # a thumbnail
        writer.write(rgb, photometric="rgb")
        writer.write(rgb[::-1], photometric="rgb")
    for name, content in (
        ("planes.tif", tiff(planes, planarconfig="separate")),
        ("planes-8.tif", tiff(planes.astype(np.uint8), planarconfig="separate")),
        ("motorola.tif", tiff(rgb, byteorder=">")),
        ("big.tif", tiff(rgb, bigtiff=True)),
        ("12-bits.tif", tiff(wide(12))),
        ("white-is-zero.tif", tiff(gray, "miniswhite")),
        ("alpha.tif", tiff(np.concatenate([rgb, alpha], -1), extrasamples=["unassalpha"])),
        ("float.tif", tiff(fractions)),
        ("half.tif", tiff(fractions.astype(np.float16))),
        ("double.tif", tiff(fractions.astype(np.float64))),
        ("signed.tif", tiff(gray.view(np.int16) // 2, "minisblack")),
        ("unsigned-32.tif", tiff(gray.astype(np.uint32) * 65537, "minisblack")),
        ("tiles.tif", tiff(rgb, tile=(16, 16))),
        ("turned.tif", tiff(rgb, extratags=[(274, 3, 1, 6, True)])),
        ("thumbnail-first.tif", several.getvalue()),
    ):
        yield DeepImage(f"16-bit-{name}", content, TIFF)
    content = tiff(rgb, iccprofile=profile("adobergb"))
    yield DeepImage("16-bit-profile.tif", content, BOTH)
    content = tiff(np.asarray(quartered()), iccprofile=profile("adobergb"))
    yield DeepImage("8-bit-profile.tif", content, TIFF)


def _compressed_tiffs() -> Iterator[DeepImage]:
    rgb = wide()
    for compression in ("lzw", "deflate", "zstd", "packbits", "lzma"):
        yield DeepImage(f"16-bit-{compression}.tif", tiff(rgb, compression=compression), BOTH)
    content = tiff(rgb, compression="deflate", predictor=True)
    yield DeepImage("16-bit-predictor.tif", content, BOTH)
    fractions = np.asarray(quartered(), np.float32) / 255
    content = tiff(fractions, compression="zstd", predictor=True)
    yield DeepImage("float-predictor.tif", content, BOTH)
    pixels = np.asarray(quartered())
    for compression in ("lzw", "deflate", "jpeg"):
        content = tiff(pixels, compression=compression)
        yield DeepImage(f"8-bit-{compression}.tif", content, TIFF)
    # Of these Pillow has no decoder.
    for compression in ("jpegxl", "png", "lerc"):
        content = tiff(pixels, compression=compression)
        yield DeepImage(f"8-bit-{compression}.tif", content, BOTH)


def _jpegs() -> Iterator[DeepImage]:
    for name, content in (
        ("12-bit.jpg", imagecodecs.jpeg8_encode(wide(12), level=95, bitspersample=12)),
        (
            "12-bit-gray.jpg",
            imagecodecs.jpeg8_encode(
                np.ascontiguousarray(wide(12)[..., 0]), level=95, bitspersample=12
            ),
        ),
        ("lossless-16.jpg", imagecodecs.ljpeg_encode(np.ascontiguousarray(wide()[..., 0]))),
    ):
        yield DeepImage(name, bytes(content), CODECS)
    photo = encoded(quartered(), "JPEG", quality=95, subsampling=0)
    yield DeepImage("no-end.jpg", photo[:-2])
    content = encoded(quartered(), "JPEG", quality=95, icc_profile=profile("adobergb"))
    yield DeepImage("profile.jpg", content)
    yield DeepImage("damaged-profile.jpg", encoded(quartered(), "JPEG", icc_profile=b"x" * 200))


def _pngs() -> Iterator[DeepImage]:
    rgb = wide()
    alpha = np.full((*rgb.shape[:2], 1), 40_000, np.uint16)
    for name, values in (
        ("rgba.png", np.concatenate([rgb, alpha], -1)),
        ("gray-alpha.png", np.concatenate([rgb[..., :1], alpha], -1)),
        ("12-bits.png", wide(12)),
    ):
        yield DeepImage(f"16-bit-{name}", bytes(imagecodecs.png_encode(values)), CODECS)
    for name in ("adobergb", "srgb"):
        content = encoded(quartered(), "PNG", icc_profile=profile(name))
        yield DeepImage(f"{name}.png", content)
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    yield DeepImage("wrong-profile.png", encoded(quartered(), "PNG", icc_profile=lab))


def _jpeg_xl() -> Iterator[DeepImage]:
    pixels = np.asarray(quartered())
    opacity = np.full((*pixels.shape[:2], 1), 90, np.uint8)
    for name, values in (
        ("plain", pixels),
        ("gray", np.ascontiguousarray(pixels[..., 0])),
        ("16-bit", wide()),
        ("alpha", np.concatenate([pixels, opacity], -1)),
        ("float", pixels.astype(np.float32) / 255),
    ):
        content = bytes(imagecodecs.jpegxl_encode(values, lossless=True))
        yield DeepImage(f"{name}.jxl", content, CODECS)
    yield DeepImage("lossy.jxl", bytes(imagecodecs.jpegxl_encode(pixels, level=90)), CODECS)


def _unusable() -> Iterator[DeepImage]:
    rgb = wide()
    five = np.concatenate([rgb, rgb[..., :2]], -1)
    noise = np.random.default_rng(0).integers(0, 1 << 16, (64, 64, 3), np.uint16)
    whole = tiff(noise)
    png, jxl = imagecodecs.png_encode(noise), imagecodecs.jpegxl_encode(noise, lossless=True)
    lzw = tiff(noise.astype(np.uint8), compression="lzw")
    for name, content, needs in (
        ("five-channels.tif", tiff(five, "minisblack", planarconfig="contig"), TIFF),
        ("complex.tif", tiff(rgb[..., 0].astype(np.complex64), "minisblack"), TIFF),
        ("cut-16-bit.tif", whole[: len(whole) // 2], TIFF),
        ("cut-lzw.tif", lzw[: len(lzw) // 2], TIFF),
        ("cut-16-bit.png", bytes(png[: len(png) // 2]), CODECS),
        ("cut.jxl", bytes(jxl[: len(jxl) // 2]), CODECS),
        ("not-a-number.tif", tiff(np.full((8, 8), np.nan, np.float32), "minisblack"), TIFF),
    ):
        yield DeepImage(name, content, needs, is_usable=False)


def with_bent_bytes(content: bytes, number: int) -> bytes:
    """The file with some bytes changed, behind its first sixteen."""
    random = np.random.default_rng(number)
    bent = bytearray(content)
    for at in random.integers(16, len(bent), 1 + number % 3):
        bent[at] ^= int(random.integers(1, 256))
    return bytes(bent)
