"""Why TensorFlow left operations out of TensorRT's engines, from the log of its segmenter.

The converter returns no reasons. With `TF_CPP_VMODULE=segment=1` it logs each with the operation's
name, and which segments it dropped for their size.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

NO_REASON = "TensorFlow gives no reason"

_REFUSED = re.compile(r"Not a TF-TRT candidate, .*\(Op name: (.*?)\), \(Reason: (.*)\)\s*$")
_DENIED = re.compile(r"Denylisted as TF-TRT candidate, .*\(Op name: (.*?)\), \(Reason: (.*)\)\s*$")
_SEGMENT = re.compile(r"Nodes in segment (\d+) with parent")
_IN_SEGMENT = re.compile(r"^\[Op type: .*?\] (.*)$")
_DROPPED = re.compile(r"Segment (\d+) has only (\d+) effective nodes, dropping")
_FAILED = re.compile(r"Cannot replace segment (\d+) consisting of (\d+) nodes .*?reason: (.*)$")


def ask_for_reasons() -> None:
    """Set the environment so that TensorFlow, imported later, logs them."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "0"
    os.environ["TF_CPP_VMODULE"] = "segment=1"


@contextmanager
def logged(into: list[str]) -> Iterator[None]:
    """Collect the lines that TensorFlow's C++ code logs, which go to standard error's file."""
    with tempfile.TemporaryFile() as file:
        kept = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            file.seek(0)
            content = file.read()
            into.extend(content.decode("utf-8", "replace").splitlines())
            _pass_on(content)


def reasons_in(lines: list[str], min_segment_size: int) -> dict[str, str]:
    """Return the reason for each operation that was not converted, by its name."""
    reasons: dict[str, str] = {}
    segments: dict[str, list[str]] = {}
    current: list[str] = []
    for line in lines:
        if found := _REFUSED.search(line) or _DENIED.search(line):
            reasons[found[1]] = found[2]
        elif found := _SEGMENT.search(line):
            current = segments.setdefault(found[1], [])
        elif found := _IN_SEGMENT.search(line):
            current.append(found[1])
        elif found := _DROPPED.search(line):
            reason = (
                f"its segment has {found[2]} operations that compute, fewer than the minimum "
                f"segment size {min_segment_size}"
            )
            reasons.update(dict.fromkeys(segments.get(found[1], []), reason))
        elif found := _FAILED.search(line):
            reasons.update(dict.fromkeys(segments.get(found[1], []), found[3]))
    return reasons


def _pass_on(content: bytes) -> None:
    """Repeat warnings and errors on standard error."""
    for line in content.splitlines(keepends=True):
        if re.match(rb"\S+ \S+ [WEF] |\S+: ", line):
            os.write(2, line)
