"""Read PGMs and PPMs of more than eight bits, of which Pillow keeps eight of each color."""

from __future__ import annotations

import re

import numpy as np

from .samples import Samples

_GAP = rb"(?:\s|#[^\n]*\n)+"
_HEADER = re.compile(rb"P([56])" + 2 * (_GAP + rb"(\d{1,9})") + _GAP + rb"(\d{1,5})\s")
_LONGEST_HEADER = 4096


def is_wide_netpbm(content: bytes) -> bool:
    """Whether it is a binary PGM or PPM of two bytes a sample."""
    found = _HEADER.match(content[:_LONGEST_HEADER])
    return found is not None and int(found.group(4)) > 255


def netpbm_samples(content: bytes) -> Samples:
    """Decode a file that `is_wide_netpbm`.

    Raises:
        Exception: If it is cut off.
    """
    found = _HEADER.match(content[:_LONGEST_HEADER])
    assert found is not None
    kind, width, height, white = (int(number) for number in found.groups())
    channels = 1 if kind == 5 else 3
    values = np.frombuffer(content, ">u2", width * height * channels, found.end())
    # A white of all sixteen bits is what programs write that know of no other.
    return Samples(
        values.reshape(height, width, channels).astype(np.uint16),
        range=(0, white) if white < 65535 else None,
    )
