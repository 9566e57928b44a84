"""ICC profiles made by hand, and what their colors are in sRGB by the formulas alone."""

import struct
from dataclasses import dataclass

import numpy as np

# Columns are the primaries as XYZ, adapted to D50.
_SRGB = ((0.4360747, 0.3850649, 0.1430804), (0.2225045, 0.7168786, 0.0606169))
_SRGB_TO_XYZ = np.array((*_SRGB, (0.0139322, 0.0971045, 0.7141733)))
_D50 = (0.9642, 1.0, 0.8249)


@dataclass(frozen=True)
class RgbSpace:
    """RGB colors of these primaries.

    Attributes:
        to_xyz: Matrix to XYZ under D50.
        gamma: Of all three channels; `None` is the curve of sRGB.
    """

    to_xyz: tuple[tuple[float, float, float], ...]
    gamma: float | None

    def profile(self) -> bytes:
        """The ICC profile, version 4."""
        curve = _curve(self.gamma)
        tags = {b"wtpt": _xyz(_D50), b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
        for name, column in zip(
            (b"rXYZ", b"gXYZ", b"bXYZ"), np.transpose(self.to_xyz), strict=True
        ):
            tags[name] = _xyz(column)
        return _profile(b"RGB ", b"XYZ ", tags)

    def encoded(self, srgb: np.ndarray, largest: int = 255) -> np.ndarray:
        """These colors of sRGB, uint8, in this space: whole numbers up to `largest`."""
        linear = _linear(srgb / 255, None) @ _SRGB_TO_XYZ.T
        own = np.clip(linear @ np.linalg.inv(self.to_xyz).T, 0, 1)
        return np.rint(_curved(own, self.gamma) * largest).astype(int)

    def decoded(self, values: np.ndarray, largest: int = 255) -> np.ndarray:
        """What these values of this space are in sRGB, uint8."""
        linear = _linear(values / largest, self.gamma) @ np.transpose(self.to_xyz)
        own = np.clip(linear @ np.linalg.inv(_SRGB_TO_XYZ).T, 0, 1)
        return np.rint(_curved(own, None) * 255).astype(np.uint8)


DISPLAY_P3 = RgbSpace(
    (
        (0.5151187, 0.2919778, 0.1571035),
        (0.2411892, 0.6922441, 0.0665668),
        (-0.0010505, 0.0418791, 0.7840713),
    ),
    None,
)
ADOBE_RGB = RgbSpace(
    (
        (0.6097559, 0.2052401, 0.1492240),
        (0.3111242, 0.6256560, 0.0632197),
        (0.0194811, 0.0608902, 0.7448387),
    ),
    2.19921875,
)
PROPHOTO = RgbSpace(
    ((0.7976749, 0.1351917, 0.0313534), (0.2880402, 0.7118741, 0.0000857), (0.0, 0.0, 0.8252100)),
    1.8,
)
LINEAR = RgbSpace(tuple(map(tuple, _SRGB_TO_XYZ)), 1.0)
SRGB = RgbSpace(tuple(map(tuple, _SRGB_TO_XYZ)), None)


def gray_profile(gamma: float | None) -> bytes:
    """A profile of gray values."""
    return _profile(b"GRAY", b"XYZ ", {b"wtpt": _xyz(_D50), b"kTRC": _curve(gamma)})


def gray_decoded(values: np.ndarray, gamma: float, largest: int = 255) -> np.ndarray:
    """What these gray values are in sRGB, uint8."""
    return np.rint(_curved(_linear(values / largest, gamma), None) * 255).astype(np.uint8)


def cmyk_profile(lightness: float) -> bytes:
    """A profile in which all inks are gray: no ink is this lightness (0 to 100), full ink black.

    It converts ink to colors as no decoder converts CMYK without a profile.
    """
    grid = []
    for inks in np.ndindex(2, 2, 2, 2):
        level = lightness * (1 - max(inks)) / 100
        grid += [round(level * 0xFF00), 0x8000, 0x8000]
    ends = struct.pack(">2H", 0, 0xFFFF)
    table = b"".join(
        (
            b"mft2" + bytes(4) + bytes((4, 3, 2, 0)),
            struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536),
            struct.pack(">2H", 2, 2),
            ends * 4,
            struct.pack(f">{len(grid)}H", *grid),
            ends * 3,
        )
    )
    tags = {b"wtpt": _xyz(_D50), b"A2B0": table, b"A2B1": table}
    return _profile(b"CMYK", b"Lab ", tags, device=b"prtr", version=2)


def _profile(
    colors: bytes,
    connection: bytes,
    tags: dict[bytes, bytes],
    device: bytes = b"mntr",
    version: int = 4,
) -> bytes:
    tags = tags | {b"desc": _text("Made for a test"), b"cprt": _text("None")}
    start = 128 + 4 + 12 * len(tags)
    index, data = b"", b""
    for name, content in tags.items():
        index += name + struct.pack(">2I", start + len(data), len(content))
        data += content + bytes(-len(content) % 4)
    header = struct.pack(">I4sI", start + len(data), b"none", version << 24)
    header += device + colors + connection + struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp"
    header = header.ljust(68, b"\0") + _xyz(_D50)[8:]
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + index + data


def _xyz(values: object) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(each * 65536) for each in values))


def _text(text: str) -> bytes:
    encoded = text.encode("utf-16-be")
    return (
        b"mluc"
        + bytes(4)
        + struct.pack(">2I2s2s2I", 1, 12, b"en", b"US", len(encoded), 28)
        + encoded
    )


def _curve(gamma: float | None) -> bytes:
    if gamma is not None:
        return b"para" + bytes(4) + struct.pack(">2Hi", 0, 0, round(gamma * 65536))
    parameters = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    return b"para" + bytes(4) + struct.pack(">2H5i", 3, 0, *(round(p * 65536) for p in parameters))


def _linear(values: np.ndarray, gamma: float | None) -> np.ndarray:
    if gamma is not None:
        return values**gamma
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _curved(values: np.ndarray, gamma: float | None) -> np.ndarray:
    if gamma is not None:
        return values ** (1 / gamma)
    return np.where(values <= 0.0031308, values * 12.92, 1.055 * values ** (1 / 2.4) - 0.055)
