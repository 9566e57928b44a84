"""The environment of packaging/old_runtimes, in which exports meet the oldest promised runtimes."""

import hashlib
import os
from pathlib import Path

import pytest

from tests.program import CHECKOUT

_LIST = CHECKOUT / "packaging/old_runtimes/requirements.txt"


def find_old_runtimes() -> Path | None:
    """Its Python; None where it isn't made."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    named = os.environ.get("FIELDGUIDE_OLD_RUNTIMES")
    python = Path(named or Path(cache) / "fieldguide-old-runtimes") / "bin/python"
    return python if python.exists() else None


def old_runtimes_python() -> Path:
    """Its Python; the test is skipped where it isn't made."""
    python = find_old_runtimes()
    if python is None:
        pytest.skip("no environment with the oldest runtimes: make old-runtimes")
    made_from = python.parents[1] / ".made_from"
    listed = hashlib.sha256(_LIST.read_bytes()).hexdigest()
    if not made_from.is_file() or listed not in made_from.read_text(encoding="utf-8"):
        pytest.skip(
            "the environment with the oldest runtimes is of another list: make old-runtimes"
        )
    return python
